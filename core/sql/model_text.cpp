#include "core/sql/model_text.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/source_excerpt.h"
#include "core/base/utf8.h"
#include "core/sql/lexer.h"
#include "core/sql/statement_splitter.h"

namespace sluice {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostErrors = 10;

std::string_view TextOf(const ModelText& model, const ModelStatement& statement) {
  return std::string_view(model.text).substr(statement.range.begin, statement.range.end - statement.range.begin);
}

std::string PlaceName(const ModelText& model, const ModelStatement& statement) {
  return model.file + ":" + std::to_string(statement.range.line);
}

Error ModelError(const std::string& file, std::string_view text, std::size_t offset, std::string message,
                 std::string hint) {
  Error error = MakeError(ErrorCode::kModel, std::move(message), std::move(hint));
  error.where = LocateOffset(file, text, offset);
  return error;
}

// Blanks what psql would have read itself: the lines of \restrict and \unrestrict, and the data behind COPY FROM STDIN.
class PsqlBlanker {
 public:
  explicit PsqlBlanker(std::string& text) : text_(text) {}

  void Run() {
    std::size_t from = 0;
    while (from < text_.size()) from = RunTo(from);
  }

 private:
  // Up to the next place where the lexer has to begin anew.
  std::size_t RunTo(std::size_t from) {
    Lexer lexer(text_, from, text_.size(), true);
    bool first = true;
    bool copy = false;
    bool from_stdin = false;
    bool after_from = false;
    for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
      const std::string_view word = lexer.Text(token);
      if (token.kind == TokenKind::kBackslash) {
        const std::size_t end = LineEnd(token.begin);
        if (IsHarmless(token.begin)) Blank(token.begin, end);
        return end;
      }
      if (token.kind == TokenKind::kSemicolon) {
        if (copy && from_stdin) return BlankData(token.end);
        first = true;
        copy = from_stdin = after_from = false;
        continue;
      }
      const bool is_word = token.kind == TokenKind::kWord;
      if (first) copy = is_word && EqualsKeyword(word, "copy");
      if (after_from && is_word && EqualsKeyword(word, "stdin")) from_stdin = true;
      after_from = is_word && EqualsKeyword(word, "from");
      first = false;
    }
    return text_.size();
  }

  std::size_t LineEnd(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

  bool IsHarmless(std::size_t at) const {
    const std::string_view rest = std::string_view(text_).substr(at);
    const std::string_view command = rest.substr(0, rest.find_first_of(" \t\r\n"));
    return command == "\\restrict" || command == "\\unrestrict";
  }

  // The data begin in the next line and end with the line `\.` (psql, \copy).
  std::size_t BlankData(std::size_t semicolon_end) {
    std::size_t line = std::min(LineEnd(semicolon_end) + 1, text_.size());
    while (line < text_.size()) {
      const std::size_t end = LineEnd(line);
      std::string_view content = std::string_view(text_).substr(line, end - line);
      if (content.ends_with('\r')) content.remove_suffix(1);
      const bool last = content == "\\.";
      Blank(line, end);
      line = end + 1;
      if (last) break;
    }
    return std::min(line, text_.size());
  }

  void Blank(std::size_t begin, std::size_t end) { std::fill(text_.begin() + begin, text_.begin() + end, ' '); }

  std::string& text_;
};

Error SplitError(Error error, const std::string& file) {
  error.code = ErrorCode::kModel;
  error.where.file = file;
  if (error.message.find("command of psql") != std::string::npos) {
    error.hint = "models are read by Sluice, not by psql: remove the line, or have the SQL that it stands for";
  }
  return error;
}

std::string NoteOf(const ModelStatementInfo& info) {
  if (info.kind == ModelStatementKind::kData) return info.title + ": rows are not part of the schema, ignored";
  return info.title + ": not part of this database's schema, ignored";
}

// Objects by all of their name but the schema.
using ObjectKey = std::tuple<std::string, std::string, std::string>;
struct Made {
  std::string schema;
  ModelPlace place;
};

ObjectKey KeyOf(const ModelObject& object) { return {object.kind, object.name, object.table}; }

bool Before(const ModelPlace& a, const ModelPlace& b) {
  return std::tie(a.model, a.statement) < std::tie(b.model, b.statement);
}

bool IsPublicSchema(const ModelStatementInfo& info) {
  return info.drops.size() == 1 && info.drops.front().kind == "schema" && info.drops.front().name == "public";
}

// Decides about each DROP, with what all models make at hand.
class DropSettler {
 public:
  explicit DropSettler(const std::vector<ModelText>& models) : models_(models) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      for (std::size_t j = 0; j < models[i].statements.size(); ++j) {
        const ModelStatement& statement = models[i].statements[j];
        if (statement.kind != ModelStatementKind::kSchema) continue;
        const auto object = MadeObject(TextOf(models[i], statement));
        if (object) made_.emplace(KeyOf(*object), Made{object->schema, {i, j}});
      }
    }
  }

  Result<ModelStatementKind> Settle(ModelPlace place) const {
    const ModelText& model = models_[place.model];
    const ModelStatement& statement = model.statements[place.statement];
    const ModelStatementInfo info = InspectModelStatement(TextOf(model, statement));
    // The one thing that is there before the models are.
    if (IsPublicSchema(info)) return ModelStatementKind::kSchema;
    const Made* maker = FindMaker(info, place);
    if (maker == nullptr && info.if_exists) return ModelStatementKind::kIgnored;
    if (maker == nullptr) {
      return ModelError(model.file, model.text, statement.range.begin, info.title + ", but the models have not made it",
                        "a model says what there is, not what goes: remove the statement");
    }
    if (info.only_alters) return ModelStatementKind::kSchema;
    const ModelText& other = models_[maker->place.model];
    return ModelError(
        model.file, model.text, statement.range.begin,
        info.title + " of what the models make in " + PlaceName(other, other.statements[maker->place.statement]),
        "a model says what there is: remove one of the two");
  }

 private:
  const Made* FindMaker(const ModelStatementInfo& info, const ModelPlace& place) const {
    const Made* maker = nullptr;
    for (const ModelObject& object : info.drops) {
      const auto [begin, end] = made_.equal_range(KeyOf(object));
      for (auto found = begin; found != end; ++found) {
        const std::string& schema = found->second.schema;
        const bool same = schema == object.schema || schema.empty() || object.schema.empty();
        if (same && Before(found->second.place, place)) maker = &found->second;
      }
    }
    return maker;
  }

  const std::vector<ModelText>& models_;
  std::multimap<ObjectKey, Made> made_;
};

}  // namespace

