#include "core/engine/bare_statement.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/own_statement.h"
#include "core/sql/identifier.h"
#include "core/sql/psql_text.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

// Names in the intent's JSON: they stay what they are, for a later version reads them.
constexpr std::pair<ResumeRule, std::string_view> kRuleNames[] = {
    {ResumeRule::kNone, "none"},
    {ResumeRule::kCreateIndex, "create_index"},
    {ResumeRule::kDropIndex, "drop_index"},
    {ResumeRule::kDetachPartition, "detach_partition"},
    {ResumeRule::kReindex, "reindex"},
    {ResumeRule::kRepeat, "repeat"},
    {ResumeRule::kCreateObject, "create_object"},
    {ResumeRule::kDropObject, "drop_object"},
    {ResumeRule::kAsk, "ask"},
};

std::string_view ResumeRuleName(ResumeRule wanted) {
  for (const auto& [rule, name] : kRuleNames) {
    if (rule == wanted) return name;
  }
  return "ask";
}

ResumeRule ResumeRuleByName(std::string_view wanted) {
  for (const auto& [rule, name] : kRuleNames) {
    if (name == wanted) return rule;
  }
  return ResumeRule::kAsk;
}

// One row with one column; statements here are fully qualified, for they run under the script's search_path.
Result<std::optional<std::string>> ReadOne(ScriptSession& session, const std::string& sql) {
  const MessageOutcome outcome = session.Send(sql, nullptr);
  if (!outcome.ok()) return OwnStatementError(*outcome.failure);
  const CommandResult& result = outcome.results.front();
  if (result.first_rows.empty()) return std::optional<std::string>();
  return result.first_rows.front().front();
}

std::string Relation(const QualifiedName& name) { return QuoteLiteral(QuoteQualified(name.schema, name.name)); }

// SQL: the oid of the relation as search_path finds it; NULL when there is none.
std::string Oid(const QualifiedName& name) {
  if (name.name.empty()) return "NULL::pg_catalog.oid";
  return "pg_catalog.to_regclass(" + Relation(name) + ")::pg_catalog.oid";
}

Result<std::string> ReadOid(ScriptSession& session, const QualifiedName& name) {
  SLUICE_TRY(const std::optional<std::string> oid, ReadOne(session, "SELECT " + Oid(name) + "::pg_catalog.text"));
  return oid.value_or("0");
}

struct IndexRow {
  std::string oid;
  std::string name;  // quoted and qualified
  std::string bare_name;
  bool valid = false;
};

// The indexes of a table, or of all tables of a database for REINDEX DATABASE and SCHEMA (relation 0).
Result<std::vector<IndexRow>> ReadIndexes(ScriptSession& session, const std::string& relation) {
  SLUICE_TRY(
      const std::optional<std::string> json,
      ReadOne(
          session,
          "SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.indexrelid::pg_catalog.text, "
          "pg_catalog.format('%I.%I', n.nspname, c.relname), c.relname, i.indisvalid)) FROM pg_catalog.pg_index i "
          "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid JOIN pg_catalog.pg_namespace n "
          "ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE " +
              (relation == "0" ? std::string("NOT i.indisvalid")
                               : "i.indrelid OPERATOR(pg_catalog.=) " + relation +
                                     "::pg_catalog.oid OR i.indrelid OPERATOR(pg_catalog.=) (SELECT r.indrelid FROM "
                                     "pg_catalog.pg_index r WHERE r.indexrelid OPERATOR(pg_catalog.=) " +
                                     relation + "::pg_catalog.oid)")));
  std::vector<IndexRow> indexes;
  if (!json) return indexes;
  for (const Json& row : Json::parse(*json)) {
    indexes.push_back(
        {row[0].get<std::string>(), row[1].get<std::string>(), row[2].get<std::string>(), row[3].get<bool>()});
  }
  return indexes;
}

constexpr std::string_view kNotValid = " is not valid: IF NOT EXISTS skipped over what an earlier attempt left";

Status DropIndex(const SendWatched& send, const IndexRow& index) {
  return send("DROP INDEX CONCURRENTLY IF EXISTS " + index.name);
}

// The indexes that were not there when the intent was made.
Result<std::vector<IndexRow>> NewIndexes(ScriptSession& session, const Json& intent) {
  SLUICE_TRY(std::vector<IndexRow> indexes, ReadIndexes(session, intent["relation"].get<std::string>()));
  const std::vector<std::string> before = intent["indexes"].get<std::vector<std::string>>();
  std::erase_if(indexes, [&before](const IndexRow& index) {
    return std::find(before.begin(), before.end(), index.oid) != before.end();
  });
  return indexes;
}

