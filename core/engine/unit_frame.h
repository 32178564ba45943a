// What Sluice says itself around a unit of a script: how its transaction begins, how it ends with the record, how the
// session is cleaned after it. Text of SQL only; nothing here talks to a server.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/db/record.h"
#include "core/engine/database.h"
#include "core/engine/unit_task.h"

namespace sluice {

class UnitFrame {
 public:
  // `settings` and `database` are not owned. `one_transaction`: as for UnitRunner.
  UnitFrame(const Settings& settings, const Database& database, const Bookkeeping& bookkeeping, bool one_transaction)
      : settings_(settings), database_(database), writer_(bookkeeping), one_transaction_(one_transaction) {}

  std::string Opening(const UnitTask& task, std::chrono::milliseconds lock_timeout) const;
  std::size_t OpeningCount(const UnitTask& task) const;  // statements of Opening

  std::string Closing(const UnitTask& task, std::chrono::milliseconds lock_wait) const;

  // The whole transaction of a plain section (plain_section.h), a statement each.
  std::vector<std::string> Statements(const UnitTask& task, std::chrono::milliseconds lock_timeout,
                                      std::chrono::milliseconds lock_wait) const;

  // What Sluice's own statements in a unit's transaction begin with: Database::OwnPrelude, and the statement_timeout
  // that the unit began with, for one that the script has set is not meant for them.
  static constexpr std::size_t kOwnPreludeStatements = Database::kOwnPreludeStatements + 1;
  std::string OwnPrelude(const UnitTask& task) const;

  // The record, in a session that a script may have changed.
  std::string RecordAfterScript(const UnitTask& task, std::chrono::milliseconds lock_wait) const;

  // Leaves the session as every section finds it. `prepares`: Sluice's own prepared statements are made again too.
  std::string CleanSession(bool prepares) const;
  // The same with them, waiting at most that long for Sluice's own tables.
  std::string PrepareSession(std::chrono::milliseconds lock_timeout) const;

 private:
  std::string Record(const UnitTask& task, std::chrono::milliseconds lock_wait) const;

  const Settings& settings_;
  const Database& database_;
  RecordWriter writer_;
  bool one_transaction_;
};

}  // namespace sluice
