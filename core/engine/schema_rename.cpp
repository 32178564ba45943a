#include "core/engine/schema_rename.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "core/db/inspector.h"
#include "core/db/pg_session.h"
#include "core/diff/attribute_needs.h"
#include "core/engine/schema_change.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

std::vector<std::string> SplitDots(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t dot = text.find('.');
    parts.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

std::string SchemaOf(const Rename& rename, const Schema& schema) {
  return rename.schema.empty() ? schema.home_schema : rename.schema;
}

Schema::Index FindRelation(const Schema& schema, const std::string& in, const std::string& name) {
  for (const ObjectKind kind :
       {ObjectKind::kTable, ObjectKind::kForeignTable, ObjectKind::kView, ObjectKind::kMaterializedView}) {
    const Schema::Index found = schema.Find({kind, in, {}, name, {}});
    if (found != Schema::kNone) return found;
  }
  return Schema::kNone;
}

bool HasColumn(const Schema& schema, const std::string& in, const std::string& table, const std::string& column) {
  return schema.Find({ObjectKind::kColumn, in, table, column, {}}) != Schema::kNone;
}

// Renames one after another, none of which takes a name that another still has.
class RenameScript {
 public:
  RenameScript(const Schema& from, const std::vector<Rename>& renames) : from_(from), renames_(renames) {}

  Result<std::vector<std::string>> Write() {
    for (const Rename& rename : renames_) {
      if (rename.column.empty()) SLUICE_CHECK(RenameTable(rename));
    }
    for (const Rename& rename : renames_) {
      if (!rename.column.empty()) SLUICE_CHECK(RenameColumn(rename));
    }
    statements_.insert(statements_.end(), last_.begin(), last_.end());
    return std::move(statements_);
  }

 private:
  static Error Missing(const std::string& what) {
    return MakeError(ErrorCode::kUsage, "there is no " + what + " to be renamed",
                     "--rename takes table=new or table.column=new, with the names that the first schema has");
  }

  std::string TableText(const Rename& rename, const std::string& table) const {
    const std::string schema = SchemaOf(rename, from_);
    return "ALTER TABLE " + QuoteQualified(schema == from_.home_schema ? std::string() : schema, table);
  }

  // In two steps where the new name is still another's: by a name that nobody has.
  void Add(const std::string& before, const std::string& again, const std::string& old_name,
           const std::string& new_name, bool taken) {
    if (!taken) {
      statements_.push_back(before + QuoteIdentifier(old_name) + " TO " + QuoteIdentifier(new_name));
      return;
    }
    const std::string between = AsideName(old_name);
    statements_.push_back(before + QuoteIdentifier(old_name) + " TO " + QuoteIdentifier(between));
    last_.push_back(again + QuoteIdentifier(between) + " TO " + QuoteIdentifier(new_name));
  }

  Status RenameTable(const Rename& rename) {
    const std::string schema = SchemaOf(rename, from_);
    if (FindRelation(from_, schema, rename.table) == Schema::kNone) return Missing("table " + rename.table);
    const bool taken = FindRelation(from_, schema, rename.new_name) != Schema::kNone;
    const std::string between = AsideName(rename.table);
    const std::string new_name = QuoteIdentifier(rename.new_name);
    if (!taken) {
      statements_.push_back(TableText(rename, rename.table) + " RENAME TO " + new_name);
    } else {
      statements_.push_back(TableText(rename, rename.table) + " RENAME TO " + QuoteIdentifier(between));
      last_.push_back(TableText(rename, between) + " RENAME TO " + new_name);
    }
    return {};
  }

  Status RenameColumn(const Rename& rename) {
    const std::string schema = SchemaOf(rename, from_);
    const std::string before = TableBefore(rename);
    if (!HasColumn(from_, schema, before, rename.column))
      return Missing("column " + rename.table + "." + rename.column);
    const std::string text = TableText(rename, rename.table) + " RENAME COLUMN ";
    Add(text, text, rename.column, rename.new_name, HasColumn(from_, schema, before, rename.new_name));
    return {};
  }

  std::string TableBefore(const Rename& column) const {
    for (const Rename& rename : renames_) {
      if (rename.column.empty() && rename.new_name == column.table && rename.schema == column.schema) {
        return rename.table;
      }
    }
    return column.table;
  }

  const Schema& from_;
  const std::vector<Rename>& renames_;
  std::vector<std::string> statements_;
  std::vector<std::string> last_;
};

bool IsNamedAfterTable(ObjectKind kind) {
  return IsConstraint(kind) || kind == ObjectKind::kIndex || kind == ObjectKind::kSequence;
}

// What an object is, without what it is called.
bool AreAlike(const SchemaObject& a, const SchemaObject& b) {
  const auto differs = [](AttributeName name) {
    return name != AttributeName::kComment && name != AttributeName::kOwner && name != AttributeName::kGrants;
  };
  const auto covers = [&](const SchemaObject& x, const SchemaObject& y) {
    return std::all_of(x.attributes.begin(), x.attributes.end(), [&](const Attribute& attribute) {
      return !differs(attribute.name) || y.Get(attribute.name) == attribute.value;
    });
  };
  return covers(a, b) && covers(b, a);
}

std::string FollowUp(const Schema& schema, const ObjectId& id, const std::string& new_name) {
  const std::string in = id.schema == schema.home_schema ? std::string() : id.schema;
  if (IsConstraint(id.kind)) {
    return "ALTER TABLE " + QuoteQualified(in, id.parent) + " RENAME CONSTRAINT " + QuoteIdentifier(id.name) + " TO " +
           QuoteIdentifier(new_name);
  }
  return "ALTER " + std::string(ObjectKindKeyword(id.kind)) + " " + QuoteQualified(in, id.name) + " RENAME TO " +
         QuoteIdentifier(new_name);
}

// Whether the object belongs to a table that was renamed, or has a renamed column.
bool IsTouched(const SchemaObject& object, const Schema& schema, const std::vector<Rename>& renames) {
  return std::any_of(renames.begin(), renames.end(), [&](const Rename& rename) {
    const std::string& table = rename.column.empty() ? rename.new_name : rename.table;
    if (SchemaOf(rename, schema) != object.id.schema) return false;
    return object.id.kind == ObjectKind::kSequence ? object.Get(AttributeName::kOwnedBy).starts_with(table + ".")
                                                   : object.id.parent == table;
  });
}

// Constraints, indexes and sequences of `schema` that `to` has only under another name.
std::vector<std::string> FollowUps(const Schema& schema, const Schema& to, const std::vector<Rename>& renames) {
  std::vector<std::string> statements;
  std::vector<bool> taken(to.size(), false);
  for (const SchemaObject& object : schema.objects()) {
    if (!IsNamedAfterTable(object.id.kind) || to.Find(object.id) != Schema::kNone) continue;
    if (!IsTouched(object, schema, renames)) continue;
    for (Schema::Index i = 0; i < to.size(); ++i) {
      const ObjectId& id = to[i].id;
      if (taken[i] || id.kind != object.id.kind || id.schema != object.id.schema || id.parent != object.id.parent) {
        continue;
      }
      if (schema.Find(id) != Schema::kNone || !AreAlike(object, to[i])) continue;
      taken[i] = true;
      statements.push_back(FollowUp(schema, object.id, id.name));
      break;
    }
  }
  return statements;
}

Status RunAll(ReadSession& session, const std::vector<std::string>& statements) {
  std::string text;
  for (const std::string& statement : statements) text += statement + ";\n";
  if (text.empty()) return {};
  SLUICE_CHECK(session.Query(text));
  return {};
}

// Owners are not copied: they are those of the original.
void TakeOwners(Schema& copy, const Schema& original) {
  copy.role = original.role;
  for (Schema::Index i = 0; i < copy.size(); ++i) {
    const Schema::Index before = original.Find(copy[i].id);
    copy.Set(i, AttributeName::kOwner,
             before == Schema::kNone ? original.role : std::string(original[before].Get(AttributeName::kOwner)));
  }
}

}  // namespace

