#include "core/db/server_programs.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/file_system.h"
#include "core/base/program.h"
#include "core/base/split.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kVersionTimeout{10'000};

constexpr const char* kServerPrograms[] = {"initdb", "postgres"};
constexpr const char* kDumpProgram[] = {"pg_dump"};

bool HasPrograms(const std::string& directory, std::span<const char* const> names) {
  return std::all_of(names.begin(), names.end(),
                     [&](const char* name) { return access((directory + "/" + name).c_str(), X_OK) == 0; });
}

struct Place {
  std::string directory;
  int major = 0;
};

// `<parent>/<prefix>NN<suffix>` for all NN that have the programs.
void AddPlaces(const std::string& parent, const std::string& prefix, const std::string& suffix,
               std::span<const char* const> programs, std::vector<Place>& places) {
  const auto names = ListDirectory(parent);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    const std::string number = name.substr(prefix.size());
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string directory = parent + "/" + name + suffix;
    if (HasPrograms(directory, programs)) places.push_back({std::move(directory), std::atoi(number.c_str())});
  }
}

// Where Debian's and Red Hat's packages put the programs of each version.
std::vector<Place> PackagedPlaces(std::span<const char* const> programs) {
  std::vector<Place> places;
  AddPlaces("/usr/lib/postgresql", "", "/bin", programs, places);
  AddPlaces("/usr", "pgsql-", "/bin", programs, places);
  return places;
}

// The real directory of the first one in PATH that has all of the programs; empty: none has.
std::string FindInPath(const std::string& path, std::span<const char* const> programs) {
  for (const std::string_view entry : SplitAt(path, ':')) {
    if (entry.empty()) continue;
    std::error_code error;
    const auto program = std::filesystem::canonical(std::string(entry) + "/" + programs.front(), error);
    if (!error && HasPrograms(program.parent_path(), programs)) return program.parent_path();
  }
  return {};
}

// What `PROGRAM --version` says of PostgreSQL's version: `15.9 (Debian 15.9-0+deb12u1)`; empty: nothing.
Result<std::string> AskVersion(const std::string& program) {
  ProgramRequest request;
  request.arguments = {program, "--version"};
  request.timeout = kVersionTimeout;
  SLUICE_TRY(const ProgramOutcome outcome, RunProgram(request));
  constexpr std::string_view kBefore = "(PostgreSQL) ";
  const std::size_t at = outcome.output.find(kBefore);
  std::string version = at == std::string::npos ? "" : outcome.output.substr(at + kBefore.size());
  while (version.ends_with('\n')) version.pop_back();
  return version;
}

Result<ServerPrograms> ProgramsIn(std::string directory) {
  ServerPrograms programs;
  programs.directory = std::move(directory);
  SLUICE_TRY(programs.version, AskVersion(programs.directory + "/postgres"));
  programs.major = std::atoi(programs.version.c_str());
  if (programs.major == 0) {
    return MakeError(ErrorCode::kScratch, programs.directory + "/postgres --version does not tell a version");
  }
  return programs;
}

}  // namespace

Result<ServerPrograms> FindServerPrograms(const ProgramSearch& search) {
  if (!search.configured.empty()) {
    if (HasPrograms(search.configured, kServerPrograms)) return ProgramsIn(search.configured);
    return MakeError(ErrorCode::kConfig, "postgres_bin: " + search.configured + " has no `initdb` and `postgres`",
                     "name the directory that holds both, such as /usr/lib/postgresql/17/bin");
  }
  std::vector<Place> places = PackagedPlaces(kServerPrograms);
  std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    const auto rank = [&](const Place& place) { return std::pair(place.major == search.preferred_major, place.major); };
    return rank(a) > rank(b);
  });
  if (!places.empty()) return ProgramsIn(places.front().directory);
  const std::string in_path = FindInPath(search.path, kServerPrograms);
  if (!in_path.empty()) return ProgramsIn(in_path);
  return MakeError(ErrorCode::kScratch, "PostgreSQL's server programs are not installed on this machine");
}

std::string FindDumpProgram(const ProgramSearch& search, int server_major) {
  std::vector<Place> places = PackagedPlaces(kDumpProgram);
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.major < b.major; });
  std::vector<std::string> directories;
  if (!search.configured.empty()) directories.push_back(search.configured);
  for (const Place& place : places) {
    if (place.major >= server_major) directories.push_back(place.directory);
  }
  const std::string in_path = FindInPath(search.path, kDumpProgram);
  if (!in_path.empty()) directories.push_back(in_path);
  for (const std::string& directory : directories) {
    if (!HasPrograms(directory, kDumpProgram)) continue;
    std::string program = directory + "/" + *kDumpProgram;
    const auto version = AskVersion(program);
    if (version.ok() && std::atoi(version->c_str()) >= server_major) return program;
  }
  return {};
}

}  // namespace sluice
