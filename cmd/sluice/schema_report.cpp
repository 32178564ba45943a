#include "cmd/sluice/schema_report.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/render.h"
#include "core/diff/attribute_needs.h"

namespace sluice::cli {
namespace {

// `table billing.invoice`, `function total(integer)`; of what belongs to a table its own name only.
std::string Label(const Schema& schema, const ObjectId& id) {
  std::string label(ObjectKindName(id.kind));
  label.append(" ");
  if (id.parent.empty() && !id.schema.empty() && id.schema != schema.home_schema) label.append(id.schema).append(".");
  label.append(id.name);
  if (!id.signature.empty()) label.append("(").append(id.signature).append(")");
  return label;
}

std::string OneLine(std::string_view value) {
  std::string line(value);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string Indented(std::string_view value, const std::string& indent) {
  std::string text;
  for (const char c : value) {
    text += c;
    if (c == '\n') text += indent;
  }
  return text;
}

void AppendObject(const Schema& schema, Schema::Index i, const std::string& indent, const Palette& palette,
                  std::string& text) {
  const SchemaObject& object = schema[i];
  text += indent + palette.Bold(Label(schema, object.id)) + "\n";
  for (const Attribute& attribute : object.attributes) {
    if (attribute.name == AttributeName::kPosition) continue;
    text += indent + "  " + palette.Dim(AttributeLabel(attribute.name)) + " " +
            Indented(attribute.value, indent + "    ") + "\n";
  }
}

// Columns in their order, then everything else.
std::vector<Schema::Index> ChildrenInOrder(const Schema& schema, Schema::Index parent) {
  const auto children = schema.Children(parent);
  std::vector<Schema::Index> ordered(children.begin(), children.end());
  const auto position = [&](Schema::Index i) {
    const std::string_view text = schema[i].Get(AttributeName::kPosition);
    return std::pair(text.size(), text);  // numbers without leading zeros sort so
  };
  std::stable_sort(ordered.begin(), ordered.end(), [&](Schema::Index a, Schema::Index b) {
    if (schema[a].id.kind != schema[b].id.kind) return schema[a].id.kind < schema[b].id.kind;
    return schema[a].id.kind == ObjectKind::kColumn && position(a) < position(b);
  });
  return ordered;
}

void WriteId(JsonWriter& json, const ObjectId& id) {
  json.Member("kind", ObjectKindName(id.kind)).Member("schema", id.schema).Member("parent", id.parent);
  json.Member("name", id.name).Member("signature", id.signature);
}

void WriteAttributes(JsonWriter& json, const SchemaObject& object) {
  json.Key("attributes").BeginObject();
  for (const Attribute& attribute : object.attributes) json.Member(AttributeLabel(attribute.name), attribute.value);
  json.EndObject();
}

std::string_view ChangeWord(const Difference& difference) {
  if (difference.from == Schema::kNone) return "created";
  return difference.to == Schema::kNone ? "dropped" : "changed";
}

void WriteDifference(JsonWriter& json, const Difference& difference, const Schema& from, const Schema& to) {
  const bool created = difference.from == Schema::kNone;
  const SchemaObject& object = created ? to[difference.to] : from[difference.from];
  json.BeginObject().Member("change", ChangeWord(difference));
  WriteId(json, object.id);
  if (created || difference.to == Schema::kNone) {
    WriteAttributes(json, object);
  } else {
    json.Key("attributes").BeginObject();
    for (const AttributeName name : difference.attributes) {
      json.Key(AttributeLabel(name)).BeginObject();
      json.Member("from", from[difference.from].Get(name)).Member("to", to[difference.to].Get(name)).EndObject();
    }
    json.EndObject();
  }
  json.EndObject();
}

void WriteStep(JsonWriter& json, const SchemaStep& step) {
  json.BeginObject().Key("statements").BeginArray();
  for (const SqlStatement& statement : step.statements) {
    json.BeginObject().Member("text", statement.text);
    json.Key("transaction").Bool(statement.in_transaction).EndObject();
  }
  json.EndArray().Member("data_loss", step.data_loss).EndObject();
}

}  // namespace

std::string RenderSchemaTree(const Schema& schema, const Palette& palette) {
  std::string text;
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    if (ParentOf(schema, i) != Schema::kNone) continue;
    AppendObject(schema, i, "", palette, text);
    for (const Schema::Index child : ChildrenInOrder(schema, i)) AppendObject(schema, child, "  ", palette, text);
  }
  return text;
}

std::string RenderSchemaJson(const Schema& schema) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  json.Key("server_major").Int(schema.server_major).Member("home_schema", schema.home_schema);
  json.Key("objects").BeginArray();
  for (const SchemaObject& object : schema.objects()) {
    json.BeginObject();
    WriteId(json, object.id);
    WriteAttributes(json, object);
    json.EndObject();
  }
  json.EndArray();
  WriteUnmanaged(json, "unmanaged", schema.unmanaged);
  json.EndObject();
  return std::move(json).Finish();
}

