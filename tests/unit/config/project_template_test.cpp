#include "core/config/project_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/file_system.h"
#include "core/config/config.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InitProjectTest : public testing::Test {
 protected:
  InitProjectTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-init-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~InitProjectTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  InitReport Init() {
    const auto report = InitProject(directory_);
    EXPECT_TRUE(report.ok());
    return report.ok() ? *report : InitReport();
  }

  std::string directory_;
};

TEST_F(InitProjectTest, MakesTheFilesOfAProject) {
  const InitReport report = Init();
  EXPECT_THAT(report.made, ElementsAre(Path("sluice.yaml"), Path("versions/"), Path(".env.example")));
  EXPECT_THAT(report.left, IsEmpty());
  EXPECT_TRUE(DirectoryExists(Path("versions")));
}

TEST_F(InitProjectTest, NeverOverwrites) {
  ASSERT_TRUE(CreateFile(Path("sluice.yaml"), "versions: db\n").ok());
  const InitReport first = Init();
  EXPECT_THAT(first.left, ElementsAre(Path("sluice.yaml")));
  EXPECT_EQ(*ReadFile(Path("sluice.yaml")), "versions: db\n");
  EXPECT_THAT(Init().made, IsEmpty());
}

TEST_F(InitProjectTest, TheNewProjectLoads) {
  Init();
  ConfigRequest request;
  request.directory = directory_;
  const auto config = LoadConfig(request);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->settings.versions.front().path, Path("versions"));
}

// So that a person who removes a `#` has a file that loads.
TEST_F(InitProjectTest, TheCommentedSettingsLoadToo) {
  std::string text(SluiceYamlTemplate());
  for (const std::string name :
       {"search_path", "role", "lock_timeout", "lock_budget", "environments", "  staging", "    lock"}) {
    const std::size_t at = text.find("\n# " + name);
    ASSERT_NE(at, std::string::npos) << name;
    text.erase(at + 1, 2);
  }
  ASSERT_TRUE(CreateFile(Path("sluice.yaml"), text).ok());
  ConfigRequest request;
  request.directory = directory_;
  request.environment_name = "staging";
  const auto config = LoadConfig(request);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->settings.lock_budget, std::chrono::minutes{1});
  EXPECT_EQ(config->settings.role, "app_owner");
}

TEST_F(InitProjectTest, TheExampleOfTheEnvironmentIsAnEnvFile) {
  const auto entries = ParseDotEnv(EnvExampleTemplate(), ".env.example", {});
  ASSERT_TRUE(entries.ok());
  std::vector<std::string> names;
  for (const DotEnvEntry& entry : *entries) names.push_back(entry.name);
  EXPECT_THAT(names, ElementsAre("DB_HOST", "DB_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"));
}

}  // namespace
}  // namespace sluice