Error NeedsDecision(const BareStatement& statement, const std::string& why) {
  return MakeError(
      ErrorCode::kNeedsDecision,
      "nobody can tell whether a statement of revision " + statement.revision + " came to pass: " + why,
      "look into the database, then say so: sluice repair " + statement.revision + " --mark-done N, or --redo N");
}

Result<Settlement> SettleCreateIndex(ScriptSession& session, const BareStatement& statement, const Json& intent,
                                     const SendWatched& send) {
  SLUICE_TRY(std::vector<IndexRow> indexes, NewIndexes(session, intent));
  const std::string begun = intent["index"].get<std::string>();
  if (!begun.empty()) {
    std::erase_if(indexes, [&begun](const IndexRow& index) { return index.bare_name != begun; });
  }
  // Valid indexes that appeared meanwhile are somebody else's where the statement didn't name its index.
  const auto valid = std::count_if(indexes.begin(), indexes.end(), [](const IndexRow& index) { return index.valid; });
  if (begun.empty() && valid > 1) {
    return NeedsDecision(statement,
                         std::to_string(valid) + " new indexes are on its table, and it doesn't name its own");
  }
  const bool same_statement = intent["hash"] == statement.hash;
  for (const IndexRow& index : indexes) {
    if (index.valid && same_statement) return Settlement::kDone;
    if (index.valid && begun.empty()) continue;
    SLUICE_CHECK(DropIndex(send, index));
  }
  return Settlement::kRun;
}

// REINDEX CONCURRENTLY leaves invalid indexes named …_ccnew and …_ccold (PostgreSQL documentation, REINDEX).
Result<Settlement> SettleReindex(ScriptSession& session, const Json& intent, const SendWatched& send) {
  SLUICE_TRY(const std::vector<IndexRow> indexes, NewIndexes(session, intent));
  for (const IndexRow& index : indexes) {
    const bool leftover =
        index.bare_name.find("_ccnew") != std::string::npos || index.bare_name.find("_ccold") != std::string::npos;
    if (!index.valid && leftover) SLUICE_CHECK(DropIndex(send, index));
  }
  return Settlement::kRun;
}

Result<Settlement> SettleDropIndex(ScriptSession& session, const Json& intent) {
  SLUICE_TRY(const std::optional<std::string> there,
             ReadOne(session, "SELECT 1 FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) " +
                                  intent["relation"].get<std::string>() + "::pg_catalog.oid"));
  return there ? Settlement::kRun : Settlement::kDone;
}

Result<Settlement> SettleDetach(ScriptSession& session, const BareStatement& statement, const Json& intent,
                                const SendWatched& send) {
  SLUICE_TRY(const std::optional<std::string> pending,
             ReadOne(session,
                     "SELECT inhdetachpending FROM pg_catalog.pg_inherits WHERE inhrelid "
                     "OPERATOR(pg_catalog.=) " +
                         intent["object"].get<std::string>() + "::pg_catalog.oid"));
  if (!pending) return Settlement::kDone;
  if (*pending == "f") return Settlement::kRun;
  SLUICE_CHECK(send("ALTER TABLE " + QuoteQualified(statement.info.relation.schema, statement.info.relation.name) +
                    " DETACH PARTITION " + QuoteQualified(statement.info.object.schema, statement.info.object.name) +
                    " FINALIZE"));
  return Settlement::kDone;
}

Result<bool> ObjectIsThere(ScriptSession& session, const BareStatement& statement) {
  const std::string name = QuoteLiteral(statement.info.relation.name);
  SLUICE_TRY(const std::optional<std::string> there,
             ReadOne(session,
                     "SELECT 1 FROM (SELECT datname FROM pg_catalog.pg_database UNION ALL SELECT spcname FROM "
                     "pg_catalog.pg_tablespace UNION ALL SELECT subname FROM pg_catalog.pg_subscription) o "
                     "(name) WHERE name OPERATOR(pg_catalog.=) " +
                         name + "::pg_catalog.name"));
  return there.has_value();
}

}  // namespace

