// Fetches the script of each step, from the files or from the database's memory, and checks everything that can be
// checked before the first one runs.
#pragma once

#include <string>
#include <vector>

#include "core/db/pg_session.h"
#include "core/engine/observer.h"
#include "core/engine/situation.h"
#include "core/engine/step_script.h"

namespace sluice {

class StepReader {
 public:
  // Nothing is owned. `observer` is told where a downgrade has to use a file.
  StepReader(const Settings& settings, const Project& project, const Situation& situation, ReadSession& session,
             Observer& observer)
      : settings_(settings), project_(project), situation_(situation), session_(session), observer_(observer) {}

  // Several threads read when there are many steps. Errors of all scripts at once: kScript, kIrreversible,
  // kNoStoredScript, kFile.
  Result<std::vector<StepScript>> ReadSteps(const std::vector<PlannedStep>& steps);

  // The units of the other direction of a step's script, for a revision that is partial.
  static Result<ScriptUnits> ReadOpposite(const StepScript& step, int server_major);

 private:
  Result<const Script*> FindText(StepScript& step);
  Status TakeStored(StepScript& step);

  const Settings& settings_;
  const Project& project_;
  const Situation& situation_;
  ReadSession& session_;
  Observer& observer_;
};

// The step with its script as the files have it, for where there is no database. `server_major` 0: not known. Errors:
// as ReadSteps, of this step.
Result<StepScript> ReadStepFromFiles(const Project& project, const PlannedStep& planned, int server_major);

// kIrreversible where the script says that there is no way back, or did something and doesn't say how it is undone:
// dropping its row alone would leave its objects behind.
Status CheckReversible(const StepScript& step);

// kUsage when a section of one of them runs outside a transaction, so that one transaction can't hold them all.
Status CheckOneTransaction(const std::vector<StepScript>& steps);

// What table `revision` holds of a script.
StoredRevision DescribeStored(const Script& script);

}  // namespace sluice
