// Indexes and extended statistics.
#include "core/sql/emit/options.h"
#include "core/sql/emit/partition_index.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"
#include "core/sql/parentheses.h"

namespace sluice {
namespace {

// `name` on `table`, both as SQL.
std::string CreateIndex(const Emission& emission, const std::string& name, const std::string& table) {
  const auto get = [&](AttributeName name) { return std::string(emission.Get(name)); };
  std::string text = emission.Has(AttributeName::kUnique) ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += name + " ON " + table;
  if (emission.Has(AttributeName::kAccessMethod)) text += " USING " + get(AttributeName::kAccessMethod);
  text += " (" + get(AttributeName::kColumns) + ")";
  if (emission.Has(AttributeName::kInclude)) text += " INCLUDE (" + get(AttributeName::kInclude) + ")";
  if (emission.Has(AttributeName::kNullsDistinct)) text += " NULLS NOT DISTINCT";
  if (emission.Has(AttributeName::kOptions)) {
    text += " WITH (" + StorageParameters(emission.Get(AttributeName::kOptions)) + ")";
  }
  if (emission.Has(AttributeName::kTablespace)) {
    text += " TABLESPACE " + QuoteIdentifier(emission.Get(AttributeName::kTablespace));
  }
  if (emission.Has(AttributeName::kPredicate)) text += " WHERE " + Parenthesized(get(AttributeName::kPredicate));
  return text;
}

// A partitioned table's index takes those of the partitions that are equal; one that isn't valid waits for them.
void CreateIndexes(Emission& emission) {
  const std::vector<PartitionIndex> partitions = PartitionIndexes(emission);
  for (const PartitionIndex& index : partitions) emission.Add(CreateIndex(emission, index.name, index.table));
  const Schema::Index table = emission.ParentOf(emission.id());
  const bool waits = emission.Has(AttributeName::kValidity) && table != Schema::kNone &&
                     emission.schema()[table].Has(AttributeName::kPartitionKey);
  emission.Add(
      CreateIndex(emission, QuoteIdentifier(emission.id().name), (waits ? "ONLY " : "") + emission.ParentName()));
  if (!waits) return;
  for (const PartitionIndex& index : partitions) {
    const std::vector<std::string_view> parts = SplitSql(index.table, ".");
    const std::string schema = parts.size() > 1 ? std::string(parts.front()) + "." : "";
    emission.Add("ALTER INDEX " + emission.Name() + " ATTACH PARTITION " + schema + index.name);
  }
}

// Lines `column number, target`.
void EmitIndexStatistics(Emission& emission, std::string_view before, std::string_view after) {
  const std::string prefix = "ALTER INDEX " + emission.Name() + " ALTER COLUMN ";
  const auto column_of = [](std::string_view line) { return std::string(line.substr(0, line.find(' '))); };
  const std::vector<std::string_view> now = LinesOf(after);
  for (const std::string_view old : LinesOf(before)) {
    bool kept = false;
    for (const std::string_view line : now) kept = kept || column_of(line) == column_of(old);
    if (!kept) emission.Add(prefix + column_of(old) + " SET STATISTICS -1");
  }
  for (const std::string_view line : now) {
    emission.Add(prefix + column_of(line) + " SET STATISTICS " + std::string(line.substr(line.find(' ') + 1)));
  }
}

}  // namespace

void EmitIndex(Emission& emission) {
  const std::string alter = "ALTER INDEX " + emission.Name();
  if (emission.creates()) {
    CreateIndexes(emission);
    EmitIndexStatistics(emission, {}, emission.Get(AttributeName::kStatisticsTarget));
  }
  if (emission.changes()) {
    const auto change = [&](AttributeName name, const auto& emit) {
      if (emission.Changes(name)) emit(emission.Old(name), emission.New(name));
    };
    change(AttributeName::kOptions, [&](std::string_view before, std::string_view after) {
      EmitStorageParameters(emission, alter, before, after);
    });
    change(AttributeName::kTablespace, [&](std::string_view, std::string_view after) {
      emission.Add(alter + " SET TABLESPACE " + TablespaceName(after));
    });
    change(AttributeName::kStatisticsTarget,
           [&](std::string_view before, std::string_view after) { EmitIndexStatistics(emission, before, after); });
    EmitPartitionIndexNames(emission);
  }
  if (emission.drops()) emission.Add("DROP INDEX " + emission.Name());
}

void EmitStatistics(Emission& emission) {
  const auto set_target = [&](std::string_view target) {
    emission.Add("ALTER STATISTICS " + emission.Name() + " SET STATISTICS " +
                 std::string(target.empty() ? "-1" : target));
  };
  if (emission.creates()) {
    emission.Add("CREATE STATISTICS " + emission.Name() + " " + std::string(emission.Get(AttributeName::kDefinition)));
    if (emission.Has(AttributeName::kStatisticsTarget)) set_target(emission.Get(AttributeName::kStatisticsTarget));
  }
  if (emission.changes() && emission.Changes(AttributeName::kStatisticsTarget)) {
    set_target(emission.New(AttributeName::kStatisticsTarget));
  }
  if (emission.drops()) emission.Add("DROP STATISTICS " + emission.Name());
}

}  // namespace sluice
