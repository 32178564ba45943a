#include "core/script/import_alembic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/file_system.h"
#include "core/script/script_directory.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

AlembicPart Sql(std::string sql, bool outside = false) {
  AlembicPart part;
  part.sql = std::move(sql);
  part.outside_transaction = outside;
  return part;
}

AlembicPart Unfinished(std::string reason, std::string source, bool outside = false) {
  AlembicPart part;
  part.unfinished = std::move(reason);
  part.source = std::move(source);
  part.line = 12;
  part.background = {"LIMIT = 5"};
  part.outside_transaction = outside;
  return part;
}

class ImportAlembicTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/sluice-import-XXXXXX";
    root_ = mkdtemp(path);
    project_.revisions.resize(1);
    revision().revision.id = "a1";
    revision().revision.message = "a step";
    revision().path = "alembic/versions/a1_step.py";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  AlembicRevision& revision() { return project_.revisions.front(); }
  std::string Location() const { return root_ + "/versions"; }

  // The script without its header; what went wrong instead of it.
  std::string Body() {
    report_ = {};
    std::filesystem::remove_all(Location());
    Result<ImportReport> report = ImportAlembic(project_, Location());
    if (!report.ok()) return "error: " + report.error().message;
    report_ = *report;
    const std::string text = *ReadFile(report_.revisions.front().path);
    const auto loaded = LoadScripts({{Location(), false}});
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return text.substr(text.find("\n\n") + 2);
  }

  std::string root_;
  AlembicProject project_;
  ImportReport report_;
};

TEST_F(ImportAlembicTest, StatementsAreOneSectionAWay) {
  revision().upgrade = {Sql("CREATE TABLE t (\n    a int\n)"), Sql("SELECT 1"), Sql("SELECT 2 -- two"),
                        Sql("SELECT 3;")};
  revision().downgrade = {Sql("DROP TABLE t")};
  EXPECT_EQ(Body(),
            "-- sluice:upgrade\nCREATE TABLE t (\n    a int\n);\n\nSELECT 1;\n\nSELECT 2 -- two\n;\n\nSELECT 3;\n\n"
            "-- sluice:downgrade\nDROP TABLE t;\n");
  EXPECT_FALSE(report_.revisions.front().has_sections_outside_transaction);
}

TEST_F(ImportAlembicTest, ARevisionWithoutStatementsKeepsBothWaysEmpty) {
  EXPECT_EQ(Body(), "-- sluice:upgrade\n\n-- sluice:downgrade\n");
}

TEST_F(ImportAlembicTest, WhatIsOutsideOfATransactionStaysInItsPlace) {
  revision().upgrade = {Sql("SELECT 1"), Sql("ALTER TYPE t ADD VALUE 'x'", true), Sql("SELECT 2"), Sql("VACUUM")};
  EXPECT_EQ(Body(),
            "-- sluice:upgrade\nSELECT 1;\n\n-- sluice:upgrade transaction=off\nALTER TYPE t ADD VALUE 'x';\n\n"
            "-- sluice:upgrade\nSELECT 2;\n-- sluice:upgrade transaction=off\nVACUUM;\n\n-- sluice:downgrade\n");
  EXPECT_TRUE(report_.revisions.front().has_sections_outside_transaction);
}

TEST_F(ImportAlembicTest, AsManySectionsBothWaysAreNotTakenForPairs) {
  revision().upgrade = {Sql("SELECT 1"), Sql("VACUUM", true)};
  revision().downgrade = {Sql("SELECT 2"), Sql("VACUUM", true)};
  const std::string body = Body();
  EXPECT_THAT(body, HasSubstr("-- sluice:downgrade\n-- Nothing: as many sections"));
  const auto loaded = LoadScripts({{Location(), false}});
  EXPECT_EQ(loaded->scripts.front().sections.size(), 5u);
}

TEST_F(ImportAlembicTest, UnfinishedWorkStandsInItsPlaceWithItsPython) {
  revision().upgrade = {Sql("SELECT 1"), Unfinished("reads \"t\"", "for row in rows:\n\n    f(row)"), Sql("SELECT 2")};
  revision().downgrade = {Unfinished("reads it", "g()", true)};
  EXPECT_EQ(Body(),
            "-- sluice:upgrade unfinished=\"reads \\\"t\\\"\"\nSELECT 1;\n\n"
            "-- Unfinished: reads \"t\".\n-- The Python of a1_step.py, line 12:\n--\n--     LIMIT = 5\n--\n"
            "--     for row in rows:\n--\n--         f(row)\n\nSELECT 2;\n\n"
            "-- sluice:downgrade transaction=off unfinished=\"reads it\"\n"
            "-- Unfinished: reads it.\n-- The Python of a1_step.py, line 12:\n--\n--     LIMIT = 5\n--\n--     g()\n");
  EXPECT_THAT(report_.revisions.front().unfinished, ElementsAre("upgrade: reads \"t\"", "downgrade: reads it"));
}

TEST_F(ImportAlembicTest, WhatSluiceWouldRefuseIsUnfinishedToo) {
  revision().upgrade = {Sql("SELECT 1"), Sql("LOCK TABLE t", true)};
  const std::string body = Body();
  EXPECT_THAT(body, HasSubstr("-- sluice:upgrade transaction=off unfinished="));
  EXPECT_THAT(body, HasSubstr("-- The SQL of a1_step.py:\n--\n--     LOCK TABLE t;\n"));
  EXPECT_EQ(report_.revisions.front().unfinished.size(), 1u);
}

TEST_F(ImportAlembicTest, ADowngradeThatRaisesIsIrreversible) {
  revision().upgrade = {Sql("SELECT 1")};
  revision().irreversible = "gone \\ \"for good\"";
  EXPECT_EQ(Body(),
            "-- sluice:upgrade\nSELECT 1;\n\n-- sluice:downgrade irreversible=\"gone \\\\ \\\"for good\\\"\"\n");
  EXPECT_TRUE(report_.revisions.front().irreversible);
}

TEST_F(ImportAlembicTest, NotesAreHandedOnAndOfflineModeIsNoted) {
  project_.notes = {"env.py does something else"};
  revision().asks_for_offline_mode = true;
  EXPECT_THAT(Body(), HasSubstr("-- This revision asks whether it runs offline."));
  EXPECT_THAT(report_.notes, ElementsAre("env.py does something else", HasSubstr("a1_step.py asks whether")));
}

TEST_F(ImportAlembicTest, RefusalsAreToldAtOnceAndNothingIsWritten) {
  project_.revisions.resize(3);
  project_.revisions[1].revision.id = "a b";
  project_.revisions[2].revision.id = "a1";
  revision().upgrade = {Sql("SELECT '\n-- sluice:upgrade\n'")};
  const auto report = ImportAlembic(project_, Location());
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.error().message, HasSubstr("holds a comment that begins with `sluice:`"));
  ASSERT_EQ(report.error().also.size(), 2u);
  EXPECT_EQ(report.error().also[0].message, "the migration \"a b\" can't be a revision");
  EXPECT_THAT(report.error().also[1].message, HasSubstr("are both revision a1"));
  EXPECT_FALSE(DirectoryExists(Location()));
}

}  // namespace
}  // namespace sluice
