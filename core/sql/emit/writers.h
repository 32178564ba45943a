// The writers of the single kinds: each writes the statements of an operation on an object of its kind, besides the
// comment, the owner and the grants (annotations.h). Pure.
#pragma once

#include "core/sql/emit/emission.h"

namespace sluice {

void EmitSchemaObject(Emission& emission);  // CREATE SCHEMA, DROP SCHEMA

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
