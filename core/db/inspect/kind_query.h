// Kinds of objects that one query reads, and what these queries have in common: pieces of SQL over the catalogs of
// PostgreSQL 13 to 18.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/db/inspect/inspection.h"
#include "core/model/attribute.h"
#include "core/model/object_kind.h"

namespace sluice {

// One query: all objects of a kind. Its columns are the oid in `catalog`, the schema's oid (NULL: it stands outside
// schemas), parent, name and signature of the object's id (NULL: empty), the owner's oid, the ACL, and then the values
// of `attributes` (NULL or empty: the object doesn't have it).
struct KindQuery {
  ObjectKind kind = ObjectKind::kSchema;
  Catalog catalog = Catalog::kRelation;
  std::vector<AttributeName> attributes;
  std::string sql;
  std::string_view public_default = {};  // what PUBLIC has when nothing was granted or revoked
};

// Adds the objects that the query finds, but those in schemas and of relations that aren't inspected.
Status ReadKind(Inspection& inspection, const KindQuery& query);

// Runs a query of four columns, catalog and oid twice: what is at the first address is part of the object at the
// second.
Status ReadAliases(Inspection& inspection, const std::string& sql);

// The condition that the object with oid `oid` of `catalog` was not made by initdb, by an extension, or by PostgreSQL
// as a part of another object (the functions and casts of a range type).
std::string OfItsOwn(std::string_view catalog, std::string_view oid);

// The same without the last: a partitioned table hangs on its own key as if it were a part of it.
std::string NotOfExtension(std::string_view catalog, std::string_view oid);

// Names as SQL for the object with oid `oid`, with the schema where the search_path doesn't find it. NULL for none.
std::string FunctionName(std::string_view oid);
std::string OperatorName(std::string_view oid);       // `OPERATOR(s.+)` where it needs a schema, else `+`
std::string PlainOperatorName(std::string_view oid);  // `s.+`, as members of families and classes are written
std::string OperatorClassName(std::string_view oid);
std::string OperatorFamilyName(std::string_view oid);
std::string CollationName(std::string_view oid);
std::string TextSearchName(std::string_view what, std::string_view oid);  // `what`: parser, template or dict

// `format_type` without a modifier; NULL for no type.
std::string TypeName(std::string_view oid);

// The elements of an array of text, one a line, sorted.
std::string SortedLines(std::string_view array);

}  // namespace sluice
