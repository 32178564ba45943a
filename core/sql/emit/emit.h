// Operations as SQL: the statements that a careful person would write for one step of a difference. One file a family
// of kinds; this is their front. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

struct SqlStatement {
  std::string text;            // without the semicolon
  bool in_transaction = true;  // false: PostgreSQL refuses it in a transaction block
  // What it adds can't be used before its transaction has committed: a label of an enum (SQLSTATE 55P04).
  bool usable_after_commit = false;
};

// The two sides of a difference, and what is known of the server that will run the statements.
struct EmitContext {
  const Schema& from;
  const Schema& to;
  int server_major = 0;
  bool owners = false;  // give what is created its owner; else it belongs to the role that creates it
};

// The way back: what the inverse of an operation is written with.
inline EmitContext Reversed(const EmitContext& context) {
  return {context.to, context.from, context.server_major, context.owners};
}

// The statements of one operation in its plain form, in order. An alteration that PostgreSQL has no statement for can't
// come here: core/diff has made it a rebuild.
std::vector<SqlStatement> EmitOperation(const Operation& operation, const EmitContext& context);

}  // namespace sluice
