// Revisions as commands print them: one line for a list, all that is known for one, JSON for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/palette.h"
#include "core/graph/revision_graph.h"

namespace sluice::cli {

// The first line of a revision's message.
std::string Title(const Revision& revision);

// What stands in brackets behind an id: `head`, `base`, `branch point`, `merge`, `contract`, its labels.
std::vector<std::string> Marks(const RevisionGraph& graph, NodeId node);

// `6ee06edc35dd (head, billing) add tenant webhook`, without a newline.
std::string RevisionLine(const RevisionGraph& graph, NodeId node, const Palette& palette);

// One `Key: value` line each, without what is empty.
std::vector<std::string> RevisionDetails(const RevisionGraph& graph, NodeId node, const std::string& file);

// The members of a revision, into the object that is open.
void WriteRevisionMembers(JsonWriter& json, const RevisionGraph& graph, NodeId node, const std::string& file);

// Ids of nodes.
std::vector<std::string> Ids(const RevisionGraph& graph, const std::vector<NodeId>& nodes);

}  // namespace sluice::cli
