// Options that more than one command has.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cmd/sluice/command.h"
#include "core/base/result.h"
#include "core/diff/differ.h"
#include "core/graph/migration_plan.h"
#include "core/sql/rename_hint.h"

namespace sluice::cli {

inline constexpr OptionSpec kHelpOption{
    .name = "help", .short_name = 'h', .help = "Show what the command does and its options."};
inline constexpr OptionSpec kOutputOption{.name = "output",
                                          .short_name = 'o',
                                          .value = "text|json",
                                          .help = "Print for people, or for programs (docs/json.md).",
                                          .default_value = "text"};

// A report for the program that comes next, where there is no shell to redirect what is printed.
inline constexpr OptionSpec kReportOption{
    .name = "report",
    .value = "FILE",
    .help = "Write the answer as JSON (docs/json.md) to this file too; what is printed stays as --output says."};

// Whether the answer is to be JSON; false for a command without `--output`.
inline bool WantsJson(const Invocation& invocation) { return invocation.Value(kOutputOption) == "json"; }

inline constexpr OptionSpec kConfigOption{.name = "config",
                                          .value = "FILE",
                                          .help = "The configuration file.",
                                          .default_value = "sluice.yaml, where there is one"};
inline constexpr OptionSpec kEnvFileOption{.name = "env-file",
                                           .value = "FILE",
                                           .help = "The file of environment settings.",
                                           .default_value = ".env, where there is one"};
inline constexpr OptionSpec kEnvOption{
    .name = "env", .value = "NAME", .help = "Use this section of `environments:` in the configuration file."};
inline constexpr OptionSpec kVersionsOption{.name = "versions", .value = "DIR[:DIR]", .setting = "versions"};

inline constexpr const OptionSpec* kProjectOptionList[] = {&kVersionsOption, &kConfigOption, &kEnvFileOption,
                                                           &kEnvOption};
// For every command that reads the configuration.
inline constexpr OptionGroup kProjectOptions{"Project", kProjectOptionList};

inline constexpr OptionSpec kPhaseOption{
    .name = "phase",
    .value = "expand|all",
    .help = "With `expand`, leave out contract revisions and what stands behind them (docs/revisions.md).",
    .default_value = "all"};

inline PhaseFilter ChosenPhase(const Invocation& invocation) {
  return invocation.Value(kPhaseOption) == "expand" ? PhaseFilter::kExpand : PhaseFilter::kAll;
}

inline constexpr OptionSpec kDatabaseUrlOption{.name = "database-url", .value = "URL", .setting = "database.url"};
inline constexpr OptionSpec kConnectTimeoutOption{
    .name = "database-connect-timeout", .value = "DURATION", .setting = "database.connect_timeout"};
inline constexpr OptionSpec kWaitForDatabaseOption{
    .name = "wait-for-database", .value = "DURATION", .setting = "wait_for_database"};
inline constexpr OptionSpec kVersionTableOption{.name = "version-table", .value = "TABLE", .setting = "version_table"};
inline constexpr OptionSpec kBookkeepingSchemaOption{
    .name = "bookkeeping-schema", .value = "SCHEMA", .setting = "bookkeeping.schema"};
inline constexpr OptionSpec kBookkeepingPrefixOption{
    .name = "bookkeeping-prefix", .value = "PREFIX", .setting = "bookkeeping.prefix"};

inline constexpr const OptionSpec* kDatabaseOptionList[] = {&kDatabaseUrlOption,       &kWaitForDatabaseOption,
                                                            &kConnectTimeoutOption,    &kVersionTableOption,
                                                            &kBookkeepingSchemaOption, &kBookkeepingPrefixOption};
// For every command that may connect.
inline constexpr OptionGroup kDatabaseOptions{"Database", kDatabaseOptionList};

// For the commands that compare schemas.
inline constexpr std::string_view kSchemaSourceHelp =
    "A database's URL, `database` for the configured one, a file or folder of SQL, `models` for the declared models, "
    "`scripts` or `scripts@REV` for what the scripts build, or `empty`.";
inline constexpr OptionSpec kSchemaOutputOption{
    .name = "output",
    .short_name = 'o',
    .value = "sql|tree|json",
    .help = "Print a script for psql, a tree for people, or JSON (docs/json.md).",
    .default_value = "sql"};
inline constexpr OptionSpec kRenameOption{
    .name = "rename",
    .value = "TABLE.OLD=NEW",
    .help =
        "A column was renamed, not dropped and added; OLD=NEW for a table. The schema may stand in front. In models: "
        "-- sluice:renamed-from OLD.",
    .repeatable = true};

// Errors: kUsage.
inline Result<std::vector<RenameHint>> ChosenRenames(const Invocation& invocation) {
  std::vector<RenameHint> hints;
  for (const std::string& text : invocation.Values(kRenameOption)) {
    SLUICE_TRY(RenameHint hint, ParseRename(text));
    hints.push_back(std::move(hint));
  }
  return hints;
}

inline constexpr OptionSpec kVerboseOption{
    .name = "verbose", .short_name = 'v', .help = "List what is there and not managed, instead of counting it."};
inline constexpr OptionSpec kOwnersOption{.name = "owners", .help = "Compare and write the owners of objects too."};
inline constexpr OptionSpec kNoGrantsOption{.name = "no-grants", .help = "Leave privileges out."};

inline DiffOptions ChosenDiffOptions(const Invocation& invocation) {
  return {.compare_owners = invocation.Has(kOwnersOption), .compare_grants = !invocation.Has(kNoGrantsOption)};
}

inline constexpr OptionSpec kSearchPathOption{.name = "search-path", .value = "SCHEMAS", .setting = "search_path"};
inline constexpr OptionSpec kRoleOption{.name = "role", .value = "ROLE", .setting = "role"};
inline constexpr OptionSpec kLockTimeoutOption{.name = "lock-timeout", .value = "DURATION", .setting = "lock_timeout"};
inline constexpr OptionSpec kStatementTimeoutOption{
    .name = "statement-timeout", .value = "DURATION", .setting = "statement_timeout"};
inline constexpr OptionSpec kLockBudgetOption{.name = "lock-budget", .value = "DURATION", .setting = "lock_budget"};
inline constexpr OptionSpec kMigratorWaitOption{
    .name = "migrator-wait", .value = "DURATION", .setting = "migrator_wait"};
inline constexpr OptionSpec kReconnectBudgetOption{
    .name = "reconnect-budget", .value = "DURATION", .setting = "reconnect_budget"};
inline constexpr OptionSpec kTimeoutOption{.name = "timeout", .value = "DURATION", .setting = "timeout"};
inline constexpr OptionSpec kTerminateBlockersOption{
    .name = "terminate-blockers-after", .value = "DURATION", .setting = "terminate_blockers_after"};
inline constexpr OptionSpec kTerminateOrphanOption{
    .name = "terminate-orphan-after", .value = "DURATION", .setting = "terminate_orphan_after"};
inline constexpr OptionSpec kAllowModifiedOption{.name = "allow-modified", .setting = "allow_modified"};
inline constexpr OptionSpec kAheadOption{.name = "ahead", .value = "ok|error", .setting = "ahead"};

inline constexpr const OptionSpec* kRunOptionList[] = {&kLockTimeoutOption,       &kLockBudgetOption,
                                                       &kStatementTimeoutOption,  &kTimeoutOption,
                                                       &kMigratorWaitOption,      &kReconnectBudgetOption,
                                                       &kTerminateBlockersOption, &kTerminateOrphanOption,
                                                       &kSearchPathOption,        &kRoleOption,
                                                       &kAllowModifiedOption};
// For every command that runs scripts.
inline constexpr OptionGroup kRunOptions{"Running", kRunOptionList};

}  // namespace sluice::cli
