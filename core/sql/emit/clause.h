// Pieces of statements that several kinds share. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/attribute_value.h"
#include "core/sql/emit/emission.h"
#include "core/sql/parentheses.h"

namespace sluice {

// The lines of `from` that aren't in `to`. Of a sorted list: what has to go.
std::vector<std::string_view> LinesOnlyIn(std::string_view from, std::string_view to);

// The attribute before the operation; empty also when the object is created.
std::string_view Before(const Emission& emission, AttributeName name);

// "a, b, c".
std::string Joined(const std::vector<std::string>& pieces, std::string_view separator);

}  // namespace sluice
