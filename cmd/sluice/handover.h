// A failure that the steps of one Job hand on. Helm, and whoever asks for a Job's log, see its last container only: the
// containers before it leave their failure in a file and end with 0, and the last one tells it and ends as they would
// have.
#pragma once

#include <optional>
#include <string>

#include "cmd/sluice/console.h"
#include "cmd/sluice/exit_code.h"
#include "core/config/dot_env.h"

namespace sluice::cli {

class Handover {
 public:
  // SLUICE_LEAVE_FAILURE and SLUICE_TAKE_FAILURE name the file; without them nothing of this happens.
  explicit Handover(const Environment& environment);

  // Before anything is done: how to end at once, because a step before has failed. A step that leaves failures ends
  // with 0; the one that takes them prints what was left.
  std::optional<ExitCode> EndsAtOnce(Console& console) const;

  // `code`, or 0 where it was left to the last step, with everything that was printed as an error. A run that was
  // interrupted keeps its code: somebody wants the whole Job to end, or will start it again.
  ExitCode Leave(ExitCode code, Console& console) const;

  bool leaves() const { return !leave_.empty(); }

 private:
  std::string leave_;
  std::string take_;
};

}  // namespace sluice::cli
