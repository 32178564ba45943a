// Reference of resource_schema.h.
#include <string>

#include "operator/api/names.h"
#include "operator/api/resource_schema.h"

namespace sluice::api {
namespace {

std::string Code(const std::string& text) { return "`" + text + "`"; }

// `|` ends a cell also between backticks.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string Range(const Field& field, const std::string& unit) {
  const std::string most = std::to_string(*field.most);
  if (!field.least || (*field.least <= 1 && !unit.empty())) return "at most " + most + unit;
  return std::to_string(*field.least) + " to " + most + unit;
}

std::string KindText(const Field& field) {
  switch (field.kind) {
    case FieldKind::kText: {
      if (field.values.empty()) return field.most ? "text, " + Range(field, " characters") : "text";
      std::string words;
      for (const std::string& value : field.values) words += (words.empty() ? "" : ", ") + Code(value);
      return words;
    }
    case FieldKind::kInteger:
      // Limits of a type are nothing to be told.
      return field.most && *field.most <= 65'535 ? Range(field, "") : "number";
    case FieldKind::kFlag:
      return "`true`, `false`";
    case FieldKind::kTime:
      return "time";
    case FieldKind::kObject:
      return "object";
    case FieldKind::kList:
      return "list, " + Range(field, " items");
    case FieldKind::kMap:
      return "map of texts, " + Range(field, " members");
    case FieldKind::kOpen:
      return "object of Kubernetes";
  }
  return "";
}

std::string DefaultText(const Field& field) {
  if (field.required) return "required";
  if (!field.default_text.empty()) return field.default_text;
  if (field.default_value.is_null() || field.default_value.is_object()) return "";
  return Code(field.default_value.is_string() ? field.default_value.get<std::string>() : field.default_value.dump());
}

void AddRows(std::string& text, const Field& field, const std::string& path) {
  if (!field.text.empty()) {
    text +=
        "| " + Code(path) + " | " + KindText(field) + " | " + DefaultText(field) + " | " + Cell(field.text) + " |\n";
  }
  const bool items = field.kind == FieldKind::kList;
  for (const Field& member : field.fields) {
    if (field.kind == FieldKind::kMap) continue;
    AddRows(text, member, items ? path + "[]" : path + "." + member.name);
  }
}

void AddRules(std::string& text, const Field& field, const std::string& path) {
  for (const Rule& rule : field.rules) text += "| " + Code(path) + " | " + Cell(rule.message) + " |\n";
  for (const Field& member : field.fields) {
    AddRules(text, member, field.kind == FieldKind::kList ? path + "[]" : path + "." + member.name);
  }
}

std::string Rows(const Field& field) {
  std::string text = "| Field | What it may be | Default | |\n|---|---|---|---|\n";
  AddRows(text, field, field.name);
  return text;
}

}  // namespace

std::string Reference() {
  const Field spec = SpecField();
  std::string text =
      "# Reference\n\nMade by `sluice-operator reference`; a test holds it to what the program says. "
      "[operator.md](operator.md) is the guide.\n\n## SchemaMigration\n\n";
  text +=
      "A `" + std::string(kKind) + "` of `" + std::string(kApiVersion) +
      "`: short name `smig`, and in `kubectl get all`. Every reference it has stays in its namespace.\n\n### spec\n\n";
  text += Rows(spec);
  text += "\n### What the API server refuses\n\nBesides values of another kind or size, with the message:\n\n";
  text += "| Field | Message |\n|---|---|\n";
  AddRules(text, spec, spec.name);
  text +=
      "\n### status\n\nWritten by the operator. Of long lists and texts it holds the beginning: all of it is at most 8 "
      "KiB.\n\n";
  text += Rows(StatusField());
  return text;
}

}  // namespace sluice::api
