#include "core/engine/dump_witness.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/base/program.h"
#include "core/config/connection.h"
#include "core/db/server_programs.h"
#include "core/engine/project_inspection.h"
#include "core/sql/dump_text.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

constexpr const char* kPassword = "password";

// `schema.table` as a pattern that means this table alone ("PostgreSQL, psql, Patterns").
std::string Pattern(const std::string& relation) {
  const std::size_t dot = relation.find('.');
  return QuoteQualified(relation.substr(0, dot), relation.substr(dot + 1));
}

}  // namespace

std::optional<DumpWitness> DumpWitness::Find(const RunContext& context, const ConnectionSettings& connection,
                                             int server_major) {
  const bool has_other_secrets =
      std::any_of(connection.keywords.begin(), connection.keywords.end(),
                  [](const ConnectionKeyword& keyword) { return keyword.secret && keyword.keyword != kPassword; });
  if (has_other_secrets) return std::nullopt;
  ProgramSearch search;
  search.configured = context.settings.postgres_bin;
  if (const char* path = std::getenv("PATH"); path != nullptr) search.path = path;
  std::string program = FindDumpProgram(search, server_major);
  if (program.empty()) return std::nullopt;
  return DumpWitness(context, std::move(program));
}

Result<std::vector<std::string>> DumpWitness::Read(const ConnectionSettings& connection) const {
  ProgramRequest request;
  // What is on a command line can be read by everybody on the machine.
  ConnectionSettings shown = connection;
  std::erase_if(shown.keywords, [](const ConnectionKeyword& keyword) { return keyword.keyword == kPassword; });
  if (const ConnectionKeyword* password = FindKeyword(connection, kPassword)) {
    request.environment.push_back("PGPASSWORD=" + password->value);
  }
  request.arguments = {program_, "--schema-only", "--no-owner", "--no-privileges", "--dbname", BuildConninfo(shown)};
  const InspectOptions hidden = ProjectInspectOptions(context_->settings);
  for (const std::string& relation : hidden.hidden_relations) {
    request.arguments.push_back("--exclude-table=" + Pattern(relation));
  }
  for (const std::string& schema : hidden.hidden_schemas) {
    request.arguments.push_back("--exclude-schema=" + QuoteIdentifier(schema));
  }
  request.interrupted = [this] { return context_->interrupt.Signal() != 0; };
  SLUICE_TRY(const ProgramOutcome outcome, RunProgram(request));
  if (outcome.exit_code != 0) {
    return MakeError(ErrorCode::kScratch, program_ + " ended with " + std::to_string(outcome.exit_code) + ": " +
                                              outcome.errors.substr(0, outcome.errors.find('\n')));
  }
  return DumpPieces(outcome.output);
}

}  // namespace sluice
