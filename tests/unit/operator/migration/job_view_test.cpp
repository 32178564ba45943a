#include "operator/migration/job_view.h"

#include <gtest/gtest.h>

namespace sluice::migration {
namespace {

using api::Json;

Json Pod(const std::string& created, const Json& status) {
  return {{"metadata",
           {{"name", "p-" + created},
            {"namespace", "shop"},
            {"creationTimestamp", created},
            {"labels", {{"batch.kubernetes.io/job-name", "api-plan-1"}}}}},
          {"status", status}};
}

Json Ended(const std::string& message) {
  return {{"phase", "Failed"},
          {"containerStatuses",
           Json::array({{{"name", "sluice"}, {"state", {{"terminated", {{"exitCode", 1}, {"message", message}}}}}}})}};
}

std::string Report(const std::string& error) {
  TerminationReport report;
  report.command = "plan";
  report.error = error;
  return EncodeReport(report);
}

TEST(JobViewTest, WhatAPodWaitsForIsRead) {
  const PodView pulls = ReadPod(Pod(
      "2026-11-26T12:00:00Z",
      {{"phase", "Pending"},
       {"containerStatuses",
        Json::array({{{"name", "sluice"},
                      {"state", {{"waiting", {{"reason", "ImagePullBackOff"}, {"message", "no such image"}}}}}}})}}));
  EXPECT_EQ(pulls.waits, "ImagePullBackOff");
  EXPECT_EQ(pulls.waits_message, "no such image");
  EXPECT_FALSE(pulls.begun);
  const PodView unschedulable = ReadPod(Pod(
      "2026-11-26T12:00:00Z",
      {{"phase", "Pending"},
       {"conditions",
        Json::array(
            {{{"type", "PodScheduled"}, {"status", "False"}, {"reason", "Unschedulable"}, {"message", "no node"}}})}}));
  EXPECT_EQ(unschedulable.waits, "Unschedulable");
}

TEST(JobViewTest, TheReportOfTheNewestPodCounts) {
  JobView job;
  job.name = "api-plan-1";
  const std::vector<PodView> pods = {ReadPod(Pod("2026-11-26T12:00:02Z", Ended(Report("second")))),
                                     ReadPod(Pod("2026-11-26T12:00:01Z", Ended(Report("first"))))};
  NoReport why;
  const auto report = ReportOf(job, pods, &why);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->error, "second");
}

TEST(JobViewTest, WithoutAReportTheProblemIsSaid) {
  JobView job;
  job.name = "api-plan-1";
  NoReport why;
  EXPECT_FALSE(ReportOf(job, {}, &why));
  EXPECT_NE(why.message.find("api-plan-1"), std::string::npos);
  EXPECT_FALSE(ReportOf(job, {ReadPod(Pod("2026-11-26T12:00:00Z", Ended("exec format error")))}, &why));
  EXPECT_FALSE(why.message.empty());
}

TEST(JobViewTest, AJobEndsByItsConditions) {
  Json job = {
      {"metadata", {{"name", "j"}}},
      {"status", {{"failed", 1}, {"conditions", Json::array({{{"type", "FailureTarget"}, {"status", "True"}}})}}}};
  EXPECT_EQ(ReadJob(job).state, JobState::kRunning);
  EXPECT_TRUE(ReadJob(job).has_pods);
  job["status"]["conditions"].push_back({{"type", "Failed"}, {"status", "True"}, {"reason", "BackoffLimitExceeded"}});
  EXPECT_EQ(ReadJob(job).state, JobState::kFailed);
  EXPECT_EQ(ReadJob(job).reason, "BackoffLimitExceeded");
}

}  // namespace
}  // namespace sluice::migration
