// What the readers of relations share: each reads one catalog, and refers to the relations and columns read before it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/db/inspect/inspection.h"

namespace sluice {

struct RelationColumn {
  std::string name;  // empty: dropped, or never seen
  Oid type = 0;
  std::uint32_t type_use = 0;  // for ReadColumns alone
  Oid collation = 0;
  Inspection::Handle object = Inspection::kNone;
};

// A relation that is inspected.
struct Relation {
  Inspection::Handle object = Inspection::kNone;
  std::string schema;
  std::string name;
  char kind = 'r';  // pg_class.relkind
  bool partition = false;
  std::vector<RelationColumn> columns;  // by attnum - 1
  std::vector<Inspection::Handle> partitions;

  // Null when there is no such column.
  const RelationColumn* Column(std::int64_t attnum) const {
    if (attnum < 1 || static_cast<std::size_t>(attnum) > columns.size()) return nullptr;
    const RelationColumn& column = columns[static_cast<std::size_t>(attnum) - 1];
    return column.name.empty() ? nullptr : &column;
  }
};

// By oid in pg_class.
class Relations {
 public:
  Relation& Add(Oid oid, Relation relation) { return by_oid_.emplace(oid, std::move(relation)).first->second; }
  // Null when the relation isn't inspected.
  Relation* Find(Oid oid) {
    const auto found = by_oid_.find(oid);
    return found == by_oid_.end() ? nullptr : &found->second;
  }

  auto begin() { return by_oid_.begin(); }
  auto end() { return by_oid_.end(); }

 private:
  std::unordered_map<Oid, Relation> by_oid_;
};

// Names of columns as SQL, separated by commas.
std::string ColumnList(const Relation& relation, const std::vector<std::int64_t>& attnums);

// A collation as it stands behind COLLATE: the names of PostgreSQL's own ones need no schema.
std::string CollationName(const Inspection& inspection, std::string_view schema, std::string_view name);

// The queries with many rows: each reader has the server work on the next one's while it takes its own rows.
std::string ColumnsQuery(int server_major);
std::string ConstraintsQuery(int server_major);
std::string IndexesQuery(int server_major);

// In this order, after pg_class.
Status ReadInheritance(Inspection& inspection, Relations& relations);
Status ReadColumns(Inspection& inspection, Relations& relations);
Status ReadSequences(Inspection& inspection, Relations& relations);
Status ReadConstraints(Inspection& inspection, Relations& relations);
Status ReadIndexes(Inspection& inspection, Relations& relations);
Status ReadStatistics(Inspection& inspection, Relations& relations);

}  // namespace sluice
