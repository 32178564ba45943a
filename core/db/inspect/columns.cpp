// Columns of tables and foreign tables; of views where they have more than a name and a type.
#include <map>
#include <tuple>
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/relations.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// A type as columns use it, with how PostgreSQL writes it.
struct TypeUse {
  // Of pg_attribute.
  Oid type = 0;
  std::string modifier;
  Oid collation = 0;
  char storage = 'p';
  // What is asked of the server once for all columns that use it.
  std::string text;            // format_type
  std::string collation_name;  // empty: the type's own
  bool own_storage = false;    // the column's differs from the type's

  auto Key() const { return std::tie(type, modifier, collation, storage); }
  bool operator<(const TypeUse& other) const { return Key() < other.Key(); }
};

Status AskForTypes(Inspection& inspection, std::vector<TypeUse>& uses) {
  std::string types;
  std::string modifiers;
  std::string collations;
  for (const TypeUse& use : uses) {
    const char* comma = types.empty() ? "" : ",";
    types += comma + std::to_string(use.type);
    modifiers += comma + use.modifier;
    collations += comma + std::to_string(use.collation);
  }
  std::string sql = R"sql(
SELECT u.place, format_type(u.type, u.modifier), t.typstorage, c.collname, n.nspname
FROM unnest('{)sql" +
                    types + "}'::oid[], '{" + modifiers + "}'::int[], '{" + collations + R"sql(}'::oid[])
  WITH ORDINALITY u (type, modifier, coll, place)
JOIN pg_type t ON t.oid = u.type
LEFT JOIN pg_collation c ON c.oid = u.coll AND u.coll <> t.typcollation
LEFT JOIN pg_namespace n ON n.oid = c.collnamespace)sql";
  return inspection.Read(sql, [&](const RowView& row) {
    TypeUse& use = uses[row.Number(0) - 1];
    use.text = row[1];
    use.own_storage = row[2].front() != use.storage;
    if (!row.IsNull(3)) use.collation_name = CollationName(inspection, row[4], row[3]);
  });
}

std::string_view StorageName(char storage) {
  switch (storage) {
    case 'e':
      return "external";
    case 'm':
      return "main";
    case 'x':
      return "extended";
    default:
      return "plain";
  }
}

class ColumnReader {
 public:
  ColumnReader(Inspection& inspection, Relations& relations) : inspection_(inspection), relations_(relations) {}

  Status Read() {
    const int major = inspection_.server_major();
    SLUICE_CHECK(inspection_.Read(
        ColumnsQuery(major), [this](const RowView& row) { Take(row); }, ConstraintsQuery(major)));
    std::vector<TypeUse> uses(places_.size());
    for (auto& [use, place] : places_) uses[place] = use;
    SLUICE_CHECK(AskForTypes(inspection_, uses));
    for (auto& [oid, relation] : relations_) {
      const bool is_view = relation.kind == 'v' || relation.kind == 'm';
      if (is_view) inspection_[relation.object].Set(AttributeName::kColumns, Outline(relation, uses));
      int position = 0;
      for (std::size_t i = 0; i < relation.columns.size(); ++i) {
        RelationColumn& column = relation.columns[i];
        if (column.name.empty()) continue;
        const TypeUse& use = uses[column.type_use];
        ++position;
        if (is_view) {
          const CatalogAddress address{Catalog::kRelation, oid, static_cast<std::uint32_t>(i + 1)};
          if (relation.kind == 'm' && use.own_storage) SetStorage(relation, column, address, use);
        } else {
          SetType(column, use, position);
        }
      }
    }
    return {};
  }

 private:
  void Take(const RowView& row) {
    const Oid oid = row.Number(0);
    if (oid != relation_oid_) {
      relation_oid_ = oid;
      relation_ = relations_.Find(oid);
    }
    if (relation_ == nullptr) return;
    const std::uint32_t attnum = row.Number(1);
    if (relation_->columns.size() < attnum) relation_->columns.resize(attnum);
    RelationColumn& column = relation_->columns[attnum - 1];
    column.name = row[2];
    column.type = row.Number(3);
    column.collation = row.Number(5);
    TypeUse use;
    use.type = column.type;
    use.modifier = row[4];
    use.collation = column.collation;
    use.storage = row[10].front();
    column.type_use = places_.emplace(std::move(use), places_.size()).first->second;
    SchemaObject object;
    object.id = {ObjectKind::kColumn, relation_->schema, relation_->name, column.name, {}};
    const bool is_view = relation_->kind == 'v' || relation_->kind == 'm';
    if (!is_view) SetMore(row, object);
    SetRest(row, object);
    if (is_view && object.attributes.empty() && row.IsNull(13) && !row.IsTrue(19)) return;
    const CatalogAddress address{Catalog::kRelation, oid, attnum};
    column.object = inspection_.Add(address, std::move(object));
    if (!row.IsNull(13)) inspection_.SetGrants(column.object, row[13], row.Number(18));
    if (!row.IsNull(16)) inspection_.Alias({Catalog::kColumnDefault, row.Number(16)}, column.object);
  }

