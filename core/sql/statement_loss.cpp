#include "core/sql/statement_loss.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/sql/lexer.h"
#include "core/sql/parse_tree.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

std::string Text(const Json& node, const char* name) {
  const auto found = node.find(name);
  return found != node.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The items of a list; none where it isn't there.
const Json& Items(const Json& node, const char* name) {
  static const Json kNone = Json::array();
  const auto found = node.find(name);
  return found != node.end() && found->is_array() ? *found : kNone;
}

const Json& Field(const Json& node, const char* name) {
  static const Json kNone = Json::object();
  const auto found = node.find(name);
  return found != node.end() ? *found : kNone;
}

std::string Joined(const Json& strings) {
  std::string name;
  for (const Json& part : strings) name += (name.empty() ? "" : ".") + Text(Field(part, "String"), "sval");
  return name;
}

// An object of DROP: a name, the parts of a name, or a type.
std::string ObjectName(const Json& object) {
  if (object.contains("String")) return Text(object.at("String"), "sval");
  if (object.contains("TypeName")) return Joined(Items(object.at("TypeName"), "names"));
  return Joined(Items(Field(object, "List"), "items"));
}

std::string RelationName(const Json& range) {
  const std::string schema = Text(range, "schemaname");
  return (schema.empty() ? "" : schema + ".") + Text(range, "relname");
}

// What the drop of an object of this type takes with it, with `%` for the name; empty: nothing that holds data. Without
// CASCADE a schema, a type or an extension is only dropped when nothing is in it, or of it.
std::string_view DropLoss(std::string_view type, bool cascade) {
  if (type == "OBJECT_TABLE") return "drops the table %";
  if (type == "OBJECT_SEQUENCE") return "drops the sequence %";
  if (!cascade) return {};
  if (type == "OBJECT_SCHEMA") return "drops the schema % and all in it";
  if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN") return "drops the columns of the type %";
  return type == "OBJECT_EXTENSION" ? "drops the extension % and all that needs it" : std::string_view();
}

std::string Fill(std::string_view words, const std::string& name) {
  const std::size_t at = words.find('%');
  return std::string(words.substr(0, at)) + name + std::string(words.substr(at + 1));
}

void ReadDrop(const Json& node, std::vector<std::string>& losses) {
  const std::string_view words = DropLoss(Text(node, "removeType"), Text(node, "behavior") == "DROP_CASCADE");
  if (words.empty()) return;
  for (const Json& object : Items(node, "objects")) losses.push_back(Fill(words, ObjectName(object)));
}

// text, or character varying without a length: whatever a value was, it can be read there.
bool HoldsEverything(const Json& type) {
  const Json& names = Items(type, "names");
  const std::string name = names.empty() ? "" : Text(Field(names.back(), "String"), "sval");
  return (name == "text" || name == "varchar") && Items(type, "typmods").empty() && Items(type, "arrayBounds").empty();
}

void ReadAlterTable(const Json& node, std::vector<std::string>& losses) {
  // Foreign tables, views and composite types hold no rows here.
  if (const std::string type = Text(node, "objtype"); type != "OBJECT_TABLE" && !type.empty()) return;
  const std::string table = RelationName(Field(node, "relation"));
  for (const Json& item : Items(node, "cmds")) {
    const Json& command = Field(item, "AlterTableCmd");
    const std::string kind = Text(command, "subtype");
    const std::string column = table + "." + Text(command, "name");
    if (kind == "AT_DropColumn") losses.push_back("drops the column " + column);
    const Json& type = Field(Field(Field(command, "def"), "ColumnDef"), "typeName");
    if (kind == "AT_AlterColumnType" && !HoldsEverything(type)) {
      losses.push_back("changes the type of the column " + column);
    }
  }
}

std::vector<std::string> Read(const ParseTree& tree) {
  const Json node = tree.Node();
  const std::string& kind = tree.kind();
  std::vector<std::string> losses;
  if (kind == "DropStmt") ReadDrop(node, losses);
  if (kind == "AlterTableStmt") ReadAlterTable(node, losses);
  if (kind == "DropdbStmt") losses.push_back("drops the database " + Text(node, "dbname"));
  if (kind == "DropOwnedStmt") losses.emplace_back("drops everything that a role owns");
  if (kind == "DeleteStmt") losses.push_back("deletes rows of the table " + RelationName(Field(node, "relation")));
  if (kind == "TruncateStmt") {
    for (const Json& item : Items(node, "relations")) {
      losses.push_back("empties the table " + RelationName(Field(item, "RangeVar")));
    }
  }
  return losses;
}

// Most statements are passed by without a parse tree: those that lose something begin with one of these words.
bool MayLose(std::string_view statement) {
  Lexer lexer(statement, 0, statement.size(), true);
  const std::string_view first = lexer.Text(lexer.Next());
  for (const std::string_view word : {"drop", "alter", "truncate", "delete", "with"}) {
    if (EqualsKeyword(first, word)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> StatementLosses(std::string_view statement) {
  if (!MayLose(statement)) return {};
  const std::optional<ParseTree> tree = ParseStatement(statement);
  return tree ? Read(*tree) : std::vector<std::string>();
}

}  // namespace sluice
