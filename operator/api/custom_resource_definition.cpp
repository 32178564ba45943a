// CustomResourceDefinition of resource_schema.h.
#include <string>
#include <utility>

#include "operator/api/names.h"
#include "operator/api/resource_schema.h"
#include "operator/api/yaml_text.h"

namespace sluice::api {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson Schema(const Field& field);

void AddObject(OrderedJson& schema, const Field& field) {
  schema["type"] = "object";
  OrderedJson required = OrderedJson::array();
  for (const Field& member : field.fields) {
    if (member.required) required.push_back(member.name);
    schema["properties"][member.name] = Schema(member);
  }
  if (!required.empty()) schema["required"] = std::move(required);
}

void AddList(OrderedJson& schema, const Field& field) {
  schema["type"] = "array";
  if (field.least) schema["minItems"] = *field.least;
  if (field.most) schema["maxItems"] = *field.most;
  schema["items"] = Schema(field.fields.front());
  if (!field.keys.empty()) {
    schema["x-kubernetes-list-type"] = "map";
    schema["x-kubernetes-list-map-keys"] = field.keys;
  } else {
    schema["x-kubernetes-list-type"] = "atomic";
  }
}

void AddText(OrderedJson& schema, const Field& field) {
  schema["type"] = "string";
  if (field.least) schema["minLength"] = *field.least;
  if (field.most) schema["maxLength"] = *field.most;
  if (!field.values.empty()) schema["enum"] = field.values;
}

void AddKind(OrderedJson& schema, const Field& field) {
  switch (field.kind) {
    case FieldKind::kText:
      return AddText(schema, field);
    case FieldKind::kInteger:
      schema["type"] = "integer";
      schema["format"] = "int64";
      if (field.least) schema["minimum"] = *field.least;
      if (field.most) schema["maximum"] = *field.most;
      return;
    case FieldKind::kFlag:
      schema["type"] = "boolean";
      return;
    case FieldKind::kTime:
      schema["type"] = "string";
      schema["format"] = "date-time";
      return;
    case FieldKind::kObject:
      return AddObject(schema, field);
    case FieldKind::kList:
      return AddList(schema, field);
    case FieldKind::kMap:
      schema["type"] = "object";
      if (field.most) schema["maxProperties"] = *field.most;
      schema["additionalProperties"] = Schema(field.fields.front());
      return;
    case FieldKind::kOpen:
      schema["type"] = "object";
      schema["x-kubernetes-preserve-unknown-fields"] = true;
      return;
  }
}

OrderedJson Schema(const Field& field) {
  OrderedJson schema = OrderedJson::object();
  if (!field.text.empty()) schema["description"] = field.text + ".";
  AddKind(schema, field);
  if (!field.default_value.is_null()) schema["default"] = OrderedJson::parse(field.default_value.dump());
  for (const Rule& rule : field.rules) {
    schema["x-kubernetes-validations"].push_back({{"rule", rule.rule}, {"message", rule.message}});
  }
  return schema;
}

OrderedJson Column(const char* name, const char* type, const char* path, const char* text, bool wide = false) {
  OrderedJson column = {{"name", name}, {"type", type}, {"jsonPath", path}, {"description", text}};
  if (wide) column["priority"] = 1;
  return column;
}

OrderedJson Columns() {
  return OrderedJson::array(
      {Column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status",
              "Whether all that is wanted is there"),
       Column("Phase", "string", ".status.phase", "Where the migration is"),
       Column("Current", "string", ".status.current", "Where the database stands"),
       Column("Target", "string", ".status.target", "Where it is to stand"),
       Column("Pending", "integer", ".status.pending", "How many revisions are still to be applied or taken back"),
       Column("Age", "date", ".metadata.creationTimestamp", "How old the resource is"),
       Column("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", "Why it is so", true),
       Column("Image", "string", ".spec.image", "The migrator's image", true)});
}

OrderedJson Version() {
  Field object = ObjectField("", "A PostgreSQL database's schema, and the Deployments that wait for it",
                             {TextField("apiVersion", 0, ""), TextField("kind", 0, ""), ObjectField("metadata", "", {}),
                              SpecField(), StatusField()});
  for (Field* plain : {&object.fields[0], &object.fields[1]}) {
    plain->least.reset();
    plain->most.reset();
  }
  OrderedJson version = {{"name", kVersion}, {"served", true}, {"storage", true}};
  version["additionalPrinterColumns"] = Columns();
  version["schema"] = {{"openAPIV3Schema", Schema(object)}};
  version["subresources"] = {{"status", OrderedJson::object()}};
  return version;
}

}  // namespace

std::string CustomResourceDefinition() {
  const std::string name = std::string(kPlural) + "." + std::string(kGroup);
  OrderedJson names = {{"kind", kKind}, {"listKind", std::string(kKind) + "List"}, {"plural", kPlural}};
  names["singular"] = "schemamigration";
  names["shortNames"] = OrderedJson::array({"smig"});
  names["categories"] = OrderedJson::array({"all"});
  OrderedJson manifest = {{"apiVersion", "apiextensions.k8s.io/v1"}, {"kind", "CustomResourceDefinition"}};
  manifest["metadata"] = {{"name", name}};
  manifest["spec"] = {{"group", kGroup}, {"names", names}, {"scope", "Namespaced"}};
  manifest["spec"]["versions"] = OrderedJson::array({Version()});
  return "# Made by `sluice-operator crd`; a test holds it to what the program says.\n" + YamlText(manifest);
}

}  // namespace sluice::api