std::string IntentQuery(const BareStatement& statement) {
  const StatementInfo& info = statement.info;
  // PostgreSQL allows it in a block, and it is not in one all the same: a procedure that ends transactions.
  const ResumeRule rule = info.resume == ResumeRule::kNone ? ResumeRule::kAsk : info.resume;
  const bool has_relation = rule == ResumeRule::kCreateIndex || rule == ResumeRule::kDropIndex ||
                            rule == ResumeRule::kDetachPartition || rule == ResumeRule::kReindex;
  const bool has_indexes = rule == ResumeRule::kCreateIndex || rule == ResumeRule::kReindex;
  const std::string relation = has_relation ? Oid(info.relation) : "NULL::pg_catalog.oid";
  const std::string object = rule == ResumeRule::kDetachPartition ? Oid(info.object) : "NULL::pg_catalog.oid";
  return "SELECT pg_catalog.json_build_object('hash', " + QuoteLiteral(statement.hash) + ", 'rule', '" +
         std::string(ResumeRuleName(rule)) + "', 'index', " +
         QuoteLiteral(rule == ResumeRule::kCreateIndex ? info.object.name : "") +
         ", 'relation', coalesce(r.relation, 0)::pg_catalog.text, 'object', coalesce(r.object, 0)::pg_catalog.text, "
         "'indexes', coalesce(" +
         (has_indexes ? "(SELECT pg_catalog.json_agg(i.indexrelid::pg_catalog.text) FROM pg_catalog.pg_index i WHERE "
                        "CASE WHEN r.relation IS NULL THEN NOT i.indisvalid ELSE i.indrelid OPERATOR(pg_catalog.=) "
                        "r.relation OR i.indrelid OPERATOR(pg_catalog.=) (SELECT o.indrelid FROM pg_catalog.pg_index o "
                        "WHERE o.indexrelid OPERATOR(pg_catalog.=) r.relation) END)"
                      : "NULL") +
         ", '[]'::pg_catalog.json))::pg_catalog.text AS intent FROM (SELECT " + relation + ", " + object +
         ") r (relation, object)";
}

Result<std::string> CaptureIntent(ScriptSession& session, const BareStatement& statement) {
  SLUICE_TRY(std::optional<std::string> intent, ReadOne(session, IntentQuery(statement)));
  return std::move(intent).value_or("");
}

Result<Settlement> SettleIntent(ScriptSession& session, const BareStatement& statement, const std::string& text,
                                const SendWatched& send) {
  const Json intent = Json::parse(text, nullptr, false);
  if (intent.is_discarded()) return NeedsDecision(statement, "its record can't be read");
  // The rule of the statement that was begun, which may have been mended since.
  switch (ResumeRuleByName(intent["rule"].get<std::string>())) {
    case ResumeRule::kCreateIndex:
      return SettleCreateIndex(session, statement, intent, send);
    case ResumeRule::kReindex:
      return SettleReindex(session, intent, send);
    case ResumeRule::kDropIndex:
      return SettleDropIndex(session, intent);
    case ResumeRule::kDetachPartition:
      return SettleDetach(session, statement, intent, send);
    case ResumeRule::kCreateObject: {
      SLUICE_TRY(const bool there, ObjectIsThere(session, statement));
      return there ? Settlement::kDone : Settlement::kRun;
    }
    case ResumeRule::kDropObject: {
      SLUICE_TRY(const bool there, ObjectIsThere(session, statement));
      return there ? Settlement::kRun : Settlement::kDone;
    }
    case ResumeRule::kRepeat:
    case ResumeRule::kNone:
      return Settlement::kRun;
    case ResumeRule::kAsk:
      break;
  }
  return NeedsDecision(statement, "it manages transactions of its own");
}

Status DemandValidIndex(ScriptSession& session, const BareStatement& statement) {
  const QualifiedName& table = statement.info.relation;
  if (statement.info.resume != ResumeRule::kCreateIndex || statement.info.object.name.empty()) return {};
  SLUICE_TRY(const std::string relation, ReadOid(session, table));
  SLUICE_TRY(const std::vector<IndexRow> indexes, ReadIndexes(session, relation));
  for (const IndexRow& index : indexes) {
    if (index.bare_name != statement.info.object.name || index.valid) continue;
    return MakeError(ErrorCode::kStatementFailed, "index " + index.name + std::string(kNotValid),
                     "it was there before this run, so Sluice leaves it: DROP INDEX CONCURRENTLY " + index.name +
                         ", then run the same command again");
  }
  return {};
}

std::string DemandValidIndexSql(const BareStatement& statement) {
  if (statement.info.resume != ResumeRule::kCreateIndex || statement.info.object.name.empty()) return "";
  const std::string& name = statement.info.object.name;
  return "DO " +
         DollarQuote(
             "\nBEGIN\n  IF EXISTS (SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid "
             "OPERATOR(pg_catalog.=) i.indexrelid\n      WHERE i.indrelid OPERATOR(pg_catalog.=) " +
             Oid(statement.info.relation) + " AND c.relname OPERATOR(pg_catalog.=) " + QuoteLiteral(name) +
             " AND NOT i.indisvalid) THEN\n    RAISE EXCEPTION USING MESSAGE = " +
             QuoteLiteral("index " + name + std::string(kNotValid)) + ";\n  END IF;\nEND\n") +
         ";\n";
}

}  // namespace sluice
