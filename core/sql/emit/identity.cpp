#include "core/sql/emit/identity.h"

#include <algorithm>
#include <utility>

#include "core/sql/emit/annotations.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/sequence_options.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {

using enum AttributeName;

std::string IdentityAction(std::string_view before, std::string_view after) {
  const auto split = [](std::string_view identity) {
    const std::size_t size = identity.starts_with("always") ? 6 : 10;  // "by default"
    return std::pair(size == 6 ? "ALWAYS" : "BY DEFAULT", identity.substr(std::min(size + 1, identity.size())));
  };
  const auto [generated, options] = split(after);
  if (before.empty()) {
    return "ADD GENERATED " + std::string(generated) + " AS IDENTITY" +
           (options.empty() ? "" : " (" + std::string(options) + ")");
  }
  std::string action;
  if (split(before).first != std::string_view(generated)) action = "SET GENERATED " + std::string(generated);
  const std::string changed = ChangedSequenceOptions(split(before).second, options, "SET ");
  if (!changed.empty()) action += (action.empty() ? "" : " ") + changed;
  return action;
}

SequenceChange::SequenceChange(Emission& emission) : emission_(emission) {
  if (!emission.alters() || !emission.Changes(kIdentity)) return;
  const Schema& from = emission.context().from;
  const Schema& to = emission.context().to;
  const SchemaObject& before = emission.before();
  const SchemaObject& after = emission.object();
  if (!emission.operation().parts.empty()) {
    sequence_ = &SchemaOfParts(emission.operation(), from, to)[emission.operation().parts.front()];
  }
  const auto name_of = [&](const SchemaObject& column) {
    if (column.Has(kIdentity)) return IdentitySequence(column);
    return Trades() ? emission_.Name(sequence_->id) : std::string();
  };
  old_name_ = name_of(before);
  new_name_ = name_of(after);
}

bool SequenceChange::BecomesIdentity() const { return emission_.Has(kIdentity); }

std::string SequenceChange::IdentitySequence(const SchemaObject& column) const {
  const std::string_view named = NamedSequence(column.Get(kIdentity));
  if (!named.empty()) return std::string(named);
  ObjectId id = column.id;
  id.name = MakeObjectName(column.id.parent, column.id.name, "seq");
  return emission_.Name(id);
}

void SequenceChange::CopyValue(const std::string& target) {
  emission_.Add("SELECT setval(" + QuoteLiteral(target) + ", last_value, is_called) FROM " + old_name_);
}

void SequenceChange::WriteBefore() {
  if (!Trades()) return;
  if (old_name_ == new_name_) {
    ObjectId aside = sequence_->id;
    aside.name = AsideName(aside.name);
    emission_.Add("ALTER SEQUENCE " + old_name_ + " RENAME TO " + QuoteIdentifier(aside.name));
    old_name_ = emission_.Name(aside);
  }
  if (BecomesIdentity()) return;
  emission_.Add(CreateSequence(emission_, *sequence_));
  CopyValue(new_name_);
}

void SequenceChange::WriteAfter() {
  if (!Trades()) {
    const bool renamed = !old_name_.empty() && !new_name_.empty() && old_name_ != new_name_;
    if (renamed) {
      emission_.Add("ALTER SEQUENCE " + old_name_ + " RENAME TO " + std::string(SplitSql(new_name_, ".").back()));
    }
  } else if (BecomesIdentity()) {
    CopyValue(new_name_);
    emission_.Add("DROP SEQUENCE " + old_name_);
  } else {
    emission_.Add("ALTER SEQUENCE " + new_name_ + " OWNED BY " + std::string(sequence_->Get(kOwnedBy)));
    EmitNewAnnotations(emission_, *sequence_);
  }
}

}  // namespace sluice
