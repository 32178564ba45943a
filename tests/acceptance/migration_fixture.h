// A test with an empty database and an empty versions folder: write revisions, run the engine, look at what came of it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/interrupt.h"
#include "core/engine/migrator.h"
#include "core/engine/observer.h"
#include "core/model/settings.h"
#include "tests/support/postgres_server.h"

namespace sluice::testing {

// Remembers what a run told.
class RecordingObserver : public Observer {
 public:
  void WaitingForDatabase(std::string_view, std::chrono::milliseconds) override {}
  void WaitingForMigrator(const OtherSession& holder, std::chrono::milliseconds) override {
    migrators.push_back(holder);
  }
  void WaitingForTables(const std::vector<OtherSession>& sessions, std::chrono::milliseconds) override {
    lockers = sessions;
    if (on_locked_tables) on_locked_tables();
  }
  void StepStarted(const StepPosition& position) override { started.push_back(position.revision); }
  void StepFinished(const StepPosition&, std::chrono::milliseconds) override {}
  void Working(const StepPosition&, std::chrono::milliseconds, std::string_view) override {}
  void Blocked(const StepPosition&, const std::vector<OtherSession>& sessions, std::chrono::milliseconds) override {
    blockers = sessions;
  }
  void Retrying(const StepPosition&, const Error&, std::chrono::milliseconds) override {
    ++retries;
    if (on_retry) on_retry();
  }
  void Reconnecting(std::string_view) override { ++reconnections; }
  void Notice(const ServerReport& notice) override { notices.push_back(notice.message); }

  std::vector<OtherSession> migrators;
  std::vector<std::string> started;
  std::vector<OtherSession> blockers;
  std::vector<OtherSession> lockers;
  std::function<void()> on_locked_tables;  // called whenever WaitingForTables is
  std::vector<std::string> notices;
  int retries = 0;
  std::function<void()> on_retry;  // called at every retry
  int reconnections = 0;
};

class NeverInterrupted : public Interrupt {
 public:
  int Signal() const override { return 0; }
};

// The error of a run for a failed expectation; empty when there is none.
std::string Why(const RunReport& report);

// Starts a server again as a standby of nobody: it takes no writes, and waits for a primary for ever.
void RestartAsStandby(PostgresServer& server);

class MigrationTest : public PostgresTest {
 protected:
  MigrationTest();
  ~MigrationTest() override;

  // Writes versions/<id>_test.sql: a header and `body` (sections).
  void Write(const std::string& id, const std::string& down_revisions, std::string_view body,
             const std::string& more_header = "");
  // The same with exactly these bytes.
  void WriteBytes(const std::string& id, const std::string& bytes);
  void Remove(const std::string& id);

  // A revision that makes table `id` and drops it again.
  void WriteTable(const std::string& id, const std::string& down_revisions);

  RunReport Upgrade(const std::vector<std::string>& targets = {});
  RunReport Upgrade(const UpgradeRequest& request);
  RunReport Downgrade(const std::string& target = "-1");
  RunReport Stamp(const std::vector<std::string>& targets, bool purge = false);

  // From now on `settings` mean a new, empty database of this server.
  void MoveTo(PostgresServer& server);

  // What a command of the engine works with besides its request.
  RunContext Context() { return {settings, observer, SystemClock(), interrupt_}; }
  // The versions folder as it is now. Throws std::runtime_error when it can't be read.
  Project Files();

  std::vector<std::string> VersionRows();
  bool HasTable(const std::string& name);
  // `revision direction section outcome` of each event, oldest first.
  std::vector<std::string> Events();

  const std::filesystem::path& directory() const { return directory_; }

  Settings settings;
  RecordingObserver observer;

 private:
  template <typename Body>
  RunReport With(Body body);

  std::filesystem::path directory_;
  NeverInterrupted interrupt_;
};

}  // namespace sluice::testing
