// One run of the engine for the command line: connects, says where, runs, shows what came of it.
#pragma once

#include <functional>

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/run_report.h"
#include "core/engine/migrator.h"

namespace sluice::cli {

// What a run is asked for on the command line: at most one of --sql, --dry-run, --single-transaction; --bare with
// --sql.
Status CheckRunOptions(const Invocation& invocation);

// `request` is called once, with a connected Migrator. The answer goes to standard output, the error of a run to
// standard error (with `-o json` both into one object); either way the exit code says how it ended.
Result<ExitCode> RunMigration(const Invocation& invocation, Console& console, const RunKind& kind,
                              const std::function<RunReport(Migrator&)>& request);

// The second half of it, for a run that was made in another way.
ExitCode ShowRun(const Invocation& invocation, Console& console, DatabaseAccess& database, const RunKind& kind,
                 const RunReport& report);

// For a request's `demand`: the hash of the plan goes into the report; empty where nobody wants one.
PlanDemand NotesPlanHash(const Invocation& invocation);

// The plan's hash of `--undo`; empty without it. kUsage for what is none, and beside a target.
Result<std::string> ChosenUndo(const Invocation& invocation);

// The words of --dry-run and --single-transaction. REQUIRES: CheckRunOptions said yes.
TransactionMode ChosenMode(const Invocation& invocation);

// `--sql`: prints the script of the run to standard output, without a database. The first argument may be a range.
// `purge`: of a stamp.
Result<ExitCode> PrintSql(const Invocation& invocation, Console& console, StepKind kind, bool purge = false);

inline constexpr OptionSpec kUndoPlanOption{.name = "undo",
                                            .value = "HASH",
                                            .help =
                                                "Take back what runs of the plan with this hash have applied and what "
                                                "is still applied of it, newest first, and "
                                                "nothing else (docs/operations.md)."};
inline constexpr OptionSpec kSqlOption{.name = "sql",
                                       .help =
                                           "Print the script that psql runs to the same end, without a database: from "
                                           "base, or from FROM where REV is a range FROM:TO."};
inline constexpr OptionSpec kBareOption{.name = "bare",
                                        .help = "With --sql, the scripts and the version rows alone, for any client."};
inline constexpr OptionSpec kDryRunOption{.name = "dry-run",
                                          .help = "Run everything that can be in a transaction, then roll it back."};
inline constexpr OptionSpec kSingleTransactionOption{
    .name = "single-transaction", .help = "Run all revisions in one transaction: all of them or none."};

}  // namespace sluice::cli
