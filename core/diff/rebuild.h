// What becomes of every object that differs, and of those that PostgreSQL doesn't let stay while their like is changed.
#pragma once

#include <cstdint>
#include <vector>

#include "core/diff/differ.h"
#include "core/model/schema.h"

namespace sluice {

enum class Fate : std::uint8_t {
  kCreated,
  kDropped,
  kAltered,
  kReplaced,  // a type: set aside, created anew, its columns cast over
  kRebuilt,
};

struct ObjectChange {
  Fate fate = Fate::kAltered;
  Schema::Index from = Schema::kNone;
  Schema::Index to = Schema::kNone;
  std::vector<AttributeName> changes;  // kAltered: in place; sorted
  std::vector<AttributeName> resets;   // kAltered: taken off first and put back last; sorted, none of them in `changes`
  bool disturbing = false;             // kAltered: refused while views, functions and the like use the object
};

// The changes, and where to find that of an object.
struct ChangeSet {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::vector<ObjectChange> changes;
  std::vector<std::uint32_t> by_from;  // by place in `from`; kNone: stays as it is
  std::vector<std::uint32_t> by_to;
};

// `differences` as CompareSchemas returns them; `rebuilt`: objects (in `from`) that are rebuilt though they could be
// altered. The rules are those of PostgreSQL's dependency.c (what keeps an object
// from being dropped) and of RememberAllDependentsForRebuilding in tablecmds.c (what keeps a column's type).
ChangeSet SpreadChanges(const Schema& from, const Schema& to, const std::vector<Difference>& differences,
                        const std::vector<Schema::Index>& rebuilt);

}  // namespace sluice
