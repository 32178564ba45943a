// Access control lists of the catalogs in the form of AttributeName::kGrants.
#pragma once

#include <string>
#include <string_view>

#include "core/model/object_kind.h"

namespace sluice {

// What everybody has who has it by default.
struct DefaultPrivileges {
  std::string_view of_public;  // letters: "X" of functions, "U" of types and languages, else empty
  std::string_view of_owner;   // letters; empty: what the owner has isn't looked at
};

// `acl`: the text of an aclitem[], empty for NULL (which means the kind's default). `owner`: the name of the object's
// owner, of whose own privileges only the missing ones are told. Empty when nothing differs from the default.
// Privileges that several roles granted to one are taken together. Rules: aclitemout() and acldefault() in
// src/backend/utils/adt/acl.c.
std::string CanonicalGrants(std::string_view acl, std::string_view owner, const DefaultPrivileges& defaults);

// What the owner of an object of this kind has by default; empty for kinds without privileges of their own, and for
// those whose owner has none (columns).
std::string_view OwnerDefault(ObjectKind kind, int server_major);

}  // namespace sluice
