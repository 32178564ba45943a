#include "core/engine/schema_rename.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/db/pg_session.h"
#include "core/engine/schema_change.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

Result<std::unique_ptr<ReadSession>> Connect(const ScratchDatabase& database) {
  ConnectFailure failure;
  std::unique_ptr<ReadSession> session = ReadSession::Open(database.conninfo(), &failure);
  if (session != nullptr) return session;
  return MakeError(ErrorCode::kScratch, "the scratch database can't be connected to: " + failure.message);
}

Status RunAll(ReadSession& session, const InspectOptions& options, const std::vector<std::string>& statements) {
  std::string text = "SET search_path = " + QuoteIdentifier(options.home_schema) + ";\n";
  for (const std::string& statement : statements) text += statement + ";\n";
  SLUICE_CHECK(session.Query(text));
  return {};
}

// Owners are not copied: they are those of the original.
void TakeOwners(Schema& copy, const Schema& original) {
  copy.role = original.role;
  for (Schema::Index i = 0; i < copy.size(); ++i) {
    const Schema::Index before = original.Find(copy[i].id);
    copy.Set(i, AttributeName::kOwner,
             before == Schema::kNone ? original.role : std::string(original[before].Get(AttributeName::kOwner)));
  }
}

}  // namespace

Result<RenamedSchema> ApplyRenames(const ScratchDatabase& database, const InspectOptions& options, RenameSteps steps,
                                   const Schema& to) {
  SLUICE_TRY(const std::unique_ptr<ReadSession> session, Connect(database));
  SLUICE_CHECK(RunAll(*session, options, steps.forward));
  SLUICE_TRY(Schema schema, InspectSchema(*session, options));
  const auto planned = static_cast<std::ptrdiff_t>(steps.forward.size());
  FollowRenames(schema, to, steps);
  const std::vector<std::string> following(steps.forward.begin() + planned, steps.forward.end());
  if (!following.empty()) {
    SLUICE_CHECK(RunAll(*session, options, following));
    SLUICE_TRY(schema, InspectSchema(*session, options));
  }
  return RenamedSchema{std::move(schema), std::move(steps)};
}

Result<RenamedSchema> ApplyRenames(const Schema& from, ScratchServer& server, RenameSteps steps, const Schema& to) {
  SLUICE_TRY(const ScratchDatabase database, server.Create());
  InspectOptions options;
  options.home_schema = from.home_schema;
  {
    SLUICE_TRY(const std::unique_ptr<ReadSession> session, Connect(database));
    SLUICE_TRY(const Schema empty, InspectSchema(*session, options));
    SLUICE_CHECK(session->Query(WriteSchemaScript(PlanSchemaChange(empty, from, {}), empty, from)));
  }
  SLUICE_TRY(RenamedSchema renamed, ApplyRenames(database, options, std::move(steps), to));
  TakeOwners(renamed.schema, from);
  renamed.schema.unmanaged = from.unmanaged;
  return renamed;
}

Result<Schema> TakeRenamesBack(const ScratchDatabase& database, const InspectOptions& options,
                               const RenameSteps& steps) {
  SLUICE_TRY(const std::unique_ptr<ReadSession> session, Connect(database));
  SLUICE_CHECK(RunAll(*session, options, steps.backward));
  return InspectSchema(*session, options);
}

}  // namespace sluice
