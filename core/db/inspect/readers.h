// The readers of an inspection, a family of kinds each. Every one asks a fixed number of queries.
#pragma once

#include "core/base/result.h"
#include "core/db/inspect/inspection.h"

namespace sluice {

Status ReadSchemas(Inspection& inspection);
// Relations with all that belongs to them, and sequences. After the types: columns of composite types, checks of
// domains.
Status ReadRelations(Inspection& inspection);

// Families of kinds that are one query each, or little more.
Status ReadModules(Inspection& inspection);            // extensions, languages, access methods, collations
Status ReadTypes(Inspection& inspection);              // enums, domains, composite types, ranges
Status ReadRoutines(Inspection& inspection);           // functions, procedures, aggregates
Status ReadTriggers(Inspection& inspection);           // triggers, rules, policies, event triggers
Status ReadOperators(Inspection& inspection);          // operators, families, classes, casts, conversions
Status ReadTextSearch(Inspection& inspection);         // parsers, templates, dictionaries, configurations
Status ReadOutside(Inspection& inspection);            // foreign-data wrappers, servers, publications
Status ReadDefaultPrivileges(Inspection& inspection);  // default privileges
Status ReadUnmanaged(Inspection& inspection);          // what is there and neither compared nor changed

}  // namespace sluice
