// The fields of the custom resource as data: what the API server holds objects to, and what people read about them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "operator/api/schema_migration.h"

namespace sluice::api {

enum class FieldKind {
  kText,
  kInteger,
  kFlag,
  kTime,
  kObject,  // of `fields`
  kList,    // of what the only one of `fields` says
  kMap,     // of texts to what the only one of `fields` says
  kOpen,    // an object that Kubernetes describes, not the resource
};

// A rule in CEL, over `self`, and what whoever breaks it reads: what is wrong, and the mend.
struct Rule {
  std::string rule;
  std::string message;
};

struct Field {
  std::string name;
  FieldKind kind = FieldKind::kText;
  std::string text;  // sentences without the last period
  bool required = false;
  Json default_value = {};                 // null: none
  std::string default_text = {};           // where the default depends on something
  std::vector<std::string> values = {};    // of a text: all that it may be
  std::optional<std::int64_t> least = {};  // of a number; of a text or list: its size
  std::optional<std::int64_t> most = {};
  std::vector<std::string> keys = {};  // of a list: which members together name an item
  std::vector<Rule> rules = {};
  std::vector<Field> fields = {};
};

// Builders of the common ones. `longest`: characters; such a text isn't empty.
Field TextField(std::string name, std::size_t longest, std::string text);
// A text that is one of `values`; `default_value` may be null.
Field WordField(std::string name, std::string text, std::vector<std::string> values, Json default_value = {});
Field IntegerField(std::string name, std::int64_t least, std::int64_t most, std::string text);
Field FlagField(std::string name, std::string text);
Field TimeField(std::string name, std::string text);
Field ObjectField(std::string name, std::string text, std::vector<Field> fields);
// `keys`: which members together name an item; none: an item is named by its place.
Field ListField(std::string name, std::size_t most, std::string text, Field item, std::vector<std::string> keys = {});
Field TextMapField(std::string name, std::size_t most, std::size_t longest, std::string text);
Field OpenField(std::string name, std::string text);

Field Required(Field field);
Field Default(Field field, Json value);

}  // namespace sluice::api
