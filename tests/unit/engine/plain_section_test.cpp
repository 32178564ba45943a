#include "core/engine/plain_section.h"

#include <gtest/gtest.h>

#include <string>

#include "core/engine/step_runner.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

constexpr int kServerMajor = 15;

// Whether the upgrade of a revision with these sections may be sent behind another one.
bool IsPlain(const std::string& sections, const ProgressRow* progress = nullptr) {
  StepScript step;
  step.text = "-- a test\n--\n-- Revision: a1\n-- Revises:\n\n" + sections;
  Result<Script> script = ParseScript(step.text, "a1.sql");
  EXPECT_TRUE(script.ok());
  Result<ScriptUnits> units = ReadUnits(step.text, *script, Direction::kUpgrade, kServerMajor);
  EXPECT_TRUE(units.ok());
  step.script = std::move(*script);
  step.units = std::move(*units);
  StepRun run{step};
  run.progress = progress;
  const std::optional<UnitTask> task = OnlyUnit(run);
  return task && IsPlainSection(*task);
}

TEST(PlainSection, IsOneTransactionThatLeavesNothingInTheSession) {
  EXPECT_TRUE(IsPlain("-- sluice:upgrade\nCREATE TABLE t (id int);\nCREATE INDEX ON t (id);\n"));
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nSET search_path = x;\nCREATE TABLE t (id int);\n"));
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nINSERT INTO t VALUES (1);\n")) << "a trigger may set something";
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nDO $$ BEGIN END $$;\n"));
}

TEST(PlainSection, IsTheWholeRevision) {
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nCREATE TABLE t ();\n-- sluice:upgrade\nCREATE TABLE u ();\n"));
  EXPECT_FALSE(IsPlain("-- sluice:upgrade transaction=off\nCREATE TABLE t ();\n"));
  EXPECT_FALSE(IsPlain("-- sluice:check\nSELECT 1 WHERE false;\n-- sluice:upgrade\nCREATE TABLE t ();\n"));
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nCREATE TABLE t ();\n-- sluice:verify\nSELECT true;\n"));
  ProgressRow progress;
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nCREATE TABLE t ();\n", &progress));
}

TEST(PlainSection, HoldsNothingThatTheProtocolForSingleStatementsTreatsOtherwise) {
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nCOPY t TO STDOUT;\n"));
  EXPECT_FALSE(IsPlain("-- sluice:upgrade\nCREATE VIEW v AS SELECT $1;\n"));
  EXPECT_TRUE(IsPlain("-- sluice:upgrade\nCOMMENT ON TABLE t IS '100 $';\n"));
}

}  // namespace
}  // namespace sluice
