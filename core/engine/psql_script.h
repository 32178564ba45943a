// The script of `--sql` that psql runs to the same end as an online run: what UnitRunner and Migrator send, written
// down.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/db/bookkeeping.h"
#include "core/db/record.h"
#include "core/engine/sql_printer.h"
#include "core/engine/step_script.h"
#include "core/graph/migration_plan.h"
#include "core/model/settings.h"

namespace sluice {

class PsqlScript {
 public:
  // Nothing is owned.
  PsqlScript(const Settings& settings, const Bookkeeping& bookkeeping, const SqlSink& sink);

  // Everything before the first step: psql's settings, the lock, what is demanded of the database, the tables, the run.
  // `any_rows`: the version rows need not be those that the plan starts at.
  void Begin(std::string_view command, const MigrationPlan& plan, bool any_rows = false);
  // Errors: as SqlPrinter's.
  Status WriteStep(const StepScript& step);
  // Statements of Sluice's own, in a transaction.
  void WriteOwn(std::string_view sql);
  void End();

  const RecordWriter& writer() const { return writer_; }
  // What every event of the run begins with.
  static EventRecord Event();

 private:
  // One unit's record: what it says and what it ends.
  struct Part {
    const StepScript& step;
    std::size_t unit = 0;  // as many as there are units: the record alone
    bool finishes = false;
    bool stores_script = false;
  };

  void TakeLocks();
  void DemandRows(const MigrationPlan& plan);
  void DemandTables();
  void MakeTables(const MigrationPlan& plan);
  void CleanSession();
  Status WriteUnit(const Part& part, bool runs_checks, bool runs_verifies);
  Status WriteBlock(const Part& part, bool runs_checks, bool runs_verifies);
  void WriteOwnTransaction(const Part& part);
  void WriteBareStatement(const Part& part);
  void WriteQuestions(const StepScript& step, const std::vector<UnitSection>& sections);
  void WriteQuestionsAlone(const StepScript& step, const std::vector<UnitSection>& sections);
  void WriteRecordOnly(const StepScript& step, bool runs_questions);
  void WriteOpening(const Part& part);
  void WriteRecord(const Part& part);
  void WriteLargeScript(const StepScript& step);
  void WriteQuery(std::string sql, std::string_view variables);

  const Settings& settings_;
  const Bookkeeping& bookkeeping_;
  SqlPrinter printer_;
  RecordWriter writer_;
};

}  // namespace sluice
