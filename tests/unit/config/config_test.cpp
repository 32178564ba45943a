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

TEST_F(ConfigTest, ReadsTheFiveVariablesOfAnEnvFile) {
  Write(".env", "DB_HOST=db.example\nDB_PORT=5433\nPOSTGRES_USER=me\nPOSTGRES_PASSWORD='it''s'\nPOSTGRES_DB=app\n");
  EXPECT_THAT(LoadError().message, HasSubstr("something follows the quoted value of POSTGRES_PASSWORD"));
  Write(".env", "DB_HOST=db.example\nDB_PORT=5433\nPOSTGRES_USER=me\nPOSTGRES_PASSWORD=hunter2\nPOSTGRES_DB=app\n");
  EXPECT_EQ(BuildConninfo(Load().settings.connection),
            "host='db.example' port='5433' dbname='app' user='me' password='hunter2' target_session_attrs='read-write' "
            "application_name='sluice' connect_timeout='10' client_encoding='UTF8'");
  EXPECT_EQ(Shown("database.password"), "*** (.env line 4)");
}

}  // namespace
}  // namespace sluice