  void SetMore(const RowView& row, SchemaObject& object) {
    object.attributes.reserve(4);
    if (row.IsTrue(6)) object.Set(AttributeName::kNotNull, "true");
    if (row.IsTrue(7)) object.Set(AttributeName::kInherited, "true");
    const std::string_view identity = row[9];
    if (!identity.empty()) object.Set(AttributeName::kIdentity, identity == "a" ? "always" : "by default");
  }

  void SetRest(const RowView& row, SchemaObject& object) {
    if (const std::string_view expression = row[17]; !expression.empty()) {
      const std::string_view generated = row[8];
      if (generated.empty()) {
        object.Set(AttributeName::kDefault, std::string(expression));
      } else {
        object.Set(AttributeName::kGenerated, (generated == "v" ? "virtual: " : "") + std::string(expression));
      }
    }
    if (const std::string_view compression = row[11]; !compression.empty()) {
      object.Set(AttributeName::kCompression, compression == "l" ? "lz4" : "pglz");
    }
    object.Set(AttributeName::kStatisticsTarget, std::string(row[12]));
    object.Set(AttributeName::kProperties, SortedLines(ArrayElements(row[14])));
    object.Set(AttributeName::kOptions, SortedLines(ArrayElements(row[15])));
  }

  void SetType(const RelationColumn& column, const TypeUse& use, int position) {
    SchemaObject& object = inspection_[column.object];
    object.Set(AttributeName::kType, use.text);
    object.Set(AttributeName::kCollation, use.collation_name);
    if (use.own_storage) object.Set(AttributeName::kStorage, std::string(StorageName(use.storage)));
    object.Set(AttributeName::kPosition, std::to_string(position));
  }

  // Of a materialized view, whose columns are objects only with something of their own.
  void SetStorage(const Relation& relation, RelationColumn& column, const CatalogAddress& address, const TypeUse& use) {
    if (column.object == Inspection::kNone) {
      SchemaObject object;
      object.id = {ObjectKind::kColumn, relation.schema, relation.name, column.name, {}};
      column.object = inspection_.Add(address, std::move(object));
    }
    inspection_[column.object].Set(AttributeName::kStorage, std::string(StorageName(use.storage)));
  }

  // `name type` lines of a view.
  static std::string Outline(const Relation& relation, const std::vector<TypeUse>& uses) {
    std::string outline;
    for (const RelationColumn& column : relation.columns) {
      if (!outline.empty()) outline += '\n';
      outline += QuoteIdentifier(column.name) + " " + uses[column.type_use].text;
    }
    return outline;
  }

  Inspection& inspection_;
  Relations& relations_;
  std::map<TypeUse, std::uint32_t> places_;
  Oid relation_oid_ = 0;
  Relation* relation_ = nullptr;
};

}  // namespace

// A view's or materialized view's columns are objects only where they have something of their own; for the others their
// names and types are read. Sorting is left to the client. A default speaks of no column, and without its table it is
// printed in half the time.
std::string ColumnsQuery(int server_major) {
  const std::string compression = server_major >= 14 ? "a.attcompression" : "''";
  return R"sql(
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation,
  a.attnotnull, NOT a.attislocal AND a.attinhcount > 0, a.attgenerated, a.attidentity, a.attstorage, )sql" +
         compression + R"sql(,
  nullif(a.attstattarget, -1), a.attacl::text, a.attoptions::text, a.attfdwoptions::text, d.oid,
  pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END), CASE WHEN a.attacl IS NOT NULL THEN c.relowner END,
  c.relkind IN ('v', 'm') AND EXISTS (
    SELECT FROM pg_description o WHERE o.classoid = 1259 AND o.objoid = c.oid AND o.objsubid = a.attnum)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
  AND c.relpersistence <> 't')sql";
}

Status ReadColumns(Inspection& inspection, Relations& relations) { return ColumnReader(inspection, relations).Read(); }

}  // namespace sluice
