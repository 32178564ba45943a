#include "operator/migration/job_result.h"

#include <gtest/gtest.h>

#include "operator/migration/reasons.h"

namespace sluice::migration {
namespace {

// What a Job that ended like this, with this message, means.
JobResult Result(JobState state, const std::string& message) {
  JobView job;
  job.name = "api-plan-1";
  job.state = state;
  PodView pod;
  pod.job = job.name;
  pod.ended = true;
  pod.termination_message = message;
  return ResultOf(job, {pod});
}

JobResult Failed(const std::string& code) {
  TerminationReport report;
  report.error_code = code;
  report.error = "it said no";
  report.hint = "do this";
  return Result(JobState::kFailed, EncodeReport(report));
}

TEST(JobResultTest, AReportWithoutAnErrorIsASuccess) {
  EXPECT_EQ(Result(JobState::kSucceeded, EncodeReport({})).meaning, Meaning::kSucceeded);
}

TEST(JobResultTest, WhatTimeMendsIsToldFromWhatAPersonMends) {
  EXPECT_EQ(Failed("unreachable").meaning, Meaning::kTimeMends);
  EXPECT_EQ(Failed("unreachable").reason, reason::kDatabaseUnreachable);
  EXPECT_EQ(Failed("lock_budget").meaning, Meaning::kTimeMends);
  EXPECT_EQ(Failed("config").reason, reason::kConfigurationWrong);
  EXPECT_EQ(Failed("statement_failed").meaning, Meaning::kPersonMends);
  EXPECT_EQ(Failed("unknown_revision").reason, reason::kUnknownRevision);
  EXPECT_EQ(Failed("not_validated").meaning, Meaning::kPlanChanged);
  EXPECT_EQ(Failed("statement_failed").message, "it said no: do this");
}

TEST(JobResultTest, AReportOfAnotherTimeIsForAPerson) {
  const JobResult newer = Result(JobState::kSucceeded, R"({"reportVersion": 99})");
  EXPECT_EQ(newer.meaning, Meaning::kPersonMends);
  EXPECT_EQ(newer.reason, reason::kImageTooNew);
}

TEST(JobResultTest, WithoutAReportNothingIsAssumed) {
  EXPECT_EQ(Result(JobState::kSucceeded, "").meaning, Meaning::kUnknown);
  EXPECT_EQ(Result(JobState::kFailed, "exec format error").meaning, Meaning::kUnknown);
}

}  // namespace
}  // namespace sluice::migration
