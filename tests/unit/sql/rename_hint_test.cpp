#include "core/sql/rename_hint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// `table[.column] <- old_name line N`.
std::vector<std::string> Hints(const std::string& text) {
  const auto model = ReadModelText("m.sql", text);
  if (!model.ok()) return {model.error().message};
  const auto hints = FindRenameHints(*model);
  if (!hints.ok()) return {"line " + std::to_string(hints.error().where.line) + ": " + hints.error().message};
  std::vector<std::string> told;
  for (const RenameHint& hint : *hints) {
    told.push_back((hint.schema.empty() ? "" : hint.schema + ".") + hint.table +
                   (hint.kind == RenameHint::Kind::kColumn ? "." + hint.column : "") + " <- " + hint.old_name +
                   " line " + std::to_string(hint.line));
  }
  return told;
}

TEST(RenameHintTest, StandsAboveATableOrAColumn) {
  EXPECT_THAT(Hints("-- sluice:renamed-from customer\n"
                    "CREATE TABLE IF NOT EXISTS app.client (\n"
                    "  -- sluice:renamed-from \"Old Id\"\n"
                    "  Id int DEFAULT (1 + 2),\n"
                    "  -- the name\n"
                    "  --   sluice:renamed-from title  \r\n"
                    "  -- of the client\n"
                    "  \"Name\" numeric(10, 2),\n"
                    "  CHECK (id > 0)\n"
                    ");\n"),
              ElementsAre("app.client <- customer line 1", "app.client.id <- Old Id line 3",
                          "app.client.Name <- title line 6"));
}

TEST(RenameHintTest, IsNoHintWithinAString) {
  EXPECT_THAT(Hints("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n-- sluice:renamed-from x\nSELECT 1 $$;"),
              IsEmpty());
  EXPECT_THAT(Hints("SELECT '\n-- sluice:renamed-from x\n';"), IsEmpty());
}

TEST(RenameHintTest, MustNameOneThingAboveOneThing) {
  EXPECT_THAT(Hints("\n-- sluice:renamed-from\nCREATE TABLE t ();"),
              ElementsAre(HasSubstr("line 2: a rename hint names")));
  EXPECT_THAT(Hints("-- sluice:renamed-from a b\nCREATE TABLE t ();"), ElementsAre(HasSubstr("names one old name")));
  EXPECT_THAT(Hints("CREATE TABLE t ();\n-- sluice:renamed-from a\n"), ElementsAre(HasSubstr("nothing below")));
  EXPECT_THAT(Hints("-- sluice:renamed-from a\nCREATE VIEW v AS SELECT 1;"),
              ElementsAre(HasSubstr("must be a CREATE TABLE, or a column in it")));
  EXPECT_THAT(Hints("CREATE TABLE t (\n id int, -- sluice:renamed-from a\n b int);"),
              ElementsAre(HasSubstr("a comment line of its own")));
  EXPECT_THAT(Hints("CREATE TABLE t (\n-- sluice:renamed-from a\n CHECK (true));"),
              ElementsAre(HasSubstr("must be a CREATE TABLE, or a column in it")));
}

}  // namespace
}  // namespace sluice
