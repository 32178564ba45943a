// What the answer of a check means.
#include "core/engine/check_answer.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

CommandResult Answer(std::vector<bool> boolean, std::vector<Row> rows) {
  CommandResult answer;
  answer.rows = rows.size();
  for (std::size_t i = 0; i < boolean.size(); ++i) answer.columns.push_back("c" + std::to_string(i));
  answer.boolean = std::move(boolean);
  answer.first_rows = std::move(rows);
  return answer;
}

Status Judge(const CommandResult& answer, const std::string& message = "") {
  Section section;
  section.kind = SectionKind::kCheck;
  section.message = message;
  return JudgeCheck(section, answer, MessageMap());
}

TEST(CheckAnswerTest, NoRowPasses) { EXPECT_TRUE(Judge(Answer({false}, {})).ok()); }

TEST(CheckAnswerTest, OneTrueBooleanPasses) { EXPECT_TRUE(Judge(Answer({true}, {{"t"}})).ok()); }

TEST(CheckAnswerTest, EverythingElseFails) {
  EXPECT_FALSE(Judge(Answer({true}, {{"f"}})).ok());
  EXPECT_FALSE(Judge(Answer({true}, {{std::nullopt}})).ok());
  EXPECT_FALSE(Judge(Answer({false}, {{"t"}})).ok());
  EXPECT_FALSE(Judge(Answer({true, true}, {{"t", "t"}})).ok());
  EXPECT_FALSE(Judge(Answer({true}, {{"t"}, {"t"}})).ok());
}

TEST(CheckAnswerTest, TheErrorHasTheSectionsMessageAndTheRows) {
  const Status status = Judge(Answer({false, false}, {{"7", std::nullopt}}), "no name");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCheckFailed);
  EXPECT_EQ(status.error().message, "no name");
  EXPECT_EQ(status.error().server.detail, "1 row:\nc0 = 7, c1 = NULL");
}

}  // namespace
}  // namespace sluice
