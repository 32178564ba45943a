#include "core/model/termination_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/utf8.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

TerminationReport Example() {
  TerminationReport report;
  report.command = "upgrade";
  report.outcome = "failed";
  report.exit_code = 3;
  report.program = "sluice 0.1.0";
  report.database_id = "0123456789abcdef";
  report.plan_hash = std::string(64, 'a');
  report.heads = {"6ee06edc35dd", "billing"};
  report.planned = 3;
  report.done = 1;
  report.partial = "7a";
  report.error_code = "statement_failed";
  report.error = "relation \"tenant\" does not exist";
  report.hint = "look at it";
  report.direction = "upgrade";
  report.back = ReportedWayBack{{"1f2e"}, 2, 3, {"7a: drops the table tenant"}, 4, {"6ee06edc35dd"}, 5};
  report.steps = {{"upgrade", "6ee06edc35dd", "add tenant", true, false, 12, {}},
                  {"upgrade", "7a", "index", false, true, 0, {"drops the column a.b", "empties the table c"}}};
  report.notes = {"a table"};
  return report;
}

// What every report has to be, whatever it tells of.
void ExpectFits(const std::string& text) {
  EXPECT_LE(text.size(), kLargestReport);
  EXPECT_EQ(FindInvalidUtf8(text), std::string_view::npos);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_TRUE(DecodeReport(text).ok());
}

TEST(TerminationReportTest, WhatIsWrittenIsRead) {
  const std::string text = EncodeReport(Example());
  ExpectFits(text);
  EXPECT_EQ(*DecodeReport(text), Example());
  EXPECT_EQ(*DecodeReport(EncodeReport({})), TerminationReport());
}

TEST(TerminationReportTest, AThousandRevisionsWithLongMultiByteMessagesFit) {
  TerminationReport report = Example();
  report.planned = 1000;
  report.steps.clear();
  for (int i = 0; i < 1000; ++i) {
    std::string message;
    for (int k = 0; k < 300; ++k) message += k % 3 == 0 ? "é" : k % 3 == 1 ? "漢" : "🦀";
    report.steps.push_back({"upgrade", std::to_string(i) + std::string(200, 'f'), message, true, false, i, {}});
  }
  const std::string text = EncodeReport(report);
  ExpectFits(text);
  const auto read = DecodeReport(text);
  EXPECT_GE(read->steps.size(), 5U);
  EXPECT_EQ(read->steps.size() + read->steps_omitted, 1000U);
  EXPECT_EQ(read->planned, 1000U);
  EXPECT_EQ(read->error, report.error);
}

TEST(TerminationReportTest, TextsAreCutBetweenCharactersAtEveryLength) {
  for (std::size_t size = 0; size < 1300; ++size) {
    TerminationReport report;
    report.error = std::string(size, 'x');
    for (int i = 0; i < 300; ++i) report.error += "漢";
    ExpectFits(EncodeReport(report));
  }
}

TEST(TerminationReportTest, OnlyTheTitleOfAMessageIsThere) {
  TerminationReport report;
  report.steps = {{"upgrade", "a", "title\n\nbody", true, false, 0, {}}};
  EXPECT_EQ(DecodeReport(EncodeReport(report))->steps[0].message, "title");
}

TEST(TerminationReportTest, TextsOfControlCharactersAndBrokenBytesFit) {
  TerminationReport report = Example();
  report.error = std::string(5000, '\x01');
  report.hint = std::string(5000, '\x02');
  report.heads.assign(100, std::string(120, '\x03'));
  report.notes.assign(100, std::string(300, '\xff'));
  ExpectFits(EncodeReport(report));
}

TEST(TerminationReportTest, HeadsAreAtMostEight) {
  TerminationReport report;
  for (int i = 0; i < 20; ++i) report.heads.push_back(std::to_string(i));
  const auto read = DecodeReport(EncodeReport(report));
  EXPECT_EQ(read->heads.size(), 8U);
  EXPECT_EQ(read->heads_omitted, 12U);
}

TEST(TerminationReportTest, NotesThatDoNotFitAreCounted) {
  TerminationReport report;
  report.notes.assign(500, "table public.tenant: column webhook_url is missing");
  const auto read = DecodeReport(EncodeReport(report));
  EXPECT_GT(read->notes.size(), 20U);
  EXPECT_EQ(read->notes.size() + read->notes_omitted, 500U);
}

