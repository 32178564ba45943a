// What the custom resource SchemaMigration is, said once: for the API server, which refuses what isn't so, and for
// people. The codec (schema_migration_codec.h) reads and writes the same fields; a test compares them. Pure.
#pragma once

#include <string>

#include "operator/api/field.h"

namespace sluice::api {

// The objects `spec` and `status`.
Field SpecField();
Field StatusField();

// A manifest in YAML: a structural schema with limits for everything, defaults, enums, rules, columns for kubectl.
std::string CustomResourceDefinition();

// In Markdown: every field, with its default and its limits, and every rule.
std::string Reference();

}  // namespace sluice::api
