// What Sluice has to know about a statement before it runs it, read from PostgreSQL's own parse tree (libpg_query), or
// from the statement's first keywords where the parser doesn't know the syntax (then the server is the judge). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/sql/syntax_trouble.h"

namespace sluice {

// Whether PostgreSQL runs the statement in a transaction block.
enum class TransactionUse {
  kAnywhere,
  kNeverInBlock,  // PreventInTransactionBlock: CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE, …
  kOnlyInBlock,   // RequireTransactionBlock: LOCK TABLE, DECLARE CURSOR (without hold), SAVEPOINT, …
  kControl,       // BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION, …: the script manages a transaction of its own
};

// How a statement that can't run in a block is settled when nobody knows whether it came to pass.
enum class ResumeRule {
  kNone,             // runs in a block, together with its progress row
  kCreateIndex,      // CREATE INDEX CONCURRENTLY
  kDropIndex,        // DROP INDEX CONCURRENTLY: absent is done
  kDetachPartition,  // ALTER TABLE … DETACH PARTITION … CONCURRENTLY: pending gets FINALIZE, absent is done
  kReindex,          // REINDEX … CONCURRENTLY: leftovers (_ccnew, _ccold) dropped, then repeat
  kRepeat,           // VACUUM, ALTER SYSTEM, CLUSTER, …
  kCreateObject,     // CREATE DATABASE, TABLESPACE, SUBSCRIPTION: present is done
  kDropObject,       // DROP DATABASE, TABLESPACE, SUBSCRIPTION: absent is done
  kAsk,              // CALL, DO, anything else: `sluice repair`
};

struct QualifiedName {
  std::string schema;  // empty: as search_path finds it
  std::string name;
};

struct StatementInfo {
  std::string kind;  // the parse tree's node, `IndexStmt`; empty when the parser doesn't know the syntax
  bool parsed = false;
  TransactionUse transaction = TransactionUse::kAnywhere;
  ResumeRule resume = ResumeRule::kNone;
  int since_version = 0;         // `transaction` holds from this server major version on; 0: all
  std::string mend;              // for kNeverInBlock and kControl: what to do, one line
  std::string refusal;           // never allowed in a script: COPY … FROM STDIN, DISCARD ALL, pg_advisory_unlock_all
                                 // (anywhere in the statement); what to do instead. Empty: allowed
  bool ends_message = false;     // changes how the text after it is read: SET standard_conforming_strings,
                                 // backslash_quote, role, session authorization, search_path, client_encoding, …
  bool changes_session = false;  // may leave something in the session: SET, PREPARE, DECLARE, LISTEN, temporary
                                 // tables, DO, CALL, set_config, any function call the parse tree can't rule out
  bool deallocates_all = false;  // DEALLOCATE ALL: Sluice's own prepared statements go too
  bool is_query = false;         // SELECT, VALUES or TABLE without INTO and without a data-modifying WITH
  std::string adds_enum_value_type;  // ALTER TYPE … ADD VALUE: the type's name as written, else empty
  std::string adds_enum_value;       // … and the value
  QualifiedName relation;            // the index's table, the table of DETACH, the first of VACUUM, the index of DROP
                                     // INDEX, the object
  QualifiedName object;              // the index's name (empty: not named), the partition of DETACH
  bool if_exists = false;            // IF EXISTS or IF NOT EXISTS
};

// `statement`: the text of exactly one statement. Never fails: what the parser can't read comes back with parsed=false.
StatementInfo InspectStatement(std::string_view statement);

// PostgreSQL's own message when the parser of libpg_query refuses `statement`, with the byte offset; empty when it
// accepts it.
std::optional<SyntaxTrouble> ParseTrouble(std::string_view statement);

}  // namespace sluice
