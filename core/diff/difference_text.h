// Differences in words, one line each: for `check`, for refused proofs, for people. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/diff/differ.h"

namespace sluice {

// `column tenant.note`, `function app.total(integer)`: as messages name an object. The schema is left out where it is
// `home_schema`.
std::string ObjectText(const ObjectId& id, const std::string& home_schema);

// `column tenant.note: type is text in the models, varchar(20) in the scripts`; for what is on one side only
// `table invoice: only in the models`. `from` and `to` are called by their names.
std::string DifferenceText(const Difference& difference, const Schema& from, const Schema& to,
                           const std::string& from_name, const std::string& to_name);

// What operations would be made of: without the positions of columns, which are reported and never changed.
std::vector<Difference> WithoutPositions(std::vector<Difference> differences);

// Without what goes without saying: the parts of a table (columns, keys, indexes, …) and the sequences of serial
// columns where table or column are themselves on one side only.
std::vector<Difference> WithoutParts(std::vector<Difference> differences, const Schema& from, const Schema& to);

}  // namespace sluice
