#include "core/db/inspector.h"

#include <array>
#include <utility>

#include "core/db/inspect/inspection.h"
#include "core/db/inspect/readers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

// What later readers refer to by handle comes first.
constexpr std::array kReaders{&ReadSchemas,  &ReadModules,           &ReadTypes,     &ReadRelations,
                              &ReadRoutines, &ReadTriggers,          &ReadOperators, &ReadTextSearch,
                              &ReadOutside,  &ReadDefaultPrivileges, &ReadUnmanaged};

// A repeatable-read transaction whose settings make the text of the catalogs the same whatever the session, the role or
// the database is set to. It ends with the object, and its settings with it.
class CatalogTransaction {
 public:
  explicit CatalogTransaction(ReadSession& session) : session_(session) {}
  ~CatalogTransaction() { session_.EndTransaction(); }
  CatalogTransaction(const CatalogTransaction&) = delete;
  CatalogTransaction& operator=(const CatalogTransaction&) = delete;

  Status Begin(const std::string& home_schema) {
    return session_.BeginTransaction(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = " +
        (home_schema.empty() ? "''" : QuoteIdentifier(home_schema)) +
        "; SET LOCAL lock_timeout = '10s'; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres; "
        "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = hex; "
        "SET LOCAL quote_all_identifiers = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0");
  }

 private:
  ReadSession& session_;
};

// 55P03: lock_not_available.
Error Explained(Error error) {
  if (error.server.sqlstate != "55P03") return error;
  error.code = ErrorCode::kLockBudget;
  error.message = "another session's lock holds up the inspection";
  error.hint = "try again when its transaction has ended; pg_locks shows whose it is";
  return error;
}

Result<Schema> Inspect(ReadSession& session, const InspectOptions& options) {
  CatalogTransaction transaction(session);
  SLUICE_CHECK(transaction.Begin(options.home_schema));
  Inspection inspection(session, options);
  SLUICE_CHECK(inspection.Begin());
  for (const auto& read : kReaders) SLUICE_CHECK(read(inspection));
  return inspection.Finish();
}

}  // namespace

Result<Schema> InspectSchema(ReadSession& session, const InspectOptions& options) {
  Result<Schema> schema = Inspect(session, options);
  if (!schema.ok()) return Explained(std::move(schema).error());
  return schema;
}

}  // namespace sluice
