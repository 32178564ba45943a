// The report of a run for whoever reads a container's termination message (core/model/termination_report.h): where it
// goes, and what the commands note in it. It is written however the run ends, but for SIGKILL.
#pragma once

#include <optional>
#include <string>

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/exit_code.h"
#include "cmd/sluice/plan_report.h"
#include "core/config/config.h"
#include "core/engine/agreement.h"
#include "core/engine/migrator.h"
#include "core/engine/rehearsal.h"
#include "core/model/termination_report.h"

namespace sluice::cli {

inline constexpr OptionSpec kTerminationLogOption{
    .name = "termination-log",
    .value = "FILE",
    .help =
        "Write what came of it to this file, as one line of JSON of at most 4,000 bytes (docs/json.md): in a "
        "container /dev/termination-log. Default: SLUICE_TERMINATION_LOG."};

class TerminationLog {
 public:
  // `invocation`: nullptr when the command line could not be understood. Where no option says it, the environment does.
  TerminationLog(const Invocation* invocation, const Environment& environment);

  // Where commands note what they do; nullptr when nobody wants to know.
  TerminationReport* report() { return report_ ? &*report_ : nullptr; }

  void NoteError(const Error& error);

  // A file that can't be written is told on standard error, and changes nothing else.
  void Write(ExitCode code, Console& console);

 private:
  std::string path_;
  std::optional<TerminationReport> report_;
};

// Each notes what is in its report; `report` may be nullptr.
void NoteError(TerminationReport* report, const Error& error);
void NoteDatabase(TerminationReport* report, DatabaseAccess& database);  // after Open()
void NotePlanHash(TerminationReport* report, const PlanIdentity& plan);
void NoteRun(TerminationReport* report, const RunReport& run);
void NotePlan(TerminationReport* report, const PlanReport& plan);
void NoteRehearsal(TerminationReport* report, const RehearsalReport& rehearsal);
void NoteAgreement(TerminationReport* report, const AgreementReport& agreement);

}  // namespace sluice::cli
