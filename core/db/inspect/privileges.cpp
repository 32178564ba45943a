#include "core/db/inspect/privileges.h"

#include <map>
#include <utility>

#include "core/db/inspect/array_text.h"

namespace sluice {
namespace {

// In the order in which aclitemout() prints them.
constexpr std::string_view kLetters = "arwdDxtXUCTcsAm";

// By letter: 0 not granted, 1 granted, 2 with grant option.
using Letters = std::map<char, int>;

// A role's name as putid() writes it: in double quotes (doubled within) unless it is plain.
std::string TakeRole(std::string_view& rest) {
  std::string role;
  if (rest.empty() || rest.front() != '"') {
    const std::size_t end = std::min(rest.find('='), rest.size());
    role = rest.substr(0, end);
    rest.remove_prefix(end);
    return role;
  }
  std::size_t i = 1;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      if (i + 1 >= rest.size() || rest[i + 1] != '"') break;
      ++i;
    }
    role += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return role;
}

void AddLetters(std::string_view text, Letters& letters) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int level = i + 1 < text.size() && text[i + 1] == '*' ? 2 : 1;
    int& held = letters[text[i]];
    held = std::max(held, level);
    if (level == 2) ++i;
  }
}

std::string Without(const Letters& letters, const Letters& taken) {
  std::string text;
  for (const char letter : kLetters) {
    const auto held = letters.find(letter);
    if (held == letters.end()) continue;
    const auto other = taken.find(letter);
    if (other != taken.end() && other->second >= held->second) continue;
    text += letter;
    if (held->second == 2) text += '*';
  }
  return text;
}

}  // namespace

std::string_view OwnerDefault(ObjectKind kind, int server_major) {
  switch (kind) {
    case ObjectKind::kTable:
    case ObjectKind::kForeignTable:
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
      return server_major >= 17 ? "arwdDxtm" : "arwdDxt";
    case ObjectKind::kSequence:
      return "rwU";
    case ObjectKind::kSchema:
      return "UC";
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kAggregate:
      return "X";
    case ObjectKind::kEnum:
    case ObjectKind::kDomain:
    case ObjectKind::kCompositeType:
    case ObjectKind::kRangeType:
    case ObjectKind::kLanguage:
    case ObjectKind::kForeignDataWrapper:
    case ObjectKind::kForeignServer:
      return "U";
    default:
      return {};
  }
}

std::string CanonicalGrants(std::string_view acl, std::string_view owner, const DefaultPrivileges& defaults) {
  if (acl.empty()) return {};
  std::map<std::string, Letters> by_role;
  for (const std::string& item : ArrayElements(acl)) {
    std::string_view left = item;
    std::string role = TakeRole(left);
    if (left.empty()) continue;
    left.remove_prefix(1);
    AddLetters(left.substr(0, left.find('/')), by_role[role.empty() ? "PUBLIC" : std::move(role)]);
  }
  Letters by_default;
  AddLetters(defaults.of_public, by_default);
  Letters of_owner;
  AddLetters(defaults.of_owner, of_owner);
  std::string added;
  for (const auto& [role, letters] : by_role) {
    if (role == owner) continue;
    const std::string more = Without(letters, role == "PUBLIC" ? by_default : Letters());
    if (!more.empty()) added += "+" + role + ":" + more + "\n";
  }
  const std::string of_owner_revoked = Without(of_owner, by_role[std::string(owner)]);
  if (!of_owner_revoked.empty()) added += "-OWNER:" + of_owner_revoked + "\n";
  const std::string revoked = Without(by_default, by_role["PUBLIC"]);
  if (!revoked.empty()) added += "-PUBLIC:" + revoked + "\n";
  if (!added.empty()) added.pop_back();
  return added;
}

}  // namespace sluice
