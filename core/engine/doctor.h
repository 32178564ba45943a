// `sluice doctor`: everything that could keep a migration from working, looked at one by one. Reads only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/engine/database.h"

namespace sluice {

enum class CheckOutcome { kOk, kWarning, kFailure };

std::string_view CheckOutcomeName(CheckOutcome outcome);  // "ok", "warning", "failure"

struct DoctorCheck {
  std::string name;  // `connection`, `server version`, …: stable, programs read it
  CheckOutcome outcome = CheckOutcome::kOk;
  std::string message;  // what was found, one line
  std::string hint;     // what to do; empty when it is ok
};

struct DoctorReport {
  std::vector<DoctorCheck> checks;
  CheckOutcome worst() const;
};

// Never fails: what can't be looked at is a check that says so. Without a connection only the checks of files and
// connection are made.
DoctorReport RunDoctor(const RunContext& context);

}  // namespace sluice
