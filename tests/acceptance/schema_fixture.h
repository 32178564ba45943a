// Two databases of one server: what is inspected in the first is made anew in the second, by statements of our own.
#pragma once

#include <string>
#include <vector>

#include "core/model/operation.h"
#include "core/model/schema.h"
#include "core/sql/emit/emit.h"
#include "tests/support/postgres_server.h"

namespace sluice::testing {

// Every object and its attributes as text, a line each: what EXPECT_EQ shows best.
std::string Describe(const Schema& schema);

// Inspects a database. Throws std::runtime_error.
Schema Inspect(const std::string& connection_string, const std::string& home_schema = "public");

// What pg_dump --schema-only says of the database, without what differs from run to run. Throws std::runtime_error.
std::string Dump(PostgresServer& server, const std::string& database);

class SchemaTest : public PostgresTest {
 protected:
  SchemaTest();
  ~SchemaTest() override;

  Schema Inspect() { return testing::Inspect(ConnectionString()); }
  Schema InspectCopy() { return testing::Inspect(server().ConnectionString(copy_)); }
  // Runs the statements in the copy, each as its own message. Throws std::runtime_error with the statement.
  void RunInCopy(const std::vector<SqlStatement>& statements);
  const std::string& copy() const { return copy_; }

 private:
  std::string copy_;
};

}  // namespace sluice::testing
