// Types: enums, domains, composite types, ranges.
#include <algorithm>

#include "core/sql/emit/clause.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

using enum AttributeName;

std::string Indented(const std::vector<std::string>& lines) {
  return lines.empty() ? "()" : "(\n    " + Joined(lines, ",\n    ") + "\n)";
}

std::string Labels(std::string_view labels) {
  std::vector<std::string> texts;
  for (const std::string_view label : SplitSql(labels, "\n")) texts.emplace_back(label);
  return Joined(texts, ", ");
}

// Every new label behind the one before it, which is there by then; the first of all before its successor.
void AddLabels(Emission& emission) {
  const auto old_labels = SplitSql(emission.Old(kLabels), "\n");
  const auto labels = SplitSql(emission.Get(kLabels), "\n");
  const auto was_there = [&](std::string_view label) {
    return std::find(old_labels.begin(), old_labels.end(), label) != old_labels.end();
  };
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (was_there(labels[i])) continue;
    std::string place;
    const bool last_of_all = std::none_of(labels.begin() + static_cast<std::ptrdiff_t>(i), labels.end(), was_there);
    if (!last_of_all && i == 0) {
      place = " BEFORE " + std::string(*std::find_if(labels.begin(), labels.end(), was_there));
    } else if (!last_of_all) {
      place = " AFTER " + std::string(labels[i - 1]);
    }
    emission.AddUsableAfterCommit("ALTER TYPE " + emission.Name() + " ADD VALUE " + std::string(labels[i]) + place);
  }
}

std::string Collation(const SchemaObject& object) {
  return object.Has(kCollation) ? " COLLATE " + std::string(object.Get(kCollation)) : std::string();
}

void CreateType(Emission& emission) {
  std::string text = "CREATE TYPE " + emission.Name() + " AS ";
  switch (emission.id().kind) {
    case ObjectKind::kEnum:
      return emission.Add(text + "ENUM (" + Labels(emission.Get(kLabels)) + ")");
    case ObjectKind::kRangeType: {
      std::vector<std::string> lines;
      for (const std::string_view line : SplitSql(emission.Get(kDefinition), ",\n")) lines.emplace_back(line);
      return emission.Add(text + "RANGE " + Indented(lines));
    }
    default: {
      std::vector<const SchemaObject*> columns;
      for (const Schema::Index part : emission.operation().parts) columns.push_back(&emission.schema()[part]);
      const auto position = [](const SchemaObject* column) { return std::stoi(std::string(column->Get(kPosition))); };
      std::sort(columns.begin(), columns.end(), [&](auto* a, auto* b) { return position(a) < position(b); });
      std::vector<std::string> lines;
      for (const SchemaObject* column : columns) {
        lines.push_back(QuoteIdentifier(column->id.name) + " " + std::string(column->Get(kType)) + Collation(*column));
      }
      return emission.Add(text + Indented(lines));
    }
  }
}

std::string ConstraintText(const SchemaObject& constraint) {
  return "CONSTRAINT " + QuoteIdentifier(constraint.id.name) + " " + std::string(constraint.Get(kDefinition));
}

// A constraint that isn't validated can't be written within CREATE DOMAIN.
void CreateDomain(Emission& emission) {
  std::string text =
      "CREATE DOMAIN " + emission.Name() + " AS " + std::string(emission.Get(kType)) + Collation(emission.object());
  if (emission.Has(kDefault)) text += " DEFAULT " + std::string(emission.Get(kDefault));
  if (emission.Has(kNotNull)) text += " NOT NULL";
  std::vector<std::string> later;
  for (const Schema::Index part : emission.operation().parts) {
    const SchemaObject& constraint = emission.schema()[part];
    if (constraint.Has(kValidity)) {
      later.push_back("ALTER DOMAIN " + emission.Name() + " ADD " + ConstraintText(constraint) + " NOT VALID");
    } else {
      text += "\n    " + ConstraintText(constraint);
    }
  }
  emission.Add(text);
  for (std::string& statement : later) emission.Add(std::move(statement));
}

// Tables of a type (CREATE TABLE … OF) follow its changes only when asked to.
std::string Cascade(const Emission& emission) {
  const std::string type = emission.ParentName();
  const auto& objects = emission.schema().objects();
  const bool typed = std::any_of(objects.begin(), objects.end(), [&](const SchemaObject& object) {
    return object.id.kind == ObjectKind::kTable && object.Get(kOfType) == type;
  });
  return typed ? " CASCADE" : "";
}

}  // namespace

void EmitType(Emission& emission) {
  const OperationKind kind = emission.operation().kind;
  if (kind == OperationKind::kDrop) emission.Add("DROP TYPE " + emission.Name());
  if (kind == OperationKind::kDropAside) emission.Add("DROP TYPE " + emission.NameAside());
  if (kind == OperationKind::kSetAside) {
    emission.Add("ALTER TYPE " + emission.Name() + " RENAME TO " + QuoteIdentifier(AsideName(emission.id().name)));
  }
  if (kind == OperationKind::kCreate || kind == OperationKind::kSetAside) CreateType(emission);
  if (kind == OperationKind::kAlter && emission.Changes(kLabels)) AddLabels(emission);
}

void EmitDomain(Emission& emission) {
  const OperationKind kind = emission.operation().kind;
  const std::string alter = "ALTER DOMAIN " + emission.Name();
  if (kind == OperationKind::kDrop) emission.Add("DROP DOMAIN " + emission.Name());
  if (kind == OperationKind::kDropAside) emission.Add("DROP DOMAIN " + emission.NameAside());
  if (kind == OperationKind::kSetAside)
    emission.Add(alter + " RENAME TO " + QuoteIdentifier(AsideName(emission.id().name)));
  if (kind == OperationKind::kCreate || kind == OperationKind::kSetAside) return CreateDomain(emission);
  if (emission.Changes(kDefault)) {
    const bool set = kind != OperationKind::kUnset && emission.Has(kDefault);
    emission.Add(alter + (set ? " SET DEFAULT " + std::string(emission.Get(kDefault)) : " DROP DEFAULT"));
  }
  if (emission.Changes(kNotNull)) emission.Add(alter + (emission.Has(kNotNull) ? " SET NOT NULL" : " DROP NOT NULL"));
}

void EmitDomainConstraint(Emission& emission) {
  const std::string alter = "ALTER DOMAIN " + emission.ParentName();
  const std::string name = QuoteIdentifier(emission.id().name);
  if (emission.drops()) emission.Add(alter + " DROP CONSTRAINT " + name);
  if (emission.creates()) {
    emission.Add(alter + " ADD " + ConstraintText(emission.object()) + (emission.Has(kValidity) ? " NOT VALID" : ""));
  }
  if (emission.Changes(kValidity) && !emission.Has(kValidity)) emission.Add(alter + " VALIDATE CONSTRAINT " + name);
}

void EmitTypeAttribute(Emission& emission) {
  const std::string alter = "ALTER TYPE " + emission.ParentName();
  const std::string name = QuoteIdentifier(emission.id().name);
  const std::string type = std::string(emission.Get(kType)) + Collation(emission.object());
  if (emission.drops()) emission.Add(alter + " DROP ATTRIBUTE " + name + Cascade(emission));
  if (emission.creates()) emission.Add(alter + " ADD ATTRIBUTE " + name + " " + type + Cascade(emission));
  if (emission.alters() && (emission.Changes(kType) || emission.Changes(kCollation))) {
    emission.Add(alter + " ALTER ATTRIBUTE " + name + " TYPE " + type + Cascade(emission));
  }
}

}  // namespace sluice
