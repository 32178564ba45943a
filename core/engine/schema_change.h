// A difference of two schemas with everything that is to be said about it: what differs, the steps, their statements,
// and what they would destroy. Pure; where there are many steps several threads write their statements.
#pragma once

#include <string>
#include <vector>

#include "core/diff/differ.h"
#include "core/model/operation.h"
#include "core/model/schema.h"
#include "core/sql/emit/emit.h"

namespace sluice {

struct SchemaStep {
  Operation operation;
  std::vector<SqlStatement> statements;
  std::string data_loss;  // in words; empty: none
};

struct SchemaChange {
  std::vector<std::string> renames;  // statements that come first
  std::vector<Difference> differences;
  std::vector<SchemaStep> steps;
};

// `from` is the schema of the server that runs the statements; where it is empty, that is taken to be like `to`'s.
SchemaChange PlanSchemaChange(const Schema& from, const Schema& to, const DiffOptions& options);

// The steps as a script for psql: first the settings that it needs, each loss of data said in a comment above its
// statement. Empty when there is nothing to do.
std::string WriteSchemaScript(const SchemaChange& change, const Schema& from, const Schema& to);

}  // namespace sluice
