// Which of an object's needs come from which attribute: what is free once a default, a parent or an owner is taken off.
#pragma once

#include <span>
#include <vector>

#include "core/model/attribute.h"
#include "core/model/schema.h"

namespace sluice {

// Whether object `i` needs `needed` (one of schema.Needs(i)) for one of `attributes` only.
bool NeededFor(const Schema& schema, Schema::Index i, Schema::Index needed, std::span<const AttributeName> attributes);

// What an attribute needs besides: objects that themselves need `i`. The index of a replica identity; the columns,
// indexes and constraints that have to be in a table before it gets its parent.
std::vector<Schema::Index> ExtraNeeds(const Schema& schema, Schema::Index i, std::span<const AttributeName> attributes);

// Whether `type_text` (format_type) speaks of the type `type`.
bool Mentions(std::string_view type_text, const ObjectId& type);

// The relation, domain or composite type that `child` belongs to; kNone when it belongs to none.
Schema::Index ParentOf(const Schema& schema, Schema::Index child);

// The column that owns the sequence `sequence`; kNone when none does.
Schema::Index OwnerOf(const Schema& schema, Schema::Index sequence);

}  // namespace sluice
