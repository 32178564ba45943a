// What `sluice status` and `sluice repair` show of a database. Pure.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/palette.h"
#include "core/engine/partial_units.h"
#include "core/engine/status.h"

namespace sluice::cli {

std::string RenderStatus(const StatusReport& report, PhaseFilter phase, const Palette& palette);
std::string RenderStatusJson(const StatusReport& report, PhaseFilter phase);  // docs/json.md

// Revisions that are applied in part, part by part with their numbers; empty when there are none.
std::string RenderPartials(const std::vector<PartialDetails>& partials, const Palette& palette);

// An array.
void WritePartials(JsonWriter& json, const std::vector<PartialDetails>& partials);

}  // namespace sluice::cli
