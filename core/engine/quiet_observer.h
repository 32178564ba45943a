// An observer for runs that nobody watches: on scratch databases.
#pragma once

#include "core/engine/observer.h"

namespace sluice {

class QuietObserver final : public Observer {
 public:
  void WaitingForDatabase(std::string_view, std::chrono::milliseconds) override {}
  void WaitingForMigrator(const OtherSession&, std::chrono::milliseconds) override {}
  void WaitingForTables(const std::vector<OtherSession>&, std::chrono::milliseconds) override {}
  void StepStarted(const StepPosition&) override {}
  void StepFinished(const StepPosition&, std::chrono::milliseconds) override {}
  void Working(const StepPosition&, std::chrono::milliseconds, std::string_view) override {}
  void Blocked(const StepPosition&, const std::vector<OtherSession>&, std::chrono::milliseconds) override {}
  void Retrying(const StepPosition&, const Error&, std::chrono::milliseconds) override {}
  void Reconnecting(std::string_view) override {}
  void Notice(const ServerReport&) override {}
};

}  // namespace sluice
