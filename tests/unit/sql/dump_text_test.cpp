#include "core/sql/dump_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DumpPieces, AreTheSameWhateverTheOrder) {
  EXPECT_EQ(DumpPieces("CREATE TABLE t (\n    id integer,\n    name text\n);\nCREATE INDEX a ON t (id);\n"),
            DumpPieces("CREATE INDEX a ON t (id);\nCREATE TABLE t (\n    name text,\n    id integer\n);\n"));
  EXPECT_EQ(DumpPieces("CREATE TABLE t ()\nWITH (fillfactor='70', autovacuum_enabled='false');\n"),
            DumpPieces("CREATE TABLE t ()\nWITH (autovacuum_enabled='false', fillfactor='70');\n"));
}

TEST(DumpPieces, LeaveOutWhatIsOfTheDumpAlone) {
  EXPECT_THAT(DumpPieces("\\restrict a\n-- Dumped by pg_dump version 15.9\nSET row_security = off;\n"
                         "SELECT pg_catalog.set_config('search_path', '', false);\n\\unrestrict a\n"),
              IsEmpty());
}

TEST(DumpDifference, NamesWhatOnlyOneHas) {
  const auto wanted = DumpPieces("CREATE TABLE t (\n    id integer,\n    name text\n);\n");
  const auto found = DumpPieces("CREATE TABLE t (\n    id integer,\n    name character varying\n);\n");
  EXPECT_THAT(DumpDifference(wanted, found, 10), ElementsAre("- name text", "+ name character varying"));
  EXPECT_THAT(DumpDifference(wanted, found, 1), ElementsAre("- name text"));
  EXPECT_THAT(DumpDifference(wanted, wanted, 10), IsEmpty());
}

TEST(DumpDifference, CountsPieces) {
  const auto once = DumpPieces("    id integer\n");
  const auto twice = DumpPieces("    id integer,\n    id integer\n");
  EXPECT_THAT(DumpDifference(once, twice, 10), ElementsAre("+ id integer"));
}

}  // namespace
}  // namespace sluice
