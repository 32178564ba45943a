// Columns of tables and foreign tables; of views where they have more than a name and a type.
#include <map>
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/relations.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// A type as it is used, once for all columns of it.
struct TypeUse {
  std::string text;  // format_type
  char storage = 'p';
  Oid collation = 0;
};
using TypeUses = std::map<std::pair<Oid, std::string>, TypeUse>;  // by pg_type.oid and modifier

Status ReadTypeUses(Inspection& inspection, TypeUses& types) {
  return inspection.Read(R"sql(
SELECT u.atttypid, u.atttypmod, format_type(u.atttypid, u.atttypmod), t.typstorage, t.typcollation
FROM (SELECT DISTINCT atttypid, atttypmod FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0) u
JOIN pg_type t ON t.oid = u.atttypid)sql",
                         [&](const RowView& row) {
                           types.emplace(std::pair(row.Number(0), std::string(row[1])),
                                         TypeUse{std::string(row[2]), row[3].front(), row.Number(4)});
                         });
}

using CollationNames = std::unordered_map<Oid, std::string>;

// Those that are used. The names of PostgreSQL's own ones need no schema.
Status ReadCollationNames(Inspection& inspection, CollationNames& names) {
  return inspection.Read(R"sql(
SELECT c.oid, c.collname, n.nspname FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid IN (SELECT attcollation FROM pg_attribute WHERE attrelid >= 16384))sql",
                         [&](const RowView& row) {
                           names.emplace(row.Number(0), row[2] == "pg_catalog" ? QuoteIdentifier(row[1])
                                                                               : inspection.Qualified(row[2], row[1]));
                         });
}

// A view's or materialized view's columns are objects only where they have something of their own; for the others their
// names and types are read. Sorting is left to the client.
std::string ColumnsQuery(int server_major) {
  const std::string compression = server_major >= 14 ? "a.attcompression" : "''";
  return R"sql(
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation,
  a.attnotnull, NOT a.attislocal AND a.attinhcount > 0, a.attgenerated, a.attidentity, a.attstorage, )sql" +
         compression + R"sql(,
  nullif(a.attstattarget, -1), a.attacl::text, a.attoptions::text, a.attfdwoptions::text, d.oid,
  pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attacl IS NOT NULL THEN c.relowner END,
  c.relkind IN ('v', 'm') AND EXISTS (
    SELECT FROM pg_description o WHERE o.classoid = 1259 AND o.objoid = c.oid AND o.objsubid = a.attnum)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
  AND c.relpersistence <> 't')sql";
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
    SLUICE_CHECK(ReadTypeUses(inspection_, types_));
    SLUICE_CHECK(ReadCollationNames(inspection_, collations_));
    return inspection_.Read(ColumnsQuery(inspection_.server_major()), [this](const RowView& row) { Take(row); });
  }

  // `name type` lines of a view.
  std::string Outline(const Relation& relation) const {
    std::string outline;
    for (const RelationColumn& column : relation.columns) {
      if (!outline.empty()) outline += '\n';
      outline += QuoteIdentifier(column.name) + " " + types_.at({column.type, column.modifier}).text;
    }
    return outline;
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
    column.modifier = row[4];
    column.collation = row.Number(5);
    SchemaObject object;
    object.id = {ObjectKind::kColumn, relation_->schema, relation_->name, column.name, {}};
    const bool is_view = relation_->kind == 'v' || relation_->kind == 'm';
    if (!is_view) SetType(row, object);
    SetRest(row, object);
    if (is_view && object.attributes.empty() && row.IsNull(13) && !row.IsTrue(19)) return;
    const CatalogAddress address{Catalog::kRelation, oid, attnum};
    column.object = inspection_.Add(address, std::move(object));
    if (!row.IsNull(13)) inspection_.SetGrants(column.object, row[13], row.Number(18));
    if (!row.IsNull(16)) inspection_.Alias({Catalog::kColumnDefault, row.Number(16)}, column.object);
  }

  void SetType(const RowView& row, SchemaObject& object) {
    const TypeUse& type = Type(row);
    object.attributes.reserve(4);
    object.Set(AttributeName::kType, type.text);
    if (row.Number(5) != type.collation) object.Set(AttributeName::kCollation, collations_[row.Number(5)]);
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
    if (relation_->kind != 'v') {
      const char storage = row[10].front();
      if (storage != Type(row).storage) object.Set(AttributeName::kStorage, std::string(StorageName(storage)));
    }
    if (const std::string_view compression = row[11]; !compression.empty()) {
      object.Set(AttributeName::kCompression, compression == "l" ? "lz4" : "pglz");
    }
    object.Set(AttributeName::kStatisticsTarget, std::string(row[12]));
    object.Set(AttributeName::kProperties, SortedLines(ArrayElements(row[14])));
    object.Set(AttributeName::kOptions, SortedLines(ArrayElements(row[15])));
  }

  const TypeUse& Type(const RowView& row) { return types_[{row.Number(3), std::string(row[4])}]; }

  Inspection& inspection_;
  Relations& relations_;
  TypeUses types_;
  CollationNames collations_;
  Oid relation_oid_ = 0;
  Relation* relation_ = nullptr;
};

void SetPositions(Inspection& inspection, const Relation& relation) {
  int position = 0;
  for (const RelationColumn& column : relation.columns) {
    if (!column.name.empty()) inspection[column.object].Set(AttributeName::kPosition, std::to_string(++position));
  }
}

}  // namespace

Status ReadColumns(Inspection& inspection, Relations& relations) {
  ColumnReader reader(inspection, relations);
  SLUICE_CHECK(reader.Read());
  for (auto& [oid, relation] : relations) {
    if (relation.kind == 'v' || relation.kind == 'm') {
      inspection[relation.object].Set(AttributeName::kColumns, reader.Outline(relation));
    } else {
      SetPositions(inspection, relation);
    }
  }
  return {};
}

}  // namespace sluice
