#include "core/config/project_template.h"

#include "core/base/file_system.h"

namespace sluice {
namespace {

constexpr std::string_view kSluiceYaml =
    R"(# Sluice: PostgreSQL schema migrations. Every setting is described in docs/configuration.md;
# `sluice config` prints the values in use and where each comes from.
# The database's address belongs in the environment or in .env (see .env.example), not here.

# Directories of revision scripts; `sluice revision` writes to the first.
versions:
  - versions

# What the schema should be: SQL files, or a program that prints it. `sluice revision` writes what is missing.
# models:
#   - models
# models: {program: ["python", "-m", "app.print_ddl"]}

# What the release before can't live with goes into a revision of its own, which waits for the rollout.
contract: separate

# Schemas that the scripts work in, and the role that owns what they make.
# search_path: app, public
# role: app_owner

# How long a statement may queue for a lock in one attempt, and all attempts together.
# lock_timeout: 1s
# lock_budget: 5m

# What differs elsewhere: `sluice --env staging`, or SLUICE_ENV=staging.
# environments:
#   staging:
#     lock_budget: 1m
)";

constexpr std::string_view kEnvExample = R"(# Copy this file to .env, and fill it in. Keep .env out of version control.
# Variables of the environment beat these lines. All names: docs/configuration.md.

DB_HOST=localhost
DB_PORT=5432
POSTGRES_USER=postgres
POSTGRES_PASSWORD=
POSTGRES_DB=postgres

# Or all of it in one line, which beats the five above:
# DATABASE_URL=postgresql://user:password@localhost:5432/database

# A password that a file holds (a mounted Secret):
# POSTGRES_PASSWORD_FILE=/run/secrets/postgres-password
)";

Status MakeFile(const std::string& path, std::string_view content, InitReport& report) {
  Status created = CreateFile(path, content);
  if (created.ok()) {
    report.made.push_back(path);
  } else if (created.error().code == ErrorCode::kExists) {
    report.left.push_back(path);
  } else {
    return created;
  }
  return {};
}

}  // namespace

std::string_view SluiceYamlTemplate() { return kSluiceYaml; }

std::string_view EnvExampleTemplate() { return kEnvExample; }

Result<InitReport> InitProject(const std::string& directory) {
  const std::string prefix = directory == "." || directory.empty() ? "" : directory + "/";
  InitReport report;
  const bool had_versions = DirectoryExists(prefix + "versions");
  SLUICE_CHECK(CreateDirectories(prefix + "versions"));
  SLUICE_CHECK(MakeFile(prefix + "sluice.yaml", SluiceYamlTemplate(), report));
  (had_versions ? report.left : report.made).push_back(prefix + "versions/");
  SLUICE_CHECK(MakeFile(prefix + ".env.example", EnvExampleTemplate(), report));
  return report;
}

}  // namespace sluice
