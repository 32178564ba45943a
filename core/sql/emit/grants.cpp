#include "core/sql/emit/grants.h"

#include <array>
#include <map>
#include <utility>

#include "core/sql/emit/annotations.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// aclitem's letters (src/include/utils/acl.h) in the order in which they are written.
constexpr std::array<std::pair<char, std::string_view>, 15> kPrivileges{{{'r', "SELECT"},
                                                                         {'a', "INSERT"},
                                                                         {'w', "UPDATE"},
                                                                         {'d', "DELETE"},
                                                                         {'D', "TRUNCATE"},
                                                                         {'x', "REFERENCES"},
                                                                         {'t', "TRIGGER"},
                                                                         {'m', "MAINTAIN"},
                                                                         {'X', "EXECUTE"},
                                                                         {'U', "USAGE"},
                                                                         {'C', "CREATE"},
                                                                         {'T', "TEMPORARY"},
                                                                         {'c', "CONNECT"},
                                                                         {'s', "SET"},
                                                                         {'A', "ALTER SYSTEM"}}};

// Letters of one role: 1 held, 2 with grant option.
using Letters = std::map<char, int>;

struct RoleGrants {
  Letters added;
  Letters revoked;  // of what the kind gives by default
};

std::map<std::string, RoleGrants> Parse(std::string_view grants) {
  std::map<std::string, RoleGrants> by_role;
  for (const std::string_view line : LinesOf(grants)) {
    const std::size_t colon = line.rfind(':');
    RoleGrants& role = by_role[std::string(line.substr(1, colon - 1))];
    Letters& letters = line.front() == '+' ? role.added : role.revoked;
    for (std::size_t i = colon + 1; i < line.size(); ++i) {
      if (line[i] == '*') continue;
      letters[line[i]] = i + 1 < line.size() && line[i + 1] == '*' ? 2 : 1;
    }
  }
  return by_role;
}

// `GRANT … ON` names tables of all sorts, types of all sorts and sequences by these words.
std::string_view GrantKeyword(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
    case ObjectKind::kForeignTable:
    case ObjectKind::kColumn:
      return "TABLE";
    case ObjectKind::kForeignServer:
      return "FOREIGN SERVER";
    default:
      return ObjectKindKeyword(kind);
  }
}

// Default privileges are `FOR ROLE r IN SCHEMA s ON TABLES`: the place of ` ON `.
std::size_t DefaultsTarget(const ObjectId& id) { return id.signature.rfind(" ON "); }

// `TABLE invoice`, from `VIEW invoice`.
std::string GrantTarget(const Emission& emission, const SchemaObject& object) {
  if (object.id.kind == ObjectKind::kDefaultPrivileges) {
    return object.id.signature.substr(DefaultsTarget(object.id) + 4);
  }
  if (object.id.kind == ObjectKind::kColumn) return "TABLE " + emission.ParentName(object.id);
  // GRANT knows aggregates as functions, which have no `*`.
  if (object.id.kind == ObjectKind::kAggregate) {
    return "FUNCTION " + emission.Name(object.id) + "(" + object.id.signature + ")";
  }
  const std::string target = AnnotationTarget(emission, object);
  return std::string(GrantKeyword(object.id.kind)) + target.substr(ObjectKindKeyword(object.id.kind).size());
}

std::string PrivilegeList(const SchemaObject& object, const Letters& letters, int level) {
  std::string list;
  for (const auto& [letter, word] : kPrivileges) {
    const auto held = letters.find(letter);
    if (held == letters.end() || held->second != level) continue;
    if (!list.empty()) list += ", ";
    list += word;
    if (object.id.kind == ObjectKind::kColumn) list += " (" + QuoteIdentifier(object.id.name) + ")";
  }
  return list;
}

// Who owns the object when its grants are made: the one who owned it, unless owners are written; of what is created,
// the one who creates it.
std::string OwnerName(const Emission& emission, const SchemaObject* before, const SchemaObject& after) {
  if (emission.context().owners && after.Has(AttributeName::kOwner)) {
    return QuoteIdentifier(after.Get(AttributeName::kOwner));
  }
  const bool rebuilt = before == nullptr && &after == &emission.object() && emission.operation().from != Schema::kNone;
  const SchemaObject* owned = rebuilt ? &emission.before() : before;
  if (owned == nullptr || !owned->Has(AttributeName::kOwner)) return "CURRENT_USER";
  return QuoteIdentifier(owned->Get(AttributeName::kOwner));
}

std::string RoleName(const std::string& role, const std::string& owner) {
  return role == "PUBLIC" ? role : role == "OWNER" ? owner : QuoteIdentifier(role);
}

