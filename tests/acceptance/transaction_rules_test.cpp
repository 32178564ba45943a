// The table of core/sql/transaction_rules.cpp against the server: every row is run inside and outside of a transaction
// block. The `servers` stage runs this on PostgreSQL 13 to 18.
#include "core/sql/transaction_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/db/pg_session.h"
#include "tests/support/postgres_server.h"

namespace sluice {
namespace {

constexpr const char* kActiveTransaction = "25001";    // active_sql_transaction
constexpr const char* kNoActiveTransaction = "25P01";  // no_active_sql_transaction
constexpr const char* kUnsafeEnumValue = "55P04";      // unsafe_new_enum_value_usage

class TransactionRulesTest : public testing::PostgresTest {
 protected:
  TransactionRulesTest() {
    ConnectFailure failure;
    session_ = ScriptSession::Open(ConnectionString(), &failure);
    if (session_ == nullptr) throw std::runtime_error(failure.message);
    session_->OnNotice([this](const ServerReport& notice) { notices_.push_back(notice.sqlstate); });
    tablespace_directory_ = server().data_directory() + "/rule_tablespaces";
    Sql("COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; mkdir -p " + tablespace_directory_ + "/old " +
        tablespace_directory_ + "/new'");
  }

  ~TransactionRulesTest() override {
    for (const char* subscription : {"rule_subscription", "rule_enabled_subscription", "rule_new_subscription"}) {
      Try(std::string("ALTER SUBSCRIPTION ") + subscription + " DISABLE");
      Try(std::string("ALTER SUBSCRIPTION ") + subscription + " SET (slot_name = NONE)");
      Try(std::string("DROP SUBSCRIPTION ") + subscription);
    }
    for (const char* statement : {"DROP DATABASE IF EXISTS rule_database", "DROP DATABASE IF EXISTS rule_new_database",
                                  "DROP TABLESPACE IF EXISTS rule_tablespace",
                                  "DROP TABLESPACE IF EXISTS rule_new_tablespace", "ALTER SYSTEM RESET work_mem"}) {
      Try(statement);
    }
  }

  // What the examples of the table name; made again where an example has dropped it.
  void MakeObjects() {
    for (const std::string& statement : {
             std::string("CREATE TABLE rule_table (id int)"),
             std::string("CREATE INDEX rule_idx ON rule_table (id)"),
             std::string("DROP INDEX rule_new_idx"),
             std::string("CREATE SCHEMA rule_schema"),
             std::string("CREATE TABLE rule_parent (id int) PARTITION BY RANGE (id)"),
             std::string("CREATE TABLE rule_partition PARTITION OF rule_parent FOR VALUES FROM (1) TO (2)"),
             std::string("CREATE DATABASE rule_database"),
             "CREATE TABLESPACE rule_tablespace LOCATION '" + tablespace_directory_ + "/old'",
             std::string("CREATE SUBSCRIPTION rule_subscription CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p "
                         "WITH (connect = false)"),
             std::string("CREATE SUBSCRIPTION rule_enabled_subscription CONNECTION 'host=127.0.0.1 port=1' "
                         "PUBLICATION p WITH (connect = false)"),
             std::string("ALTER SUBSCRIPTION rule_enabled_subscription ENABLE"),
         }) {
      Try(statement);
    }
  }

  // The SQLSTATE of the error; empty when there is none. Every statement is a message of its own.
  std::string Try(const std::string& statement) {
    const MessageOutcome outcome = session_->Send(statement, nullptr);
    return outcome.failure.has_value() ? outcome.failure->server.sqlstate : std::string();
  }

  std::string TryInBlock(const std::string& statement) {
    Try("BEGIN");
    const std::string sqlstate = Try(statement);
    Try("ROLLBACK");
    return sqlstate;
  }

  std::string Example(const TransactionRule& rule) const {
    constexpr std::string_view kPlaceholder = "@tablespace_directory@";
    std::string example(rule.example);
    if (const std::size_t at = example.find(kPlaceholder); at != std::string::npos) {
      example.replace(at, kPlaceholder.size(), tablespace_directory_ + "/new");
    }
    return example;
  }

  bool Holds(const TransactionRule& rule) { return server().MajorVersion() >= rule.since_version; }

  bool WarnedOfNoTransaction() const {
    return std::find(notices_.begin(), notices_.end(), kNoActiveTransaction) != notices_.end();
  }

  std::unique_ptr<ScriptSession> session_;
  std::string tablespace_directory_;
  std::vector<std::string> notices_;
};

TEST_F(TransactionRulesTest, PostgresRefusesInABlockExactlyWhatTheTableSays) {
  for (const TransactionRule& rule : TransactionRules()) {
    if (rule.transaction != TransactionUse::kNeverInBlock) continue;
    MakeObjects();
    const std::string in_block = TryInBlock(Example(rule));
    if (!Holds(rule)) {
      EXPECT_NE(in_block, kActiveTransaction) << rule.statement;
      continue;
    }
    EXPECT_EQ(in_block, kActiveTransaction) << rule.statement;
    EXPECT_NE(Try(Example(rule)), kActiveTransaction) << rule.statement;
  }
}

TEST_F(TransactionRulesTest, WhatOnlyMakesSenseInABlockIsRefusedOrWarnedOfOutside) {
  for (const TransactionRule& rule : TransactionRules()) {
    if (rule.transaction != TransactionUse::kOnlyInBlock) continue;
    MakeObjects();
    notices_.clear();
    const std::string outside = Try(Example(rule));
    EXPECT_TRUE(outside == kNoActiveTransaction || WarnedOfNoTransaction()) << rule.statement << ": " << outside;
    EXPECT_EQ(TryInBlock(Example(rule)), "") << rule.statement;
  }
}

TEST_F(TransactionRulesTest, SubscriptionsWithoutASlotOrARefreshRunInABlock) {
  MakeObjects();
  for (const char* statement : {
           "CREATE SUBSCRIPTION rule_new_subscription CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = "
           "false)",
           "ALTER SUBSCRIPTION rule_enabled_subscription SET PUBLICATION q WITH (refresh = false)",
           "ALTER SUBSCRIPTION rule_subscription SET (two_phase = true)",
       }) {
    EXPECT_EQ(InspectStatement(statement).transaction, TransactionUse::kAnywhere) << statement;
    EXPECT_NE(TryInBlock(statement), kActiveTransaction) << statement;
  }
}

TEST_F(TransactionRulesTest, ANewEnumValueIsUnsafeUntilItsCommit) {
  Sql("CREATE TYPE mood AS ENUM ('sad', 'ok')");
  Try("BEGIN");
  EXPECT_EQ(Try("ALTER TYPE mood ADD VALUE 'fine'"), "");
  EXPECT_EQ(Try("ALTER TYPE mood ADD VALUE 'better' AFTER 'fine'"), "");
  EXPECT_EQ(Try("SELECT 'fine'::mood"), kUnsafeEnumValue);
  Try("ROLLBACK");
}

TEST_F(TransactionRulesTest, ValuesOfAnEnumTypeOfTheSameTransactionAreSafeInLaterVersions) {
  Try("BEGIN");
  EXPECT_EQ(Try("CREATE TYPE mood AS ENUM ('sad', 'ok')"), "");
  EXPECT_EQ(Try("ALTER TYPE mood ADD VALUE 'fine'"), "");
  const bool safe = server().MajorVersion() >= kValuesOfNewEnumTypesAreSafeSince;
  EXPECT_EQ(Try("SELECT 'fine'::mood"), safe ? "" : kUnsafeEnumValue);
  Try("ROLLBACK");
}

}  // namespace
}  // namespace sluice
