// Databases that are brought from one state to another by the differ's plan, and compared afterwards.
#pragma once

#include <string>
#include <vector>

#include "core/model/schema.h"
#include "tests/acceptance/schema_fixture.h"
#include "tests/support/postgres_server.h"

namespace sluice::testing {

class KindTest : public ::testing::Test {
 protected:
  // Makes the roles `reader`, `writer` and `odd Role`.
  KindTest();
  ~KindTest() override;

  std::string home_schema = "public";

  PostgresServer& server() { return SharedServer(); }

  // A database in which the statements have run; dropped at the end of the test.
  std::string DatabaseWith(const std::string& ddl);
  void Run(const std::string& database, const std::string& sql);
  Schema Inspect(const std::string& database) {
    return testing::Inspect(server().ConnectionString(database), home_schema);
  }

  // Brings `database` from its state to that of `target` and expects that inspections (owners too) and dumps are equal.
  // Returns the statements that ran. Fails the test on an error, and says which statement it was.
  std::string ExpectConverges(const std::string& database, const std::string& target);

 private:
  std::string Migrate(const std::string& database, const Schema& from, const Schema& to);

  std::vector<std::string> databases_;
};

}  // namespace sluice::testing
