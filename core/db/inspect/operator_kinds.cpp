// Operators and what belongs to them: families, classes, casts; conversions.
#include "core/db/inspect/kind_query.h"
#include "core/db/inspect/readers.h"

namespace sluice {
namespace {

using enum AttributeName;

// COMMUTATOR and NEGATOR may name an operator that is made later: PostgreSQL keeps a shell for it, and the catalogs
// know no dependency. Shells themselves are named as not managed (unmanaged.cpp).
KindQuery Operators() {
  return {ObjectKind::kOperator,
          Catalog::kOperator,
          {kDefinition, kProperties},
          "SELECT o.oid, o.oprnamespace, NULL, o.oprname, coalesce(" + TypeName("o.oprleft") +
              ", 'NONE') || ', ' || coalesce(" + TypeName("o.oprright") +
              ", 'NONE'), o.oprowner, NULL, 'FUNCTION = ' || " + FunctionName("o.oprcode") +
              ", concat_ws(E'\\n', 'COMMUTATOR = ' || " + OperatorName("o.oprcom") + ", 'NEGATOR = ' || " +
              OperatorName("o.oprnegate") + ", 'RESTRICT = ' || " + FunctionName("o.oprrest") + ", 'JOIN = ' || " +
              FunctionName("o.oprjoin") +
              ", CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END) "
              "FROM pg_operator o WHERE o.oprcode <> 0 AND " +
              OfItsOwn("pg_operator", "o.oid")};
}

// The operators and functions that hang on the object `owner` of `catalog`: a class has those it was created with, a
// family the ones added later (pg_depend tells them apart, as for pg_dump).
std::string Members(std::string_view catalog, std::string_view owner, std::string_view separator) {
  const std::string hangs =
      ".oid AND d.refclassid = '" + std::string(catalog) + "'::regclass AND d.refobjid = " + std::string(owner) + ")";
  return "(SELECT string_agg(m.line, " + std::string(separator) +
         " ORDER BY m.sort, m.number, m.line COLLATE \"C\") FROM ("
         "SELECT 1 AS sort, a.amopstrategy AS number, 'OPERATOR ' || a.amopstrategy || ' ' || " +
         PlainOperatorName("a.amopopr") + " || ' (' || " + TypeName("a.amoplefttype") + " || ', ' || " +
         TypeName("a.amoprighttype") + " || ')' || coalesce(' FOR ORDER BY ' || " +
         OperatorFamilyName("a.amopsortfamily") +
         ", '') AS line FROM pg_amop a WHERE EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND "
         "d.objid = a" +
         hangs + " UNION ALL SELECT 2, a.amprocnum, 'FUNCTION ' || a.amprocnum || ' (' || " +
         TypeName("a.amproclefttype") + " || ', ' || " + TypeName("a.amprocrighttype") + " || ') ' || " +
         FunctionName("a.amproc") +
         " || '(' || (SELECT oidvectortypes(p.proargtypes) FROM pg_proc p WHERE p.oid = a.amproc) || ')' "
         "FROM pg_amproc a WHERE EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND "
         "d.objid = a" +
         hangs + ") m)";
}

KindQuery OperatorFamilies() {
  return {ObjectKind::kOperatorFamily,
          Catalog::kOperatorFamily,
          {kMembers},
          "SELECT f.oid, f.opfnamespace, NULL, f.opfname, quote_ident(m.amname), f.opfowner, NULL, " +
              Members("pg_opfamily", "f.oid", "E'\\n'") +
              " FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod WHERE " + OfItsOwn("pg_opfamily", "f.oid")};
}

// A class without operators and functions needs something behind AS: its storage type, as pg_dump writes it.
KindQuery OperatorClasses() {
  return {ObjectKind::kOperatorClass,
          Catalog::kOperatorClass,
          {kDefinition},
          "SELECT c.oid, c.opcnamespace, NULL, c.opcname, quote_ident(m.amname), c.opcowner, NULL, CASE WHEN "
          "c.opcdefault THEN 'DEFAULT ' ELSE '' END || 'FOR TYPE ' || " +
              TypeName("c.opcintype") + " || ' USING ' || quote_ident(m.amname) || ' FAMILY ' || " +
              OperatorFamilyName("c.opcfamily") + " || E' AS\\n' || coalesce(concat_ws(E',\\n', 'STORAGE ' || " +
              TypeName("c.opckeytype") + ", " + Members("pg_opclass", "c.oid", "E',\\n'") + "), 'STORAGE ' || " +
              TypeName("c.opcintype") + ") FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod WHERE " +
              OfItsOwn("pg_opclass", "c.oid")};
}

KindQuery Casts() {
  return {ObjectKind::kCast,
          Catalog::kCast,
          {kDefinition},
          "SELECT c.oid, NULL, NULL, NULL, " + TypeName("c.castsource") + " || ' AS ' || " + TypeName("c.casttarget") +
              ", NULL, NULL, CASE c.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE 'WITH "
              "FUNCTION ' || " +
              FunctionName("c.castfunc") +
              " || '(' || (SELECT oidvectortypes(p.proargtypes) FROM pg_proc p WHERE p.oid = c.castfunc) || ')' END || "
              "CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END "
              "FROM pg_cast c WHERE " +
              OfItsOwn("pg_cast", "c.oid")};
}

KindQuery Conversions() {
  return {ObjectKind::kConversion,
          Catalog::kConversion,
          {kDefinition, kProperties},
          "SELECT c.oid, c.connamespace, NULL, c.conname, NULL, c.conowner, NULL, 'FOR ' || "
          "quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO ' || "
          "quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || " +
              FunctionName("c.conproc") + ", CASE WHEN c.condefault THEN 'DEFAULT' END FROM pg_conversion c WHERE " +
              OfItsOwn("pg_conversion", "c.oid")};
}

}  // namespace

Status ReadOperators(Inspection& inspection) {
  for (const KindQuery& query : {Operators(), OperatorFamilies(), OperatorClasses(), Casts(), Conversions()}) {
    SLUICE_CHECK(ReadKind(inspection, query));
  }
  return ReadAliases(inspection,
                     "SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE classid IN "
                     "('pg_amop'::regclass, 'pg_amproc'::regclass) AND refclassid IN ('pg_opclass'::regclass, "
                     "'pg_opfamily'::regclass) AND objid >= 16384");
}

}  // namespace sluice
