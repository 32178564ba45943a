// What a statement of a declared model is to its loader, told by its words: fast enough for a hundred thousand of them,
// and the same whatever the version of the syntax. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class ModelStatementKind {
  kSchema,     // run it
  kSetting,    // SET, RESET, SELECT set_config(…): run it; it holds for what follows in the file
  kIgnored,    // says nothing about the schema: BEGIN, COMMIT, ANALYZE, LOCK, REFRESH MATERIALIZED VIEW, …
  kData,       // rows: INSERT, COPY, setval(); ignored with a note
  kElsewhere,  // of the database as a whole or of another server: COMMENT ON DATABASE, SUBSCRIPTION; noted, ignored
  kDrop,       // DROP, and DROP … within ALTER TABLE
  kRefused,    // has no place in a model: CREATE DATABASE, CREATE ROLE, …
};

// An object that a statement makes or drops.
struct ModelObject {
  std::string kind;    // `table` for all that share the names of relations, `type`, `function` for all routines, …
  std::string schema;  // empty: as search_path finds it
  std::string name;    // as PostgreSQL would store it
  std::string table;   // of a trigger, rule or policy, else empty
};

struct ModelStatementInfo {
  ModelStatementKind kind = ModelStatementKind::kSchema;
  std::string title;               // its first words, for messages: `CREATE DATABASE`
  std::string mend;                // of kRefused: what to do instead
  std::vector<ModelObject> drops;  // of kDrop
  bool if_exists = false;          // of kDrop
  bool only_alters = false;  // of kDrop: ALTER TABLE IF EXISTS … ALTER COLUMN … DROP …; fine where there is a table
};

ModelStatementInfo InspectModelStatement(std::string_view statement);

// What a CREATE statement makes; empty where that can't be told.
std::optional<ModelObject> MadeObject(std::string_view statement);

// The same object; a schema that is not named matches any.
bool SameObject(const ModelObject& a, const ModelObject& b);

// Roles that the statement names: of OWNER TO, GRANT and REVOKE, ALTER DEFAULT PRIVILEGES, CREATE POLICY … TO. Without
// PUBLIC, CURRENT_USER and the like.
std::vector<std::string> NamedRoles(std::string_view statement);

// Statements that may be left out, with a note, when their role is missing: … OWNER TO, GRANT, REVOKE, ALTER DEFAULT
// PRIVILEGES.
bool OnlyConcernsRoles(std::string_view statement);

}  // namespace sluice
