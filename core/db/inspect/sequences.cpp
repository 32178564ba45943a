// Sequences: those that stand for themselves or belong to a column, and, as an attribute of the column, those of
// identity columns.
#include <utility>

#include "core/db/inspect/array_text.h"
#include "core/db/inspect/relations.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

// Owner and column in one text, so that one look into an index finds them.
constexpr char kSequences[] = R"sql(
SELECT s.seqrelid, c.relnamespace, c.relname, c.relowner, c.relacl::text, c.relpersistence,
  CASE s.seqtypid WHEN 20 THEN 'bigint' WHEN 23 THEN 'integer' ELSE 'smallint' END, s.seqstart, s.seqincrement,
  s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  (SELECT d.refobjid || ' ' || d.refobjsubid || ' ' || d.deptype::text FROM pg_depend d
   WHERE d.classid = 1259 AND d.objid = s.seqrelid AND d.objsubid = 0 AND d.refclassid = 1259 AND d.refobjsubid > 0
     AND d.deptype IN ('a', 'i'))
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.oid >= 16384 AND c.relpersistence <> 't')sql";

struct Limits {
  std::string_view min;
  std::string_view max;
};

Limits LimitsOf(std::string_view type) {
  if (type == "smallint") return {"-32768", "32767"};
  if (type == "integer") return {"-2147483648", "2147483647"};
  return {"-9223372036854775808", "9223372036854775807"};
}

// What isn't as CREATE SEQUENCE makes it, in its words (init_params() in src/backend/commands/sequence.c).
std::string OptionsOf(const RowView& row) {
  const Limits limits = LimitsOf(row[6]);
  const bool descending = row[8].front() == '-';
  const std::string_view min = descending ? limits.min : "1";
  const std::string_view max = descending ? "-1" : limits.max;
  std::string options;
  const auto add = [&](std::string_view words, std::string_view value, std::string_view usual) {
    if (value == usual) return;
    if (!options.empty()) options += ' ';
    options += std::string(words) + std::string(value);
  };
  add("START WITH ", row[7], descending ? row[10] : row[9]);
  add("INCREMENT BY ", row[8], "1");
  add("MINVALUE ", row[9], min);
  add("MAXVALUE ", row[10], max);
  add("CACHE ", row[11], "1");
  if (row.IsTrue(12)) add("CYCLE", "", "-");
  return options;
}

void TakeIdentity(Inspection& inspection, const Relation& owner, const RelationColumn& column, const RowView& row,
                  const std::string& sequence_schema) {
  std::string text(inspection[column.object].Get(AttributeName::kIdentity));
  if (row[2] != MakeObjectName(owner.name, column.name, "seq") || sequence_schema != owner.schema) {
    text += " SEQUENCE NAME " + inspection.Qualified(sequence_schema, row[2]);
  }
  const std::string options = OptionsOf(row);
  if (!options.empty()) text += " " + options;
  inspection[column.object].Set(AttributeName::kIdentity, std::move(text));
  inspection.Alias({Catalog::kRelation, row.Number(0)}, column.object);
}

}  // namespace

Status ReadSequences(Inspection& inspection, Relations& relations) {
  return inspection.Read(kSequences, [&](const RowView& row) {
    const Oid oid = row.Number(0);
    const std::string* schema = inspection.SchemaName(row.Number(1));
    if (schema == nullptr || inspection.IsExtensionMember(Catalog::kRelation, oid)) return;
    const std::vector<std::int64_t> ownership = NumberElements(row[13]);
    const Relation* owner = ownership.empty() ? nullptr : relations.Find(static_cast<Oid>(ownership[0]));
    const RelationColumn* column = owner == nullptr ? nullptr : owner->Column(ownership[1]);
    if (!ownership.empty() && row[13].back() == 'i') {
      if (column != nullptr) TakeIdentity(inspection, *owner, *column, row, *schema);
      return;
    }
    // That of a hidden table.
    if (!ownership.empty() && column == nullptr) return;
    SchemaObject object;
    object.id = {ObjectKind::kSequence, *schema, {}, std::string(row[2]), {}};
    if (row[6] != "bigint") object.Set(AttributeName::kType, std::string(row[6]));
    object.Set(AttributeName::kSequence, OptionsOf(row));
    if (row[5] == "u") object.Set(AttributeName::kPersistence, "unlogged");
    if (column != nullptr) {
      object.Set(AttributeName::kOwnedBy,
                 inspection.Qualified(owner->schema, owner->name) + "." + QuoteIdentifier(column->name));
    }
    const auto handle = inspection.Add({Catalog::kRelation, oid}, std::move(object));
    if (column != nullptr) inspection.Need(handle, column->object);
    inspection.SetOwner(handle, row.Number(3));
    inspection.SetGrants(handle, row[4], row.Number(3));
  });
}

}  // namespace sluice
