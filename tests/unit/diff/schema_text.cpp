#include "tests/unit/diff/schema_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "core/diff/differ.h"

namespace sluice {
namespace {

std::string Spaced(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

ObjectKind KindOf(const std::string& word) {
  for (std::size_t i = 0; i < kObjectKinds; ++i) {
    const auto kind = static_cast<ObjectKind>(i);
    if (ObjectKindName(kind) == Spaced(word, '_', ' ')) return kind;
  }
  ADD_FAILURE() << "no kind " << word;
  return ObjectKind::kSchema;
}

AttributeName AttributeOf(const std::string& label) {
  for (std::size_t i = 0; i < kAttributeNames; ++i) {
    const auto name = static_cast<AttributeName>(i);
    if (AttributeLabel(name) == label) return name;
  }
  ADD_FAILURE() << "no attribute " << label;
  return AttributeName::kComment;
}

ObjectId IdOf(const std::string& kind, std::string name) {
  ObjectId id;
  id.kind = KindOf(kind);
  if (const std::size_t open = name.find('('); open != std::string::npos) {
    id.signature = name.substr(open + 1, name.size() - open - 2);
    name.resize(open);
  }
  if (const std::size_t dot = name.find('.'); dot != std::string::npos) {
    id.parent = name.substr(0, dot);
    name.erase(0, dot + 1);
  }
  id.name = name;
  if (id.kind != ObjectKind::kSchema) id.schema = "public";
  return id;
}

}  // namespace

Schema SchemaOf(std::string_view text) {
  SchemaBuilder builder;
  std::map<ObjectId, SchemaBuilder::Handle> handles;
  std::vector<std::pair<ObjectId, ObjectId>> needs;
  std::map<std::string, int> positions;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    std::string name;
    if (!(words >> kind >> name)) continue;
    SchemaObject object;
    object.id = IdOf(kind, name);
    if (object.id.kind == ObjectKind::kColumn) {
      object.Set(AttributeName::kPosition, std::to_string(++positions[object.id.parent]));
      object.Set(AttributeName::kType, "integer");
    }
    for (std::string word; words >> word;) {
      if (word == "needs") {
        std::string needed_name;
        while (words >> kind >> needed_name) {
          if (needed_name.back() == ',') needed_name.pop_back();
          needs.emplace_back(object.id, IdOf(kind, needed_name));
        }
        break;
      }
      const std::size_t equals = word.find('=');
      object.Set(AttributeOf(word.substr(0, equals)), Spaced(word.substr(equals + 1), '~', '\n'));
    }
    handles.emplace(object.id, builder.Add(object));
  }
  for (const auto& [object, needed] : needs) {
    EXPECT_TRUE(handles.count(needed)) << "nothing called " << needed.name;
    if (handles.count(needed)) builder.AddNeed(handles.at(object), handles.at(needed));
  }
  Schema schema = builder.Build();
  schema.server_major = 15;
  return schema;
}

std::string NameOf(const SchemaObject& object) {
  std::string text(ObjectKindName(object.id.kind));
  text += " ";
  if (!object.id.parent.empty()) text += object.id.parent + ".";
  text += object.id.name;
  if (!object.id.signature.empty()) text += "(" + object.id.signature + ")";
  return text;
}

std::string PlanText(const Operations& operations, const Schema& from, const Schema& to) {
  constexpr const char* kVerbs[] = {"create", "alter", "drop", "unset", "set", "set aside", "drop aside"};
  std::string text;
  for (const Operation& operation : operations) {
    const bool before = operation.kind == OperationKind::kDrop || operation.kind == OperationKind::kDropAside;
    const Schema& schema = before ? from : operation.to == Schema::kNone ? from : to;
    const Schema::Index i = &schema == &from ? operation.from : operation.to;
    text += std::string(kVerbs[static_cast<int>(operation.kind)]) + " " + NameOf(schema[i]);
    std::string list;
    for (const AttributeName name : operation.changes)
      list += (list.empty() ? "" : ", ") + std::string(AttributeLabel(name));
    if (!list.empty()) text += (before || operation.kind == OperationKind::kCreate ? " without (" : " (") + list + ")";
    list.clear();
    for (const Schema::Index part : operation.parts) {
      list += (list.empty() ? "" : ", ") + NameOf(SchemaOfParts(operation, from, to)[part]);
      const auto& bare = operation.parts_without_default;
      if (std::find(bare.begin(), bare.end(), part) != bare.end()) list += " without default";
    }
    if (!list.empty()) text += " with " + list;
    text += "\n";
  }
  return text;
}

std::string Plan(std::string_view from_text, std::string_view to_text) {
  const Schema from = SchemaOf(from_text);
  const Schema to = SchemaOf(to_text);
  return PlanText(PlanOperations(from, to, CompareSchemas(from, to, {})), from, to);
}

}  // namespace sluice
