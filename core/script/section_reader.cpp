#include "core/script/section_reader.h"

#include <algorithm>

#include "core/base/source_excerpt.h"
#include "core/sql/identifier.h"
#include "core/sql/lexer.h"
#include "core/sql/statement_splitter.h"
#include "core/sql/transaction_rules.h"

namespace sluice {
namespace {

bool IsQuestion(const Section& section) {
  return section.kind == SectionKind::kCheck || section.kind == SectionKind::kVerify;
}

// The name of an enum type without quotes and schema, for a comparison that rather sees a use too many.
std::string_view BareName(std::string_view type) {
  const std::size_t dot = type.rfind('.');
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

std::vector<std::string_view> Words(std::string_view statement) {
  std::vector<std::string_view> words;
  Lexer lexer(statement, 0, statement.size(), true);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind == TokenKind::kWord) words.push_back(lexer.Text(token));
  }
  return words;
}

}  // namespace

SectionReader::SectionReader(std::string_view text, const Script& script, const Section& section, int server_version)
    : text_(text),
      script_(script),
      section_(section),
      server_version_(server_version),
      at_(section.begin),
      line_(section.first_line) {}

Result<SectionStatements> SectionReader::Next(std::size_t window) {
  SectionStatements read;
  while (!done_ && read.statements.empty()) {
    const std::size_t end = std::min(section_.end, at_ + window);
    const bool at_end = end == section_.end;
    PartialSplit split = SplitUpToTrouble(text_, at_, end, line_, standard_strings_, at_end);
    line_ += static_cast<int>(std::count(text_.begin() + at_, text_.begin() + split.result.consumed, '\n'));
    if (!at_end && !split.error.has_value() && split.result.consumed == at_) window *= 2;
    at_ = split.result.consumed;
    standard_strings_ = split.result.standard_strings;
    done_ = at_end || split.error.has_value();
    read.statements = std::move(split.result.statements);
    bool holds_copy_data = false;
    for (const Statement& statement : read.statements) {
      StatementInfo info = InspectStatement(TextOf(statement));
      if (section_.repeats && info.resume == ResumeRule::kAsk) info.resume = ResumeRule::kRepeat;
      Check(statement, info);
      holds_copy_data = info.kind == "CopyStmt" && !info.refusal.empty();
      read.infos.push_back(std::move(info));
      if (holds_copy_data) break;  // what follows are rows, not SQL
    }
    done_ = done_ || holds_copy_data;
    if (split.error.has_value() && !holds_copy_data) {
      split.error->where.file = script_.path;
      errors_.Add(std::move(*split.error));
    } else if (done_ && !holds_copy_data) {
      CheckEnd();
    }
    if (!errors_.empty()) return std::exchange(errors_, {}).Take();
  }
  return read;
}

std::string_view SectionReader::TextOf(const Statement& statement) const {
  return text_.substr(statement.begin, statement.end - statement.begin);
}

void SectionReader::Fail(std::size_t offset, std::string message, std::string hint) {
  Error error = MakeError(ErrorCode::kScript, std::move(message), std::move(hint));
  error.where = LocateOffset(script_.path, text_, offset);
  errors_.Add(std::move(error));
}

bool SectionReader::Applies(const StatementInfo& info) const {
  return server_version_ == 0 || server_version_ >= info.since_version;
}

void SectionReader::Check(const Statement& statement, const StatementInfo& info) {
  if (!info.refusal.empty()) {
    Fail(statement.begin, "this statement can't be in a script", info.refusal);
  } else if (IsQuestion(section_)) {
    if (info.is_query) return;
    Fail(statement.begin,
         "a " + std::string(SectionKindName(section_.kind)) + " section holds queries only: SELECT, VALUES or TABLE",
         "move the statement to an upgrade section");
  } else if (section_.transaction) {
    CheckInTransaction(statement, info);
  } else {
    CheckOutside(statement, info);
  }
}

