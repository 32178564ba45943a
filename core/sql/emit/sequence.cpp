// Sequences that are objects of their own.
#include "core/sql/emit/sequence_options.h"
#include "core/sql/emit/writers.h"

namespace sluice {
namespace {

void EmitChange(Emission& emission) {
  const std::string prefix = "ALTER SEQUENCE " + emission.Name();
  std::string options;
  if (emission.Changes(AttributeName::kType)) {
    const std::string_view type = emission.New(AttributeName::kType);
    options += " AS " + std::string(type.empty() ? "bigint" : type);
  }
  if (emission.Changes(AttributeName::kSequence)) {
    options += " " + ChangedSequenceOptions(emission.Old(AttributeName::kSequence),
                                            emission.New(AttributeName::kSequence), "");
  }
  if (emission.Changes(AttributeName::kOwnedBy)) {
    const std::string_view owner = emission.New(AttributeName::kOwnedBy);
    options += " OWNED BY " + std::string(owner.empty() ? "NONE" : owner);
  }
  if (!options.empty()) emission.Add(prefix + options);
  if (emission.Changes(AttributeName::kPersistence)) {
    emission.Add(prefix + (emission.New(AttributeName::kPersistence).empty() ? " SET LOGGED" : " SET UNLOGGED"));
  }
}

}  // namespace

std::string CreateSequence(const Emission& emission, const SchemaObject& sequence) {
  std::string text = sequence.Has(AttributeName::kPersistence) ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ";
  text += emission.Name(sequence.id);
  if (sequence.Has(AttributeName::kType)) text += " AS " + std::string(sequence.Get(AttributeName::kType));
  if (sequence.Has(AttributeName::kSequence)) text += " " + std::string(sequence.Get(AttributeName::kSequence));
  return text;
}

void EmitSequence(Emission& emission) {
  if (emission.creates()) {
    std::string text = CreateSequence(emission, emission.object());
    if (emission.Has(AttributeName::kOwnedBy) && !emission.Changes(AttributeName::kOwnedBy)) {
      text += " OWNED BY " + std::string(emission.Get(AttributeName::kOwnedBy));
    }
    emission.Add(std::move(text));
  }
  if (emission.changes()) EmitChange(emission);
  if (emission.drops()) emission.Add("DROP SEQUENCE " + emission.Name());
}

}  // namespace sluice
