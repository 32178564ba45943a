#include "core/base/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace sluice {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

ProgramRequest Shell(const std::string& script) {
  ProgramRequest request;
  request.arguments = {"sh", "-c", script};
  return request;
}

TEST(ProgramTest, TakesVariablesBesidesAndInsteadOfThoseOfThisProcess) {
  setenv("SLUICE_PROGRAM_TEST", "outer", 1);
  ProgramRequest request =
      Shell("echo $SLUICE_PROGRAM_TEST $SLUICE_PROGRAM_TEST_2; env | grep -c ^SLUICE_PROGRAM_TEST=");
  request.environment = {"SLUICE_PROGRAM_TEST=inner", "SLUICE_PROGRAM_TEST_2=two"};
  const auto outcome = RunProgram(request);
  unsetenv("SLUICE_PROGRAM_TEST");
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->output, "inner two\n1\n");
}

TEST(ProgramTest, KeepsOutputAndErrorsApart) {
  const auto outcome = RunProgram(Shell("echo out; echo err >&2; cat; exit 3"));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->output, "out\n");
  EXPECT_EQ(outcome->errors, "err\n");
  EXPECT_EQ(outcome->exit_code, 3);
}

TEST(ProgramTest, RunsWhereItIsTold) {
  ProgramRequest request = Shell("pwd");
  request.directory = "/";
  EXPECT_EQ(RunProgram(request)->output, "/\n");
}

TEST(ProgramTest, AMegabyteOnEitherStreamIsNoObstacle) {
  const auto outcome = RunProgram(
      Shell("head -c 1000000 /dev/zero | tr '\\0' e >&2; head -c 1000000 /dev/zero | tr '\\0' o; echo end >&2"));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->output.size(), 1000000U);
  EXPECT_EQ(outcome->errors.size(), kKeptErrors);
  EXPECT_TRUE(outcome->errors.ends_with("end\n"));
}

TEST(ProgramTest, ASignalCountsAsAShellCountsIt) {
  EXPECT_EQ(RunProgram(Shell("kill -TERM $$"))->exit_code, 128 + SIGTERM);
}

TEST(ProgramTest, WhatItLeavesBehindIsNotWaitedFor) {
  const auto outcome = RunProgram(Shell("sleep 1000 & echo $!"));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->exit_code, 0);
  EXPECT_EQ(kill(std::atoi(outcome->output.c_str()), SIGKILL), 0);
}

TEST(ProgramTest, AtTheLimitAllOfItIsKilled) {
  ProgramRequest request = Shell("echo $$ >&2; sleep 1000");
  request.timeout = milliseconds(300);
  const auto outcome = RunProgram(request);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(outcome.error().message, HasSubstr("did not end within 300ms"));
  const pid_t group = std::atoi(outcome.error().server.message.c_str());
  ASSERT_GT(group, 0);
  // The shell is gone; its child too, once the system has taken note.
  while (kill(-group, 0) == 0) {
  }
}

TEST(ProgramTest, AnInterruptEndsIt) {
  ProgramRequest request = Shell("sleep 1000");
  request.interrupted = [] { return true; };
  EXPECT_EQ(RunProgram(request).error().code, ErrorCode::kInterrupted);
}

TEST(ProgramTest, AProgramThatIsNotThereIsNamed) {
  ProgramRequest request;
  request.arguments = {"no-such-program-anywhere"};
  const auto outcome = RunProgram(request);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, ErrorCode::kFile);
  EXPECT_EQ(outcome.error().message, "can't run no-such-program-anywhere: No such file or directory");
}

}  // namespace
}  // namespace sluice