TEST(TerminationReportTest, TheWayBackLeavesRoomForSteps) {
  TerminationReport report;
  report.back.emplace();
  report.back->steps = 1000;
  for (int i = 0; i < 1000; ++i) {
    const std::string revision = std::to_string(i) + std::string(100, 'f');
    report.steps.push_back({"upgrade", revision, "漢字", true, false, 0, std::vector<std::string>(9, "drops it")});
    report.back->to.push_back(revision);
    report.back->data_loss.push_back(revision + ": drops the column " + std::string(500, 'x'));
    report.back->irreversible.push_back(revision);
  }
  const std::string text = EncodeReport(report);
  ExpectFits(text);
  const auto read = DecodeReport(text);
  ASSERT_TRUE(read->back);
  EXPECT_EQ(read->back->to.size(), 8U);
  EXPECT_GE(read->back->irreversible.size(), 1U);
  EXPECT_GE(read->back->data_loss.size(), 1U);
  EXPECT_EQ(read->back->to.size() + read->back->to_omitted, 1000U);
  EXPECT_EQ(read->back->data_loss.size() + read->back->data_loss_omitted, 1000U);
  EXPECT_EQ(read->back->irreversible.size() + read->back->irreversible_omitted, 1000U);
  EXPECT_GE(read->steps.size(), 3U);
  EXPECT_EQ(read->steps[0].hazards.size(), 3U);
  EXPECT_EQ(read->steps.size() + read->steps_omitted, 1000U);
}

TEST(TerminationReportTest, LossesAreAtMostTwenty) {
  TerminationReport report;
  ReportedWayBack back;
  back.data_loss.assign(50, "a: drops the table t");
  report.back = back;
  const auto read = DecodeReport(EncodeReport(report));
  EXPECT_EQ(read->back->data_loss.size(), kMostReportedLosses);
  EXPECT_EQ(read->back->data_loss_omitted, 30U);
}

TEST(TerminationReportTest, AWayBackOfControlCharactersFitsWithEverythingElse) {
  TerminationReport report = Example();
  for (std::size_t size = 0; size < 1300; size += 7) {
    report.error = std::string(size, '\x01');
    report.hint = std::string(5000, '\x02');
    report.heads.assign(8, std::string(120, '\x03'));
    report.back->to = report.heads;
    report.back->data_loss.assign(30, std::string(300, '\xff'));
    report.back->irreversible = report.heads;
    report.back->steps = report.back->to_omitted = report.back->data_loss_omitted = ~0ULL >> 1U;
    ExpectFits(EncodeReport(report));
  }
}

TEST(TerminationReportTest, OtherOutputMayStandAroundIt) {
  const std::string text = EncodeReport(Example());
  EXPECT_EQ(*DecodeReport("e end of a line that was cut\n{\"a\":1}\n" + text + "\n\n"), Example());
  EXPECT_EQ(*DecodeReport(text + "\nand a farewell\n"), Example());
}

TEST(TerminationReportTest, WhatIsNoReportIsRefused) {
  for (const char* message : {"", "\n\n", "hello", "{}", "[1]", R"({"reportVersion":)", R"({"version":1})"}) {
    EXPECT_FALSE(DecodeReport(message).ok()) << message;
  }
}

TEST(TerminationReportTest, AnotherVersionIsRefusedByName) {
  const auto later = DecodeReport(R"({"reportVersion":99,"outcome":"succeeded"})");
  ASSERT_FALSE(later.ok());
  EXPECT_THAT(later.error().message, HasSubstr("version 99"));
  EXPECT_FALSE(DecodeReport(R"({"reportVersion":0})").ok());
}

TEST(TerminationReportTest, MembersOfAnotherKindArePassedOver) {
  const auto read = DecodeReport(
      R"({"reportVersion":1,"new":{"x":[]},"outcome":7,"planned":-1,"heads":"x","steps":[1,{"revision":"a"}],"notes":{}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->outcome, "");
  EXPECT_EQ(read->planned, 0U);
  EXPECT_EQ(read->steps.size(), 1U);
}

}  // namespace
}  // namespace sluice
