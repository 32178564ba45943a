#include "core/diff/difference_text.h"

#include <algorithm>
#include <string_view>

#include "core/diff/attribute_needs.h"

namespace sluice {
namespace {

constexpr std::size_t kLongestValue = 60;  // bytes of a value that are shown

std::string Shown(std::string_view value) {
  if (value.empty()) return "not set";
  std::string text(value.substr(0, kLongestValue));
  std::replace(text.begin(), text.end(), '\n', ' ');
  // Not within a character.
  while (text.size() < value.size() && !text.empty() &&
         (static_cast<unsigned char>(value[text.size()]) & 0xC0) == 0x80) {
    text.pop_back();
  }
  return text.size() < value.size() ? text + "…" : text;
}

// `i` is in `schema` and not in `other`.
bool IsPartOfOneSided(const Schema& schema, Schema::Index i, const Schema& other) {
  const Schema::Index whole = schema[i].id.kind == ObjectKind::kSequence ? OwnerOf(schema, i) : ParentOf(schema, i);
  return whole != Schema::kNone && other.Find(schema[whole].id) == Schema::kNone;
}

std::string LabelText(AttributeName name) {
  std::string label(AttributeLabel(name));
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

}  // namespace

std::string ObjectText(const ObjectId& id, const std::string& home_schema) {
  std::string text(ObjectKindName(id.kind));
  text += ' ';
  if (!id.schema.empty() && id.schema != home_schema) text += id.schema + ".";
  if (!id.parent.empty()) text += id.parent + ".";
  text += id.name;
  const bool has_arguments = id.kind == ObjectKind::kFunction || id.kind == ObjectKind::kProcedure ||
                             id.kind == ObjectKind::kAggregate || id.kind == ObjectKind::kOperator;
  if (has_arguments) return text + "(" + id.signature + ")";
  if (!id.signature.empty()) text += (id.name.empty() ? "" : " ") + id.signature;
  return text;
}

std::string DifferenceText(const Difference& difference, const Schema& from, const Schema& to,
                           const std::string& from_name, const std::string& to_name) {
  if (difference.to == Schema::kNone) {
    return ObjectText(from[difference.from].id, from.home_schema) + ": only in " + from_name;
  }
  if (difference.from == Schema::kNone) {
    return ObjectText(to[difference.to].id, to.home_schema) + ": only in " + to_name;
  }
  const SchemaObject& before = from[difference.from];
  const SchemaObject& after = to[difference.to];
  std::string text = ObjectText(after.id, to.home_schema) + ": ";
  bool first = true;
  for (const AttributeName name : difference.attributes) {
    if (!first) text += "; ";
    first = false;
    text += LabelText(name) + " is " + Shown(before.Get(name)) + " in " + from_name + ", " + Shown(after.Get(name)) +
            " in " + to_name;
  }
  return text;
}

std::vector<Difference> WithoutPositions(std::vector<Difference> differences) {
  std::erase_if(differences, [](const Difference& difference) {
    return difference.attributes.size() == 1 && difference.attributes.front() == AttributeName::kPosition;
  });
  return differences;
}

std::vector<Difference> WithoutParts(std::vector<Difference> differences, const Schema& from, const Schema& to) {
  std::erase_if(differences, [&](const Difference& difference) {
    if (difference.to == Schema::kNone) return IsPartOfOneSided(from, difference.from, to);
    return difference.from == Schema::kNone && IsPartOfOneSided(to, difference.to, from);
  });
  return differences;
}

}  // namespace sluice
