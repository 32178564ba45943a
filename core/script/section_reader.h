// Reads a section statement by statement, a window of the text at a time, so that a script of any size is never held in
// memory twice. Refuses what ReadSection (script_parser.h) refuses. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error_list.h"
#include "core/base/result.h"
#include "core/model/script.h"
#include "core/script/script_parser.h"
#include "core/sql/statement_info.h"

namespace sluice {

class SectionReader {
 public:
  static constexpr std::size_t kWindow = std::size_t{1} << 20;  // bytes

  // `text`, `script` and `section` must outlive the reader. `server_version`: as for ReadSection.
  SectionReader(std::string_view text, const Script& script, const Section& section, int server_version);

  // The next statements: those that end in the next `window` bytes, or the one statement that is longer than that.
  // Empty when the section is read to its end. The error holds all troubles of these statements; after one, `done()`
  // tells whether reading can go on (it can't after text that couldn't be cut).
  Result<SectionStatements> Next(std::size_t window = kWindow);

  bool done() const { return done_; }

 private:
  struct NewEnumValue {
    std::string type;
    std::string value;
    int line;
  };

  void Check(const Statement& statement, const StatementInfo& info);
  void CheckInTransaction(const Statement& statement, const StatementInfo& info);
  void CheckOutside(const Statement& statement, const StatementInfo& info);
  void CheckEnumValues(const Statement& statement, const StatementInfo& info);
  void FollowControl(const Statement& statement);
  void CheckEnd();
  bool Applies(const StatementInfo& info) const;
  std::string_view TextOf(const Statement& statement) const;
  void Fail(std::size_t offset, std::string message, std::string hint);

  const std::string_view text_;
  const Script& script_;
  const Section& section_;
  const int server_version_;

  std::size_t at_;
  int line_;
  bool standard_strings_ = true;
  bool done_ = false;
  ErrorList errors_;                          // of the statements that Next() is about to return
  std::optional<Statement> own_transaction_;  // the BEGIN of a script that manages its own
  std::vector<std::string> created_enums_;    // in this section, where the server lets their values be used at once
  std::vector<NewEnumValue> new_enum_values_;
};

// Reads the whole section and keeps nothing: for a look before anything runs.
Status CheckSection(std::string_view text, const Script& script, const Section& section, int server_version);

}  // namespace sluice
