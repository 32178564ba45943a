// A test with a configured server, a cache of its own, and models to load.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/desired_schema.h"
#include "core/engine/scratch_server.h"
#include "tests/acceptance/migration_fixture.h"
#include "tests/support/postgres_server.h"

namespace sluice::testing {

// The error as one text, for expectations: code, message, place, hint, those of `also`.
std::string Told(const Error& error);

class ScratchTest : public PostgresTest {
 protected:
  ScratchTest();
  ~ScratchTest() override;

  RunContext Context() { return {settings, observer, SystemClock(), interrupt}; }

  // Throw std::runtime_error with the error.
  std::unique_ptr<ScratchServer> Open();
  DesiredSchema Prepare(ScratchServer& scratch, const std::vector<std::pair<std::string, std::string>>& files);

  // From now on no server is configured: scratch databases are made on a throw-away one.
  void ForgetServer() { settings.connection.keywords.clear(); }
  // A role of the server with these attributes, and the configured role from now on.
  void ConnectAs(const std::string& role, const std::string& attributes);

  // Names of the server's databases that begin like this.
  std::vector<std::string> Databases(const std::string& prefix);

  Session ConnectTo(const std::string& conninfo) { return Session(conninfo); }

  struct StoppableInterrupt : public Interrupt {
    int Signal() const override { return signal; }
    std::atomic<int> signal = 0;
  };

  std::filesystem::path directory;  // removed at the end
  Settings settings;
  RecordingObserver observer;
  StoppableInterrupt interrupt;
};

}  // namespace sluice::testing
