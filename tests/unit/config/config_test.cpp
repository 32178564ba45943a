#include "core/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/config/connection.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// A project directory with the files that a test writes.
class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-config-XXXXXX").string();
    request_.directory = mkdtemp(pattern.data());
  }
  ~ConfigTest() override { std::filesystem::remove_all(request_.directory); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(request_.directory + "/" + name) << text;
  }

  Config Load() {
    auto config = LoadConfig(request_);
    EXPECT_TRUE(config.ok()) << (config.ok() ? "" : config.error().message);
    return config.ok() ? *std::move(config) : Config();
  }

  Error LoadError() {
    auto config = LoadConfig(request_);
    EXPECT_FALSE(config.ok());
    return config.ok() ? Error() : std::move(config).error();
  }

  // `value (source)`, with the directory left out.
  std::string Shown(const std::string& name) {
    for (const ConfigValue& value : Load().values) {
      if (value.name != name) continue;
      std::string text = value.value + " (" + value.source + ")";
      const std::string prefix = request_.directory + "/";
      while (text.find(prefix) != std::string::npos) text.erase(text.find(prefix), prefix.size());
      return text;
    }
    return "not shown";
  }

  ConfigRequest request_;
};

TEST_F(ConfigTest, AnEmptyDirectoryHasTheDefaults) {
  const Config config = Load();
  EXPECT_EQ(config.settings.version_table, "alembic_version");
  EXPECT_EQ(config.settings.lock_timeout, milliseconds{1'000});
  EXPECT_EQ(Shown("lock_budget"), "5m (default)");
  EXPECT_EQ(Shown("database.target_session_attrs"), "read-write (default)");
}

TEST_F(ConfigTest, WhatIsPromisedHasToBeThere) {
  Write("ca.crt", "");
  request_.environment["DATABASE_URL"] = "postgresql://db/app";
  request_.environment["SLUICE_REQUIRED"] =
      "DATABASE_URL: the Secret api-db is missing\n" + request_.directory + "/ca.crt: the Secret db-ca is missing\n";
  EXPECT_EQ(Load().settings.version_table, "alembic_version");

  request_.environment["DATABASE_URL"] = "";
  std::filesystem::remove(request_.directory + "/ca.crt");
  request_.environment["SLUICE_REQUIRED"] += request_.directory + "/: the ConfigMap scripts is missing\n";
  const Error error = LoadError();
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_EQ(error.message, "DATABASE_URL is not set: the Secret api-db is missing");
  ASSERT_THAT(error.also, SizeIs(2));
  EXPECT_THAT(error.also[0].message, HasSubstr("ca.crt: the Secret db-ca is missing"));
  EXPECT_THAT(error.also[1].message, HasSubstr("/: the ConfigMap scripts is missing"));
}

TEST_F(ConfigTest, EachLevelBeatsTheNext) {
  Write("sluice.yaml", "lock_timeout: 5s\n");
  EXPECT_EQ(Shown("lock_timeout"), "5s (sluice.yaml line 1)");
  Write(".env", "# local\nSLUICE_LOCK_TIMEOUT=4s\n");
  EXPECT_EQ(Shown("lock_timeout"), "4s (.env line 2)");
  request_.environment["SLUICE_LOCK_TIMEOUT"] = "3s";
  EXPECT_EQ(Shown("lock_timeout"), "3s (environment SLUICE_LOCK_TIMEOUT)");
  request_.flags["lock_timeout"] = "2s";
  EXPECT_EQ(Shown("lock_timeout"), "2s (flag --lock-timeout)");
}

// What libpq is told: `keyword=value` of each, Sluice's own defaults left out.
std::string Connection(const Config& config) {
  std::string text;
  for (const ConnectionKeyword& keyword : config.settings.connection.keywords) {
    const bool is_default = keyword.source.empty() && !keyword.value.empty();
    if (!is_default) text += (text.empty() ? "" : " ") + keyword.keyword + "=" + keyword.value;
  }
  return text;
}

TEST_F(ConfigTest, ReadsTheFiveVariablesOfAnEnvFile) {
  Write(".env", "DB_HOST=db.example\nDB_PORT=5433\nPOSTGRES_USER=me\nPOSTGRES_PASSWORD=hunter2\nPOSTGRES_DB=app\n");
  EXPECT_EQ(BuildConninfo(Load().settings.connection),
            "host='db.example' port='5433' dbname='app' user='me' password='hunter2' target_session_attrs='read-write' "
            "application_name='sluice' connect_timeout='10' client_encoding='UTF8'");
  EXPECT_EQ(Shown("database.password"), "*** (.env line 4)");
}

TEST_F(ConfigTest, KnowsTheOtherNamesOfTheParts) {
  request_.environment = {
      {"POSTGRES_HOST", "db"}, {"POSTGRES_PORT", "1"}, {"DB_USER", "me"}, {"DB_PASSWORD", "x"}, {"DB_NAME", "app"}};
  EXPECT_EQ(Connection(Load()), "host=db port=1 dbname=app user=me password=x");
}

TEST_F(ConfigTest, ReadsLibpqsVariablesFromTheEnvironmentAndFromTheEnvFile) {
  request_.environment = {{"PGHOST", "db"}, {"PGSSLMODE", "verify-full"}, {"PGCONNECT_TIMEOUT", "3"}};
  Write(".env", "PGUSER=me\nPGHOST=other\n");
  EXPECT_EQ(Connection(Load()), "host=db user=me sslmode=verify-full");
  EXPECT_EQ(Load().settings.connection.connect_timeout, milliseconds{3'000});
}

TEST_F(ConfigTest, InOneLevelAUrlBeatsPartsAndPartsBeatLibpqsVariables) {
  request_.environment = {{"DATABASE_URL", "postgresql://db1/app"},
                          {"DB_HOST", "db2"},
                          {"DB_PORT", "5433"},
                          {"POSTGRES_USER", "me"},
                          {"POSTGRES_DB", "other"},
                          {"PGUSER", "you"}};
  EXPECT_EQ(Connection(Load()), "host=db1 port=5432 dbname=app user=me");
}

TEST_F(ConfigTest, APartOfAStrongerLevelBeatsAUrl) {
  Write(".env", "DATABASE_URL=postgresql://me:pw@db1:5433/app\n");
  request_.environment = {{"DB_HOST", "db2"}};
  EXPECT_EQ(Connection(Load()), "host=db2 port=5433 dbname=app user=me password=pw");
}

TEST_F(ConfigTest, AUrlOfAStrongerLevelBeatsParts) {
  request_.flags = {{"database_url", "postgresql://db1/app"}};
  request_.environment = {{"DB_HOST", "db2"}, {"DB_PORT", "5433"}, {"POSTGRES_PASSWORD", "pw"}};
  EXPECT_EQ(Connection(Load()), "host=db1 port=5432 dbname=app password=pw");
}

TEST_F(ConfigTest, AnEmptyVariableIsNotSet) {
  request_.environment = {{"DB_HOST", ""}, {"PGHOST", "db"}};
  EXPECT_EQ(Connection(Load()), "host=db");
}

// libpq would connect to PGHOSTADDR, whatever the host.
TEST_F(ConfigTest, AnAddressDoesNotStickToAHostOfAnotherLevel) {
  request_.environment = {{"PGHOSTADDR", "10.0.0.5"}};
  EXPECT_EQ(Connection(Load()), "hostaddr=10.0.0.5");
  request_.flags = {{"database_url", "postgresql://db"}};
  EXPECT_THAT(BuildConninfo(Load().settings.connection), HasSubstr("hostaddr=''"));
  Write("sluice.yaml", "database: {hostaddr: 10.0.0.6}\n");
  EXPECT_THAT(BuildConninfo(Load().settings.connection), HasSubstr("hostaddr=''"));
}

TEST_F(ConfigTest, SecretsComeFromFiles) {
  Write("password", "hunter2\n");
  request_.environment = {{"POSTGRES_PASSWORD_FILE", "password"}};
  EXPECT_EQ(Connection(Load()), "password=hunter2");
  EXPECT_EQ(Shown("database.password"), "*** (environment POSTGRES_PASSWORD_FILE)");
  Write("url", "postgresql://me:pw@db/app\r\n");
  request_.environment = {{"DATABASE_URL_FILE", request_.directory + "/url"}};
  EXPECT_EQ(Connection(Load()), "host=db port=5432 dbname=app user=me password=pw");
  EXPECT_EQ(Shown("database.url"), "postgresql://me:***@db/app (environment DATABASE_URL_FILE)");
}

TEST_F(ConfigTest, ASecretAndItsFileAreAnErrorTogether) {
  Write("password", "hunter2");
  request_.environment = {{"POSTGRES_PASSWORD_FILE", "password"}, {"POSTGRES_PASSWORD", "x"}};
  EXPECT_EQ(LoadError().message, "POSTGRES_PASSWORD_FILE (environment): it and POSTGRES_PASSWORD are both given");
}

TEST_F(ConfigTest, AMissingSecretFileIsNamedWithItsSetting) {
  request_.environment = {{"DATABASE_URL_FILE", "/nowhere/url"}};
  const Error error = LoadError();
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_EQ(error.message, "DATABASE_URL_FILE (environment): can't read /nowhere/url: No such file or directory");
}

TEST_F(ConfigTest, ReadsAServiceOfLibpqsServiceFile) {
  Write(".pg_service.conf", "# services\n[other]\nhost=no\n\n[app]\nhost=db\nport=5433\nuser=me\nconnect_timeout=2\n");
  request_.environment = {{"HOME", request_.directory}, {"PGSERVICE", "app"}, {"PGUSER", "you"}, {"DB_PORT", "1"}};
  EXPECT_EQ(Connection(Load()), "host=db port=1 user=me");
  EXPECT_EQ(Load().settings.connection.connect_timeout, milliseconds{2'000});
  EXPECT_EQ(Shown("database.host"), "db (.pg_service.conf line 6)");
  request_.environment["PGSERVICE"] = "apps";
  EXPECT_THAT(LoadError().message, HasSubstr("PGSERVICE (environment): there is no service `apps`"));
}

TEST_F(ConfigTest, WrongPartsOfTheConnectionNameTheSetting) {
  request_.environment = {{"DB_PORT", "99999"}, {"PGSSLMODE", "required"}, {"DB_HOST", "db:5432"}};
  const Error error = LoadError();
  EXPECT_EQ(error.message, "DB_HOST (environment): `db:5432` has a port behind the host");
  ASSERT_THAT(error.also, SizeIs(2));
  EXPECT_EQ(error.also[0].message, "DB_PORT (environment): `99999` is not a port");
  EXPECT_THAT(error.also[1].message, HasSubstr("`required` is not one of disable, allow, prefer"));
  EXPECT_EQ(error.also[1].hint, "did you mean \"require\"?");
}

// A Service named `db` gives every pod of its namespace such a variable.
TEST_F(ConfigTest, KnowsTheVariablesThatKubernetesMakes) {
  request_.environment = {{"DB_PORT", "tcp://10.0.0.5:5432"}};
  EXPECT_THAT(LoadError().hint, HasSubstr("enableServiceLinks: false"));
}

TEST_F(ConfigTest, ModelsArePathsOrAProgram) {
  Write("sluice.yaml", "models: [models, /abs/schema.sql]\n");
  EXPECT_THAT(Load().settings.models.paths, ElementsAre(request_.directory + "/models", "/abs/schema.sql"));
  Write("sluice.yaml", "models: {program: [python, -m, app.print_ddl], timeout: 5s}\n");
  const Settings settings = Load().settings;
  EXPECT_THAT(settings.models.program, ElementsAre("python", "-m", "app.print_ddl"));
  EXPECT_EQ(settings.models.timeout, std::chrono::seconds(5));
  Write("sluice.yaml", "models: {program: python -m app}\n");
  EXPECT_THAT(LoadError().message, HasSubstr("`program` must be a list"));
  Write("sluice.yaml", "models: {timeout: 5s}\n");
  EXPECT_THAT(LoadError().message, HasSubstr("`program` is missing"));
  Write("sluice.yaml", "models: {program: [x], shell: true}\n");
  EXPECT_THAT(LoadError().message, HasSubstr("`shell` is unknown"));
}

TEST_F(ConfigTest, ScratchUrlIsAConnectionOfItsOwnAndASecret) {
  Write("url", "postgresql://me:hunter2@scratch:5433/postgres\n");
  Write("sluice.yaml", "scratch_url_file: url\n");
  const Config config = Load();
  ASSERT_TRUE(config.settings.scratch.has_value());
  EXPECT_THAT(BuildConninfo(*config.settings.scratch), HasSubstr("host='scratch'"));
  EXPECT_THAT(BuildConninfoForDisplay(*config.settings.scratch), Not(HasSubstr("hunter2")));
  for (const ConfigValue& value : config.values) EXPECT_THAT(value.value, Not(HasSubstr("hunter2")));
  Write("url", "mysql://me:hunter2@scratch/db");
  const Error error = LoadError();
  EXPECT_THAT(error.message, HasSubstr("scratch_url"));
  EXPECT_THAT(error.message, Not(HasSubstr("hunter2")));
}

TEST_F(ConfigTest, TheCacheIsWhereTheUserKeepsSuchThings) {
  request_.environment = {{"XDG_CACHE_HOME", "/xdg"}, {"HOME", "/home/me"}};
  EXPECT_EQ(Load().settings.cache_directory, "/xdg/sluice");
  Write("sluice.yaml", "cache: {directory: kept, size: 2GB}\n");
  EXPECT_EQ(Load().settings.cache_directory, request_.directory + "/kept");
  EXPECT_EQ(Load().settings.cache_size, std::uint64_t{2} << 30);
  Write("sluice.yaml", "cache: {size: 2}\n");
  EXPECT_THAT(LoadError().message, HasSubstr("`2` is not a size: the unit is missing"));
}

TEST_F(ConfigTest, ReadsEverySettingOfTheFile) {
  Write("sluice.yaml", R"(
versions:
  - db/versions
  - {path: modules, recursive: true}
models: [schema.sql]
version_table: admin.version
bookkeeping: {schema: admin, prefix: s_}
search_path: app, public
role: owner
settings: {app.tenant: "1", work_mem: 64MB}
lock_timeout: 2s
statement_timeout: 1h
lock_budget: 10m
migrator_wait: 1m
reconnect_budget: 2m
timeout: 3h
terminate_blockers_after: 30s
terminate_orphan_after: 1m30s
wait_for_database: 60s
ahead: ok
database: {host: db, password_file: secret, connect_timeout: 5s}
)");
  Write("secret", "hunter2");
  const Settings settings = Load().settings;
  ASSERT_THAT(settings.versions, SizeIs(2));
  EXPECT_EQ(settings.versions[0].path, request_.directory + "/db/versions");
  EXPECT_TRUE(settings.versions[1].recursive);
  EXPECT_EQ(settings.version_table_schema, "admin");
  EXPECT_EQ(settings.version_table, "version");
  EXPECT_EQ(settings.bookkeeping_schema, "admin");
  EXPECT_EQ(settings.bookkeeping_prefix, "s_");
  EXPECT_THAT(settings.session_settings, ElementsAre(Pair("app.tenant", "1"), Pair("work_mem", "64MB")));
  EXPECT_EQ(settings.run_timeout, std::chrono::hours{3});
  EXPECT_EQ(settings.terminate_orphan_after, milliseconds{90'000});
  EXPECT_EQ(settings.connection.wait_for_database, std::chrono::minutes{1});
  EXPECT_EQ(settings.connection.connect_timeout, milliseconds{5'000});
  EXPECT_EQ(settings.ahead, AheadPolicy::kOk);
  EXPECT_EQ(Shown("database.host"), "db (sluice.yaml line 21)");
  EXPECT_EQ(Shown("search_path"), "app, public (sluice.yaml line 8)");
  EXPECT_EQ(Shown("settings"), "app.tenant=1, work_mem=64MB (sluice.yaml line 10)");
}

TEST_F(ConfigTest, VersionsMayBeOneWord) {
  Write("sluice.yaml", "versions: migrations\n");
  EXPECT_EQ(Load().settings.versions.front().path, request_.directory + "/migrations");
  request_.environment = {{"SLUICE_VERSIONS", "a:/b"}};
  EXPECT_EQ(Load().settings.versions.front().path, request_.directory + "/a");
  EXPECT_EQ(Load().settings.versions.back().path, "/b");
}

// Nothing else in that schema must be mistaken for Sluice's own.
TEST_F(ConfigTest, OutsideASchemaOfTheirOwnTablesHaveAPrefix) {
  EXPECT_EQ(Load().settings.bookkeeping_prefix, "");
  Write("sluice.yaml", "bookkeeping: {schema: public}\n");
  EXPECT_EQ(Load().settings.bookkeeping_prefix, "sluice_");
  Write("sluice.yaml", "bookkeeping: {schema: public, prefix: ''}\n");
  EXPECT_EQ(Load().settings.bookkeeping_prefix, "");
}

TEST_F(ConfigTest, AnEnvironmentOverridesTheRestOfTheFile) {
  Write("sluice.yaml", R"(lock_budget: 5m
settings: {a.b: base, c.d: base}
database: {host: db, port: 5433}
environments:
  staging:
    lock_budget: 1m
    settings: {a.b: staging}
    database: {url: postgresql://staging/app}
  production:
)");
  EXPECT_EQ(Load().settings.lock_budget, std::chrono::minutes{5});
  request_.environment_name = "staging";
  EXPECT_EQ(Shown("lock_budget"), "1m (sluice.yaml line 6)");
  EXPECT_EQ(Connection(Load()), "host=staging port=5432 dbname=app");
  EXPECT_THAT(Load().settings.session_settings, UnorderedElementsAre(Pair("a.b", "staging"), Pair("c.d", "base")));
  request_.environment_name = "production";
  EXPECT_EQ(Connection(Load()), "host=db port=5433");
}

TEST_F(ConfigTest, TheEnvironmentIsChosenByFlagOrVariable) {
  Write("sluice.yaml", "environments: {staging: {role: s}, production: {role: p}}\n");
  Write(".env", "SLUICE_ENV=staging\n");
  EXPECT_EQ(Load().settings.role, "s");
  request_.environment = {{"SLUICE_ENV", "production"}};
  EXPECT_EQ(Load().settings.role, "p");
  request_.environment_name = "stagin";
  EXPECT_THAT(LoadError().message, HasSubstr("there is no environment `stagin` in "));
  EXPECT_EQ(LoadError().hint, "did you mean \"staging\"?");
}

TEST_F(ConfigTest, AnEnvironmentNeedsAFile) {
  request_.environment_name = "staging";
  EXPECT_THAT(LoadError().message, HasSubstr("there is no environment `staging`: there is no "));
}

TEST_F(ConfigTest, EveryMistakeOfTheFileIsSaidAtOnce) {
  Write("sluice.yaml", R"(lock_timout: 1s
lock_budget: 5
database:
  hots: db
  port: [1]
bookkeeping: x
environments:
  staging:
    ahed: ok
settings: {search_path: x}
)");
  const Error error = LoadError();
  EXPECT_EQ(error.message, "`lock_timout` is not a setting");
  EXPECT_EQ(error.hint, "did you mean \"lock_timeout\"?");
  EXPECT_EQ(error.where.line, 1);
  std::vector<std::string> others;
  for (const Error& also : error.also) others.push_back(also.message + " @" + std::to_string(also.where.line));
  EXPECT_THAT(others, ElementsAre("`database.hots` is not a setting @4",
                                  "bookkeeping: it must be a section of `key: value` lines @6",
                                  "`environments.staging.ahed` is not a setting @9",
                                  "database.port: it must be a single value, not a list @5",
                                  "settings: `search_path` has a place of its own @10",
                                  "lock_budget: `5` is not a duration: the unit is missing @2"));
}

// libpq would take the first half for the password.
TEST_F(ConfigTest, ANulByteIsRefused) {
  Write("sluice.yaml", R"(database: {password: "hun\0ter2"})");
  EXPECT_EQ(LoadError().message, "database.password: it holds a NUL byte");
}

TEST_F(ConfigTest, FlagsThatOnlyACommandMayGiveAreNoKeys) {
  Write("sluice.yaml", "allow_modified: true\n");
  EXPECT_EQ(LoadError().message, "`allow_modified` is not a setting");
  Write("sluice.yaml", "");
  request_.flags = {{"allow_modified", "true"}};
  EXPECT_TRUE(Load().settings.allow_modified);
}

TEST_F(ConfigTest, BrokenFilesAreAllReported) {
  Write("sluice.yaml", "a: [\n");
  Write(".env", "what is this\n");
  const Error error = LoadError();
  EXPECT_THAT(error.message, HasSubstr("/.env: "));
  ASSERT_THAT(error.also, SizeIs(1));
  EXPECT_THAT(error.also[0].message, HasSubstr("/sluice.yaml: "));
}

TEST_F(ConfigTest, FilesThatAreNamedMustExist) {
  request_.config_file = request_.directory + "/other.yaml";
  EXPECT_EQ(LoadError().code, ErrorCode::kFile);
  Write("other.yaml", "role: me\n");
  EXPECT_EQ(Load().settings.role, "me");
  request_.env_file = request_.directory + "/test.env";
  EXPECT_EQ(LoadError().code, ErrorCode::kFile);
}

TEST_F(ConfigTest, AMisnamedFileIsNotIgnored) {
  Write("sluice.yml", "role: me\n");
  EXPECT_THAT(LoadError().message, HasSubstr("sluice.yml is not read"));
}

TEST_F(ConfigTest, NamesLongerThanPostgresKeepsAreRefused) {
  request_.flags = {{"version_table", std::string(64, 'v')}};
  EXPECT_THAT(LoadError().message, HasSubstr("longer than PostgreSQL's 63 bytes"));
  request_.flags = {{"version_table", "a.b.c"}};
  EXPECT_EQ(LoadError().message, "--version-table: `a.b.c` is not `table` or `schema.table`");
}

TEST_F(ConfigTest, NoSecretIsShown) {
  Write("sluice.yaml", "database: {url: 'postgresql://me:hunter2@db/app', sslpassword: hunter2}\n");
  request_.environment = {{"PGPASSWORD", "hunter2"}};
  for (const ConfigValue& value : Load().values) EXPECT_THAT(value.value, Not(HasSubstr("hunter2"))) << value.name;
}

TEST_F(ConfigTest, RarePartsAreShownWhenTheyAreSet) {
  EXPECT_EQ(Shown("database.krbsrvname"), "not shown");
  request_.environment = {{"PGKRBSRVNAME", "pg"}};
  EXPECT_EQ(Shown("database.krbsrvname"), "pg (environment PGKRBSRVNAME)");
}

}  // namespace
}  // namespace sluice
