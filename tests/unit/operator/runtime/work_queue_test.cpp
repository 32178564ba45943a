#include "operator/runtime/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sluice::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using TimePoint = QueueState::TimePoint;

class QueueStateTest : public testing::Test {
 protected:
  std::string Take() { return state_.Take(now_).value_or("-"); }
  // So many keys, one after the other.
  std::string Take(int count) {
    std::string keys;
    for (int i = 0; i < count; ++i) keys += Take();
    return keys;
  }
  TimePoint now_{};
  QueueState state_;
};

TEST_F(QueueStateTest, KeysAreTakenInTheOrderOfAdding) {
  for (const char* key : {"a", "b", "c"}) state_.Add(key);
  EXPECT_EQ(Take(4), "abc-");
}

TEST_F(QueueStateTest, AKeyThatIsAddedTwiceIsTakenOnce) {
  state_.Add("a");
  state_.Add("a");
  EXPECT_EQ(Take(), "a");
  EXPECT_EQ(Take(), "-");
}

TEST_F(QueueStateTest, AKeyThatIsAddedDuringTheWorkIsTakenWhenThatIsDone) {
  state_.Add("a");
  EXPECT_EQ(Take(), "a");
  state_.Add("a");
  state_.Add("a");
  EXPECT_EQ(Take(), "-");
  state_.Done("a");
  EXPECT_EQ(Take(), "a");
  state_.Done("a");
  EXPECT_EQ(Take(), "-");
  EXPECT_TRUE(state_.idle());
}

TEST_F(QueueStateTest, AKeyThatComesBackStandsBehindTheOthers) {
  state_.Add("a");
  EXPECT_EQ(Take(), "a");
  state_.Add("a");
  state_.Add("b");
  state_.Done("a");
  EXPECT_EQ(Take(2), "ba");
}

TEST_F(QueueStateTest, DoneOfAKeyThatNobodyHasIsNothing) {
  state_.Add("a");
  state_.Done("a");
  EXPECT_EQ(Take(2), "a-");
}

TEST_F(QueueStateTest, AKeyForLaterComesWhenItIsDue) {
  state_.AddAt("a", now_ + seconds(5), now_);
  EXPECT_EQ(Take(), "-");
  EXPECT_EQ(state_.NextDue(), now_ + seconds(5));
  now_ += seconds(5);
  EXPECT_EQ(Take(), "a");
  EXPECT_EQ(state_.NextDue(), std::nullopt);
}

TEST_F(QueueStateTest, OfTwoTimesTheEarlierCounts) {
  state_.AddAt("a", now_ + seconds(5), now_);
  state_.AddAt("a", now_ + seconds(2), now_);
  state_.AddAt("a", now_ + seconds(9), now_);
  now_ += seconds(2);
  EXPECT_EQ(Take(), "a");
  state_.Done("a");
  now_ += seconds(60);
  EXPECT_EQ(Take(), "-");
}

TEST_F(QueueStateTest, KeysForLaterComeInTheOrderOfTheirTimes) {
  state_.AddAt("c", now_ + seconds(3), now_);
  state_.AddAt("a", now_ + seconds(1), now_);
  state_.AddAt("b", now_ + seconds(2), now_);
  now_ += seconds(10);
  EXPECT_EQ(Take(3), "abc");
}

TEST_F(QueueStateTest, AKeyThatIsDueDuringTheWorkWaitsForItsEnd) {
  state_.Add("a");
  EXPECT_EQ(Take(), "a");
  state_.AddAt("a", now_ + seconds(1), now_);
  now_ += seconds(2);
  EXPECT_EQ(Take(), "-");
  state_.Done("a");
  EXPECT_EQ(Take(), "a");
}

TEST_F(QueueStateTest, PausesDoubleForEachKeyUntilItIsForgotten) {
  QueueState state({milliseconds(5), milliseconds(1000)});
  std::vector<int> pauses;
  for (int i = 0; i < 10; ++i) pauses.push_back(static_cast<int>(state.PauseAfterFailure("a").count()));
  EXPECT_EQ(pauses, (std::vector<int>{5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000}));
  EXPECT_EQ(state.PauseAfterFailure("b"), milliseconds(5));
  EXPECT_EQ(state.Failures("a"), 10);
  state.Forget("a");
  EXPECT_EQ(state.Failures("a"), 0);
  EXPECT_EQ(state.PauseAfterFailure("a"), milliseconds(5));
}

TEST_F(QueueStateTest, ManyFailuresDoNotOverflow) {
  for (int i = 0; i < 1000; ++i) state_.PauseAfterFailure("a");
  EXPECT_EQ(state_.PauseAfterFailure("a"), milliseconds(300'000));
}

TEST(WorkQueueTest, AKeyIsNeverInTwoWorkers) {
  WorkQueue queue;
  std::atomic<int> in_work[4] = {};
  std::atomic<int> taken = 0;
  std::atomic<bool> twice = false;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (const auto key = queue.Take()) {
        auto& mine = in_work[(*key)[0] - 'a'];
        if (mine.fetch_add(1) != 0) twice = true;
        std::this_thread::yield();
        mine.fetch_sub(1);
        ++taken;
        queue.Done(*key);
      }
    });
  }
  for (int i = 0; i < 2000; ++i) queue.Add(std::string(1, static_cast<char>('a' + i % 4)));
  queue.ShutDownAndWait();
  for (std::thread& worker : workers) worker.join();
  EXPECT_FALSE(twice);
  EXPECT_GE(taken, 4);
}

TEST(WorkQueueTest, AWorkerWaitsForAKeyForLater) {
  WorkQueue queue;
  queue.AddAfter("a", milliseconds(20));
  EXPECT_EQ(queue.Take(), "a");
  queue.AddAfterFailure("b");
  EXPECT_EQ(queue.Take(), "b");
}

TEST(WorkQueueTest, AFailureWaitsAsLongAsTheServerWants) {
  WorkQueue queue;
  queue.AddAfterFailure("patient", milliseconds(50));
  queue.AddAfterFailure("quick");
  EXPECT_EQ(queue.Take(), "quick");
  EXPECT_EQ(queue.Take(), "patient");
}

TEST(WorkQueueTest, AfterTheEndWhatIsReadyIsTakenAndNothingAdded) {
  WorkQueue queue;
  queue.Add("a");
  queue.AddAfter("later", milliseconds(1));
  queue.ShutDown();
  queue.Add("b");
  EXPECT_EQ(queue.Take(), "a");
  EXPECT_EQ(queue.Take(), std::nullopt);
}

TEST(WorkQueueTest, TheEndWaitsForWorkers) {
  WorkQueue queue;
  queue.Add("a");
  ASSERT_EQ(queue.Take(), "a");
  std::atomic<bool> done = false;
  std::thread worker([&] {
    done = true;
    queue.Done("a");
  });
  queue.ShutDownAndWait();
  EXPECT_TRUE(done);
  worker.join();
}

}  // namespace
}  // namespace sluice::runtime
