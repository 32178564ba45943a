// What a run says to the operator that started it in a pod: one line of JSON in the container's termination message.
// The kubelet keeps the last 4,096 bytes of one, so a report is never longer than kLargestReport, whatever it tells of.
// All of it, and more, is in the database's own record. Passive data and its text; no secret is ever in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// Goes up when a member changes its meaning or goes away. The operator reads this version and the two before it.
inline constexpr int kTerminationReportVersion = 1;
inline constexpr int kOldestTerminationReport = 1;
inline constexpr std::size_t kLargestReport = 4'000;  // bytes
inline constexpr std::size_t kMostReportedHeads = 8;
inline constexpr std::size_t kMostReportedLosses = 20;

// A step of a plan, or one that a run has carried out.
struct ReportedRevision {
  std::string direction;  // upgrade, downgrade, stamp
  std::string revision;
  std::string message;                    // its beginning
  bool transaction = true;                // of a plan: all of it runs in transactions
  bool contract = false;                  // of a plan: a contract revision
  std::int64_t milliseconds = 0;          // of a run
  std::vector<std::string> hazards = {};  // of a plan: what it destroys, three at most

  bool operator==(const ReportedRevision&) const = default;
};

// Of a plan: what taking it back would do; of a planned downgrade what that does itself.
struct ReportedWayBack {
  std::vector<std::string> to;  // the version rows at its end
  std::size_t to_omitted = 0;
  std::size_t steps = 0;               // revisions
  std::vector<std::string> data_loss;  // `ab12: drops the column tenant.webhook_url`
  std::size_t data_loss_omitted = 0;
  std::vector<std::string> irreversible;  // revisions that can't be taken back
  std::size_t irreversible_omitted = 0;

  bool operator==(const ReportedWayBack&) const = default;
};

struct TerminationReport {
  int version = kTerminationReportVersion;
  std::string command;  // upgrade, downgrade, plan, …
  std::string outcome;  // succeeded, failed, interrupted
  int exit_code = 0;
  std::string program;             // `sluice 0.1.0`
  std::string database_id;         // which database it was (docs/json.md); empty: not known
  std::string plan_hash;           // empty: nothing to do, or not known
  std::string direction;           // of a plan: upgrade, downgrade, stamp; empty: nothing to do
  std::vector<std::string> heads;  // the version rows at the end
  std::size_t heads_omitted = 0;
  std::size_t planned = 0;   // steps
  std::size_t done = 0;      // steps that are committed
  std::size_t waiting = 0;   // revisions that --phase expand left out
  std::size_t ahead = 0;     // applied revisions that the files don't have
  std::string partial;       // the revision that is applied in part; empty: none
  std::string longest_lock;  // of a rehearsal, in words
  std::string error_code;    // docs/exit-codes.md; empty: no error
  std::string error;
  std::string hint;
  std::optional<ReportedWayBack> back;
  std::vector<ReportedRevision> steps;
  std::size_t steps_omitted = 0;
  std::vector<std::string> notes;  // of a check: what differs, a line each
  std::size_t notes_omitted = 0;

  bool operator==(const TerminationReport&) const = default;
};

// One line without its end, at most kLargestReport bytes of valid UTF-8: long texts are cut between characters, of the
// heads (and of `back.to`) the first kMostReportedHeads are there, of `back.data_loss` kMostReportedLosses at most, of
// everything else the first ones that fit; the rest is counted.
std::string EncodeReport(const TerminationReport& report);

// The last line of `message` that is a report: other output may stand before it, cut or not. Members that are not known
// are passed over. kConfig when there is none, or it is of a version that can't be read; the version is in the message.
Result<TerminationReport> DecodeReport(std::string_view message);

// The version of the report that DecodeReport finds, whether it can be read or not; 0: there is none.
int ReportVersionOf(std::string_view message);

}  // namespace sluice
