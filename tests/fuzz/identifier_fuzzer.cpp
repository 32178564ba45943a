// Any text as an identifier or a range on a graph with branches, a merge, a dependency and labels: an answer or an
// error.
#include <cstdlib>

#include "core/graph/target.h"

namespace {

sluice::Revision MakeRevision(std::string id, std::vector<std::string> down, std::vector<std::string> depends_on,
                              std::vector<std::string> labels) {
  sluice::Revision revision;
  revision.id = std::move(id);
  revision.down_revisions = std::move(down);
  revision.depends_on = std::move(depends_on);
  revision.branch_labels = std::move(labels);
  return revision;
}

const sluice::RevisionGraph& Graph() {
  static const auto graph = sluice::RevisionGraph::Build({
      MakeRevision("1000aaaa", {}, {}, {"main"}),
      MakeRevision("2000aaaa", {"1000aaaa"}, {}, {}),
      MakeRevision("2000bbbb", {"1000aaaa"}, {}, {"billing"}),
      MakeRevision("3000aaaa", {"2000aaaa", "2000bbbb"}, {}, {}),
      MakeRevision("4000cccc", {}, {"3000aaaa"}, {"reports"}),
      MakeRevision("5000cccc", {"4000cccc"}, {"billing"}, {}),
      MakeRevision("6000aaaa", {"3000aaaa"}, {}, {}),
      MakeRevision("6000bbbb", {"3000aaaa"}, {}, {}),
  });
  if (!graph.ok()) std::abort();
  return *graph;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> rows{"2000bbbb", "4000cccc"};
  for (const auto& current : {std::vector<std::string>{}, rows}) {
    const auto nodes = sluice::ResolveRevisions(Graph(), text, current);
    if (nodes.ok()) {
      for (const sluice::NodeId node : *nodes) {
        if (node >= Graph().size()) std::abort();
      }
    } else if (nodes.error().message.empty()) {
      std::abort();
    }
    if (const auto range = sluice::ParseRange(text)) (void)sluice::ResolveHistory(Graph(), *range, current).ok();
  }
  (void)sluice::ResolveRows(Graph(), {std::string(text)}, true).ok();
  return 0;
}
