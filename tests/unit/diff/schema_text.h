// Schemas and plans as short texts, for the tests of the differ.
#pragma once

#include <string>
#include <string_view>

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// One object a line, in the schema `public`: `KIND NAME [label=value …] [needs KIND NAME, …]`. NAME is `table.column`
// for what belongs to a relation; `f(integer)` for what has a signature; kinds and labels are those of `-o json`, with
// `_` for a space. A column gets the next position of its table unless it says one. A `~` in a value is a line break,
// a `_` in a type stays.
Schema SchemaOf(std::string_view text);

// One step a line: `drop view v`, `alter column t.a (type)`, `create table t with column t.a, column t.b`.
std::string PlanText(const Operations& operations, const Schema& from, const Schema& to);

// Compares, plans, and returns the text of the plan.
std::string Plan(std::string_view from, std::string_view to);

// `table t`, `function f(integer)`.
std::string NameOf(const SchemaObject& object);

}  // namespace sluice
