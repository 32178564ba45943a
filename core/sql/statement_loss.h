// What a statement destroys for good, as far as its own words tell. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// In words, one for each thing: `drops the column tenant.webhook_url`. `statement`: the text of exactly one statement.
// A drop, TRUNCATE, DELETE, and a change of a column's type to anything but text without a limit. Nothing is told of
// what a statement overwrites (UPDATE), of what a function, a DO block or a trigger does, and of syntax that the parser
// doesn't know. Views and indexes hold nothing that can't be made again.
std::vector<std::string> StatementLosses(std::string_view statement);

}  // namespace sluice