std::string RenderChangeTree(const std::vector<Difference>& differences, const Schema& from, const Schema& to,
                             const Palette& palette) {
  std::string text;
  for (const Difference& difference : differences) {
    const bool created = difference.from == Schema::kNone;
    const Schema& schema = created ? to : from;
    const ObjectId& id = schema[created ? difference.to : difference.from].id;
    std::string label = Label(schema, id);
    if (!id.parent.empty()) label += " of " + id.parent;
    if (created) {
      text += palette.Green("+ " + label) + "\n";
    } else if (difference.to == Schema::kNone) {
      text += palette.Red("- " + label) + "\n";
    } else {
      text += palette.Yellow("~ " + label) + "\n";
      for (const AttributeName name : difference.attributes) {
        const std::string_view before = from[difference.from].Get(name);
        const std::string_view after = to[difference.to].Get(name);
        text += "    " + palette.Dim(AttributeLabel(name)) + " " + (before.empty() ? "(none)" : OneLine(before)) +
                " -> " + (after.empty() ? "(none)" : OneLine(after)) + "\n";
      }
    }
  }
  return text;
}

void WriteDifferences(JsonWriter& json, const std::vector<Difference>& differences, const Schema& from,
                      const Schema& to) {
  json.Key("differences").BeginArray();
  for (const Difference& difference : differences) WriteDifference(json, difference, from, to);
  json.EndArray();
}

std::string RenderChangeJson(const SchemaChange& change, const Schema& from, const Schema& to) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  WriteDifferences(json, change.differences, from, to);
  json.Key("renames").Strings(change.renames).Key("steps").BeginArray();
  for (const SchemaStep& step : change.steps) WriteStep(json, step);
  json.EndArray();
  WriteUnmanaged(json, "unmanaged_from", from.unmanaged);
  WriteUnmanaged(json, "unmanaged_to", to.unmanaged);
  json.EndObject();
  return std::move(json).Finish();
}

std::string RenderUnmanaged(const std::vector<UnmanagedObject>& unmanaged, const std::string& where, bool list) {
  if (unmanaged.empty()) return {};
  std::string text =
      Count(unmanaged.size(), "object") + " of " + where + (unmanaged.size() == 1 ? " is" : " are") + " not managed";
  if (list) {
    text += ":\n";
    for (const UnmanagedObject& object : unmanaged) {
      text += "  " + object.kind + " " + object.name + (object.why.empty() ? "" : ": " + object.why) + "\n";
    }
    return text;
  }
  std::map<std::string, std::size_t> kinds;
  for (const UnmanagedObject& object : unmanaged) ++kinds[object.kind];
  std::vector<std::string> counts;
  for (const auto& [kind, count] : kinds) counts.push_back(Count(count, kind));
  return text + ": " + Join(counts) + " (-v lists them)\n";
}

void WriteUnmanaged(JsonWriter& json, std::string_view name, const std::vector<UnmanagedObject>& unmanaged) {
  json.Key(name).BeginArray();
  for (const UnmanagedObject& object : unmanaged) {
    json.BeginObject().Member("kind", object.kind).Member("name", object.name).Member("why", object.why).EndObject();
  }
  json.EndArray();
}

std::string RenderModelNotes(const std::vector<ModelNote>& notes) {
  std::string text;
  for (const ModelNote& note : notes) {
    text += note.file + (note.line > 0 ? ":" + std::to_string(note.line) : "") + ": " + note.message + "\n";
  }
  return text;
}

std::string RenderDataLoss(const SchemaChange& change) {
  std::string text;
  for (const SchemaStep& step : change.steps) {
    if (!step.data_loss.empty()) text += "loses data: " + step.data_loss + "\n";
  }
  return text;
}

}  // namespace sluice::cli
