#include "tests/acceptance/scratch_fixture.h"

#include <stdexcept>

namespace sluice::testing {

std::string Told(const Error& error) {
  std::string text = std::string(ErrorCodeName(error.code)) + ": " + error.message;
  if (!error.where.file.empty()) text += " at " + error.where.file + ":" + std::to_string(error.where.line);
  if (!error.where.excerpt.empty()) text += "\n" + error.where.excerpt;
  if (!error.server.message.empty()) text += "\n[" + error.server.sqlstate + " " + error.server.message + "]";
  if (!error.hint.empty()) text += "\nhint: " + error.hint;
  for (const Error& other : error.also) text += "\n" + Told(other);
  return text;
}

ScratchTest::ScratchTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
  directory = mkdtemp(pattern.data());
  // The user that PostgreSQL runs as instead of root must get to the cache.
  std::filesystem::permissions(directory, std::filesystem::perms(0755));
  settings.cache_directory = directory / "cache";
  settings.postgres_bin = server().bin_directory();
  settings.connection.keywords = {{"host", server().socket_directory(), "", "", false},
                                  {"port", std::to_string(server().port()), "", "", false},
                                  {"user", PostgresServer::kUser, "", "", false},
                                  {"dbname", database(), "", "", false}};
}

ScratchTest::~ScratchTest() {
  for (const std::string& name : Databases("sluice_")) server().DropDatabase(name);
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
}

std::unique_ptr<ScratchServer> ScratchTest::Open() {
  auto opened = ScratchServer::Open(Context());
  if (!opened.ok()) throw std::runtime_error(Told(opened.error()));
  return *std::move(opened);
}

DesiredSchema ScratchTest::Prepare(ScratchServer& scratch,
                                   const std::vector<std::pair<std::string, std::string>>& files) {
  auto sources = MakeModelSources(files);
  if (!sources.ok()) throw std::runtime_error(Told(sources.error()));
  auto prepared = PrepareDesiredSchema(Context(), scratch, *sources);
  if (!prepared.ok()) throw std::runtime_error(Told(prepared.error()));
  return *std::move(prepared);
}

void ScratchTest::ConnectAs(const std::string& role, const std::string& attributes) {
  if (Value("SELECT count(*) FROM pg_roles WHERE rolname = '" + role + "'") == "0") Sql("CREATE ROLE " + role);
  Sql("ALTER ROLE " + role + " LOGIN " + attributes);
  settings.connection.keywords[2].value = role;
}

std::vector<std::string> ScratchTest::Databases(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& row :
       Sql("SELECT datname FROM pg_database WHERE starts_with(datname, '" + prefix + "') ORDER BY 1")) {
    names.push_back(row.front());
  }
  return names;
}

}  // namespace sluice::testing
