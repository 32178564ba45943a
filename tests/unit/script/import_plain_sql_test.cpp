#include "core/script/import_plain_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/base/file_system.h"
#include "core/script/plain_sql_sections.h"
#include "core/script/script_directory.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Sections(std::string_view sql, SectionKind kind = SectionKind::kUpgrade) {
  const auto sections = CutPlainSql(sql, "a.sql", kind);
  return sections.ok() ? SectionsText(sql, *sections) : "error: " + sections.error().message;
}

TEST(PlainSqlTest, OrdinaryStatementsAreOneSection) {
  EXPECT_EQ(Sections("-- CreateTable\nCREATE TABLE t (a int);\n\nSELECT 1;\n"),
            "-- sluice:upgrade\n-- CreateTable\nCREATE TABLE t (a int);\n\nSELECT 1;\n");
  EXPECT_EQ(Sections("DROP TABLE t", SectionKind::kDowngrade), "-- sluice:downgrade\nDROP TABLE t\n");
  EXPECT_EQ(Sections("-- This is an empty migration.\n"), "-- sluice:upgrade\n-- This is an empty migration.\n");
  EXPECT_EQ(Sections(""), "-- sluice:upgrade\n");
}

TEST(PlainSqlTest, WhatNeedsToBeOutsideGetsASectionOfItsOwn) {
  EXPECT_EQ(
      Sections("CREATE TABLE t (a int); -- the table\n\n-- its index\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM "
               "t;\nSELECT 1;\n"),
      "-- sluice:upgrade\nCREATE TABLE t (a int); -- the table\n"
      "-- sluice:upgrade transaction=off\n\n-- its index\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;\n"
      "-- sluice:upgrade\nSELECT 1;\n");
}

TEST(PlainSqlTest, AMarkerIsPutBetweenStatementsOfOneLine) {
  EXPECT_EQ(
      Sections("SELECT 1; VACUUM; SELECT 2"),
      "-- sluice:upgrade\nSELECT 1;\n-- sluice:upgrade transaction=off\n VACUUM;\n-- sluice:upgrade\n SELECT 2\n");
}

TEST(PlainSqlTest, AFileThatManagesItsOwnTransactionKeepsIt) {
  EXPECT_EQ(Sections("BEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\n"),
            "-- sluice:upgrade transaction=off\nBEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\n");
}

TEST(PlainSqlTest, TroubleIsNamedByTheLinesOfTheFile) {
  const auto sections = CutPlainSql("VACUUM;\nSELECT 1;\nCOPY t FROM stdin;\n1\n\\.\n", "a.sql", SectionKind::kUpgrade);
  ASSERT_FALSE(sections.ok());
  EXPECT_EQ(sections.error().where.file, "a.sql");
  EXPECT_EQ(sections.error().where.line, 3);
}

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-import-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(root_ + "/from");
  }
  ~ImportTest() override { std::filesystem::remove_all(root_); }

  void Put(const std::string& name, const std::string& text) {
    const std::string path = root_ + "/from/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    ASSERT_TRUE(CreateFile(path, text).ok());
  }

  Result<ImportReport> Import(ImportFormat format, std::vector<std::string> down_revisions = {}) {
    return ImportPlainSql({format, root_ + "/from", root_ + "/versions", std::move(down_revisions)});
  }

  // The messages of all errors.
  std::vector<std::string> Troubles(ImportFormat format) {
    const auto report = Import(format);
    if (report.ok()) return {};
    std::vector<std::string> messages{report.error().message};
    for (const Error& error : report.error().also) messages.push_back(error.message);
    return messages;
  }

  std::vector<std::string> Written() {
    const auto names = ListDirectory(root_ + "/versions");
    return names.ok() ? *names : std::vector<std::string>{};
  }
  std::string Text(const std::string& name) { return *ReadFile(root_ + "/versions/" + name); }

  std::string root_;
};

std::vector<std::string> Ids(const ImportReport& report) {
  std::vector<std::string> ids;
  for (const ImportedRevision& revision : report.revisions) ids.push_back(revision.id);
  return ids;
}

