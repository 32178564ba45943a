#include "cmd/sluice/kind_reference.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/diff/kind_table.h"

namespace sluice::cli {
namespace {

constexpr std::string_view kBefore =
    "# What Sluice knows of a schema\n\n"
    "Made by `sluice help --kinds`; a test holds it to what the program does.\n\n"
    "A schema is read from the catalogs of PostgreSQL 13 to 18 as objects of these kinds. Objects that belong to an "
    "extension\nare the extension's; so is its comment.\n\n"
    "**Alter** lists what an object of the kind is compared by, and how a difference is mended:\n\n"
    "- *in place*: by a statement that keeps the object;\n"
    "- *in place, around it*: the same, but PostgreSQL refuses it while views, policies, functions and the like use "
    "the object:\n  those are dropped before and made again behind it, with their comments, owners and grants;\n"
    "- *replaced*: a new type is made beside the old one, columns are cast over with their rows, and the old one is "
    "dropped;\n"
    "- *rebuilt*: dropped and made again, and with it what depends on it;\n"
    "- *reported*: it is told, and left alone.\n\n"
    "Where there are two, the values or the server's version decide. A function, for instance, is replaced in place "
    "unless the\nnames or types of its arguments or its result change.\n\n"
    "**Rename**: *by hint* where somebody says so (`-- sluice:renamed-from` in a model, `--rename`): the object keeps "
    "its "
    "rows.\nWithout that another name is another object, which is made while the old one is dropped.\n\n";

constexpr std::string_view kAfter =
    "\n## Not managed\n\n"
    "These are named whenever a schema is read, and neither compared nor changed:\n\n"
    "| kind | why |\n|---|---|\n"
    "| base type, shell type | they are made of functions in C |\n"
    "| shell operator | it stands for an operator that doesn't exist |\n"
    "| subscription, user mapping | they may hold a password |\n"
    "| large object | it is data |\n"
    "| security label, transform | nobody has asked for them yet |\n\n"
    "Roles, tablespaces and databases belong to the whole cluster, not to a schema.\n\n"
    "## What PostgreSQL can't take back\n\n"
    "- An extension has scripts for newer versions only: the way back from an update is refused by PostgreSQL.\n"
    "- A label that is added to an enum can't be used before its transaction has committed.\n";

std::string_view Word(Change change) {
  switch (change) {
    case Change::kReported:
      return "reported";
    case Change::kInPlace:
      return "in place";
    case Change::kDisturbing:
      return "in place, around it";
    case Change::kReplaced:
      return "replaced";
    case Change::kRebuilt:
      return "rebuilt";
  }
  return "";
}

std::string Ways(const std::vector<Change>& ways) {
  std::string text;
  for (const Change way : ways) {
    if (!text.empty()) text += " or ";
    text += Word(way);
  }
  return text;
}

std::string Spaced(std::string_view label) {
  std::string text(label);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// "*in place*: owner, comment; *rebuilt*: definition": attributes that are changed the same ways stand together.
std::string Alterations(const KindFacts& facts) {
  std::vector<std::pair<std::vector<Change>, std::string>> groups;
  for (const AttributeName attribute : facts.attributes) {
    const std::vector<Change> ways = WaysToChange(facts.kind, attribute);
    const std::string label = Spaced(AttributeLabel(attribute));
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.first == ways; });
    if (group == groups.end()) {
      groups.emplace_back(ways, label);
    } else {
      group->second += ", " + label;
    }
  }
  std::string text;
  for (const auto& [ways, labels] : groups) {
    if (!text.empty()) text += "; ";
    text += "*" + Ways(ways) + "*: " + labels;
  }
  return text;
}

// What a hint can name (core/sql/rename_hint.h).
std::string Renaming(ObjectKind kind) {
  return kind == ObjectKind::kTable || kind == ObjectKind::kColumn ? "by hint" : "drop and create";
}

}  // namespace

std::string KindReference() {
  std::string text(kBefore);
  text += "| kind | create | alter | drop | rename | proven by |\n|---|---|---|---|---|---|\n";
  for (const KindFacts& facts : AllKindFacts()) {
    text += "| " + std::string(ObjectKindName(facts.kind)) + " | `" + std::string(facts.create) + "` | " +
            Alterations(facts) + " | `" + std::string(facts.drop) + "` | " + Renaming(facts.kind) + " | `" +
            std::string(facts.proof) + "` |\n";
  }
  text += "\nThe tests are in `tests/acceptance/`.\n";
  text += kAfter;
  return text;
}

}  // namespace sluice::cli