// What ALTER DEFAULT PRIVILEGES calls the objects of a kind; empty where it has no word.
std::string_view DefaultsWord(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kTable:
    case ObjectKind::kForeignTable:
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
      return "TABLES";
    case ObjectKind::kSequence:
      return "SEQUENCES";
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kAggregate:
      return "FUNCTIONS";
    case ObjectKind::kEnum:
    case ObjectKind::kDomain:
    case ObjectKind::kCompositeType:
    case ObjectKind::kRangeType:
      return "TYPES";
    case ObjectKind::kSchema:
      return "SCHEMAS";
    default:
      return {};
  }
}

// Adds what a new object may be given by the default privileges of the schema. Whose they are doesn't count: the role
// that will create the object isn't known.
void AddDefaultGrants(const Schema& schema, const ObjectId& id, std::map<std::string, RoleGrants>& by_role) {
  const std::string_view word = DefaultsWord(id.kind);
  if (word.empty()) return;
  const auto& objects = schema.objects();
  // They are the last of all kinds.
  for (auto i = objects.rbegin(); i != objects.rend() && i->id.kind == ObjectKind::kDefaultPrivileges; ++i) {
    const std::string_view signature = i->id.signature;
    const std::size_t end = DefaultsTarget(i->id);
    const std::string_view scope = signature.substr(0, end);
    const bool everywhere = scope.find(" IN SCHEMA ") == std::string_view::npos;
    if (signature.substr(end + 4) != word) continue;
    if (!everywhere && !scope.ends_with(" IN SCHEMA " + QuoteIdentifier(id.schema))) continue;
    for (auto& [role, grants] : Parse(i->Get(AttributeName::kGrants))) {
      by_role[role].added.merge(grants.added);
      by_role[role].revoked.merge(grants.revoked);
    }
  }
}

// What `wanted` has beyond `held`, at the level wanted.
Letters Beyond(const Letters& wanted, const Letters& held) {
  Letters more;
  for (const auto& [letter, level] : wanted) {
    const auto other = held.find(letter);
    if (other == held.end() || other->second < level) more.emplace(letter, level);
  }
  return more;
}

}  // namespace

void EmitGrants(Emission& emission, const SchemaObject* before, const SchemaObject& after) {
  auto old = Parse(before == nullptr ? std::string_view() : before->Get(AttributeName::kGrants));
  auto wanted = Parse(after.Get(AttributeName::kGrants));
  const std::string start =
      after.id.kind == ObjectKind::kDefaultPrivileges
          ? "ALTER DEFAULT PRIVILEGES " + after.id.signature.substr(0, DefaultsTarget(after.id)) + " "
          : "";
  for (const auto& [role, grants] : old) wanted.try_emplace(role);
  std::map<std::string, RoleGrants> defaults;
  if (before == nullptr) {
    AddDefaultGrants(emission.context().from, after.id, defaults);
    AddDefaultGrants(emission.context().to, after.id, defaults);
  }
  for (const auto& [role, grants] : defaults) wanted.try_emplace(role);
  if (wanted.empty()) return;
  const std::string target = " ON " + GrantTarget(emission, after);
  const std::string owner = OwnerName(emission, before, after);
  for (const auto& [role, now] : wanted) {
    const RoleGrants& was = old[role];
    const std::string name = RoleName(role, owner);
    Letters taken = Beyond(was.added, now.added);
    taken.merge(Beyond(defaults[role].added, now.added));
    Letters options;  // the grant option goes, the privilege stays
    for (auto i = taken.begin(); i != taken.end();) {
      if (now.added.count(i->first) != 0) {
        options.insert(*i);
        i = taken.erase(i);
      } else {
        i->second = 1;
        ++i;
      }
    }
    taken.merge(Beyond(now.revoked, was.revoked));
    if (!taken.empty()) emission.Add(start + "REVOKE " + PrivilegeList(after, taken, 1) + target + " FROM " + name);
    if (!options.empty()) {
      emission.Add(start + "REVOKE GRANT OPTION FOR " + PrivilegeList(after, options, 2) + target + " FROM " + name);
    }
    Letters given = Beyond(now.added, was.added);
    given.merge(Beyond(was.revoked, now.revoked));
    given.merge(Beyond(defaults[role].revoked, now.revoked));
    const std::string plain = PrivilegeList(after, given, 1);
    const std::string with_option = PrivilegeList(after, given, 2);
    if (!plain.empty()) emission.Add(start + "GRANT " + plain + target + " TO " + name);
    if (!with_option.empty())
      emission.Add(start + "GRANT " + with_option + target + " TO " + name + " WITH GRANT OPTION");
  }
}

void EmitDefaultPrivileges(Emission& emission) {
  if (!emission.drops()) return;
  SchemaObject none;
  none.id = emission.id();
  EmitGrants(emission, &emission.object(), none);
}

}  // namespace sluice
