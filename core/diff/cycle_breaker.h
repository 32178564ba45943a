// What to take apart so that steps that wait for one another can go on.
#pragma once

#include <vector>

#include "core/diff/rebuild.h"
#include "core/diff/step_graph.h"
#include "core/diff/steps.h"
#include "core/model/schema.h"

namespace sluice {

// Finds the mildest separation that concerns any of the cycles (`cycles`: StepGraph::Cycles of these steps) and notes
// it in `separations` or, for alterations that are split, in `changes`. False when there is none.
bool BreakCycles(const Schema& from, const Schema& to, const Steps& steps, const std::vector<StepGraph::Node>& cycles,
                 ChangeSet& changes, Separations& separations);

}  // namespace sluice
