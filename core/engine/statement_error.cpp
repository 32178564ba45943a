#include "core/engine/statement_error.h"

#include <algorithm>
#include <utility>

#include "core/base/source_excerpt.h"

namespace sluice {
namespace {

// The byte at which character number `position` (1-based) of UTF-8 text begins.
std::size_t ByteOfCharacter(std::string_view text, int position) {
  std::size_t offset = 0;
  for (int character = 1; character < position && offset < text.size(); ++character) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) ++offset;
  }
  return offset;
}

// Where PostgreSQL points to, as an offset in the script; npos when it doesn't, or points outside the script's part.
std::size_t PositionInScript(const MessageFailure& failure, const MessageMap& map) {
  if (failure.position <= 0) return std::string_view::npos;
  const std::size_t byte = ByteOfCharacter(*map.message, failure.position);
  if (byte < map.script_begin || byte > map.script_begin + map.length) return std::string_view::npos;
  return map.text_begin + (byte - map.script_begin);
}

struct Mend {
  std::string_view sqlstate;
  std::string_view hint;
};

// What to do about failures that have a usual cause. SQLSTATEs: PostgreSQL documentation, appendix A.
constexpr Mend kMends[] = {
    {"2D000",
     "the procedure or DO block ends its transaction itself: put it in a section of its own with "
     "`-- sluice:upgrade transaction=off`"},
    {"25001",
     "PostgreSQL runs this statement only outside a transaction: put it in a section of its own with "
     "`-- sluice:upgrade transaction=off`"},
    {"55P04", "a new enum value can't be used before it is committed: add it in a section before this one"},
    {"42501", "the role lacks a privilege: GRANT it, or set `role:` in sluice.yaml to the owner of the object"},
    {"53100", "the server's disk is full: make room, then run the same command again"},
    {"25006", "the transaction is read only: connect to the primary, and check default_transaction_read_only"},
    {"57014",
     "the statement was cancelled, or took longer than statement_timeout: see lock and table sizes, or give the "
     "section `statement_timeout=` of its own"},
};

}  // namespace

std::size_t FailedStatement(const MessageOutcome& outcome, const MessageMap& map) {
  // A syntax error is found before anything of the message runs: only the position tells which statement it is.
  const std::size_t offset = PositionInScript(*outcome.failure, map);
  if (offset != std::string_view::npos) {
    for (std::size_t i = 0; i < map.statement_count; ++i) {
      if (offset <= map.statements[i].end) return i;
    }
  }
  const std::size_t done = outcome.results.size();
  if (done < map.leading) return map.statement_count;
  return std::min(done - map.leading, map.statement_count);
}

Error DescribeFailure(const MessageOutcome& outcome, const MessageMap& map) {
  const MessageFailure& failure = *outcome.failure;
  Error error;
  error.code = ErrorCode::kStatementFailed;
  error.message = failure.server.message;
  error.server = failure.server;
  const std::size_t failed = FailedStatement(outcome, map);
  std::size_t offset = PositionInScript(failure, map);
  const bool pointed = offset != std::string_view::npos;
  if (!pointed && failed < map.statement_count) offset = map.statements[failed].begin;
  if (offset != std::string_view::npos) error.where = LocateOffset(map.file, map.text, offset);
  // A caret below the statement's first character would say nothing.
  if (!pointed) error.where.excerpt.resize(std::min(error.where.excerpt.find('\n'), error.where.excerpt.size()));
  if (error.where.file.empty()) error.where.file = map.file;
  if (!failure.internal_query.empty() && failure.internal_position > 0) {
    const std::size_t inner = ByteOfCharacter(failure.internal_query, failure.internal_position);
    error.where.excerpt += "\nin the function:\n" + LocateOffset("", failure.internal_query, inner).excerpt;
  }
  for (const Mend& mend : kMends) {
    if (failure.server.sqlstate == mend.sqlstate) error.hint = mend.hint;
  }
  return error;
}

void MakeOwnCancel(ErrorCode code, const std::string& revision, Error& error) {
  error.code = code;
  error.message = "revision " + revision + ": " +
                  (code == ErrorCode::kTimeout ? "--timeout was spent" : "interrupted") + " while this statement ran";
  error.server = {};
  error.hint = "`sluice status` shows what is applied; the same command goes on from there";
}

}  // namespace sluice
