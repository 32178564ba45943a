#include "core/sql/emit/partition_index.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/sql/emit/relation_text.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

using enum AttributeName;
using Names = std::map<std::string_view, std::string_view>;  // by table

Names NamesOf(std::string_view members) {
  Names names;
  for (const std::string_view line : LinesOf(members)) {
    const std::vector<std::string_view> words = SplitSql(line, " ");
    names.emplace(words.front(), words.back());
  }
  return names;
}

ObjectId IdOf(const Schema& schema, const std::string& table) {
  const std::vector<std::string_view> parts = SplitSql(table, ".");
  const std::string home = schema.home_schema;
  return {ObjectKind::kTable,
          parts.size() > 1 ? SplitNames(parts.front()).front() : home,
          {},
          SplitNames(parts.back()).front(),
          {}};
}

// How many tables it is a partition of, one within the other.
int DepthOf(const Schema& schema, std::string table) {
  int depth = 0;
  while (!table.empty()) {
    const Schema::Index found = schema.Find(IdOf(schema, table));
    table = found == Schema::kNone ? std::string() : std::string(schema[found].Get(kPartitionOf));
    ++depth;
  }
  return depth;
}

// The name that PostgreSQL gives to the partition's index (ChooseIndexName() in src/backend/commands/indexcmds.c);
// empty where an expression has a part in it.
std::string UsualName(const Schema& schema, const SchemaObject& index, const std::string& table) {
  const std::string name = IdOf(schema, table).name;
  if (index.id.kind == ObjectKind::kPrimaryKey) return QuoteIdentifier(MakeObjectName(name, {}, "pkey"));
  const std::optional<std::string> columns = ColumnsInIndexName(index);
  if (!columns) return {};
  const std::string_view label = index.id.kind == ObjectKind::kIndex ? "idx" : "key";
  return QuoteIdentifier(MakeObjectName(name, *columns, label));
}

// `m_1_b_idx1` for `m_1_b_idx`: the number that PostgreSQL puts behind a name that is taken.
bool IsNumbered(std::string_view name, std::string_view usual) {
  return !usual.empty() && name.starts_with(usual) &&
         name.find_first_not_of("0123456789", usual.size()) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> ColumnsInIndexName(const SchemaObject& index) {
  std::string columns;
  for (const AttributeName attribute : {kColumns, kInclude}) {
    for (const std::string_view column : SplitSql(index.Get(attribute), ", ")) {
      if (column.find('(') != std::string_view::npos) return std::nullopt;
      columns.append(columns.empty() ? "" : "_").append(SplitNames(SplitSql(column, " ").front()).front());
    }
  }
  return columns;
}

ObjectId MemberTable(const Schema& schema, std::string_view line) {
  return IdOf(schema, std::string(SplitSql(line, " ").front()));
}

std::string NameOfPartitionsIndex(const Schema& schema, const SchemaObject& index, const ObjectId& partition) {
  std::string name = UsualName(schema, index, QuoteQualified(partition.schema, partition.name));
  for (const auto& [table, given] : NamesOf(index.Get(kMembers))) {
    if (IdOf(schema, std::string(table)) == partition) name = given;
  }
  return name.empty() ? name : SplitNames(name).front();
}

std::vector<PartitionIndex> PartitionIndexes(const Emission& emission) {
  std::vector<std::pair<int, PartitionIndex>> by_depth;
  for (const auto& [table, name] : NamesOf(emission.Get(kMembers))) {
    by_depth.push_back({-DepthOf(emission.schema(), std::string(table)), {std::string(table), std::string(name)}});
  }
  std::stable_sort(by_depth.begin(), by_depth.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<PartitionIndex> indexes;
  for (auto& [depth, index] : by_depth) indexes.push_back(std::move(index));
  return indexes;
}

void EmitPartitionIndexNames(Emission& emission) {
  if (!emission.Changes(kMembers)) return;
  const Schema& from = emission.context().from;
  const Schema& to = emission.context().to;
  const Names old = NamesOf(emission.Old(kMembers));
  const Names now = NamesOf(emission.New(kMembers));
  const auto rename = [&](std::string_view table, const std::string& before, const std::string& after) {
    if (before.empty() || after.empty() || before == after) return;
    const std::vector<std::string_view> parts = SplitSql(table, ".");
    const std::string schema = parts.size() > 1 ? std::string(parts.front()) + "." : "";
    emission.Add("ALTER INDEX " + schema + before + " RENAME TO " + after);
  };
  for (const auto& [table, name] : old) {
    if (now.count(table) != 0 || to.Find(IdOf(to, std::string(table))) == Schema::kNone) continue;
    rename(table, std::string(name), UsualName(to, emission.object(), std::string(table)));
  }
  for (const auto& [table, name] : now) {
    const auto was = old.find(table);
    const bool is_new = from.Find(IdOf(from, std::string(table))) == Schema::kNone;
    const std::string usual = UsualName(to, emission.object(), std::string(table));
    if (is_new && IsNumbered(name, usual)) continue;  // as it comes with the partition
    rename(table, was == old.end() ? usual : std::string(was->second), std::string(name));
  }
}

}  // namespace sluice
