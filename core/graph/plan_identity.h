// What makes two plans the same plan: one that was rehearsed on a database may be required of a run on another. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/graph/migration_plan.h"

namespace sluice {

struct PlanIdentity {
  struct Step {
    StepKind kind = StepKind::kUpgrade;
    std::string revision;
    std::string checksum;                 // of the script (ScriptChecksum); empty for a stamp, which runs none
    std::vector<std::string> rows_after;  // the version rows after the step, sorted bytewise; not part of the hash
  };
  int server_major = 0;
  std::vector<std::string> rows;     // the version rows before the first step, sorted bytewise
  std::vector<std::string> partial;  // revisions that are applied in part, sorted bytewise
  std::vector<Step> steps;

  // The version rows before step `i`; with the number of steps, those after the last.
  const std::vector<std::string>& RowsBefore(std::size_t i) const { return i == 0 ? rows : steps[i - 1].rows_after; }
};

// The text that is hashed (docs/validate.md, "The hash of a plan"), a line each:
//
//     sluice plan 1
//     server MAJOR
//     row ID                          for each row before the first step
//     partial ID                      for each revision that is applied in part
//     DIRECTION ID CHECKSUM           for each step; `-` where there is no checksum
std::string PlanText(const PlanIdentity& plan);

// SHA-256 of PlanText, 64 hex digits.
std::string PlanHash(const PlanIdentity& plan);

}  // namespace sluice
