#include "core/sql/statement_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/parser_split.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Texts(std::string_view sql, const std::vector<Statement>& statements) {
  std::vector<std::string> texts;
  for (const Statement& statement : statements) {
    texts.emplace_back(sql.substr(statement.begin, statement.end - statement.begin));
  }
  return texts;
}

std::vector<std::string> Split(std::string_view sql, bool standard_strings = true) {
  const auto split = SplitStatements(sql, 0, sql.size(), 1, standard_strings, true);
  if (!split.ok()) return {"error: " + split.error().message};
  return Texts(sql, split->statements);
}

Error TroubleOf(std::string_view sql) {
  const auto split = SplitStatements(sql, 0, sql.size(), 1, true, true);
  EXPECT_FALSE(split.ok()) << sql;
  return split.ok() ? Error{} : split.error();
}

TEST(StatementSplitterTest, StatementsEndAtSemicolons) {
  EXPECT_THAT(Split("SELECT 1; SELECT 2;"), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(Split("SELECT 1; SELECT 2"), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(Split(" ;; ; "), IsEmpty());
  EXPECT_THAT(Split(""), IsEmpty());
}

TEST(StatementSplitterTest, CommentsAroundAStatementAreNotPartOfIt) {
  EXPECT_THAT(Split("-- before\nSELECT 1 -- after; really\n; /* last */"), ElementsAre("SELECT 1"));
  EXPECT_THAT(Split("SELECT /* a; /* b; */ c; */ 1"), ElementsAre("SELECT /* a; /* b; */ c; */ 1"));
  EXPECT_THAT(Split("SELECT 2 - -1, 3 */* c; */ 2; SELECT 3"), ElementsAre("SELECT 2 - -1, 3 */* c; */ 2", "SELECT 3"));
}

TEST(StatementSplitterTest, SemicolonsInStringsAndNamesAreText) {
  for (const std::string quoted : {"'a;b'", "'it''s; fine'", "E'a\\';b'", "e'\\\\'", "B'0;1'", "X'a;'", "N'a;b'",
                                   "U&'\\0061;'", "\"a;b\"", "\"a\"\";b\"", "U&\"a;b\"", "$$a;b$$",
                                   "$tag$a;$$;$tagg$;b$tag$", "$ü$;$ü$", "'a\\'", "E'a'\n  -- c'\n 'b\\';'"}) {
    EXPECT_THAT(Split("SELECT " + quoted + "; SELECT 2"), ElementsAre("SELECT " + quoted, "SELECT 2"));
  }
}

TEST(StatementSplitterTest, DollarsInNamesAndParametersAreNoQuotes) {
  EXPECT_THAT(Split("SELECT a$b$; SELECT 'x' AS c$b$"), ElementsAre("SELECT a$b$", "SELECT 'x' AS c$b$"));
  EXPECT_THAT(Split("PREPARE p AS SELECT $1; EXECUTE p('$1')"),
              ElementsAre("PREPARE p AS SELECT $1", "EXECUTE p('$1')"));
  EXPECT_THAT(Split("SELECT $1$$;$$"), ElementsAre("SELECT $1$$;$$"));
}

TEST(StatementSplitterTest, ALetterBeforeAQuoteIsAPrefixOnlyByItself) {
  EXPECT_THAT(Split("SELECT type'a\\'; SELECT 2"), ElementsAre("SELECT type'a\\'", "SELECT 2"));
}

TEST(StatementSplitterTest, RulesHoldSeveralStatementsInParentheses) {
  const std::string rule =
      "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2);)";
  EXPECT_THAT(Split(rule + "; SELECT 1"), ElementsAre(rule, "SELECT 1"));
}

TEST(StatementSplitterTest, BodiesOfFunctionsHoldStatements) {
  const std::string function =
      "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
      "  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 1 END END;\n  SELECT 1 AS end;\n  SELECT begin atomic FROM "
      "t;\nEND";
  EXPECT_THAT(Split(function + "; SELECT 1"), ElementsAre(function, "SELECT 1"));
  const std::string nested =
      "create procedure p() begin atomic create function g() returns int begin atomic select 1; end; select 2; end";
  EXPECT_THAT(Split(nested + "; SELECT 1"), ElementsAre(nested, "SELECT 1"));
  EXPECT_THAT(Split("CREATE FUNCTION e() RETURNS void BEGIN ATOMIC END; SELECT 1"),
              ElementsAre("CREATE FUNCTION e() RETURNS void BEGIN ATOMIC END", "SELECT 1"));
}

TEST(StatementSplitterTest, BeginAtomicIsABodyInFunctionsOnly) {
  EXPECT_THAT(Split("SELECT begin atomic; SELECT 2"), ElementsAre("SELECT begin atomic", "SELECT 2"));
  EXPECT_THAT(Split("BEGIN; SELECT 1; END"), ElementsAre("BEGIN", "SELECT 1", "END"));
}

TEST(StatementSplitterTest, FollowsStandardConformingStrings) {
  EXPECT_THAT(Split("SELECT 'a\\'; SELECT 2'", false), ElementsAre("SELECT 'a\\'; SELECT 2'"));
  EXPECT_THAT(Split("SET standard_conforming_strings = off; SELECT 'a\\';'; RESET standard_conforming_strings; SELECT "
                    "'\\'; SELECT 1"),
              ElementsAre("SET standard_conforming_strings = off", "SELECT 'a\\';'",
                          "RESET standard_conforming_strings", "SELECT '\\'", "SELECT 1"));
  for (const std::string off : {"=off", "TO 'off'", "= 0", "to FALSE", "=0"}) {
    EXPECT_THAT(Split("set session standard_conforming_strings " + off + "; SELECT 'a\\';'"),
                ElementsAre("set session standard_conforming_strings " + off, "SELECT 'a\\';'"));
  }
  const std::string_view sql = "SET standard_conforming_strings TO off;";
  EXPECT_FALSE(SplitStatements(sql, 0, sql.size(), 1, true, true)->standard_strings);
}

TEST(StatementSplitterTest, CountsLinesFromTheFirst) {
  const std::string_view sql = "\n-- one\nSELECT 1;\r\n\nSELECT\n2; SELECT 3";
  const auto split = SplitStatements(sql, 0, sql.size(), 10, true, true);
  ASSERT_TRUE(split.ok());
  std::vector<int> lines;
  for (const Statement& statement : split->statements) lines.push_back(statement.line);
  EXPECT_THAT(lines, ElementsAre(12, 14, 15));
}

TEST(StatementSplitterTest, AWindowLeavesTheUnfinishedRest) {
  const std::string_view sql = "SELECT 1; SELECT 'a;b'; SELECT 3";
  const auto window = SplitStatements(sql, 0, 18, 1, true, false);
  ASSERT_TRUE(window.ok());
  EXPECT_THAT(Texts(sql, window->statements), ElementsAre("SELECT 1"));
  EXPECT_EQ(window->consumed, 9u);
  const auto rest = SplitStatements(sql, window->consumed, sql.size(), 1, true, true);
  ASSERT_TRUE(rest.ok());
  EXPECT_THAT(Texts(sql, rest->statements), ElementsAre("SELECT 'a;b'", "SELECT 3"));
  EXPECT_EQ(rest->consumed, sql.size());
}

TEST(StatementSplitterTest, WhatHasNoEndIsReportedWhereItBegins) {
  const Error text = TroubleOf("SELECT 1;\n  SELECT 'abc");
  EXPECT_EQ(text.code, ErrorCode::kScript);
  EXPECT_EQ(text.message, "this string has no end");
  EXPECT_EQ(text.where.line, 2);
  EXPECT_EQ(text.where.column, 10);
  EXPECT_EQ(text.where.excerpt, "  SELECT 'abc\n         ^");
  EXPECT_EQ(TroubleOf("SELECT /* a /* b */").message, "this comment has no end");
  EXPECT_EQ(TroubleOf("SELECT \"a").message, "this quoted name has no end");
  EXPECT_EQ(TroubleOf("DO $do$ BEGIN END $$;").message, "the string that begins with $do$ has no end");
  EXPECT_THAT(TroubleOf(std::string_view("SELECT 1\0;", 10)).message, HasSubstr("NUL"));
}

TEST(StatementSplitterTest, CommandsOfPsqlAreNamedWithTheMend) {
  const Error connect = TroubleOf("SELECT 1;\n\\connect other\n");
  EXPECT_EQ(connect.message, "\\connect is a command of psql, which only psql knows");
  EXPECT_EQ(connect.where.line, 2);
  EXPECT_THAT(connect.hint, HasSubstr("the configuration names"));
  EXPECT_THAT(TroubleOf("\\i other.sql").hint, HasSubstr("put the text of that file here"));
  EXPECT_THAT(TroubleOf("\\copy t from 'x'").hint, HasSubstr("INSERT"));
  EXPECT_THAT(TroubleOf("\\restrict abc").hint, HasSubstr("pg_dump"));
}

TEST(StatementSplitterTest, WhatComesBeforeTheTroubleIsStillCut) {
  const std::string_view sql = "SELECT 1; SELECT 2; SELECT '3";
  const PartialSplit split = SplitUpToTrouble(sql, 0, sql.size(), 1, true, true);
  EXPECT_TRUE(split.error.has_value());
  EXPECT_THAT(Texts(sql, split.result.statements), ElementsAre("SELECT 1", "SELECT 2"));
}

// The pieces that the corpus below is made of: what begins, ends or hides a statement.
const std::vector<std::string>& Pieces() {
  static const std::vector<std::string> pieces{
      "SELECT 1",
      "SELECT 'a;b', E'\\';', $$;$$, $x$;$$;$x$, \"q;\" FROM t",
      "SELECT E'a'\n'b\\';c'",
      "SELECT begin atomic FROM t",
      "SELECT 1 AS end, t.case, a case FROM t",
      "SELECT CASE WHEN a THEN 1 ELSE 2 END",
      "BEGIN",
      "END",
      "COMMIT AND CHAIN",
      "CREATE FUNCTION f(a int DEFAULT (1)) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1 end; RETURN 2; END",
      "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END",
      "CREATE FUNCTION f() RETURNS trigger AS $f$ BEGIN NEW.a := 1; RETURN NEW; END; $f$ LANGUAGE plpgsql",
      "CREATE FUNCTION f() RETURNS int AS 'SELECT 1; SELECT 2' LANGUAGE sql",
      "CREATE FUNCTION f() RETURNS int RETURN begin",
      "CREATE RULE r AS ON UPDATE TO t DO (SELECT 1; DELETE FROM u;)",
      "CREATE RULE r AS ON UPDATE TO t DO NOTHING",
      "CREATE TABLE t (a int DEFAULT 1, b text CHECK (b <> ';'))",
      "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
      "DO $$ BEGIN PERFORM 1; END $$",
      "INSERT INTO t VALUES (1, 'x'), (2, U&'\\0061;')",
      "PREPARE p AS SELECT $1",
      "ALTER TABLE t ADD COLUMN \"a;b\" int",
      "COMMENT ON TABLE t IS 'it''s; fine'",
      "CREATE SCHEMA s CREATE TABLE u (a int) CREATE VIEW v AS SELECT 1",
      "EXPLAIN (ANALYZE) SELECT 1",
  };
  return pieces;
}

TEST(StatementSplitterTest, CutsAsThePostgresParserDoes) {
  const std::vector<std::string> between{";",  " ; ",           ";\n-- a; comment\n", " /* b; /* c; */ */ ;",
                                         ";;", " -- d;'\n;\r\n"};
  std::size_t next = 0;
  for (const std::string& first : Pieces()) {
    for (const std::string& second : Pieces()) {
      for (const std::string& end : {std::string(), std::string(";"), std::string(" -- end")}) {
        const std::string sql = first + between[next++ % between.size()] + second + end;
        const auto split = SplitStatements(sql, 0, sql.size(), 1, true, true);
        ASSERT_TRUE(split.ok()) << sql;
        ASSERT_TRUE(testing::SplitByParser(sql).has_value()) << sql;
        EXPECT_EQ(testing::Disagreement(sql, split->statements), "") << sql;
      }
    }
  }
}

}  // namespace
}  // namespace sluice
