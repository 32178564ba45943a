#include "core/db/inspect/kind_query.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace sluice {
namespace {

std::string Concatenate(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (const std::string_view piece : pieces) text += piece;
  return text;
}

// `name` and `schema`: columns of `catalog`; `visible`: pg_…_is_visible.
std::string VisibleName(std::string_view catalog, std::string_view name, std::string_view schema,
                        std::string_view visible, std::string_view oid) {
  return Concatenate({"(SELECT CASE WHEN ", visible,
                      "(named.oid) THEN '' ELSE quote_ident(place.nspname) || '.' END || ", "quote_ident(named.", name,
                      ") FROM ", catalog, " named JOIN pg_namespace place ON place.oid = named.", schema,
                      " WHERE named.oid = ", oid, ")"});
}

// `start` and `end` stand around a name that needs its schema.
std::string NameOfOperator(std::string_view oid, std::string_view start, std::string_view end) {
  return Concatenate({"(SELECT CASE WHEN pg_operator_is_visible(named.oid) THEN named.oprname ELSE ", start,
                      "quote_ident(place.nspname) || '.' || named.oprname", end, " END FROM pg_operator named ",
                      "JOIN pg_namespace place ON place.oid = named.oprnamespace WHERE named.oid = ", oid, ")"});
}

// No dependency of these types.
std::string Independent(std::string_view catalog, std::string_view oid, std::string_view types) {
  return Concatenate({oid, " >= 16384 AND NOT EXISTS (SELECT FROM pg_depend made WHERE made.classid = '", catalog,
                      "'::regclass AND made.objid = ", oid, " AND made.deptype IN (", types, "))"});
}

// The columns before the attributes.
enum Column { kOid, kNamespace, kParent, kName, kSignature, kOwner, kAcl, kFirstAttribute };

bool IsHidden(const Inspection& inspection, const ObjectId& id) {
  const auto& hidden = inspection.options().hidden_relations;
  return !id.parent.empty() && std::find(hidden.begin(), hidden.end(), id.schema + "." + id.parent) != hidden.end();
}

}  // namespace

Status ReadKind(Inspection& inspection, const KindQuery& query) {
  if (!inspection.MayHoldObjects(query.catalog)) return {};
  return inspection.Read(query.sql, [&](const RowView& row) {
    SchemaObject object;
    object.id.kind = query.kind;
    if (!row.IsNull(kNamespace)) {
      const std::string* schema = inspection.SchemaName(row.Number(kNamespace));
      if (schema == nullptr) return;
      object.id.schema = *schema;
    }
    object.id.parent = row[kParent];
    object.id.name = row[kName];
    object.id.signature = row[kSignature];
    if (IsHidden(inspection, object.id)) return;
    int column = kFirstAttribute;
    for (const AttributeName attribute : query.attributes) object.Set(attribute, std::string(row[column++]));
    const Oid owner = row.Number(kOwner);
    const auto handle = inspection.Add({query.catalog, row.Number(kOid), 0}, std::move(object));
    inspection.SetOwner(handle, owner);
    inspection.SetGrants(handle, row[kAcl], owner, query.public_default);
  });
}

Status ReadAliases(Inspection& inspection, const std::string& sql) {
  return inspection.Read(sql, [&](const RowView& row) {
    const auto object = inspection.Find({static_cast<Catalog>(row.Number(2)), row.Number(3), 0});
    if (object != Inspection::kNone) {
      inspection.Alias({static_cast<Catalog>(row.Number(0)), row.Number(1), 0}, object);
    }
  });
}

std::string OfItsOwn(std::string_view catalog, std::string_view oid) { return Independent(catalog, oid, "'e', 'i'"); }

std::string NotOfExtension(std::string_view catalog, std::string_view oid) { return Independent(catalog, oid, "'e'"); }

std::string FunctionName(std::string_view oid) {
  return VisibleName("pg_proc", "proname", "pronamespace", "pg_function_is_visible", oid);
}

std::string OperatorName(std::string_view oid) { return NameOfOperator(oid, "'OPERATOR(' || ", " || ')'"); }

std::string PlainOperatorName(std::string_view oid) { return NameOfOperator(oid, "", ""); }

std::string OperatorClassName(std::string_view oid) {
  return VisibleName("pg_opclass", "opcname", "opcnamespace", "pg_opclass_is_visible", oid);
}

std::string OperatorFamilyName(std::string_view oid) {
  return VisibleName("pg_opfamily", "opfname", "opfnamespace", "pg_opfamily_is_visible", oid);
}

std::string CollationName(std::string_view oid) {
  return VisibleName("pg_collation", "collname", "collnamespace", "pg_collation_is_visible", oid);
}

std::string TextSearchName(std::string_view what, std::string_view oid) {
  const std::string_view prefix = what == "parser" ? "prs" : what == "template" ? "tmpl" : "dict";
  return VisibleName(Concatenate({"pg_ts_", what}), Concatenate({prefix, "name"}), Concatenate({prefix, "namespace"}),
                     Concatenate({"pg_ts_", what, "_is_visible"}), oid);
}

std::string TypeName(std::string_view oid) { return Concatenate({"format_type(nullif(", oid, ", 0), NULL)"}); }

std::string SortedLines(std::string_view array) {
  return Concatenate({"(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM unnest(", array, ") line)"});
}

}  // namespace sluice
