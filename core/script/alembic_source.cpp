#include "core/script/alembic_source.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/program.h"
#include "core/script/alembic_program.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

// Makes modules of the arguments behind the request, and runs the last one.
constexpr const char* kBootstrap = R"python(
import json, sys, types
try:
    import alembic.config  # a folder of migrations may be called alembic, too
except ImportError as error:
    hint = "name the interpreter of the project's virtual environment with --python"
    print(json.dumps({"kind": "error", "message": f"{sys.executable} can't import Alembic: {error}", "hint": hint}))
    sys.exit(1)
words = sys.argv[2:]
for name, text in zip(words[::2], words[1::2]):
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name + ".py", "exec"), module.__dict__)
module.run(json.loads(sys.argv[1]))
)python";

constexpr const char* kConnection = "SLUICE_ALEMBIC_CONNECTION";  // where a move connects to; not for the eyes of `ps`

Json Words(const AlembicRequest& request) {
  Json words = {{"directory", request.directory}};
  if (!request.config.empty()) words["config"] = request.config;
  return words;
}

std::vector<std::string> Command(const AlembicRequest& request, const Json& words) {
  std::vector<std::string> command{request.python, "-c", kBootstrap, words.dump(-1, ' ', true)};
  for (const PythonModule& module : AlembicProgram()) {
    command.emplace_back(module.name);
    command.emplace_back(module.text);
  }
  return command;
}

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool Flag(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> Texts(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end()) return texts;
  for (const Json& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::vector<AlembicPart> Parts(const Json& object, const char* name) {
  std::vector<AlembicPart> parts;
  const auto found = object.find(name);
  if (found == object.end()) return parts;
  for (const Json& one : *found) {
    AlembicPart part;
    part.outside_transaction = Flag(one, "autocommit");
    part.sql = Text(one, "sql");
    part.unfinished = Text(one, "unfinished");
    const auto line = one.find("line");
    if (line != one.end() && line->is_number_integer()) part.line = line->get<int>();
    part.source = Text(one, "source");
    part.background = Texts(one, "background");
    parts.push_back(std::move(part));
  }
  return parts;
}

AlembicRevision ReadRevision(const Json& object) {
  AlembicRevision one;
  one.revision.id = Text(object, "revision");
  one.revision.down_revisions = Texts(object, "down_revisions");
  one.revision.depends_on = Texts(object, "depends_on");
  one.revision.branch_labels = Texts(object, "branch_labels");
  one.revision.message = Text(object, "message");
  one.revision.create_date = Text(object, "create_date");
  one.path = Text(object, "path");
  one.upgrade = Parts(object, "upgrade");
  one.downgrade = Parts(object, "downgrade");
  if (object.contains("irreversible")) one.irreversible = Text(object, "irreversible");
  one.asks_for_offline_mode = Flag(object, "asks_for_offline_mode");
  return one;
}

// Takes the answers to a reading one by one; true when the last one has come.
bool TakeAnswer(const Json& answer, AlembicProject& project) {
  const std::string kind = Text(answer, "kind");
  if (kind == "revision") project.revisions.push_back(ReadRevision(answer));
  if (kind == "note") project.notes.push_back(Text(answer, "text"));
  if (kind != "end") return false;
  project.version_table = Text(answer, "version_table");
  return true;
}

std::string LastLine(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text.substr(text.rfind('\n') + 1);
}

// Runs the program until `take` says that an answer was the last one.
Status Run(const AlembicRequest& request, const ProgramRequest& program,
           const std::function<bool(const Json& answer)>& take) {
  SLUICE_TRY(const ProgramOutcome outcome, RunProgram(program));
  const std::string_view output = outcome.output;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const Json answer = Json::parse(output.substr(at, end - at), nullptr, false);
    at = end + 1;
    if (!answer.is_object()) continue;
    if (Text(answer, "kind") == "error") {
      return MakeError(ErrorCode::kScript, Text(answer, "message"), Text(answer, "hint"));
    }
    if (take(answer)) return {};
  }
  const std::string said = LastLine(outcome.errors);
  return MakeError(ErrorCode::kFile,
                   request.python + " ended with " + std::to_string(outcome.exit_code) +
                       " before it was done with the project" + (said.empty() ? "" : ": " + said),
                   "name the interpreter of the project's virtual environment with --python");
}

}  // namespace

Result<AlembicProject> ReadAlembicProject(const AlembicRequest& request) {
  ProgramRequest program;
  program.arguments = Command(request, Words(request));
  AlembicProject project;
  SLUICE_CHECK(Run(request, program, [&project](const Json& answer) { return TakeAnswer(answer, project); }));
  return project;
}

Result<std::optional<AlembicFailure>> MoveWithAlembic(const AlembicMove& move) {
  Json words = Words(move.project);
  words["move"] = {move.is_upgrade ? "upgrade" : "downgrade", move.target};
  Json connection = Json::object();
  for (const ConnectionKeyword& keyword : move.connection.keywords) connection[keyword.keyword] = keyword.value;
  ProgramRequest program;
  program.arguments = Command(move.project, words);
  program.environment = {std::string(kConnection) + "=" + connection.dump(-1, ' ', true)};
  program.interrupted = move.interrupted;
  std::optional<AlembicFailure> failure;
  SLUICE_CHECK(Run(move.project, program, [&failure](const Json& answer) {
    if (Text(answer, "kind") == "failed") {
      failure = AlembicFailure{Text(answer, "revision"), Text(answer, "message")};
    }
    return failure.has_value() || Text(answer, "kind") == "moved";
  }));
  return failure;
}

}  // namespace sluice
