// The writers of the single kinds: each writes the statements of an operation on an object of its kind, besides the
// comment, the owner and the grants (annotations.h). Pure.
#pragma once

#include "core/sql/emit/emission.h"

namespace sluice {

void EmitSchemaObject(Emission& emission);
void EmitSequence(Emission& emission);
void EmitTable(Emission& emission);  // foreign tables too
void EmitView(Emission& emission);   // materialized views too
void EmitColumn(Emission& emission);
void EmitConstraint(Emission& emission);
void EmitIndex(Emission& emission);
void EmitStatistics(Emission& emission);

// The parts of EmitTable: what changes of a table that stays; one property of a table or view, from `before` to `after`
// (empty: none).
void EmitTableChanges(Emission& emission);
void EmitTableProperty(Emission& emission, AttributeName name, std::string_view before, std::string_view after);

void EmitExtension(Emission& emission);
void EmitLanguage(Emission& emission);
void EmitAccessMethod(Emission& emission);
void EmitCollation(Emission& emission);

void EmitType(Emission& emission);  // enums, composite types, ranges
void EmitDomain(Emission& emission);
void EmitDomainConstraint(Emission& emission);  // of a domain that is there
void EmitTypeAttribute(Emission& emission);     // of a composite type that is there

void EmitRoutine(Emission& emission);  // functions, procedures, aggregates

void EmitTrigger(Emission& emission);
void EmitRule(Emission& emission);
void EmitPolicy(Emission& emission);
void EmitEventTrigger(Emission& emission);

void EmitOperator(Emission& emission);
void EmitOperatorFamily(Emission& emission);
void EmitOperatorClass(Emission& emission);
void EmitCast(Emission& emission);
void EmitConversion(Emission& emission);

void EmitTextSearchFunctions(Emission& emission);  // parsers, templates
void EmitTextSearchDictionary(Emission& emission);
void EmitTextSearchConfiguration(Emission& emission);

void EmitForeignDataWrapper(Emission& emission);
void EmitForeignServer(Emission& emission);
void EmitPublication(Emission& emission);
void EmitDefaultPrivileges(Emission& emission);  // only that they go: the rest are grants

}  // namespace sluice
