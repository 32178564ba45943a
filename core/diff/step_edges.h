// Which step waits for which: the needs of the objects, and the names and places that one object leaves to another.
#pragma once

#include "core/diff/rebuild.h"
#include "core/diff/step_graph.h"
#include "core/diff/steps.h"
#include "core/model/schema.h"

namespace sluice {

// The first nodes are the places of steps.operations; any more are marks without a step.
StepGraph ConnectSteps(const Schema& from, const Schema& to, const ChangeSet& changes, const Steps& steps);

// Whether a need of `object` leads to a step of the cycle `cycle` that isn't its own step `node`.
bool LeadsIntoCycle(const Schema& schema, const std::vector<ObjectSteps>& of_schema,
                    const std::vector<StepGraph::Node>& cycles, StepGraph::Node node, Schema::Index object,
                    Schema::Index needed);

}  // namespace sluice