Result<Rename> ParseRename(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::vector<std::string> parts = SplitDots(text.substr(0, equals));
  const bool complete = equals != std::string_view::npos && equals + 1 < text.size() && parts.size() <= 3 &&
                        std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
  if (!complete) {
    return MakeError(ErrorCode::kUsage, "\"" + std::string(text) + "\" is no rename",
                     "it is table=new, table.column=new or schema.table.column=new");
  }
  Rename rename;
  rename.new_name = text.substr(equals + 1);
  rename.table = parts.size() == 3 ? parts[1] : parts[0];
  if (parts.size() == 3) rename.schema = parts[0];
  if (parts.size() > 1) rename.column = parts.back();
  return rename;
}

std::vector<Rename> PendingRenames(const std::vector<RenameHint>& hints, const Schema& from) {
  std::vector<Rename> pending;
  for (const RenameHint& hint : hints) {
    Rename rename{hint.schema, hint.old_name, {}, hint.table};
    if (hint.kind == RenameHint::Kind::kColumn) rename = {hint.schema, hint.table, hint.old_name, hint.column};
    const std::string schema = SchemaOf(rename, from);
    const bool there = hint.kind == RenameHint::Kind::kTable
                           ? FindRelation(from, schema, hint.old_name) != Schema::kNone &&
                                 FindRelation(from, schema, hint.table) == Schema::kNone
                           : !HasColumn(from, schema, hint.table, hint.column);
    if (there) pending.push_back(std::move(rename));
  }
  // A column's old name is looked for under the table's old name, which is known now.
  std::erase_if(pending, [&](const Rename& rename) {
    if (rename.column.empty()) return false;
    std::string table = rename.table;
    for (const Rename& other : pending) {
      if (other.column.empty() && other.new_name == rename.table) table = other.table;
    }
    return !HasColumn(from, SchemaOf(rename, from), table, rename.column);
  });
  return pending;
}

