// Identity columns that change, and the sequences that come and go with them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/sql/emit/emission.h"

namespace sluice {

// The action of ALTER COLUMN that brings a column's AttributeName::kIdentity from `before` to `after`; empty: there is
// nothing to do.
std::string IdentityAction(std::string_view before, std::string_view after);

// What stands around the ALTER TABLE of a column whose identity changes: the sequence gets its new name; one that takes
// another's place (a serial column becomes an identity column, or the other way round) goes on where that one is.
class SequenceChange {
 public:
  // REQUIRES: an alteration of a column; `emission` outlives this.
  explicit SequenceChange(Emission& emission);

  void WriteBefore();
  void WriteAfter();

 private:
  bool Trades() const { return sequence_ != nullptr; }
  bool BecomesIdentity() const;
  // The sequence of the identity column `column`, as SQL.
  std::string IdentitySequence(const SchemaObject& column) const;
  void CopyValue(const std::string& target);

  Emission& emission_;
  const SchemaObject* sequence_ = nullptr;  // that stands for itself, on one of the sides
  std::string old_name_;                    // as SQL; perhaps set aside
  std::string new_name_;
};

}  // namespace sluice
