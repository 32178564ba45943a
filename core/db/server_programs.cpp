#include "core/db/server_programs.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
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

bool HasPrograms(const std::string& directory) {
  return access((directory + "/initdb").c_str(), X_OK) == 0 && access((directory + "/postgres").c_str(), X_OK) == 0;
}

struct Place {
  std::string directory;
  int major = 0;
};

// `<parent>/<prefix>NN<suffix>` for all NN that have the programs.
void AddPlaces(const std::string& parent, const std::string& prefix, const std::string& suffix,
               std::vector<Place>& places) {
  const auto names = ListDirectory(parent);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    const std::string number = name.substr(prefix.size());
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string directory = parent + "/" + name + suffix;
    if (HasPrograms(directory)) places.push_back({std::move(directory), std::atoi(number.c_str())});
  }
}

// The real directory of the first `postgres` in PATH that has its `initdb` beside it.
std::string FindInPath(const std::string& path) {
  for (const std::string_view entry : SplitAt(path, ':')) {
    if (entry.empty()) continue;
    std::error_code error;
    const auto program = std::filesystem::canonical(std::string(entry) + "/postgres", error);
    if (!error && HasPrograms(program.parent_path())) return program.parent_path();
  }
  return {};
}

// `postgres (PostgreSQL) 15.9 (Debian 15.9-0+deb12u1)`.
Result<ServerPrograms> AskVersion(std::string directory) {
  ProgramRequest request;
  request.arguments = {directory + "/postgres", "--version"};
  request.timeout = kVersionTimeout;
  SLUICE_TRY(const ProgramOutcome outcome, RunProgram(request));
  constexpr std::string_view kBefore = "(PostgreSQL) ";
  const std::size_t at = outcome.output.find(kBefore);
  ServerPrograms programs;
  programs.directory = std::move(directory);
  if (at != std::string::npos) programs.version = outcome.output.substr(at + kBefore.size());
  while (programs.version.ends_with('\n')) programs.version.pop_back();
  programs.major = std::atoi(programs.version.c_str());
  if (programs.major == 0) {
    return MakeError(ErrorCode::kScratch, programs.directory + "/postgres --version does not tell a version");
  }
  return programs;
}

}  // namespace

Result<ServerPrograms> FindServerPrograms(const ProgramSearch& search) {
  if (!search.configured.empty()) {
    if (HasPrograms(search.configured)) return AskVersion(search.configured);
    return MakeError(ErrorCode::kConfig, "postgres_bin: " + search.configured + " has no `initdb` and `postgres`",
                     "name the directory that holds both, such as /usr/lib/postgresql/17/bin");
  }
  std::vector<Place> places;
  AddPlaces("/usr/lib/postgresql", "", "/bin", places);
  AddPlaces("/usr", "pgsql-", "/bin", places);
  std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    const auto rank = [&](const Place& place) { return std::pair(place.major == search.preferred_major, place.major); };
    return rank(a) > rank(b);
  });
  if (!places.empty()) return AskVersion(places.front().directory);
  const std::string in_path = FindInPath(search.path);
  if (!in_path.empty()) return AskVersion(in_path);
  return MakeError(ErrorCode::kScratch, "PostgreSQL's server programs are not installed on this machine");
}

}  // namespace sluice
