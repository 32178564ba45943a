#include "tests/acceptance/migration_fixture.h"

#include <fstream>
#include <stdexcept>

namespace sluice::testing {

std::string Why(const RunReport& report) {
  if (!report.error) return "";
  const Error& error = *report.error;
  return std::string(ErrorCodeName(error.code)) + ": " + error.message + " [" + error.server.message + "] " +
         error.where.excerpt;
}

void RestartAsStandby(PostgresServer& server) {
  server.StopFast();
  std::ofstream(std::filesystem::path(server.data_directory()) / "standby.signal").flush();
  server.Start();
}

MigrationTest::MigrationTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  settings.versions = {{directory_.string(), false}};
  const PostgresServer& server = this->server();
  settings.connection.keywords = {{"host", server.socket_directory(), "", "", false},
                                  {"port", std::to_string(server.port()), "", "", false},
                                  {"user", PostgresServer::kUser, "", "", false},
                                  {"dbname", database(), "", "", false}};
}

MigrationTest::~MigrationTest() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void MigrationTest::Write(const std::string& id, const std::string& down_revisions, std::string_view body,
                          const std::string& more_header) {
  std::ofstream(directory_ / (id + "_test.sql"), std::ios::binary)
      << "-- " << id << "\n--\n-- Revision: " << id << "\n-- Revises: " << down_revisions << "\n"
      << more_header << "\n"
      << body;
}

void MigrationTest::WriteBytes(const std::string& id, const std::string& bytes) {
  std::ofstream(directory_ / (id + "_test.sql"), std::ios::binary) << bytes;
}

void MigrationTest::Remove(const std::string& id) { std::filesystem::remove(directory_ / (id + "_test.sql")); }

void MigrationTest::WriteTable(const std::string& id, const std::string& down_revisions) {
  Write(id, down_revisions,
        "-- sluice:upgrade\nCREATE TABLE " + id + " (id int);\n-- sluice:downgrade\nDROP TABLE " + id + ";\n");
}

void MigrationTest::MoveTo(PostgresServer& server) {
  settings.connection.keywords[0].value = server.socket_directory();
  settings.connection.keywords[1].value = std::to_string(server.port());
  settings.connection.keywords[3].value = server.CreateDatabase();
}

Project MigrationTest::Files() {
  Result<Project> project = LoadProject(settings);
  if (!project.ok()) throw std::runtime_error(project.error().message);
  return std::move(*project);
}

template <typename Body>
RunReport MigrationTest::With(Body body) {
  Result<Project> project = LoadProject(settings);
  if (!project.ok()) {
    RunReport report;
    report.error = project.error();
    return report;
  }
  Migrator migrator(Context(), *project);
  return body(migrator);
}

RunReport MigrationTest::Upgrade(const std::vector<std::string>& targets) {
  UpgradeRequest request;
  request.targets = targets;
  return Upgrade(request);
}

RunReport MigrationTest::Upgrade(const UpgradeRequest& request) {
  return With([&](Migrator& migrator) { return migrator.Upgrade(request); });
}

RunReport MigrationTest::Downgrade(const std::string& target) {
  return With([&](Migrator& migrator) { return migrator.Downgrade({target, TransactionMode::kEachSection}); });
}

RunReport MigrationTest::Stamp(const std::vector<std::string>& targets, bool purge) {
  return With([&](Migrator& migrator) { return migrator.Stamp({targets, purge}); });
}

std::vector<std::string> MigrationTest::VersionRows() {
  std::vector<std::string> rows;
  for (const auto& row : Sql("SELECT version_num FROM alembic_version ORDER BY version_num COLLATE \"C\"")) {
    rows.push_back(row[0]);
  }
  return rows;
}

bool MigrationTest::HasTable(const std::string& name) {
  return Value("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
}

std::vector<std::string> MigrationTest::Events() {
  std::vector<std::string> events;
  for (const auto& row :
       Sql("SELECT revision, direction, coalesce(section, 0), outcome FROM sluice.event ORDER BY id")) {
    events.push_back(row[0] + " " + row[1] + " " + row[2] + " " + row[3]);
  }
  return events;
}

}  // namespace sluice::testing
