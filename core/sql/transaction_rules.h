// Which statements PostgreSQL refuses inside a transaction block, and which only make sense in one: one table. The
// rules are those of PreventInTransactionBlock() and RequireTransactionBlock() in PostgreSQL 13 to 18, each proven on a
// server of every version by tests/acceptance/transaction_rules_test.cpp. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql/statement_info.h"

namespace sluice {

struct TransactionRule {
  std::string_view statement;                   // as PostgreSQL's documentation names it
  std::string_view node;                        // the parse tree's node
  bool (*applies)(const nlohmann::json& node);  // to this node; nullptr: always
  std::string_view words;                       // first words, for syntax that the parser doesn't know; may be empty
  TransactionUse transaction;
  ResumeRule resume;
  int since_version;  // server major version; 0: all
  std::string_view mend;
  std::string_view example;  // what the acceptance test runs
};

std::span<const TransactionRule> TransactionRules();

// A value that ALTER TYPE adds to an enum can't be used before it is committed (55P04); from this version on it can,
// when the type itself was created in the same transaction.
inline constexpr int kValuesOfNewEnumTypesAreSafeSince = 17;

// Whether some statements of this kind have a rule, so that the node's fields are worth a look.
bool HasTransactionRules(std::string_view kind);

// The rule for a statement, or nullptr when PostgreSQL runs it anywhere.
const TransactionRule* FindTransactionRule(std::string_view kind, const nlohmann::json& node);

// The same from the statement's first words (upper case), where the parser doesn't know the syntax.
const TransactionRule* FindTransactionRule(const std::vector<std::string>& words);

}  // namespace sluice
