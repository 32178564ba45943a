// The reference of all commands, made of the command table: docs/commands.md and the manual page. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice::cli {

std::string MarkdownReference();

// In the man macros of man(7).
std::string ManualPage(std::string_view version);

}  // namespace sluice::cli