Result<ModelText> ReadModelText(std::string file, std::string text) {
  ModelText model;
  model.file = std::move(file);
  model.text = std::move(text);
  if (model.text.starts_with(kByteOrderMark)) std::fill_n(model.text.begin(), kByteOrderMark.size(), ' ');
  if (const std::size_t invalid = FindInvalidUtf8(model.text); invalid != std::string_view::npos) {
    Error error = MakeError(ErrorCode::kModel, "the text is not UTF-8", "save the file as UTF-8");
    error.where.file = model.file;
    error.where.line = 1 + static_cast<int>(std::count(model.text.begin(), model.text.begin() + invalid, '\n'));
    return error;
  }
  if (model.text.find('\\') != std::string::npos) PsqlBlanker(model.text).Run();
  auto split = SplitStatements(model.text, 0, model.text.size(), 1, true, true);
  if (!split.ok()) return SplitError(std::move(split).error(), model.file);
  ErrorList errors;
  std::size_t refused = 0;
  for (const Statement& range : split->statements) {
    const ModelStatement statement{range, ModelStatementKind::kSchema};
    const ModelStatementInfo info = InspectModelStatement(TextOf(model, statement));
    if (info.kind == ModelStatementKind::kRefused && ++refused <= kMostErrors) {
      errors.Add(ModelError(model.file, model.text, range.begin, info.title + " has no place in a model", info.mend));
    }
    if (info.kind == ModelStatementKind::kData || info.kind == ModelStatementKind::kElsewhere) {
      model.notes.push_back({model.file, range.line, NoteOf(info)});
    }
    model.statements.push_back({range, info.kind});
  }
  if (!errors.empty()) return std::move(errors).Take();
  return model;
}

Status SettleDrops(std::vector<ModelText>& models) {
  std::optional<DropSettler> settler;  // most models drop nothing
  ErrorList errors;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = 0; j < models[i].statements.size(); ++j) {
      if (models[i].statements[j].kind != ModelStatementKind::kDrop) continue;
      if (!settler) settler.emplace(models);
      auto kind = settler->Settle({i, j});
      if (kind.ok()) {
        models[i].statements[j].kind = *kind;
      } else if (++refused <= kMostErrors) {
        errors.Add(std::move(kind).error());
      }
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  return {};
}

std::string FindMaker(const std::vector<ModelText>& models, const ModelObject& object, ModelPlace before) {
  std::string place;
  for (std::size_t i = 0; i <= before.model && i < models.size(); ++i) {
    for (std::size_t j = 0; j < models[i].statements.size(); ++j) {
      if (!Before({i, j}, before)) break;
      const ModelStatement& statement = models[i].statements[j];
      if (statement.kind != ModelStatementKind::kSchema) continue;
      const auto made = MadeObject(TextOf(models[i], statement));
      if (made && SameObject(*made, object)) place = PlaceName(models[i], statement);
    }
  }
  return place;
}

}  // namespace sluice
