#include "tests/acceptance/schema_fixture.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "core/db/inspector.h"

namespace sluice::testing {
namespace {

std::string OutputOf(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"), &pclose);
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    output.append(buffer.data(), size);
  }
  return output;
}

// Debian's, or one that reads newer servers.
std::string PgDump() {
  const char* chosen = std::getenv("SLUICE_TEST_PG_DUMP");
  return chosen == nullptr ? "pg_dump" : chosen;
}

}  // namespace

std::string Describe(const Schema& schema) {
  std::string text;
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    const SchemaObject& object = schema[i];
    const ObjectId& id = object.id;
    text += std::string(ObjectKindName(id.kind)) + " " + id.schema + "." + id.parent + "." + id.name;
    if (!id.signature.empty()) text += "(" + id.signature + ")";
    for (const Attribute& attribute : object.attributes) {
      if (attribute.name == AttributeName::kOwner) continue;
      text += "\n  " + std::string(AttributeLabel(attribute.name)) + ": " + attribute.value;
    }
    text += '\n';
  }
  return text;
}

Schema Inspect(const std::string& connection_string, const std::string& home_schema) {
  ConnectFailure failure;
  const std::unique_ptr<ReadSession> session = ReadSession::Open(connection_string, &failure);
  if (session == nullptr) throw std::runtime_error(failure.message);
  InspectOptions options;
  options.home_schema = home_schema;
  Result<Schema> schema = InspectSchema(*session, options);
  if (!schema.ok()) throw std::runtime_error(schema.error().message + ": " + schema.error().server.message);
  return std::move(schema).value();
}

std::string Dump(PostgresServer& server, const std::string& database) {
  const std::string dump = OutputOf(PgDump() + " --schema-only --no-owner -h " + server.socket_directory() + " -p " +
                                    std::to_string(server.port()) + " -U " + PostgresServer::kUser + " " + database);
  if (dump.find("PostgreSQL database dump complete") == std::string::npos) throw std::runtime_error(dump);
  // A secret of each run stands in \restrict and \unrestrict.
  std::string kept;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) kept += line + "\n";
  }
  return kept;
}

SchemaTest::SchemaTest() : copy_(server().CreateDatabase()) {}
SchemaTest::~SchemaTest() { server().DropDatabase(copy_); }

void SchemaTest::RunInCopy(const std::vector<SqlStatement>& statements) {
  Session session = server().Connect(copy_);
  session.Run("SET check_function_bodies = off");
  for (const SqlStatement& statement : statements) {
    try {
      session.Run(statement.text);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(statement.text + "\n→ " + error.what());
    }
  }
}

}  // namespace sluice::testing
