// The checks of `doctor` that ask the server. Each reads only and makes one finding; a question that the server doesn't
// answer is a finding too.
#pragma once

#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/db/version_store.h"
#include "core/engine/doctor.h"
#include "core/model/settings.h"

namespace sluice {

// What the checks look at. Nothing is owned.
struct ServerView {
  const Settings& settings;
  const DatabaseState& state;
  const Bookkeeping& bookkeeping;
  ReadSession& session;
};

DoctorCheck CheckServerVersion(const DatabaseState& state);
DoctorCheck CheckWritable(const DatabaseState& state);
DoctorCheck CheckBookkeeping(const DatabaseState& state, const Bookkeeping& bookkeeping);
DoctorCheck CheckPrivileges(const ServerView& view);
DoctorCheck CheckSearchPath(const ServerView& view);
DoctorCheck CheckClock(ReadSession& session);
DoctorCheck CheckDiskSpace(ReadSession& session);
DoctorCheck CheckIndexes(ReadSession& session);
DoctorCheck CheckRuns(const ServerView& view);
DoctorCheck CheckPartialWork(const DatabaseState& state);
DoctorCheck CheckLongTransactions(ReadSession& session);

}  // namespace sluice
