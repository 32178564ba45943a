#include "core/engine/rename_guess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Text(const RenameHint& hint) {
  return hint.kind == RenameHint::Kind::kTable ? hint.old_name + "=" + hint.table
                                               : hint.table + "." + hint.old_name + "=" + hint.column;
}

// What is asked, when these are the answers (and then no).
struct Talk {
  std::vector<std::string> questions;
  std::vector<std::string> hints;
};

Talk Ask(std::string_view from, std::string_view to, std::vector<bool> answers, std::vector<RenameHint> known = {}) {
  Talk talk;
  const auto answer = [&](const RenameHint& hint) -> Result<bool> {
    talk.questions.push_back(Text(hint));
    const std::size_t at = talk.questions.size() - 1;
    return at < answers.size() && answers[at];
  };
  Schema before = SchemaOf(from);
  Schema after = SchemaOf(to);
  before.home_schema = after.home_schema = "public";
  const auto hints = AskForRenames(before, after, std::move(known), answer);
  EXPECT_TRUE(hints.ok());
  for (const RenameHint& hint : *hints) talk.hints.push_back(Text(hint));
  return talk;
}

TEST(AskForRenames, AsksAboutAColumnThatDiffersInItsNameOnly) {
  const Talk talk = Ask("table t\ncolumn t.a\ncolumn t.id", "table t\ncolumn t.id\ncolumn t.b comment=x", {true});
  EXPECT_THAT(talk.questions, ElementsAre("t.a=b"));
  EXPECT_THAT(talk.hints, ElementsAre("t.a=b"));
}

TEST(AskForRenames, DoesNotAskAboutAnotherTypeOrTable) {
  EXPECT_THAT(Ask("table t\ncolumn t.a", "table t\ncolumn t.b type=text", {}).questions, IsEmpty());
  EXPECT_THAT(Ask("table t\ncolumn t.a\ntable u", "table t\ntable u\ncolumn u.b", {}).questions, IsEmpty());
}

TEST(AskForRenames, AsksAboutEachThatCouldBeMeantUntilThereIsAYes) {
  const Talk talk = Ask("table t\ncolumn t.a\ncolumn t.b", "table t\ncolumn t.c\ncolumn t.d", {false, true});
  EXPECT_THAT(talk.questions, ElementsAre("t.a=c", "t.a=d", "t.b=c"));
  EXPECT_THAT(talk.hints, ElementsAre("t.a=d"));
}

TEST(AskForRenames, AsksAboutATableWithTheSameColumns) {
  const Talk talk = Ask("table t\ncolumn t.a", "table u\ncolumn u.a", {true});
  EXPECT_THAT(talk.questions, ElementsAre("t=u"));
  EXPECT_THAT(talk.hints, ElementsAre("t=u"));
  EXPECT_THAT(Ask("table t\ncolumn t.a", "table u\ncolumn u.b", {}).questions, IsEmpty());
}

TEST(AskForRenames, AsksNothingThatIsTold) {
  for (const char* known : {"t.a=b", "public.t.a=b"}) {
    EXPECT_THAT(Ask("table t\ncolumn t.a", "table t\ncolumn t.b", {}, {*ParseRename(known)}).questions, IsEmpty());
  }
}

}  // namespace
}  // namespace sluice
