// What `sluice wait` waits for, and when it gives up.
#include "core/engine/wait.h"

#include <gmock/gmock.h>

#include <functional>

#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

// Time passes only when somebody waits, and something may happen meanwhile.
class SteppedClock : public Clock {
 public:
  TimePoint Now() override { return now_; }
  void SleepFor(milliseconds duration) override {
    now_ += duration;
    ++pauses;
    if (during_pause) during_pause(pauses);
  }
  int pauses = 0;
  std::function<void(int)> during_pause;

 private:
  TimePoint now_{};
};

class Interruptible : public Interrupt {
 public:
  int Signal() const override { return signal; }
  int signal = 0;
};

class WaitTest : public MigrationTest {
 protected:
  WaitReport Wait(const WaitRequest& request) {
    const RunContext context{settings, observer, clock, interrupt};
    return WaitForRevisions(context, Files(), request);
  }
  WaitReport Wait(const std::vector<std::string>& revisions, milliseconds limit = 0ms,
                  PhaseFilter phase = PhaseFilter::kAll) {
    WaitRequest request;
    request.revisions = revisions;
    request.limit = limit;
    request.phase = phase;
    return Wait(request);
  }

  // What another process does meanwhile.
  void Apply() { ASSERT_FALSE(Upgrade().error); }

  SteppedClock clock;
  Interruptible interrupt;
};

TEST_F(WaitTest, ARevisionThatIsAppliedIsNotWaitedFor) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  const WaitReport report = Wait({"a1"});
  EXPECT_FALSE(report.error);
  EXPECT_THAT(report.wanted, ElementsAre("a1"));
  EXPECT_THAT(report.rows, ElementsAre("b2"));
  EXPECT_EQ(clock.pauses, 0);
}

TEST_F(WaitTest, ItEndsWhenTheRevisionsHaveBeenApplied) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  clock.during_pause = [this](int pause) {
    if (pause == 3) Apply();
  };
  const WaitReport report = Wait({"heads"}, 1min);
  EXPECT_FALSE(report.error);
  EXPECT_THAT(report.wanted, ElementsAre("b2"));
  EXPECT_THAT(report.missing, IsEmpty());
  EXPECT_EQ(clock.pauses, 3);
  EXPECT_GT(report.waited, 500ms);
}

TEST_F(WaitTest, AtTheLimitItNamesWhatIsMissing) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  const WaitReport report = Wait({"heads"}, 10s);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kNotUpToDate);
  EXPECT_EQ(report.error->message, "not applied after 10s: b2");
  EXPECT_EQ(report.waited, 10s);
  EXPECT_THAT(report.missing, ElementsAre("b2"));
}

TEST_F(WaitTest, NoTargetMeansTheHeadsOfTheFiles) {
  WriteTable("a1", "");
  WriteTable("b2", "");
  const WaitReport report = Wait(std::vector<std::string>{});
  EXPECT_THAT(report.wanted, ElementsAre("a1", "b2"));
  EXPECT_THAT(report.missing, ElementsAre("a1", "b2"));
}

TEST_F(WaitTest, AnIdThatNobodyKnowsIsAnErrorAtOnce) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  const WaitReport report = Wait({"beef"}, 1min);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kUnknownRevision);
  EXPECT_EQ(clock.pauses, 0);
}

TEST_F(WaitTest, AnIdThatOnlyTheDatabaseKnowsIsWaitedFor) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  EXPECT_FALSE(Wait({"b2"}).error);
  WriteTable("b2", "a1");
  ASSERT_FALSE(Downgrade().error);
  Remove("b2");
  const WaitReport report = Wait({"b2"});
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kNotUpToDate);
}

TEST_F(WaitTest, ContractRevisionsAreLeftToTheRollout) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  Write("c3", "b2", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  ASSERT_FALSE(Upgrade({"b2"}).error);
  const WaitReport expand = Wait({"heads"}, 0ms, PhaseFilter::kExpand);
  EXPECT_FALSE(expand.error);
  EXPECT_THAT(expand.waiting, ElementsAre("c3"));
  EXPECT_TRUE(Wait({"heads"}).error);
}

TEST_F(WaitTest, AnExpandRevisionBehindAContractRevisionIsStillNeeded) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Phase: contract\n");
  WriteTable("c3", "b2");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  const WaitReport report = Wait({"heads"}, 0ms, PhaseFilter::kExpand);
  ASSERT_TRUE(report.error);
  EXPECT_THAT(report.missing, ElementsAre("c3"));
}

