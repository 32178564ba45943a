// The directed acyclic graph of revisions over two kinds of edges, `Revises` and `Depends-On`. Needs neither disk nor
// database. Semantics: docs/revisions.md, the same as Alembic's unless that page says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/model/revision.h"

namespace sluice {

// Index of a revision in its graph: its place in the order of loading.
using NodeId = std::uint32_t;

// Immutable once built; safe to read from several threads. All walks are iterative and linear in nodes + edges.
class RevisionGraph {
 public:
  // Builds the graph of `revisions`, in the order of loading (that order breaks ties everywhere). Fails with
  // kDuplicateRevision, kDuplicateLabel, kMissingRevision, kCycle (self-loops too; the loop is printed) or
  // kInvalidIdentifier; where several things are wrong the first error carries the rest in `also`. `locate`: where the
  // header line `key` (`Revises`, `Depends-On`, …) of a revision is written, for the errors; without it they have no
  // place.
  using LocateKey = std::function<SourceLocation(NodeId node, std::string_view key)>;
  static Result<RevisionGraph> Build(std::vector<Revision> revisions, const LocateKey& locate = nullptr);

  std::size_t size() const { return revisions_.size(); }
  const Revision& revision(NodeId node) const { return revisions_[node]; }
  const std::string& id(NodeId node) const { return revisions_[node].id; }

  // Edges, in the order written / of loading; none is there twice.
  const std::vector<NodeId>& parents(NodeId node) const { return parents_[node]; }            // Revises
  const std::vector<NodeId>& children(NodeId node) const { return children_[node]; }          // inverse of Revises
  const std::vector<NodeId>& dependencies(NodeId node) const { return dependencies_[node]; }  // Depends-On, resolved
  const std::vector<NodeId>& dependents(NodeId node) const { return dependents_[node]; }      // inverse of Depends-On

  // `Revises` edges only; in the order of loading.
  const std::vector<NodeId>& heads() const { return heads_; }
  const std::vector<NodeId>& bases() const { return bases_; }

  // The revision with exactly this id; kNoNode when there is none.
  static constexpr NodeId kNoNode = static_cast<NodeId>(-1);
  NodeId Find(std::string_view id) const;
  // The revision on which this branch label is written; kNoNode when there is none.
  NodeId FindLabel(std::string_view label) const;
  // Ids that start with `prefix`, in the order of loading.
  std::vector<NodeId> FindPrefix(std::string_view prefix) const;
  // The revisions on which a branch label is written that starts with `prefix`, in the order of loading.
  std::vector<NodeId> FindLabelPrefix(std::string_view prefix) const;
  // The branch labels a revision is under: its own and those that reach it along its lineage, as Alembic's
  // Script.branch_labels: a label reaches all descendants and, where its revision ends an unbranched line, the
  // ancestors back to the nearest branch or merge point. Sorted bytewise.
  const std::vector<std::string>& LabelsOf(NodeId node) const { return label_sets_[label_set_[node]]; }
  // Ids and labels that look like `text`, nearest first, at most three: for "did you mean".
  std::vector<std::string> NearMatches(std::string_view text) const;

 private:
  friend class GraphBuilder;

  // Lets a map of strings be asked with a view, without a copy.
  struct ViewHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using NodeByName = std::unordered_map<std::string, NodeId, ViewHash, std::equal_to<>>;

  std::vector<Revision> revisions_;
  std::vector<std::vector<NodeId>> parents_, children_, dependencies_, dependents_;
  std::vector<NodeId> heads_, bases_;
  NodeByName by_id_, by_label_;
  std::vector<std::size_t> label_set_;                // by node: which of label_sets_
  std::vector<std::vector<std::string>> label_sets_;  // [0] is empty; neighbours mostly share one
};

}  // namespace sluice
