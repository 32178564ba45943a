#include "core/engine/column_follow.h"

#include "core/sql/identifier.h"

namespace sluice {
namespace {

// A mebibyte: at most some thousand rows are locked at a time, for some milliseconds.
constexpr int kBlocks = 128;

}  // namespace

std::vector<std::string> FollowStatements(const FollowedColumn& column) {
  return {"CREATE FUNCTION " + column.function + "() RETURNS trigger LANGUAGE plpgsql" + column.settings +
              " AS $$\nBEGIN\n  NEW." + column.to + " := NEW." + column.from + column.cast +
              ";\n  RETURN NEW;\nEND\n$$",
          "CREATE TRIGGER " + column.trigger + " BEFORE INSERT OR UPDATE ON " + column.table +
              " FOR EACH ROW EXECUTE FUNCTION " + column.function + "()",
          "ALTER TABLE " + column.table + " ENABLE ALWAYS TRIGGER " + column.trigger};
}

std::vector<std::string> UnfollowStatements(const FollowedColumn& column, bool if_exists) {
  const std::string condition = if_exists ? "IF EXISTS " : "";
  return {"DROP TRIGGER " + condition + column.trigger + " ON " + column.table,
          "DROP FUNCTION " + condition + column.function + "()"};
}

std::string FillStatement(const FollowedColumn& column) {
  const std::string blocks = std::to_string(kBlocks);
  return "DO $$\nDECLARE\n  fill_end bigint := pg_relation_size(" + QuoteLiteral(column.table) +
         ") / current_setting('block_size')::int;\n  fill_block bigint := 0;\nBEGIN\n  WHILE fill_block < fill_end "
         "LOOP\n    BEGIN\n"
         "      UPDATE " +
         column.table + " SET " + column.to + " = " + column.from + column.cast +
         "\n      WHERE ctid >= format('(%s,0)', fill_block)::tid AND ctid < format('(%s,0)', fill_block + " + blocks +
         ")::tid\n        AND " + column.to + " IS NULL AND " + column.from +
         " IS NOT NULL;\n      fill_block := fill_block + " + blocks +
         ";\n    EXCEPTION WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN\n"
         "      NULL; -- somebody works on these rows: the same blocks again\n    END;\n    COMMIT;\n  END "
         "LOOP;\nEND\n$$";
}

}  // namespace sluice
