#include "core/engine/schema_change.h"

#include <algorithm>
#include <utility>

#include "core/base/parallel.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

constexpr std::size_t kStepsPerThread = 1000;

// What the step is read together with: its table, or the object itself.
std::string_view TopName(const SchemaStep& step, const Schema& from, const Schema& to) {
  const Operation& operation = step.operation;
  const ObjectId& id = operation.to == Schema::kNone ? from[operation.from].id : to[operation.to].id;
  return id.parent.empty() ? std::string_view(id.name) : std::string_view(id.parent);
}

bool HasManyLines(const SchemaStep& step) {
  return std::any_of(step.statements.begin(), step.statements.end(),
                     [](const SqlStatement& statement) { return statement.text.find('\n') != std::string::npos; });
}

std::string Settings(const Schema& home) {
  std::string text = "SET check_function_bodies = off;\n";
  text += "SET search_path = " + (home.home_schema.empty() ? "''" : QuoteIdentifier(home.home_schema)) + ";\n";
  return text;
}

std::string WriteStep(const SchemaStep& step) {
  std::string text;
  if (!step.data_loss.empty()) text += "-- loses data: " + step.data_loss + "\n";
  for (const SqlStatement& statement : step.statements) text += statement.text + ";\n";
  return text;
}

}  // namespace

SchemaChange PlanSchemaChange(const Schema& from, const Schema& to, const DiffOptions& options) {
  SchemaChange change;
  change.differences = CompareSchemas(from, to, options);
  const EmitContext context{from, to, from.server_major != 0 ? from.server_major : to.server_major,
                            options.compare_owners};
  std::vector<Operation> operations = PlanOperations(from, to, change.differences);
  change.steps.resize(operations.size());
  ParallelFor(operations.size(), kStepsPerThread, [&](std::size_t i) {
    SchemaStep& step = change.steps[i];
    step.statements = EmitOperation(operations[i], context);
    if (!step.statements.empty()) step.data_loss = DataLoss(operations[i], from, to);
    step.operation = std::move(operations[i]);
  });
  std::erase_if(change.steps, [](const SchemaStep& step) { return step.statements.empty(); });
  return change;
}

std::string WriteSchemaScript(const SchemaChange& change, const Schema& from, const Schema& to) {
  if (change.steps.empty() && change.renames.empty()) return {};
  std::string text = Settings(to.home_schema.empty() ? from : to);
  for (std::size_t i = 0; i < change.renames.size(); ++i) text += (i == 0 ? "\n" : "") + change.renames[i] + ";\n";
  const SchemaStep* before = nullptr;
  for (const SchemaStep& step : change.steps) {
    const bool together = before != nullptr && !HasManyLines(*before) && !HasManyLines(step) &&
                          TopName(*before, from, to) == TopName(step, from, to);
    if (!together) text += "\n";
    text += WriteStep(step);
    before = &step;
  }
  return text;
}

}  // namespace sluice
