// What the statements that `sluice revision` writes for tables in use really do to them: the locks they take, and
// whether they read or rewrite the rows under a lock that writers wait for.
#include <gmock/gmock.h>

#include <ostream>

#include "core/diff/differ.h"
#include "core/diff/difference_text.h"
#include "core/engine/safe_plan.h"
#include "core/sql/statement_info.h"
#include "tests/acceptance/kind_fixture.h"
#include "tests/acceptance/safe_form_case.h"
#include "tests/acceptance/statement_observer.h"

namespace sluice::testing {

void PrintTo(const SafeFormCase& value, std::ostream* out) { *out << value.name; }

namespace {

class SafeFormsTest : public KindTest, public ::testing::WithParamInterface<SafeFormCase> {
 protected:
  struct Ran {
    std::vector<std::string> lines;
    bool blocks = false;
  };

  // Writers wait while the rows are read or written.
  static bool Blocks(const SeenStatement& statement) {
    return std::any_of(statement.tables.begin(), statement.tables.end(), [](const SeenOnTable& table) {
      return table.BlocksWriters() && (table.scanned || table.rewritten);
    });
  }

  void Note(const SeenStatement& statement, Ran& ran) {
    std::string line = statement.Line();
    if (line.starts_with("DO ")) line = "DO" + line.substr(line.rfind(" →"));
    ran.lines.push_back(std::move(line));
    ran.blocks = ran.blocks || Blocks(statement);
  }

  // As a section with `transaction=off` does.
  void RunAlone(StatementObserver& observer, const std::string& statement, Ran& ran) {
    if (InspectStatement(statement).transaction == TransactionUse::kNeverInBlock) {
      return Note(observer.RunOutside(statement), ran);
    }
    for (const SeenStatement& seen : observer.RunInTransaction({statement})) Note(seen, ran);
  }

  // The upgrade, or the downgrade, of `script`.
  Ran RunScript(const std::string& database, const GeneratedScript& script, bool upgrade) {
    StatementObserver observer(server(), database);
    Ran ran;
    std::vector<SectionPair> sections = script.sections;
    if (!upgrade) std::reverse(sections.begin(), sections.end());
    for (const SectionPair& section : sections) {
      const std::vector<std::string>& statements = upgrade ? section.upgrade : section.downgrade;
      if (upgrade ? section.upgrade_in_transaction : section.downgrade_in_transaction) {
        for (const SeenStatement& seen : observer.RunInTransaction(statements)) Note(seen, ran);
      } else {
        for (const std::string& statement : statements) RunAlone(observer, statement, ran);
      }
    }
    return ran;
  }
};

TEST_P(SafeFormsTest, DoToTablesInUseWhatTheTableSays) {
  const std::string database = DatabaseWith(std::string(kTablesInUse) + GetParam().before);
  const std::string target = DatabaseWith(std::string(kTablesInUse) + GetParam().before + GetParam().after);
  const Schema from = Inspect(database);
  const Schema to = Inspect(target);
  const Operations operations = PlanOperations(from, to, CompareSchemas(from, to, {}));
  const GeneratedScript script = PlanScript(operations, {from, to, server().MajorVersion()}, GetParam().policy);
  const Ran up = RunScript(database, script, true);
  const int major = server().MajorVersion();
  const bool other = major >= GetParam().others_from && major <= GetParam().others_to;
  if (major >= GetParam().since) {
    EXPECT_THAT(up.lines, ::testing::ElementsAreArray(other ? GetParam().seen_by_others : GetParam().seen));
    EXPECT_EQ(up.blocks, other ? GetParam().blocks_others : GetParam().blocks);
  } else {
    EXPECT_TRUE(up.blocks);
  }
  EXPECT_EQ(Dump(server(), database), Dump(server(), target));
  const Ran down = RunScript(database, script, false);
  EXPECT_TRUE(WithoutPositions(CompareSchemas(Inspect(database), from, {})).empty())
      << ::testing::PrintToString(down.lines);
}

std::string NameOf(const ::testing::TestParamInfo<SafeFormCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Tables, SafeFormsTest, ::testing::ValuesIn(TableCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Partitions, SafeFormsTest, ::testing::ValuesIn(PartitionCases()), NameOf);

}  // namespace
}  // namespace sluice::testing
