#include "tests/acceptance/kind_fixture.h"

#include <algorithm>
#include <stdexcept>

#include "core/diff/differ.h"
#include "core/diff/kind_table.h"
#include "core/sql/emit/emit.h"

namespace sluice::testing {
namespace {

// What Describe() leaves out: owners, and what an object needs.
std::string OwnersAndNeeds(const Schema& schema) {
  std::string text;
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    text += schema[i].id.name + schema[i].id.signature + " of " + std::string(schema[i].Get(AttributeName::kOwner));
    for (const Schema::Index needed : schema.Needs(i)) {
      text += ", needs " + schema[needed].id.name + schema[needed].id.signature;
    }
    text += '\n';
  }
  return text;
}

// The table of kinds knows every attribute that an inspection finds.
void ExpectInTable(const Schema& schema) {
  for (const SchemaObject& object : schema.objects()) {
    const KindFacts& facts = AllKindFacts()[static_cast<std::size_t>(object.id.kind)];
    for (const Attribute& attribute : object.attributes) {
      EXPECT_TRUE(std::binary_search(facts.attributes.begin(), facts.attributes.end(), attribute.name))
          << ObjectKindName(object.id.kind) << " " << object.id.name << ": " << AttributeLabel(attribute.name);
    }
  }
}

}  // namespace

KindTest::KindTest() {
  auto session = server().Connect("postgres");
  for (const std::string role : {"reader", "writer", "odd Role"}) {
    if (session.Value("SELECT count(*) FROM pg_roles WHERE rolname = '" + role + "'") == "0") {
      session.Run("CREATE ROLE \"" + role + "\"");
    }
  }
}

KindTest::~KindTest() {
  for (const std::string& database : databases_) server().DropDatabase(database);
}

std::string KindTest::DatabaseWith(const std::string& ddl) {
  databases_.push_back(server().CreateDatabase());
  Run(databases_.back(), ddl);
  return databases_.back();
}

void KindTest::Run(const std::string& database, const std::string& sql) {
  if (!sql.empty()) server().Connect(database).Run(sql);
}

std::string KindTest::Migrate(const std::string& database, const Schema& from, const Schema& to) {
  DiffOptions options;
  options.compare_owners = true;
  const Operations operations = PlanOperations(from, to, CompareSchemas(from, to, options));
  const EmitContext context{from, to, server().MajorVersion(), true};
  auto session = server().Connect(database);
  session.Run("SET check_function_bodies = off; SET search_path = '" + home_schema + "'");
  std::string ran;
  for (const Operation& operation : operations) {
    for (const SqlStatement& statement : EmitOperation(operation, context)) {
      try {
        session.Run(statement.text);
      } catch (const std::runtime_error& error) {
        ADD_FAILURE() << error.what() << "\nin: " << statement.text << "\nafter:\n" << ran;
        return ran;
      }
      ran += statement.text + ";\n";
    }
  }
  return ran;
}

std::string KindTest::ExpectConverges(const std::string& database, const std::string& target) {
  const Schema from = Inspect(database);
  const Schema to = Inspect(target);
  ExpectInTable(to);
  const std::string ran = Migrate(database, from, to);
  const Schema reached = Inspect(database);
  EXPECT_EQ(Describe(reached), Describe(to)) << "after:\n" << ran;
  EXPECT_EQ(OwnersAndNeeds(reached), OwnersAndNeeds(to)) << "after:\n" << ran;
  EXPECT_EQ(Dump(server(), database), Dump(server(), target)) << "after:\n" << ran;
  return ran;
}

}  // namespace sluice::testing
