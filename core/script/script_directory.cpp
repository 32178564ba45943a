#include "core/script/script_directory.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <random>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/file_system.h"
#include "core/base/parallel.h"
#include "core/base/source_excerpt.h"
#include "core/base/utf8.h"
#include "core/script/script_lines.h"
#include "core/script/script_parser.h"
#include "core/script/slug.h"

namespace sluice {
namespace {

constexpr std::string_view kSuffix = ".sql";
// With fewer files a second thread would only take the processor from the server, which makes a session meanwhile.
constexpr std::size_t kFilesPerThread = 600;

std::string Join(const std::string& directory, const std::string& name) {
  return directory.empty() || directory.ends_with('/') ? directory + name : directory + "/" + name;
}

bool IsIgnored(const std::string& name) { return name.starts_with('.') || name.starts_with('_'); }

// Appends the paths of the scripts of one location, in the order of their names.
Status ListScripts(const std::string& directory, bool recursive, std::vector<std::string>& paths) {
  SLUICE_TRY(const std::vector<std::string> names, ListDirectory(directory));
  for (const std::string& name : names) {
    if (IsIgnored(name)) continue;
    const std::string path = Join(directory, name);
    if (name.ends_with(kSuffix)) {
      paths.push_back(path);
    } else if (recursive && DirectoryExists(path)) {
      SLUICE_CHECK(ListScripts(path, recursive, paths));
    }
  }
  return {};
}

Result<Script> LoadScript(const std::string& path) {
  SLUICE_TRY(const std::string text, ReadFile(path));
  Result<Script> script = ParseScript(text, path);
  if (script.ok()) script->checksum = ScriptChecksum(text);
  return script;
}

// Reads all files, on several threads where there are many. The order of the results is that of the paths.
std::vector<Script> LoadAll(const std::vector<std::string>& paths, ErrorList& errors) {
  std::vector<Script> scripts(paths.size());
  std::vector<std::pair<std::size_t, Error>> failed;
  std::mutex failed_mutex;
  ParallelFor(paths.size(), kFilesPerThread, [&](std::size_t i) {
    Result<Script> script = LoadScript(paths[i]);
    if (script.ok()) {
      scripts[i] = std::move(*script);
    } else {
      const std::lock_guard<std::mutex> lock(failed_mutex);
      failed.emplace_back(i, std::move(script).error());
    }
  });
  std::sort(failed.begin(), failed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [place, error] : failed) errors.Add(std::move(error));
  std::erase_if(scripts, [](const Script& script) { return script.checksum.empty(); });
  return scripts;
}

Error DuplicateRevision(const Script& first, const Script& second) {
  std::error_code ignored;
  if (std::filesystem::equivalent(first.path, second.path, ignored)) {
    return MakeError(ErrorCode::kDuplicateRevision,
                     "the versions locations overlap: " + first.path + " and " + second.path + " are one file",
                     "name each directory once in `versions:`");
  }
  Error error = MakeError(ErrorCode::kDuplicateRevision,
                          "revision " + first.revision.id + " is in two files: " + first.path + " and " + second.path,
                          "give one of them another id");
  error.where.file = second.path;
  error.where.line = second.revision_line;
  return error;
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined;
}

std::string KeyLine(std::string_view key, std::string_view value) {
  std::string line = "-- ";
  line.append(key).append(":");
  if (!value.empty()) line.append(" ").append(value);
  return line += '\n';
}

std::string HeaderText(const Revision& revision) {
  std::string text;
  for (std::string_view rest = revision.message; !rest.empty();) {
    const std::size_t newline = rest.find('\n');
    const std::string_view line = rest.substr(0, newline);
    text.append(line.empty() ? "--" : "-- ").append(line).append("\n");
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
  }
  if (!text.empty()) text += "--\n";
  text += KeyLine("Revision", revision.id);
  text += KeyLine("Revises", JoinNames(revision.down_revisions));
  if (!revision.create_date.empty()) text += KeyLine("Create-Date", revision.create_date);
  if (!revision.branch_labels.empty()) text += KeyLine("Branch-Labels", JoinNames(revision.branch_labels));
  if (!revision.depends_on.empty()) text += KeyLine("Depends-On", JoinNames(revision.depends_on));
  if (revision.phase != Phase::kExpand) text += KeyLine("Phase", PhaseName(revision.phase));
  return text;
}

// The slug is left out where the id says as much: imported revisions have their name as both.
std::string FileName(const Revision& revision) {
  const std::string slug = Slug(revision.message);
  const bool repeats = Slug(revision.id).starts_with(slug);
  return revision.id + (repeats ? "" : "_" + slug) + std::string(kSuffix);
}

// One line, and the whole path: in a container it is all that somebody gets to see of the place.
Error NoSuchLocation(const std::string& path) {
  std::error_code ignored;
  const std::string whole = std::filesystem::absolute(path, ignored).string();
  return MakeError(ErrorCode::kFile, "there are no revision scripts: " + (whole.empty() ? path : whole) +
                                         " is not a directory; `sluice init` makes it, the setting `versions` names "
                                         "another, and an image has it by COPY");
}

}  // namespace

std::vector<Revision> ScriptDirectory::Revisions() const {
  std::vector<Revision> revisions;
  revisions.reserve(scripts.size());
  for (const Script& script : scripts) revisions.push_back(script.revision);
  return revisions;
}

Result<ScriptDirectory> LoadScripts(const std::vector<VersionsLocation>& locations) {
  ErrorList errors;
  std::vector<std::string> paths;
  for (const VersionsLocation& location : locations) {
    if (!DirectoryExists(location.path)) {
      errors.Add(NoSuchLocation(location.path));
    } else if (Status listed = ListScripts(location.path, location.recursive, paths); !listed.ok()) {
      errors.Add(std::move(listed).error());
    }
  }
  ScriptDirectory directory;
  directory.scripts = LoadAll(paths, errors);
  std::unordered_map<std::string_view, const Script*> by_id;
  by_id.reserve(directory.scripts.size());
  for (const Script& script : directory.scripts) {
    const auto [place, is_new] = by_id.emplace(script.revision.id, &script);
    if (!is_new) errors.Add(DuplicateRevision(*place->second, script));
  }
  if (!errors.empty()) return std::move(errors).Take();
  return directory;
}

Result<std::string> ReadScriptText(const Script& script) {
  SLUICE_TRY(std::string text, ReadFile(script.path));
  if (const std::size_t invalid = FindInvalidUtf8(text); invalid != std::string_view::npos) {
    Error error = MakeError(ErrorCode::kScript, "the file is not UTF-8", "save it as UTF-8");
    error.where = LocateOffset(script.path, text, invalid);
    return error;
  }
  return text;
}

SourceLocation LocateHeaderKey(const Script& script, std::string_view key) {
  const Result<std::string> text = ReadScriptText(script);
  const std::vector<Line> lines = text.ok() ? HeaderLines(*text) : std::vector<Line>();
  const auto found = std::find_if(lines.begin(), lines.end(), [&key](const Line& line) {
    const std::optional<HeaderLine> header = ReadHeaderLine(line.text);
    return header.has_value() && header->key == key;
  });
  SourceLocation place;
  place.file = script.path;
  return found == lines.end() ? place : LocateOffset(script.path, *text, found->begin);
}

std::string RevisionText(const Revision& revision, const std::string& body) {
  return HeaderText(revision) + "\n" + (body.empty() ? "-- sluice:upgrade\n\n-- sluice:downgrade\n" : body);
}

Result<std::string> WriteRevision(const std::string& location, const Revision& revision, const std::string& body) {
  const std::string path = Join(location, FileName(revision));
  const std::string text = RevisionText(revision, body);
  SLUICE_CHECK(ParseScript(text, path));
  SLUICE_CHECK(CreateFile(path, text));
  return path;
}

Status RewriteDownRevisions(const Script& script, const std::vector<std::string>& down_revisions) {
  SLUICE_TRY(std::string text, ReadScriptText(script));
  for (const Line& line : HeaderLines(text)) {
    const std::optional<HeaderLine> header = ReadHeaderLine(line.text);
    if (!header.has_value() || header->key != "Revises") continue;
    std::string replacement = KeyLine("Revises", JoinNames(down_revisions));
    replacement.pop_back();
    text.replace(line.begin, line.text.size(), replacement);
    return ReplaceFile(script.path, text);
  }
  return MakeError(ErrorCode::kScript, script.path + " has no `-- Revises:` in its header any more",
                   "the file changed meanwhile; try again");
}

std::string NewRevisionId() {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr int kLength = 12;
  std::random_device random;
  std::string id;
  for (int i = 0; i < kLength; ++i) id += kDigits[random() & 15];
  return id;
}

}  // namespace sluice
