#include "core/graph/identifier.h"

#include <algorithm>
#include <utility>

#include "core/base/near_match.h"
#include "core/graph/reach.h"

namespace sluice {
namespace {

constexpr std::size_t kLongestName = 255;

bool IsReserved(std::string_view text) {
  return text == "head" || text == "heads" || text == "base" || text == "current";
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Error Invalid(std::string_view text) {
  return MakeError(ErrorCode::kInvalidIdentifier, "\"" + std::string(text) + "\" is not a revision identifier",
                   "write an id or its first 4 characters, head, heads, base, +N, -N, ID+N, LABEL@head or the like");
}

// Cuts `+12` or `-3` from the end of `text`.
std::optional<int> CutOffset(std::string_view& text) {
  constexpr std::size_t kMostDigits = 9;
  std::size_t digits = 0;
  while (digits < text.size() && IsDigit(text[text.size() - 1 - digits])) ++digits;
  if (digits == 0 || digits == text.size()) return std::nullopt;
  const std::size_t sign = text.size() - 1 - digits;
  if (text[sign] != '+' && text[sign] != '-') return std::nullopt;
  int value = 0;
  for (const char c : text.substr(sign + 1).substr(0, kMostDigits)) value = value * 10 + (c - '0');
  const bool down = text[sign] == '-';
  text.remove_suffix(digits + 1);
  return down ? -value : value;
}

Error Unknown(const RevisionGraph& graph, std::string_view name, std::string_view kind) {
  std::string hint = DidYouMean(graph.NearMatches(name));
  if (hint.empty()) {
    hint = name.size() < kShortestPrefix && !graph.FindPrefix(name).empty()
               ? "the beginning of an id needs at least 4 characters"
               : "`sluice history` lists the revisions, `sluice branches` the labels";
  }
  return MakeError(ErrorCode::kUnknownRevision, "there is no " + std::string(kind) + " \"" + std::string(name) + "\"",
                   hint);
}

// The revisions whose id or label starts with `text`, in the order of loading.
std::vector<NodeId> FindBeginning(const RevisionGraph& graph, std::string_view text) {
  if (text.size() < kShortestPrefix) return {};
  std::vector<NodeId> found = graph.FindPrefix(text);
  const std::vector<NodeId> labelled = graph.FindLabelPrefix(text);
  found.insert(found.end(), labelled.begin(), labelled.end());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

bool CanBeNamed(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || IsReserved(text)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f && c != '@' && c != '+' && c != '-' && c != ':' && c != ',';
  });
}

Result<Identifier> ParseIdentifier(std::string_view text) {
  Identifier identifier;
  identifier.text = text;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    identifier.label = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    if (!CanBeNamed(identifier.label)) return Invalid(text);
  }
  identifier.offset = CutOffset(rest);
  identifier.symbol = rest;
  if (rest.empty() ? !identifier.offset.has_value() : !(CanBeNamed(rest) || IsReserved(rest))) return Invalid(text);
  return identifier;
}

Result<std::optional<Branch>> FindBranch(const RevisionGraph& graph, std::string_view label) {
  if (label.empty()) return std::optional<Branch>();
  auto found = FindRevision(graph, label, std::nullopt);
  if (!found.ok()) {
    if (found.error().code == ErrorCode::kUnknownRevision) return Unknown(graph, label, "branch");
    return std::move(found).error();
  }
  return std::optional<Branch>(Branch{std::string(label), *found, Lineage(graph, {*found}, Edges::kRevises)});
}

Result<NodeId> FindRevision(const RevisionGraph& graph, std::string_view name, const std::optional<Branch>& branch) {
  NodeId node = graph.Find(name);
  if (node == RevisionGraph::kNoNode) node = graph.FindLabel(name);
  if (node == RevisionGraph::kNoNode) {
    std::vector<NodeId> candidates = FindBeginning(graph, name);
    if (candidates.empty()) return Unknown(graph, name, "revision or branch");
    const std::vector<NodeId> narrowed = OfBranch(candidates, branch);
    if (!narrowed.empty()) candidates = narrowed;
    if (candidates.size() > 1) {
      return MakeError(
          ErrorCode::kAmbiguousPrefix,
          "\"" + std::string(name) + "\" is the beginning of " + NameRevisions(graph, candidates, candidates.size()),
          "write more of the id");
    }
    node = candidates.front();
  }
  if (branch && !branch->Holds(node)) {
    return MakeError(
        ErrorCode::kNotInBranch, "revision " + graph.id(node) + " is not a member of branch " + branch->name,
        "leave out `" + branch->name + "@`, or name a revision above or below " + graph.id(branch->revision));
  }
  return node;
}

Result<NodeId> FindHead(const RevisionGraph& graph, const std::optional<Branch>& branch) {
  const std::vector<NodeId> heads = OfBranch(graph.heads(), branch);
  if (heads.empty()) return RevisionGraph::kNoNode;
  if (heads.size() == 1) return heads.front();
  const std::string whose = branch ? "branch " + branch->name + " has" : "there are";
  return MakeError(ErrorCode::kMultipleHeads, whose + " several heads: " + NameRevisions(graph, heads),
                   "name one of them, say `" + (branch ? branch->name + "@heads`" : std::string("heads`")) +
                       " for all, or join them with `sluice merge`");
}

std::vector<NodeId> OfBranch(const std::vector<NodeId>& nodes, const std::optional<Branch>& branch) {
  if (!branch) return nodes;
  std::vector<NodeId> found;
  for (const NodeId node : nodes) {
    if (branch->Holds(node)) found.push_back(node);
  }
  return found;
}

std::string NameRevisions(const RevisionGraph& graph, const std::vector<NodeId>& nodes, std::size_t most) {
  std::string text;
  const std::size_t named = std::min(nodes.size(), most);
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) text += i + 1 == nodes.size() ? " and " : ", ";
    text += graph.id(nodes[i]);
  }
  if (nodes.size() > named) text += " and " + std::to_string(nodes.size() - named) + " more";
  return text;
}

}  // namespace sluice