TEST_F(WaitTest, ARevisionThatIsAppliedInPartIsNotThereYet) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\nSELECT 1/0;\n"
        "-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_FALSE(Upgrade().error);
  EXPECT_FALSE(Wait({"a1"}).error);
  Sql("INSERT INTO sluice.progress (version_table, revision, direction, done) VALUES ('public.alembic_version', 'a1', "
      "'downgrade', '{x}')");
  EXPECT_TRUE(Wait({"a1"}).error);
}

TEST_F(WaitTest, AnOlderImageStartsOnADatabaseThatIsAheadOfIt) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Upgrade().error);
  Remove("b2");
  const WaitReport report = Wait({"heads"});
  EXPECT_FALSE(report.error);
  EXPECT_THAT(report.ahead, ElementsAre("b2"));
  WaitRequest strict;
  strict.ahead = AheadPolicy::kError;
  EXPECT_EQ(Wait(strict).error->code, ErrorCode::kAhead);
}

TEST_F(WaitTest, ADatabaseThatIsNotThereYetIsWaitedFor) {
  WriteTable("a1", "");
  const std::string name = database() + "_later";
  settings.connection.keywords[3].value = name;
  clock.during_pause = [this, name](int pause) {
    if (pause == 2) Sql("CREATE DATABASE " + name);
    if (pause == 4) Apply();
  };
  const WaitReport report = Wait({"heads"}, 1min);
  EXPECT_FALSE(report.error);
  EXPECT_EQ(report.database, name);
  EXPECT_EQ(clock.pauses, 4);
  server().DropDatabase(name);
}

TEST_F(WaitTest, AServerThatNeverComesIsUnreachableAtTheLimit) {
  WriteTable("a1", "");
  settings.connection.keywords[1].value = "1";
  const WaitReport report = Wait({"heads"}, 5s);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kUnreachable);
  EXPECT_EQ(report.waited, 5s);
}

TEST_F(WaitTest, WhatWaitingCantMendEndsItAtOnce) {
  WriteTable("a1", "");
  settings.connection.keywords[2].value = "nobody_of_this_name";
  const WaitReport report = Wait({"heads"}, 1min);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kUnreachable);
  EXPECT_EQ(clock.pauses, 0);
}

TEST_F(WaitTest, ALostConnectionIsMadeAgain) {
  WriteTable("a1", "");
  clock.during_pause = [this](int pause) {
    if (pause == 1) {
      Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
          "pg_backend_pid()");
    }
    if (pause == 2) Apply();
  };
  EXPECT_FALSE(Wait({"heads"}, 1min).error);
}

TEST_F(WaitTest, AVersionTableThatIsLockedIsWaitedForAndItsLockerIsNamed) {
  WriteTable("a1", "");
  Apply();
  Session locker = Connect();
  locker.Run("BEGIN; LOCK TABLE alembic_version");
  clock.during_pause = [&locker](int pause) {
    if (pause == 2) locker.Run("COMMIT");
  };
  const WaitReport report = Wait({"heads"}, 1min);
  ASSERT_FALSE(report.error);
  EXPECT_EQ(clock.pauses, 2);
  locker.Run("BEGIN; LOCK TABLE alembic_version");
  const WaitReport late = Wait({"heads"}, 300ms);
  ASSERT_TRUE(late.error);
  EXPECT_EQ(late.error->code, ErrorCode::kLockBudget);
  EXPECT_THAT(late.error->message, HasSubstr(std::to_string(locker.BackendPid())));
}

TEST_F(WaitTest, ASignalEndsIt) {
  WriteTable("a1", "");
  clock.during_pause = [this](int) { interrupt.signal = 15; };
  const WaitReport report = Wait({"heads"}, 1min);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kInterrupted);
  EXPECT_EQ(clock.pauses, 1);
}

TEST_F(WaitTest, TheMigratorAtWorkIsNamed) {
  WriteTable("a1", "");
  Session migrator = Connect();
  migrator.Run(TryLock(Bookkeeping(settings, "public").migrator_lock()));
  const WaitReport report = Wait({"heads"});
  ASSERT_TRUE(report.error);
  EXPECT_THAT(report.error->hint, HasSubstr(std::to_string(migrator.BackendPid())));
}

}  // namespace
}  // namespace sluice::testing