void SectionReader::CheckInTransaction(const Statement& statement, const StatementInfo& info) {
  if (info.transaction == TransactionUse::kControl) {
    return Fail(statement.begin, "this section is run in a transaction, which the script may not begin or end itself",
                info.mend);
  }
  if (info.transaction == TransactionUse::kNeverInBlock && Applies(info)) {
    const std::string since =
        info.since_version == 0 ? "" : " (from version " + std::to_string(info.since_version) + " on)";
    return Fail(statement.begin, "PostgreSQL refuses this statement inside a transaction" + since, info.mend);
  }
  CheckEnumValues(statement, info);
}

void SectionReader::CheckOutside(const Statement& statement, const StatementInfo& info) {
  if (info.transaction == TransactionUse::kControl) return FollowControl(statement);
  if (info.transaction == TransactionUse::kOnlyInBlock && !own_transaction_.has_value()) {
    return Fail(statement.begin, "this statement has an effect inside a transaction only, and this section has none",
                info.mend);
  }
  if (info.transaction == TransactionUse::kNeverInBlock && own_transaction_.has_value() && Applies(info)) {
    Fail(statement.begin,
         "PostgreSQL refuses this statement inside a transaction, and the script began one in line " +
             std::to_string(own_transaction_->line),
         "end that transaction before it");
  }
}

void SectionReader::FollowControl(const Statement& statement) {
  const std::vector<std::string_view> words = Words(TextOf(statement));
  if (words.empty()) return;
  if (EqualsKeyword(words[0], "begin") || EqualsKeyword(words[0], "start")) {
    if (!own_transaction_.has_value()) own_transaction_ = statement;
    return;
  }
  const auto chain = std::find_if(words.begin(), words.end(), [](auto word) { return EqualsKeyword(word, "chain"); });
  const bool goes_on = chain != words.end() && !EqualsKeyword(*(chain - 1), "no");
  if (!goes_on) own_transaction_.reset();
}

void SectionReader::CheckEnd() {
  if (!own_transaction_.has_value()) return;
  Fail(own_transaction_->begin, "the transaction that begins here is not ended in its section",
       "write COMMIT; after its last statement");
}

// PostgreSQL refuses a new value of an enum type until it is committed (55P04). Later versions let it pass when the
// type itself is as new.
void SectionReader::CheckEnumValues(const Statement& statement, const StatementInfo& info) {
  if (info.kind == "CreateEnumStmt" && server_version_ >= kValuesOfNewEnumTypesAreSafeSince) {
    for (const std::string_view word : Words(TextOf(statement))) created_enums_.emplace_back(word);
    return;
  }
  if (!info.adds_enum_value_type.empty()) {
    const std::string type(BareName(info.adds_enum_value_type));
    if (std::find(created_enums_.begin(), created_enums_.end(), type) != created_enums_.end()) return;
    new_enum_values_.push_back({type, info.adds_enum_value, statement.line});
    return;
  }
  if (info.kind == "CommentStmt") return;
  for (const NewEnumValue& added : new_enum_values_) {
    const std::size_t use = TextOf(statement).find(QuoteLiteral(added.value));
    if (use == std::string_view::npos) continue;
    return Fail(statement.begin + use,
                "the enum value '" + added.value + "', which line " + std::to_string(added.line) + " adds to " +
                    added.type + ", can't be used before that is committed",
                "begin a new section above this statement: -- sluice:" + std::string(SectionKindName(section_.kind)));
  }
}

Status CheckSection(std::string_view text, const Script& script, const Section& section, int server_version) {
  SectionReader reader(text, script, section, server_version);
  ErrorList errors;
  while (!reader.done()) {
    Result<SectionStatements> read = reader.Next();
    if (!read.ok()) errors.Add(std::move(read).error());
  }
  if (!errors.empty()) return std::move(errors).Take();
  return {};
}

Result<SectionStatements> ReadSection(std::string_view text, const Script& script, const Section& section,
                                      int server_version) {
  SectionReader reader(text, script, section, server_version);
  SectionStatements all;
  ErrorList errors;
  while (!reader.done()) {
    Result<SectionStatements> read = reader.Next();
    if (!read.ok()) {
      errors.Add(std::move(read).error());
      continue;
    }
    std::move(read->statements.begin(), read->statements.end(), std::back_inserter(all.statements));
    std::move(read->infos.begin(), read->infos.end(), std::back_inserter(all.infos));
  }
  if (!errors.empty()) return std::move(errors).Take();
  return all;
}

}  // namespace sluice
