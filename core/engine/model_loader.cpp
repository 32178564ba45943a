#include "core/engine/model_loader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error_list.h"
#include "core/engine/statement_error.h"
#include "core/sql/identifier.h"
#include "core/sql/model_order.h"
#include "core/sql/model_statement.h"

namespace sluice {
namespace {

// Statements in a message: enough that messages cost nothing, few enough that their locks fit into one transaction of a
// server as it is installed (max_locks_per_transaction).
constexpr std::size_t kLargestBatch = 100;
constexpr std::size_t kMostErrors = 10;

// SQLSTATEs: PostgreSQL documentation, appendix A.
constexpr std::string_view kInTransactionBlock = "25001";
constexpr std::string_view kUnsafeNewEnumValue = "55P04";
constexpr std::string_view kInsufficientPrivilege = "42501";
constexpr std::string_view kUndefinedObject = "42704";
constexpr std::string_view kDuplicateSchema = "42P06";
constexpr std::string_view kDuplicateTable = "42P07";  // of a relation of any kind
constexpr auto kDuplicates = std::to_array<std::string_view>({"42P07", "42710", "42723", "42P06"});
constexpr auto kMissing =
    std::to_array<std::string_view>({"42P01", "42704", "42883", "3F000", "42703", "42830", "42P17"});

template <typename List>
bool Contains(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

class Canceller : public MessageWatcher {
 public:
  explicit Canceller(const Interrupt& interrupt) : interrupt_(interrupt) {}
  WaitAction OnTick(std::chrono::milliseconds, std::size_t) override {
    if (interrupt_.Signal() == 0 || cancelled_) return WaitAction::kContinue;
    cancelled_ = true;
    return WaitAction::kCancel;
  }

 private:
  const Interrupt& interrupt_;
  bool cancelled_ = false;
};

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Statements that travel in one message.
class Batch {
 public:
  void Add(std::string_view statement) {
    // Between them only, so that half a statement is an error at the end of the input.
    if (!message_.empty()) message_ += ";\n";
    offsets_.push_back(message_.size());
    message_ += statement;
  }
  const std::string& message() const { return message_; }

  // The statement that failed after so many results. The failure's position counts from its beginning afterwards.
  std::size_t FindFailed(std::size_t results, MessageFailure& failure) const {
    const std::size_t last = offsets_.size() - 1;
    if (failure.position <= 0) return std::min(results, last);
    // A syntax error is found before anything runs: only the position tells whose it is.
    for (std::size_t i = 0; i < last; ++i) {
      const std::string_view rest = std::string_view(message_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
      const int characters = static_cast<int>(CountCharacters(rest));
      if (failure.position <= characters) return i;
      failure.position -= characters;
    }
    return last;
  }

 private:
  std::string message_;
  std::vector<std::size_t> offsets_;
};

}  // namespace

ModelLoader::ModelLoader(ScriptSession& session, const std::vector<ModelText>& models,
                         const ModelLoaderOptions& options, const Interrupt& interrupt)
    : session_(session), models_(models), options_(options), interrupt_(interrupt) {
  session_.OnNotice([this](const ServerReport& notice) {
    if (notice.sqlstate == kDuplicateTable) existed_ = true;
  });
}

std::string_view ModelLoader::TextOf(const Item& item) const {
  const Statement& range = StatementOf(item).range;
  return std::string_view(ModelOf(item).text).substr(range.begin, range.end - range.begin);
}

Result<std::vector<ModelNote>> ModelLoader::Run() {
  std::vector<Item> items;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    std::size_t settings = 0;
    for (std::size_t j = 0; j < models_[i].statements.size(); ++j) {
      const ModelStatementKind kind = models_[i].statements[j].kind;
      if (kind != ModelStatementKind::kSchema && kind != ModelStatementKind::kSetting) continue;
      items.push_back({{i, j}, settings, {}});
      if (kind == ModelStatementKind::kSetting) ++settings;
    }
  }
  while (!items.empty()) {
    pending_.clear();
    SLUICE_CHECK(RunRound(items));
    if (pending_.size() == items.size()) return Report();
    items = std::move(pending_);
    PutInLikelyOrder(items, 0);
  }
  return std::move(notes_);
}

// Orders the items from `begin` on by the names in them.
void ModelLoader::PutInLikelyOrder(std::vector<Item>& items, std::size_t begin) const {
  std::vector<std::string_view> texts;
  texts.reserve(items.size() - begin);
  for (std::size_t i = begin; i < items.size(); ++i) texts.push_back(TextOf(items[i]));
  std::vector<Item> ordered;
  ordered.reserve(texts.size());
  for (const std::size_t index : OrderByNames(texts)) ordered.push_back(std::move(items[begin + index]));
  std::move(ordered.begin(), ordered.end(), items.begin() + static_cast<std::ptrdiff_t>(begin));
}

Status ModelLoader::RunRound(const std::vector<Item>& items) {
  std::size_t begin = 0;
  while (begin < items.size()) {
    const Item& first = items[begin];
    SLUICE_CHECK(EnterContext(first));
    if (StatementOf(first).kind == ModelStatementKind::kSetting) {
      SLUICE_CHECK(RunSetting(first));
      ++begin;
      continue;
    }
    std::vector<Item> together;
    while (begin < items.size() && InSameContext(items[begin], first) &&
           StatementOf(items[begin]).kind == ModelStatementKind::kSchema) {
      together.push_back(items[begin++]);
    }
    SLUICE_CHECK(RunTogether(std::move(together)));
  }
  return {};
}

bool ModelLoader::InSameContext(const Item& a, const Item& b) {
  return a.settings == b.settings && (a.settings == 0 || a.place.model == b.place.model);
}

// Brings the session into the state in which the statement stands in its file.
Status ModelLoader::EnterContext(const Item& item) {
  if (fresh_ && settings_ == item.settings && (settings_ == 0 || model_ == item.place.model)) return {};
  const bool untouched = fresh_ && settings_ == 0;
  if (!untouched) {
    SLUICE_TRY(const MessageOutcome outcome, Send(options_.setup));
    if (!outcome.ok()) {
      Error error =
          MakeError(ErrorCode::kConfig, "PostgreSQL refused a configured setting: " + outcome.failure->server.message,
                    "see `settings`, `search_path` and `role` in: sluice config");
      error.server = outcome.failure->server;
      return error;
    }
  }
  fresh_ = true;
  model_ = item.place.model;
  settings_ = 0;
  const std::vector<ModelStatement>& statements = models_[model_].statements;
  for (std::size_t i = 0; i < statements.size() && settings_ < item.settings; ++i) {
    if (statements[i].kind != ModelStatementKind::kSetting) continue;
    const Statement& range = statements[i].range;
    SLUICE_CHECK(Send(models_[model_].text.substr(range.begin, range.end - range.begin)));
    ++settings_;
  }
  return {};
}

// One that the server refuses is left out: it says how other text is to be read, or what a restore would be like.
Status ModelLoader::RunSetting(const Item& item) {
  SLUICE_TRY(const MessageOutcome outcome, Send(std::string(TextOf(item))));
  ++settings_;
  if (outcome.ok()) return {};
  Note(item, "ignored: " + outcome.failure->server.message);
  return {};
}

Status ModelLoader::RunTogether(std::vector<Item> items) {
  bool ordered = false;
  std::size_t begin = 0;
  std::size_t size = kLargestBatch;
  std::size_t known_good = 0;  // statements before it did well, and were rolled back with the one that did not
  while (begin < items.size()) {
    const std::size_t stop = known_good > begin ? known_good : std::min(begin + size, items.size());
    Batch batch;
    for (std::size_t i = begin; i < stop; ++i) batch.Add(TextOf(items[i]));
    existed_ = false;
    SLUICE_TRY(MessageOutcome outcome, Send(batch.message()));
    if (outcome.ok()) {
      if (existed_) NoteExisting(items, begin, stop);
      begin = stop;
      size = std::min(2 * size, kLargestBatch);
      continue;
    }
    const std::size_t failed = batch.FindFailed(outcome.results.size(), *outcome.failure);
    const std::string& sqlstate = outcome.failure->server.sqlstate;
    const bool minds_company = sqlstate == kInTransactionBlock || sqlstate == kUnsafeNewEnumValue;
    if (failed > 0) {
      known_good = begin + failed;
      size = minds_company ? 1 : std::max<std::size_t>(size / 2, 1);
    } else if (minds_company && stop - begin > 1) {
      size = 1;
    } else if (!ordered && Contains(kMissing, sqlstate)) {
      // The statements do not stand in the order of what they need, so the rest is not likely to either.
      PutInLikelyOrder(items, begin);
      ordered = true;
      size = kLargestBatch;
    } else {
      SLUICE_CHECK(Fail(items[begin], *std::move(outcome.failure)));
      ++begin;
      size = std::max<std::size_t>(size / 2, 1);
    }
  }
  return {};
}

// CREATE … IF NOT EXISTS of what the models have made already does nothing, whatever it says.
void ModelLoader::NoteExisting(const std::vector<Item>& items, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto object = MadeObject(TextOf(items[i]));
    const std::string maker = object && object->kind == "table" ? FindMaker(models_, *object, items[i].place) : "";
    if (!maker.empty()) Note(items[i], "ignored: the models make " + object->name + " in " + maker + " already");
  }
}

Status ModelLoader::Fail(Item item, MessageFailure failure) {
  if (options_.may_make_roles && failure.server.sqlstate == kUndefinedObject) {
    SLUICE_TRY(const bool made, MakeMissingRoles(item));
    if (made) {
      SLUICE_TRY(MessageOutcome again, Send(std::string(TextOf(item))));
      if (again.ok()) return {};
      failure = *std::move(again.failure);
    }
  }
  if (Forgive(item, failure)) return {};
  item.failure = std::move(failure);
  pending_.push_back(std::move(item));
  return {};
}

Result<bool> ModelLoader::MakeMissingRoles(const Item& item) {
  bool made = false;
  for (const std::string& role : NamedRoles(TextOf(item))) {
    SLUICE_TRY(const MessageOutcome known,
               Send("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + QuoteLiteral(role)));
    if (!known.ok() || known.results.front().rows > 0) continue;
    SLUICE_TRY(const MessageOutcome created, Send("CREATE ROLE " + QuoteIdentifier(role)));
    made = made || created.ok();
  }
  return made;
}

// What says nothing about the schema itself, or what this server has already.
bool ModelLoader::Forgive(const Item& item, const MessageFailure& failure) {
  const std::string& sqlstate = failure.server.sqlstate;
  const std::string_view text = TextOf(item);
  const ModelStatementInfo info = InspectModelStatement(text);
  if (sqlstate == kDuplicateSchema) {
    const auto object = MadeObject(text);
    return object && object->name == "public";
  }
  const bool refused = sqlstate == kInsufficientPrivilege;
  bool forgiven = refused && info.title == "COMMENT ON" && text.find("EXTENSION") != std::string_view::npos;
  if (OnlyConcernsRoles(text) && (refused || sqlstate == kUndefinedObject)) {
    for (const std::string& role : NamedRoles(text)) {
      const MessageOutcome known =
          session_.Send("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + QuoteLiteral(role), nullptr);
      if (refused || (known.ok() && known.results.front().rows == 0)) forgiven = true;
    }
  }
  if (forgiven) Note(item, "ignored: " + failure.server.message);
  return forgiven;
}

Result<MessageOutcome> ModelLoader::Send(const std::string& message) {
  Canceller canceller(interrupt_);
  MessageOutcome outcome = session_.Send(message, &canceller);
  if (interrupt_.Signal() != 0) return MakeError(ErrorCode::kInterrupted, "interrupted");
  if (!outcome.ok() && outcome.failure->connection_lost) {
    Error error = MakeError(ErrorCode::kConnectionLost, "the connection to the scratch database broke");
    error.server = outcome.failure->server;
    return error;
  }
  return outcome;
}

void ModelLoader::Note(const Item& item, std::string message) {
  notes_.push_back({ModelOf(item).file, StatementOf(item).range.line, std::move(message)});
}

// What fails for a missing object may only follow from what fails for another reason: that comes first.
Error ModelLoader::Report() const {
  std::vector<const Item*> failed;
  for (const Item& item : pending_) failed.push_back(&item);
  std::stable_partition(failed.begin(), failed.end(),
                        [](const Item* item) { return !Contains(kMissing, item->failure.server.sqlstate); });
  ErrorList errors;
  for (const Item* item : failed) {
    Error error = Describe(*item);
    errors.Add(std::move(error));
    if (&item - failed.data() + 1 == static_cast<std::ptrdiff_t>(kMostErrors)) break;
  }
  Error report = std::move(errors).Take();
  if (failed.size() > kMostErrors) {
    report.also.push_back(MakeError(ErrorCode::kModel, "and " + std::to_string(failed.size() - kMostErrors) +
                                                           " more statements of the models fail"));
  }
  return report;
}

Error ModelLoader::Describe(const Item& item) const {
  const std::string statement(TextOf(item));
  const ModelText& model = ModelOf(item);
  const Statement& range = StatementOf(item).range;
  MessageOutcome outcome;
  outcome.failure = item.failure;
  MessageMap map;
  map.message = &statement;
  map.text = model.text;
  map.file = model.file;
  map.text_begin = range.begin;
  map.length = statement.size();
  map.statements = &range;
  map.statement_count = 1;
  Error error = DescribeFailure(outcome, map);
  error.code = ErrorCode::kModel;
  error.hint.clear();
  const std::string& sqlstate = item.failure.server.sqlstate;
  const std::string title = InspectModelStatement(statement).title;
  if (Contains(kDuplicates, sqlstate)) {
    const auto object = MadeObject(statement);
    const std::string maker = object ? FindMaker(models_, *object, item.place) : "";
    if (!maker.empty()) error.hint = "the models make it in " + maker + " too: remove one of the two";
  } else if (title == "CREATE EXTENSION") {
    error.hint = sqlstate == kInsufficientPrivilege
                     ? "let a superuser of " + options_.server + " mark the extension as trusted, or set scratch_url"
                     : "install the extension on " + options_.server + ", or set scratch_url to a server that has it";
  }
  return error;
}

}  // namespace sluice
