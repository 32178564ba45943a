// From PostgreSQL's position in a message to the place in the script.
#include "core/engine/statement_error.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

// The script's second line is sent behind a statement of Sluice's own.
class StatementErrorTest : public ::testing::Test {
 protected:
  StatementErrorTest() {
    map_.message = &message_;
    map_.text = text_;
    map_.file = "a1.sql";
    map_.script_begin = message_.find("SELECT 'é'");
    map_.text_begin = text_.find("SELECT 'é'");
    map_.length = text_.size() - map_.text_begin;
    map_.leading = 1;
    map_.statements = statements_.data();
    map_.statement_count = statements_.size();
  }

  MessageOutcome Failure(std::string sqlstate, int position, std::size_t results) const {
    MessageOutcome outcome;
    outcome.results.resize(results);
    outcome.failure.emplace();
    outcome.failure->server.sqlstate = std::move(sqlstate);
    outcome.failure->server.message = "no";
    outcome.failure->position = position;
    return outcome;
  }

  const std::string text_ = "-- header\nSELECT 'é', nosuch;\nSELECT 2";
  const std::string message_ = "BEGIN;\nSELECT 'é', nosuch;\nSELECT 2\n;\nCOMMIT;\n";
  const std::vector<Statement> statements_ = {{10, 29, 2}, {31, 39, 3}};
  MessageMap map_;
};

TEST_F(StatementErrorTest, APositionCountsTheCharactersOfTheMessage) {
  const Error error = DescribeFailure(Failure("42703", 20, 1), map_);
  EXPECT_EQ(error.code, ErrorCode::kStatementFailed);
  EXPECT_EQ(error.where.line, 2);
  EXPECT_EQ(error.where.column, 13);
}

TEST_F(StatementErrorTest, WithoutAPositionTheStatementIsTheOneAfterThoseThatAreDone) {
  EXPECT_EQ(FailedStatement(Failure("23505", 0, 2), map_), 1u);
  const Error error = DescribeFailure(Failure("23505", 0, 2), map_);
  EXPECT_EQ(error.where.line, 3);
  EXPECT_EQ(error.where.excerpt, "SELECT 2") << "no caret";
}

// A syntax error is found before anything of the message runs.
TEST_F(StatementErrorTest, APositionTellsTheStatementAlsoWhenNoneIsDone) {
  EXPECT_EQ(FailedStatement(Failure("42601", 28, 0), map_), 1u);
}

TEST_F(StatementErrorTest, AFailureAfterTheLastOneIsNoneOfTheScripts) {
  EXPECT_EQ(FailedStatement(Failure("23503", 0, 3), map_), 2u);
  EXPECT_EQ(FailedStatement(Failure("25P02", 0, 0), map_), 2u);
}

TEST_F(StatementErrorTest, UsualCausesHaveAMend) {
  EXPECT_NE(DescribeFailure(Failure("2D000", 0, 1), map_).hint.find("transaction=off"), std::string::npos);
  EXPECT_EQ(DescribeFailure(Failure("23505", 0, 1), map_).hint, "");
}

TEST_F(StatementErrorTest, APlaceInsideAFunctionIsShownToo) {
  MessageOutcome outcome = Failure("42703", 0, 1);
  outcome.failure->internal_query = "SELECT nosuch";
  outcome.failure->internal_position = 8;
  const Error error = DescribeFailure(outcome, map_);
  EXPECT_NE(error.where.excerpt.find("in the function:\nSELECT nosuch\n       ^"), std::string::npos);
}

}  // namespace
}  // namespace sluice