TEST_F(ImportTest, GolangMigrateIsOrderedByNumber) {
  Put("10_last.up.sql", "SELECT 10;\n");
  Put("2_add-user.up.sql", "CREATE TABLE u (a int);\n");
  Put("2_add-user.down.sql", "DROP TABLE u;\n");
  Put("notes.txt", "x");
  const auto report = Import(ImportFormat::kGolangMigrate, {"1a2b"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(Ids(*report), ElementsAre("2_add_user", "10_last"));
  EXPECT_THAT(report->ignored, ElementsAre(root_ + "/from/notes.txt"));
  EXPECT_FALSE(report->revisions[0].irreversible);
  EXPECT_TRUE(report->revisions[1].irreversible);
  EXPECT_EQ(Text("2_add_user.sql"),
            "-- 2_add-user\n--\n-- Revision: 2_add_user\n-- Revises: 1a2b\n\n-- sluice:upgrade\nCREATE TABLE u (a "
            "int);\n\n-- sluice:downgrade\nDROP TABLE u;\n");
  EXPECT_THAT(Text("10_last.sql"), HasSubstr("-- Revises: 2_add_user\n"));
  EXPECT_THAT(Text("10_last.sql"), HasSubstr("-- sluice:downgrade irreversible=\"imported without"));
}

TEST_F(ImportTest, PrismaIsOrderedByFolder) {
  Put("20250101000000_b index/migration.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n");
  Put("20250101000000_a/migration.sql",
      "\xEF\xBB\xBF"
      "CREATE TABLE t (a int);\r\n");
  Put("migration_lock.toml", "provider = \"postgresql\"");
  const auto report = Import(ImportFormat::kPrisma);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(Ids(*report), ElementsAre("20250101000000_a", "20250101000000_b_index"));
  EXPECT_TRUE(report->revisions[1].has_sections_outside_transaction);
  EXPECT_THAT(Text("20250101000000_a.sql"), HasSubstr("-- sluice:upgrade\nCREATE TABLE t (a int);\r\n"));
  EXPECT_THAT(Text("20250101000000_b_index.sql"), HasSubstr("-- 20250101000000_b index\n"));
  const auto loaded = LoadScripts({{root_ + "/versions", false}});
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->scripts.at(1).revision.down_revisions, ElementsAre("20250101000000_a"));
}

TEST_F(ImportTest, AllTroublesAreReportedBeforeAnythingIsWritten) {
  Put("1_a-b.up.sql", "SELECT 'x;\n");
  Put("1_a_b.up.sql", "\\connect x\n");
  Put("2_c.down.sql", "SELECT 1;\n");
  Put("3_d.up.sql", "-- sluice:upgrade\nSELECT 1;\n");
  EXPECT_THAT(Troubles(ImportFormat::kGolangMigrate), ElementsAre(HasSubstr("2_c.down.sql has no file beside it")));
  std::filesystem::remove(root_ + "/from/2_c.down.sql");
  EXPECT_THAT(Troubles(ImportFormat::kGolangMigrate),
              ElementsAre("this string has no end", HasSubstr("\\connect is a command of psql"),
                          HasSubstr("are both revision 1_a_b"), HasSubstr("holds a comment that begins with")));
  EXPECT_THAT(Written(), IsEmpty());
}

TEST_F(ImportTest, NothingIsOverwritten) {
  Put("1_a.up.sql", "SELECT 1;\n");
  ASSERT_TRUE(Import(ImportFormat::kGolangMigrate).ok());
  EXPECT_THAT(Troubles(ImportFormat::kGolangMigrate),
              ElementsAre(HasSubstr("versions/1_a.sql and " + root_ + "/from/1_a.up.sql are both revision 1_a")));
}

TEST_F(ImportTest, AnEmptyFolderIsAMistake) {
  EXPECT_THAT(Troubles(ImportFormat::kGolangMigrate), ElementsAre(HasSubstr("holds no migration of golang-migrate")));
  EXPECT_THAT(Troubles(ImportFormat::kPrisma), ElementsAre(HasSubstr("holds no migration of Prisma")));
}

}  // namespace
}  // namespace sluice
