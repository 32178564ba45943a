// The options of sequences and identity columns (AttributeName::kSequence). Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// What brings a sequence with the options `before` to those of `after`, in the words of ALTER SEQUENCE, each with
// `prefix` in front (`SET ` for those of an identity column); empty when they are the same. What isn't among the
// options is at its default.
std::string ChangedSequenceOptions(std::string_view before, std::string_view after, std::string_view prefix);

// The sequence that an identity column (AttributeName::kIdentity) says to have, as it is written there; empty when it
// has the name that PostgreSQL gives it.
std::string_view NamedSequence(std::string_view identity);

}  // namespace sluice
