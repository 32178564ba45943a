#include "core/script/script_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/file_system.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class ScriptDirectoryTest : public ::testing::Test {
 protected:
  ScriptDirectoryTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-scripts-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~ScriptDirectoryTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  void Put(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    ASSERT_TRUE(CreateFile(Path(name), text).ok());
  }
  void PutRevision(const std::string& name, const std::string& id) {
    Put(name, "-- m\n--\n-- Revision: " + id + "\n-- Revises:\n\n-- sluice:upgrade\nSELECT 1;\n");
  }

  std::vector<std::string> LoadedIds(bool recursive = false) {
    const auto loaded = LoadScripts({{directory_, recursive}});
    if (!loaded.ok()) return {"error: " + loaded.error().message};
    std::vector<std::string> ids;
    for (const Revision& revision : loaded->Revisions()) ids.push_back(revision.id);
    return ids;
  }

  std::string directory_;
};

Revision NewRevision(const std::string& id, const std::string& message) {
  Revision revision;
  revision.id = id;
  revision.message = message;
  return revision;
}

TEST_F(ScriptDirectoryTest, LoadsInTheOrderOfNames) {
  PutRevision("b.sql", "b1");
  PutRevision("a.sql", "a1");
  PutRevision("sub/c.sql", "c1");
  PutRevision("_draft.sql", "d1");
  PutRevision(".hidden.sql", "e1");
  Put("README.md", "not a script");
  EXPECT_THAT(LoadedIds(), ElementsAre("a1", "b1"));
  EXPECT_THAT(LoadedIds(true), ElementsAre("a1", "b1", "c1"));
}

TEST_F(ScriptDirectoryTest, TheOrderDoesNotDependOnThreads) {
  std::vector<std::string> expected;
  for (int i = 1000; i < 2500; ++i) {
    PutRevision(std::to_string(i) + ".sql", "r" + std::to_string(i));
    expected.push_back("r" + std::to_string(i));
  }
  EXPECT_EQ(LoadedIds(), expected);
}

TEST_F(ScriptDirectoryTest, AllBrokenFilesAreReportedAtOnce) {
  Put("a.sql", "SELECT 1;\n");
  PutRevision("b.sql", "b1");
  Put("c.sql", "-- Revision: c1\n-- Revises:\n-- sluice:upgrad\n");
  const auto loaded = LoadScripts({{directory_, false}, {Path("nowhere"), false}});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::kFile);
  EXPECT_THAT(loaded.error().message, HasSubstr("nowhere"));
  std::vector<std::string> files;
  for (const Error& error : loaded.error().also) files.push_back(error.where.file);
  EXPECT_THAT(files, ElementsAre(Path("a.sql"), Path("a.sql"), Path("c.sql")));
}

TEST_F(ScriptDirectoryTest, ARevisionIsInOneFileOnly) {
  PutRevision("a.sql", "a1");
  PutRevision("b.sql", "a1");
  const auto loaded = LoadScripts({{directory_, false}});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::kDuplicateRevision);
  EXPECT_THAT(loaded.error().message, HasSubstr("a.sql and "));
  EXPECT_THAT(loaded.error().message, HasSubstr("b.sql"));
}

TEST_F(ScriptDirectoryTest, OverlappingLocationsAreNamedAsSuch) {
  PutRevision("sub/a.sql", "a1");
  const auto loaded = LoadScripts({{directory_, true}, {Path("sub"), false}});
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.error().message, HasSubstr("overlap"));
}

TEST_F(ScriptDirectoryTest, TheTextOfAScriptIsReadAgain) {
  PutRevision("a.sql", "a1");
  const auto loaded = LoadScripts({{directory_, false}});
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->scripts.size(), 1U);
  const Script& script = loaded->scripts.front();
  EXPECT_EQ(script.path, Path("a.sql"));
  const auto text = ReadScriptText(script);
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("SELECT 1;"));
  EXPECT_EQ(text->size(), script.size);
}

TEST_F(ScriptDirectoryTest, WritesWhatItReads) {
  Revision revision = NewRevision("6ee06edc35dd", "add tenant webhook\n\nfor billing");
  revision.down_revisions = {"a1", "b1"};
  revision.branch_labels = {"billing"};
  revision.depends_on = {"c1"};
  revision.create_date = "2026-11-22T10:00:00Z";
  revision.phase = Phase::kContract;
  const auto path = WriteRevision(directory_, revision, "");
  ASSERT_TRUE(path.ok()) << path.error().message;
  EXPECT_EQ(*path, Path("6ee06edc35dd_add_tenant_webhook_for_billing.sql"));
  EXPECT_EQ(*ReadFile(*path),
            "-- add tenant webhook\n--\n-- for billing\n--\n-- Revision: 6ee06edc35dd\n-- Revises: a1, b1\n"
            "-- Create-Date: 2026-11-22T10:00:00Z\n-- Branch-Labels: billing\n-- Depends-On: c1\n-- Phase: contract\n\n"
            "-- sluice:upgrade\n\n-- sluice:downgrade\n");
  const auto loaded = LoadScripts({{directory_, false}});
  ASSERT_TRUE(loaded.ok());
  const Revision& read = loaded->scripts.at(0).revision;
  EXPECT_EQ(read.message, revision.message);
  EXPECT_EQ(read.down_revisions, revision.down_revisions);
  EXPECT_EQ(read.branch_labels, revision.branch_labels);
  EXPECT_EQ(read.depends_on, revision.depends_on);
  EXPECT_EQ(read.phase, Phase::kContract);
}

TEST_F(ScriptDirectoryTest, NeverOverwrites) {
  ASSERT_TRUE(WriteRevision(directory_, NewRevision("a1", "first"), "").ok());
  const auto second = WriteRevision(directory_, NewRevision("a1", "first"), "");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kExists);
}

TEST_F(ScriptDirectoryTest, AMessageThatWouldBeReadAsHeaderIsRefused) {
  const auto path = WriteRevision(directory_, NewRevision("a1", "Revision: b1"), "");
  ASSERT_FALSE(path.ok());
  EXPECT_THAT(*ListDirectory(directory_), IsEmpty());
}

TEST_F(ScriptDirectoryTest, RewritesOnlyTheLineOfTheParents) {
  const std::string text =
      "\xEF\xBB\xBF-- m\r\n--\r\n-- Revision: a1\r\n-- Revises: b1\r\n-- Phase: contract\r\n\r\n-- sluice:upgrade\r\n"
      "-- Revises: untouched\r\nSELECT 1;";
  Put("a.sql", text);
  const auto script = ParseScript(text, Path("a.sql"));
  ASSERT_TRUE(script.ok());
  ASSERT_TRUE(RewriteDownRevisions(*script, {"c1", "d1"}).ok());
  std::string expected = text;
  expected.replace(expected.find("b1"), 2, "c1, d1");
  EXPECT_EQ(*ReadFile(Path("a.sql")), expected);
  ASSERT_TRUE(RewriteDownRevisions(*script, {}).ok());
  EXPECT_THAT(*ReadFile(Path("a.sql")), HasSubstr("-- Revises:\r\n"));
}

TEST(NewRevisionIdTest, IsTwelveHexDigits) {
  EXPECT_THAT(NewRevisionId(), MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(NewRevisionId().size(), 12u);
  EXPECT_NE(NewRevisionId(), NewRevisionId());
}

}  // namespace
}  // namespace sluice
