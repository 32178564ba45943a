// The schema and the codec know the same fields.
#include "operator/api/resource_schema.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "operator/api/schema_migration_codec.h"
#include "tests/unit/operator/api/full_status.h"

namespace sluice::api {
namespace {

// Paths of everything that has no members: `policy.retries`, `gate.targets[].name`.
void AddLeaves(const Field& field, const std::string& path, std::set<std::string>& leaves) {
  const bool has_members = field.kind == FieldKind::kObject || field.kind == FieldKind::kList;
  if (!has_members) leaves.insert(path);
  if (!has_members) return;
  for (const Field& member : field.fields) {
    const std::string dot = path.empty() ? "" : ".";
    AddLeaves(member, field.kind == FieldKind::kList ? path + "[]" : path + dot + member.name, leaves);
  }
}

void AddLeaves(const Json& json, const std::string& path, std::set<std::string>& leaves) {
  if (!json.is_structured()) leaves.insert(path);
  if (!json.is_structured()) return;
  for (const auto& [name, value] : json.items()) {
    const std::string dot = path.empty() ? "" : ".";
    AddLeaves(value, json.is_array() ? path + "[]" : path + dot + name, leaves);
  }
}

TEST(ResourceSchemaTest, EveryFieldOfAStatusIsWrittenAndDescribed) {
  std::set<std::string> described;
  AddLeaves(StatusField(), "", described);
  std::set<std::string> written;
  AddLeaves(WriteStatus(FullStatus()), "", written);
  EXPECT_EQ(described, written);
}

// A value that isn't what stands there by default. A text of two hours is a duration too.
Json Sample(const Field& field) {
  switch (field.kind) {
    case FieldKind::kText:
      return field.values.empty() ? Json("2h") : Json(field.values.back());
    case FieldKind::kInteger:
      return *field.most;
    case FieldKind::kFlag:
      return true;
    default:
      return Json::object({{"name", "value"}});
  }
}

// Calls `check` with each leaf's path, and with specs that have it and that have all but it.
template <typename Check>
void ForEachLeaf(const Field& field, const std::string& path, const Json::json_pointer& place, const Json& spec,
                 const Check& check) {
  if (field.kind == FieldKind::kObject || field.kind == FieldKind::kList) {
    Json with_it = spec;
    const bool list = field.kind == FieldKind::kList;
    with_it[place] = list ? Json::array() : Json::object();
    for (const Field& member : field.fields) {
      ForEachLeaf(member, list ? path + "[]" : path + "." + member.name, list ? place / 0 : place / member.name,
                  with_it, check);
    }
    return;
  }
  Json with_it = spec;
  with_it[place] = Sample(field);
  check(path, field, with_it, spec);
}

TEST(ResourceSchemaTest, EveryFieldOfASpecIsRead) {
  int fields = 0;
  ForEachLeaf(
      SpecField(), "spec", Json::json_pointer(), Json(),
      [&](const auto& path, const Field& field, const Json& with_it, const Json& without) {
        ++fields;
        if (field.values.size() == 1) return;  // it says nothing yet
        EXPECT_NE(ReadSchemaMigration(Json{{"spec", with_it}}).spec, ReadSchemaMigration(Json{{"spec", without}}).spec)
            << path;
      });
  EXPECT_GT(fields, 50);
}

TEST(ResourceSchemaTest, DefaultsAreThoseOfTheSpec) {
  // What the API server would fill in, in a resource that says no more than it has to and has every optional object.
  const Json sparse = Json::parse(R"({"policy": {}, "validation": {}, "gate": {}, "drift": {}})");
  Json filled = sparse;
  ForEachLeaf(SpecField(), "spec", Json::json_pointer(), Json(),
              [&](const auto& path, const Field& field, const Json&, const Json&) {
                if (field.default_value.is_null()) return;
                std::string pointer = std::string(path).substr(4);
                for (char& c : pointer) c = c == '.' ? '/' : c;
                filled[Json::json_pointer(pointer)] = field.default_value;
              });
  EXPECT_NE(filled, sparse);
  EXPECT_EQ(ReadSchemaMigration(Json{{"spec", filled}}), ReadSchemaMigration(Json{{"spec", sparse}}));
}

// The API server refuses rules whose cost it can't bound.
void ExpectLimits(const Field& field, const std::string& path) {
  const bool grows = (field.kind == FieldKind::kText && field.values.empty()) || field.kind == FieldKind::kList ||
                     field.kind == FieldKind::kMap;
  EXPECT_TRUE(!grows || field.most.has_value()) << path;
  for (const Field& member : field.fields) ExpectLimits(member, path + "." + member.name);
}

TEST(ResourceSchemaTest, EverythingHasALimitAndAText) {
  ExpectLimits(SpecField(), "spec");
  ExpectLimits(StatusField(), "status");
  const std::string reference = Reference();
  std::set<std::string> leaves;
  AddLeaves(SpecField(), "spec", leaves);
  AddLeaves(StatusField(), "status", leaves);
  for (std::string leaf : leaves) {
    if (leaf.ends_with("[]")) leaf.resize(leaf.size() - 2);
    EXPECT_TRUE(reference.find("| `" + leaf + "` |") != std::string::npos) << leaf;
  }
}

}  // namespace
}  // namespace sluice::api
