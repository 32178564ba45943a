// How long things in a custom resource may be. The API server wants a limit for everything that a rule looks at, and an
// operator that watches 10,000 resources wants one too. Of text: characters in the schema, bytes where the operator
// cuts.
#pragma once

#include <cstddef>

namespace sluice::api {

// Of names in Kubernetes (DNS subdomains), and of labels and the names of containers.
inline constexpr std::size_t kLongestName = 253;
inline constexpr std::size_t kLongestLabel = 63;
inline constexpr std::size_t kLongestKey = 253;  // of a Secret

// Of a spec.
inline constexpr std::size_t kLongestImage = 512;
inline constexpr std::size_t kLongestHost = 253;
inline constexpr std::size_t kLongestIdentifier = 63;  // of PostgreSQL: NAMEDATALEN
inline constexpr std::size_t kLongestRevision = 255;
inline constexpr std::size_t kLongestDuration = 32;
inline constexpr std::size_t kLongestWindow = 256;
inline constexpr std::size_t kLongestHash = 128;
inline constexpr std::size_t kMostTargets = 20;
inline constexpr std::size_t kMostPullSecrets = 8;

// Of a status.
inline constexpr std::size_t kMostConditions = 8;
inline constexpr std::size_t kLongestReason = 128;
inline constexpr std::size_t kLongestMessage = 1024;
inline constexpr std::size_t kLongestTitle = 120;  // of a step
inline constexpr std::size_t kLongestRows = 600;   // current, target, from, to: revisions, separated by ", "
inline constexpr std::size_t kLongestDatabase = 600;
inline constexpr std::size_t kMostRows = 8;          // version rows, where they are a list
inline constexpr std::size_t kMostHazards = 4;       // of a step
inline constexpr std::size_t kMostDataLosses = 20;   // of a way back
inline constexpr std::size_t kMostIrreversible = 8;  // of a way back
inline constexpr std::size_t kMostReached = 40;
inline constexpr std::size_t kMostPendingContracts = 40;

}  // namespace sluice::api
