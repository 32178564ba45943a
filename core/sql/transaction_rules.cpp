#include "core/sql/transaction_rules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice {
namespace {

using Json = nlohmann::json;

bool Flag(const Json& node, const char* name) { return node.value(name, false); }
std::string Text(const Json& node, const char* name) { return node.value(name, std::string()); }

// An option like `(concurrently)`, `with (refresh = false)`: its value as PostgreSQL's defGetBoolean reads it; empty
// when it isn't written.
std::optional<bool> Option(const Json& node, const char* list, std::string_view name) {
  const auto options = node.find(list);
  if (options == node.end()) return std::nullopt;
  for (const Json& option : *options) {
    const Json& element = option.at("DefElem");
    if (Text(element, "defname") != name) continue;
    const auto arg = element.find("arg");
    if (arg == element.end()) return true;
    const std::string value = arg->dump();
    return value.find("\"false\"") == std::string::npos && value.find("\"off\"") == std::string::npos &&
           value.find("\"ival\":0") == std::string::npos && value.find("\"Integer\":{}") == std::string::npos;
  }
  return std::nullopt;
}

bool HasOption(const Json& node, std::string_view name) { return Option(node, "options", name).has_value(); }
bool Concurrent(const Json& node) { return Flag(node, "concurrent"); }
bool ReindexConcurrently(const Json& node) { return Option(node, "params", "concurrently").value_or(false); }
bool ReindexMany(const Json& node) {
  const std::string kind = Text(node, "kind");
  return kind == "REINDEX_OBJECT_SCHEMA" || kind == "REINDEX_OBJECT_SYSTEM" || kind == "REINDEX_OBJECT_DATABASE";
}
bool DetachConcurrently(const Json& node) {
  const auto commands = node.find("cmds");
  return commands != node.end() && std::any_of(commands->begin(), commands->end(), [](const Json& command) {
           const Json& fields = command.at("AlterTableCmd");
           return Text(fields, "subtype") == "AT_DetachPartition" &&
                  Flag(fields.at("def").at("PartitionCmd"), "concurrent");
         });
}
bool IsVacuum(const Json& node) { return Flag(node, "is_vacuumcmd"); }
bool ClusterAll(const Json& node) { return !node.contains("relation"); }
bool SetsTablespace(const Json& node) { return HasOption(node, "tablespace"); }
bool CreatesSlot(const Json& node) {
  return Option(node, "options", "connect").value_or(true) && Option(node, "options", "create_slot").value_or(true);
}
bool RefreshesPublications(const Json& node) {
  const std::string kind = Text(node, "kind");
  if (kind == "ALTER_SUBSCRIPTION_REFRESH") return true;
  return kind.ends_with("_PUBLICATION") && Option(node, "options", "refresh").value_or(true);
}
bool SetsFailover(const Json& node) {
  return Text(node, "kind") == "ALTER_SUBSCRIPTION_OPTIONS" && HasOption(node, "failover");
}
bool EndsTwoPhase(const Json& node) {
  return Text(node, "kind") == "ALTER_SUBSCRIPTION_OPTIONS" && !Option(node, "options", "two_phase").value_or(true);
}
bool DiscardsAll(const Json& node) { return Text(node, "target") == "DISCARD_ALL"; }

bool IsSavepoint(const Json& node) {
  const std::string kind = Text(node, "kind");
  return kind == "TRANS_STMT_SAVEPOINT" || kind == "TRANS_STMT_RELEASE" || kind == "TRANS_STMT_ROLLBACK_TO";
}
bool IsPrepared(const Json& node) {
  const std::string kind = Text(node, "kind");
  return kind == "TRANS_STMT_COMMIT_PREPARED" || kind == "TRANS_STMT_ROLLBACK_PREPARED";
}
constexpr int kCursorHold = 0x0020;  // CURSOR_OPT_HOLD
bool WithoutHold(const Json& node) { return (node.value("options", 0) & kCursorHold) == 0; }
bool IsLocal(const Json& node) { return Flag(node, "is_local") && Text(node, "kind") != "VAR_SET_MULTI"; }
bool SetsTransaction(const Json& node) {
  return Text(node, "kind") == "VAR_SET_MULTI" && Text(node, "name").starts_with("TRANSACTION");
}

constexpr std::string_view kOff = "move it to a section of its own with transaction=off";
constexpr std::string_view kOn =
    "move it to a section with a transaction (without transaction=off), together with what needs it";
constexpr std::string_view kOwn =
    "remove it: the section is a transaction already; a script that manages its own needs transaction=off";

constexpr TransactionUse kNever = TransactionUse::kNeverInBlock;
constexpr TransactionUse kOnly = TransactionUse::kOnlyInBlock;
constexpr TransactionUse kControl = TransactionUse::kControl;

// The first row that applies counts. A row: what it is about; where it holds and what follows; an example.
// clang-format off
constexpr auto kRules = std::to_array<TransactionRule>({
    {"CREATE INDEX CONCURRENTLY", "IndexStmt", Concurrent, "CREATE INDEX CONCURRENTLY",
     kNever, ResumeRule::kCreateIndex, 0, kOff,
     "CREATE INDEX CONCURRENTLY rule_new_idx ON rule_table (id)"},
    {"DROP INDEX CONCURRENTLY", "DropStmt", Concurrent, "DROP INDEX CONCURRENTLY",
     kNever, ResumeRule::kDropIndex, 0, kOff,
     "DROP INDEX CONCURRENTLY rule_idx"},
    {"REINDEX CONCURRENTLY", "ReindexStmt", ReindexConcurrently, "REINDEX CONCURRENTLY",
     kNever, ResumeRule::kReindex, 0, kOff,
     "REINDEX INDEX CONCURRENTLY rule_idx"},
    {"REINDEX SCHEMA, DATABASE, SYSTEM", "ReindexStmt", ReindexMany, "REINDEX DATABASE",
     kNever, ResumeRule::kRepeat, 0, kOff,
     "REINDEX SCHEMA rule_schema"},
    {"ALTER TABLE DETACH PARTITION CONCURRENTLY", "AlterTableStmt", DetachConcurrently, "ALTER TABLE DETACH CONCURRENTLY",
     kNever, ResumeRule::kDetachPartition, 14, kOff,
     "ALTER TABLE rule_parent DETACH PARTITION rule_partition CONCURRENTLY"},
    {"VACUUM", "VacuumStmt", IsVacuum, "VACUUM",
     kNever, ResumeRule::kRepeat, 0, kOff,
     "VACUUM rule_table"},
    {"CLUSTER without a table", "ClusterStmt", ClusterAll, "",
     kNever, ResumeRule::kRepeat, 0, kOff,
     "CLUSTER"},
    {"ALTER SYSTEM", "AlterSystemStmt", nullptr, "ALTER SYSTEM",
     kNever, ResumeRule::kRepeat, 0, kOff,
     "ALTER SYSTEM SET work_mem = '5MB'"},
    {"CREATE DATABASE", "CreatedbStmt", nullptr, "CREATE DATABASE",
     kNever, ResumeRule::kCreateObject, 0, kOff,
     "CREATE DATABASE rule_new_database"},
    {"ALTER DATABASE SET TABLESPACE", "AlterDatabaseStmt", SetsTablespace, "",
     kNever, ResumeRule::kRepeat, 0, kOff,
     "ALTER DATABASE rule_database SET TABLESPACE pg_default"},
    {"DROP DATABASE", "DropdbStmt", nullptr, "DROP DATABASE",
     kNever, ResumeRule::kDropObject, 0, kOff,
     "DROP DATABASE rule_database"},
    {"CREATE TABLESPACE", "CreateTableSpaceStmt", nullptr, "CREATE TABLESPACE",
     kNever, ResumeRule::kCreateObject, 0, kOff,
     "CREATE TABLESPACE rule_new_tablespace LOCATION '@tablespace_directory@'"},
    {"DROP TABLESPACE", "DropTableSpaceStmt", nullptr, "DROP TABLESPACE",
     kNever, ResumeRule::kDropObject, 0, kOff,
     "DROP TABLESPACE rule_tablespace"},
    {"CREATE SUBSCRIPTION that makes a slot", "CreateSubscriptionStmt", CreatesSlot, "",
     kNever, ResumeRule::kCreateObject, 0, kOff,
     "CREATE SUBSCRIPTION rule_new_subscription CONNECTION 'host=127.0.0.1 port=1' PUBLICATION rule_publication"},
    {"ALTER SUBSCRIPTION that refreshes", "AlterSubscriptionStmt", RefreshesPublications, "",
     kNever, ResumeRule::kRepeat, 14, kOff,
     "ALTER SUBSCRIPTION rule_enabled_subscription REFRESH PUBLICATION"},
    {"ALTER SUBSCRIPTION SET (failover)", "AlterSubscriptionStmt", SetsFailover, "",
     kNever, ResumeRule::kRepeat, 17, kOff,
     "ALTER SUBSCRIPTION rule_subscription SET (failover = true)"},
    {"ALTER SUBSCRIPTION SET (two_phase = false)", "AlterSubscriptionStmt", EndsTwoPhase, "",
     kNever, ResumeRule::kRepeat, 18, kOff,
     "ALTER SUBSCRIPTION rule_subscription SET (two_phase = false)"},
    {"DROP SUBSCRIPTION with a slot", "DropSubscriptionStmt", nullptr, "DROP SUBSCRIPTION",
     kNever, ResumeRule::kDropObject, 0, kOff,
     "DROP SUBSCRIPTION rule_subscription"},
    {"DISCARD ALL", "DiscardStmt", DiscardsAll, "DISCARD ALL",
     kNever, ResumeRule::kAsk, 0, kOff,
     "DISCARD ALL"},
    {"LOCK TABLE", "LockStmt", nullptr, "LOCK",
     kOnly, ResumeRule::kNone, 0, kOn,
     "LOCK TABLE rule_table"},
    {"DECLARE CURSOR without HOLD", "DeclareCursorStmt", WithoutHold, "",
     kOnly, ResumeRule::kNone, 0, kOn,
     "DECLARE rule_cursor CURSOR FOR SELECT 1"},
    {"SAVEPOINT, RELEASE, ROLLBACK TO", "TransactionStmt", IsSavepoint, "SAVEPOINT",
     kOnly, ResumeRule::kNone, 0, kOn,
     "SAVEPOINT rule_savepoint"},
    {"SET LOCAL", "VariableSetStmt", IsLocal, "SET LOCAL",
     kOnly, ResumeRule::kNone, 0, kOn,
     "SET LOCAL work_mem = '5MB'"},
    {"SET TRANSACTION", "VariableSetStmt", SetsTransaction, "SET TRANSACTION",
     kOnly, ResumeRule::kNone, 0, kOn,
     "SET TRANSACTION READ WRITE"},
    {"SET CONSTRAINTS", "ConstraintsSetStmt", nullptr, "SET CONSTRAINTS",
     kOnly, ResumeRule::kNone, 0, kOn,
     "SET CONSTRAINTS ALL DEFERRED"},
    {"COMMIT PREPARED, ROLLBACK PREPARED", "TransactionStmt", IsPrepared, "COMMIT PREPARED",
     kNever, ResumeRule::kAsk, 0, kOff,
     "COMMIT PREPARED 'rule_prepared'"},
    {"BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION", "TransactionStmt", nullptr, "",
     kControl, ResumeRule::kAsk, 0, kOwn,
     "BEGIN"},
});
// clang-format on

// Every word of `rule` in this order among the statement's words, the first one first.
bool MatchesWords(std::string_view rule, const std::vector<std::string>& words) {
  auto at = words.begin();
  while (!rule.empty()) {
    const std::string_view wanted = rule.substr(0, rule.find(' '));
    rule.remove_prefix(std::min(rule.size(), wanted.size() + 1));
    const auto found = std::find(at, words.end(), wanted);
    if (found == words.end() || (at == words.begin() && found != at)) return false;
    at = found + 1;
  }
  return at != words.begin();
}

}  // namespace

std::span<const TransactionRule> TransactionRules() { return kRules; }

bool HasTransactionRules(std::string_view kind) {
  return std::any_of(kRules.begin(), kRules.end(), [&](const TransactionRule& rule) { return rule.node == kind; });
}

const TransactionRule* FindTransactionRule(std::string_view kind, const Json& node) {
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const TransactionRule& candidate) {
    return candidate.node == kind && (candidate.applies == nullptr || candidate.applies(node));
  });
  return rule == kRules.end() ? nullptr : &*rule;
}

const TransactionRule* FindTransactionRule(const std::vector<std::string>& words) {
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const TransactionRule& candidate) {
    return MatchesWords(candidate.words, words);
  });
  return rule == kRules.end() ? nullptr : &*rule;
}

}  // namespace sluice