Result<RenamedSchema> ApplyRenames(const Schema& from, const Schema& to, const std::vector<Rename>& renames,
                                   ScratchServer& server) {
  RenamedSchema renamed;
  SLUICE_TRY(renamed.statements, RenameScript(from, renames).Write());
  SLUICE_TRY(const ScratchDatabase scratch, server.Create());
  ConnectFailure failure;
  const std::unique_ptr<ReadSession> session = ReadSession::Open(scratch.conninfo(), &failure);
  if (session == nullptr) {
    return MakeError(ErrorCode::kScratch, "the scratch database can't be connected to: " + failure.message);
  }
  InspectOptions options;
  options.home_schema = from.home_schema;
  SLUICE_TRY(const Schema empty, InspectSchema(*session, options));
  SLUICE_CHECK(RunAll(*session, {WriteSchemaScript(PlanSchemaChange(empty, from, {}), empty, from)}));
  SLUICE_CHECK(RunAll(*session, renamed.statements));
  SLUICE_TRY(renamed.schema, InspectSchema(*session, options));
  const std::vector<std::string> follow_ups = FollowUps(renamed.schema, to, renames);
  if (!follow_ups.empty()) {
    SLUICE_CHECK(RunAll(*session, follow_ups));
    SLUICE_TRY(renamed.schema, InspectSchema(*session, options));
    renamed.statements.insert(renamed.statements.end(), follow_ups.begin(), follow_ups.end());
  }
  TakeOwners(renamed.schema, from);
  renamed.schema.unmanaged = from.unmanaged;
  return renamed;
}

}  // namespace sluice
