// Access control lists of the catalogs in the form of AttributeName::kGrants.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// `acl`: the text of an aclitem[], empty for NULL (which means the kind's default). `owner`: the name of the object's
// owner, whose own privileges are left out. `public_default`: the letters that PUBLIC has when nothing was granted or
// revoked ("X" of functions, "U" of types and languages, else empty). Empty when nothing differs from the default.
// Privileges that several roles granted to one are taken together. Rules: aclitemout() and acldefault() in
// src/backend/utils/adt/acl.c.
std::string CanonicalGrants(std::string_view acl, std::string_view owner, std::string_view public_default);

}  // namespace sluice
