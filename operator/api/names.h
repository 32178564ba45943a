// The names that Sluice uses on objects of a cluster. Users and charts write some of them: they only grow.
#pragma once

#include <string_view>

namespace sluice::api {

inline constexpr std::string_view kGroup = "sluice.dev";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kKind = "SchemaMigration";
inline constexpr std::string_view kPlural = "schemamigrations";
inline constexpr std::string_view kApiVersion = "sluice.dev/v1alpha1";

inline constexpr std::string_view kFinalizer = "sluice.dev/job";  // while a Job runs
inline constexpr std::string_view kFieldManager = "sluice-operator";
inline constexpr std::string_view kEventSource = "sluice.dev/operator";

// On Jobs and their pods.
inline constexpr std::string_view kMigrationLabel =
    "sluice.dev/schema-migration";  // the resource's name, cut to a label
inline constexpr std::string_view kStepLabel = "sluice.dev/step";
inline constexpr std::string_view kMigrationUidLabel = "sluice.dev/schema-migration-uid";
inline constexpr std::string_view kGenerationAnnotation = "sluice.dev/generation";
inline constexpr std::string_view kAttemptAnnotation = "sluice.dev/attempt";

// On Deployments: written by the operator.
inline constexpr std::string_view kGatedLabel = "sluice.dev/gated";             // "true"
inline constexpr std::string_view kGatedByAnnotation = "sluice.dev/gated-by";   // names of resources: a,b
inline constexpr std::string_view kApprovedAnnotation = "sluice.dev/approved";  // hashes of templates, the newest last
inline constexpr std::string_view kReleasedAnnotation = "sluice.dev/released";  // HASH@TIME: the last that was let go
inline constexpr std::string_view kFailedAnnotation = "sluice.dev/failed";  // HASH@TIME: the template that was put back
inline constexpr std::string_view kOnDeleteAnnotation = "sluice.dev/on-delete";  // Leave; else Release
// … by the webhook, with its pause …
inline constexpr std::string_view kPausedAnnotation = "sluice.dev/paused";  // HASH@TIME: of which template, since when
// … and by people.
inline constexpr std::string_view kGateAnnotation = "sluice.dev/gate";  // "open": break glass
// On pod templates, by people and charts: what the template needs, a migrator image or a revision.
inline constexpr std::string_view kSchemaAnnotation = "sluice.dev/schema";

}  // namespace sluice::api
