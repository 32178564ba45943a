// Schemas and their differences as people and programs read them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/palette.h"
#include "core/engine/schema_change.h"
#include "core/model/schema.h"
#include "core/sql/model_text.h"

namespace sluice::cli {

// The objects with their attributes; what belongs to a table stands below it.
std::string RenderSchemaTree(const Schema& schema, const Palette& palette);
std::string RenderSchemaJson(const Schema& schema);

// What is only in `to` (+), only in `from` (-) or differs (~).
std::string RenderChangeTree(const std::vector<Difference>& differences, const Schema& from, const Schema& to,
                             const Palette& palette);
std::string RenderChangeJson(const SchemaChange& change, const Schema& from, const Schema& to);
// The member `differences` of an object.
void WriteDifferences(JsonWriter& json, const std::vector<Difference>& differences, const Schema& from,
                      const Schema& to);

// One line that counts them by kind, or with `list` a line for each; empty when there are none. `where`: which schema.
std::string RenderUnmanaged(const std::vector<UnmanagedObject>& unmanaged, const std::string& where, bool list);
// The member `name` of an object.
void WriteUnmanaged(JsonWriter& json, std::string_view name, const std::vector<UnmanagedObject>& unmanaged);

// What was accepted of models without doing what it says, a line each.
std::string RenderModelNotes(const std::vector<ModelNote>& notes);

// What the steps would destroy, a line each; empty when nothing.
std::string RenderDataLoss(const SchemaChange& change);

}  // namespace sluice::cli
