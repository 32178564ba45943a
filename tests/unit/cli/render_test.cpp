#include "cmd/sluice/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::cli {
namespace {

Error FailedStatement() {
  Error error = MakeError(ErrorCode::kStatementFailed, "revision 6ee0 failed", "mend the statement");
  error.where = {"versions/6ee0_x.sql", 9, 8, "SELECT é;\n       ^"};
  error.server = {"ERROR",    "42703",  "column \"é\" does not exist",
                  "a detail", "a hint", "PL/pgSQL function f() line 3"};
  return error;
}

TEST(RenderErrorTest, SaysWhatWhereWhyAndWhatToDo) {
  EXPECT_EQ(RenderError(FailedStatement(), Palette(false)),
            "error: revision 6ee0 failed\n"
            "  at versions/6ee0_x.sql:9:8\n"
            "    SELECT é;\n"
            "           ^\n"
            "  PostgreSQL: column \"é\" does not exist (SQLSTATE 42703)\n"
            "  detail:     a detail\n"
            "  hint:       a hint\n"
            "  context:    PL/pgSQL function f() line 3\n"
            "  help: mend the statement\n");
}

TEST(RenderErrorTest, DoesNotSayTwiceWhatPostgresqlSaid) {
  Error error = MakeError(ErrorCode::kStatementFailed, "revision 6ee0: division by zero");
  error.server = {"ERROR", "22012", "division by zero", "", "", ""};
  EXPECT_EQ(RenderError(error, Palette(false)), "error: revision 6ee0: division by zero (SQLSTATE 22012)\n");
}

TEST(RenderErrorTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(RenderError(MakeError(ErrorCode::kFile, "can't read x"), Palette(false)), "error: can't read x\n");
  Error error = MakeError(ErrorCode::kScript, "broken");
  error.where.file = "a.sql";
  error.where.line = 3;
  EXPECT_EQ(RenderError(error, Palette(false)), "error: broken\n  at a.sql:3\n");
}

TEST(RenderErrorTest, ShowsEveryErrorOfTheRun) {
  Error error = MakeError(ErrorCode::kScript, "first");
  error.also.push_back(MakeError(ErrorCode::kScript, "second"));
  EXPECT_EQ(RenderError(error, Palette(false)), "error: first\nerror: second\n");
}

TEST(RenderErrorTest, JsonHoldsTheSame) {
  Error error = FailedStatement();
  error.also.push_back(MakeError(ErrorCode::kFile, "second"));
  const nlohmann::json json = nlohmann::json::parse(RenderErrorJson(error));
  EXPECT_EQ(json["schema_version"], kJsonSchemaVersion);
  EXPECT_EQ(json["error"]["code"], "statement_failed");
  EXPECT_EQ(json["error"]["hint"], "mend the statement");
  EXPECT_EQ(json["error"]["where"]["line"], 9);
  EXPECT_EQ(json["error"]["where"]["column"], 8);
  EXPECT_EQ(json["error"]["server"]["sqlstate"], "42703");
  EXPECT_EQ(json["error"]["also"][0]["message"], "second");
}

TEST(RenderErrorTest, JsonOfASimpleErrorHasNoEmptyPlaces) {
  const nlohmann::json json = nlohmann::json::parse(RenderErrorJson(MakeError(ErrorCode::kUsage, "no")));
  EXPECT_EQ(json["error"], (nlohmann::json{{"code", "usage"}, {"message", "no"}, {"hint", ""}}));
}

TEST(CountTest, KnowsOneFromMany) {
  EXPECT_EQ(Count(0, "revision"), "0 revisions");
  EXPECT_EQ(Count(1, "revision"), "1 revision");
}

TEST(JoinTest, KeepsEmptyTexts) { EXPECT_EQ(Join({"", "b", ""}, "-"), "-b-"); }

}  // namespace
}  // namespace sluice::cli
