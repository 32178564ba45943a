// What `sluice validate` found, for people, for programs and for a pull request. Pure.
#pragma once

#include <string>

#include "cmd/sluice/palette.h"
#include "core/engine/rehearsal.h"

namespace sluice::cli {

// The text and the markdown end with whether it passed; why it didn't is not in the text (RenderError).
std::string RenderValidation(const RehearsalReport& report, const Palette& palette);
std::string RenderValidationMarkdown(const RehearsalReport& report);
std::string RenderValidationJson(const RehearsalReport& report);  // docs/json.md, with the error where there is one

}  // namespace sluice::cli
