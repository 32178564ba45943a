#include "operator/api/field.h"

#include <utility>

namespace sluice::api {
namespace {

Field Make(FieldKind kind, std::string name, std::string text) {
  Field field;
  field.name = std::move(name);
  field.kind = kind;
  field.text = std::move(text);
  return field;
}

}  // namespace

Field TextField(std::string name, std::size_t longest, std::string text) {
  Field field = Make(FieldKind::kText, std::move(name), std::move(text));
  field.least = 1;
  field.most = static_cast<std::int64_t>(longest);
  return field;
}

Field WordField(std::string name, std::string text, std::vector<std::string> values, Json default_value) {
  Field field = Make(FieldKind::kText, std::move(name), std::move(text));
  field.values = std::move(values);
  field.default_value = std::move(default_value);
  return field;
}

Field IntegerField(std::string name, std::int64_t least, std::int64_t most, std::string text) {
  Field field = Make(FieldKind::kInteger, std::move(name), std::move(text));
  field.least = least;
  field.most = most;
  return field;
}

Field FlagField(std::string name, std::string text) { return Make(FieldKind::kFlag, std::move(name), std::move(text)); }

Field TimeField(std::string name, std::string text) { return Make(FieldKind::kTime, std::move(name), std::move(text)); }

Field ObjectField(std::string name, std::string text, std::vector<Field> fields) {
  Field field = Make(FieldKind::kObject, std::move(name), std::move(text));
  field.fields = std::move(fields);
  return field;
}

Field ListField(std::string name, std::size_t most, std::string text, Field item, std::vector<std::string> keys) {
  Field field = Make(FieldKind::kList, std::move(name), std::move(text));
  field.most = static_cast<std::int64_t>(most);
  field.keys = std::move(keys);
  field.fields = {std::move(item)};
  return field;
}

Field TextMapField(std::string name, std::size_t most, std::size_t longest, std::string text) {
  Field field = Make(FieldKind::kMap, std::move(name), std::move(text));
  field.most = static_cast<std::int64_t>(most);
  field.fields = {TextField("", longest, "")};
  field.fields.front().least.reset();
  return field;
}

Field OpenField(std::string name, std::string text) { return Make(FieldKind::kOpen, std::move(name), std::move(text)); }

Field Required(Field field) {
  field.required = true;
  return field;
}

Field Default(Field field, Json value) {
  field.default_value = std::move(value);
  return field;
}

}  // namespace sluice::api
