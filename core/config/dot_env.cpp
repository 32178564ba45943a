#include "core/config/dot_env.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/base/error_list.h"

namespace sluice {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";

// Linux' own limit for one variable (MAX_ARG_STRLEN): a few lines that each name the one before several times would
// otherwise fill the memory.
constexpr std::size_t kMaxValueBytes = 128 * 1024;

bool IsNameStart(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool IsNameCharacter(char c) { return IsNameStart(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

std::string_view TakeName(std::string_view text) {
  if (text.empty() || !IsNameStart(text.front())) return {};
  const auto end = std::find_if_not(text.begin(), text.end(), IsNameCharacter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

class DotEnvParser {
 public:
  DotEnvParser(std::string_view text, const std::string& path, const Environment& environment)
      : text_(text), path_(path), environment_(environment) {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
  }

  Result<std::vector<DotEnvEntry>> Parse() {
    // PowerShell's `>` writes UTF-16.
    if (text_.find('\0') != std::string_view::npos) {
      return MakeError(ErrorCode::kConfig, "can't read " + path_ + ": it is not UTF-8 text", "save it as UTF-8");
    }
    while (position_ < text_.size()) {
      ReadLine();
      SkipLine();
    }
    if (errors_.empty()) return std::move(entries_);
    return std::move(errors_).Take();
  }

 private:
  void ReadLine() {
    SkipBlanks();
    if (AtLineEnd() || Peek() == '#') return;
    std::string_view name = TakeName(text_.substr(position_));
    position_ += name.size();
    if (name == "export" && !AtLineEnd() && Peek() != '=') {
      SkipBlanks();
      name = TakeName(text_.substr(position_));
      position_ += name.size();
    }
    if (name.empty()) return Refuse(line_, "a line must be NAME=VALUE or a comment");
    SkipBlanks();
    if (AtLineEnd() || Peek() == '#') return;
    if (Peek() != '=') return Refuse(line_, "`=` is missing after " + std::string(name));
    ++position_;
    SkipBlanks();
    const int line = line_;
    if (std::optional<std::string> value = ReadValue(name)) {
      if (value->size() > kMaxValueBytes) {
        return Refuse(line, "the value of " + std::string(name) + " is longer than 128 KiB");
      }
      values_[std::string(name)] = *value;
      entries_.push_back({std::string(name), *std::move(value), line});
    }
  }

  std::optional<std::string> ReadValue(std::string_view name) {
    if (AtLineEnd()) return "";
    if (Peek() == '\'') return ReadQuoted(name, '\'');
    if (Peek() == '"') return ReadQuoted(name, '"');
    return Replace(ReadPlain());
  }

  // Up to the end of the line, or to a `#` after a blank.
  std::string_view ReadPlain() {
    const std::size_t begin = position_;
    while (!AtLineEnd()) {
      if (Peek() == '#' && (position_ == begin || kBlanks.find(text_[position_ - 1]) != std::string_view::npos)) break;
      ++position_;
    }
    const std::string_view value = text_.substr(begin, position_ - begin);
    return value.substr(0, value.find_last_not_of(kBlanks) + 1);
  }

  std::optional<std::string> ReadQuoted(std::string_view name, char quote) {
    const int first_line = line_;
    ++position_;
    std::string value;
    while (position_ < text_.size() && Peek() != quote) {
      if (Peek() == '\\' && position_ + 1 < text_.size()) {
        ++position_;
        AppendEscape(value, quote);
      } else if (quote == '"' && Peek() == '$') {
        value += TakeReference();
      } else {
        if (Peek() == '\n') ++line_;
        value += text_[position_++];
      }
    }
    if (position_ == text_.size()) {
      Refuse(first_line, "the quotes of " + std::string(name) + " don't end");
      return std::nullopt;
    }
    ++position_;
    SkipBlanks();
    if (!AtLineEnd() && Peek() != '#') {
      Refuse(line_, "something follows the quoted value of " + std::string(name));
      return std::nullopt;
    }
    return value;
  }

  // Reads the character behind a backslash; one that has no meaning keeps its backslash.
  void AppendEscape(std::string& value, char quote) {
    const char c = text_[position_++];
    if (c == '\n') ++line_;
    if (c == '\\' || c == quote) {
      value += c;
    } else if (quote == '"' && c == '$') {
      value += c;
    } else if (quote == '"' && c == 'n') {
      value += '\n';
    } else if (quote == '"' && c == 'r') {
      value += '\r';
    } else if (quote == '"' && c == 't') {
      value += '\t';
    } else {
      value += '\\';
      value += c;
    }
  }

  std::string Replace(std::string_view plain) {
    std::string value;
    const std::size_t after = position_;
    const std::size_t end = static_cast<std::size_t>(plain.data() - text_.data()) + plain.size();
    for (position_ = end - plain.size(); position_ < end;) {
      if (Peek() == '$') {
        value += TakeReference();
      } else {
        value += text_[position_++];
      }
    }
    position_ = std::max(after, position_);
    return value;
  }

  // `${NAME}` or `${NAME:-default}` at the position; a `$` of anything else stands for itself.
  std::string TakeReference() {
    const std::string_view rest = text_.substr(position_ + 1);
    const std::string_view name = rest.starts_with('{') ? TakeName(rest.substr(1)) : std::string_view();
    const std::string_view behind = name.empty() ? std::string_view() : rest.substr(1 + name.size());
    if (behind.starts_with('}') || behind.starts_with(":-")) {
      const std::size_t close = behind.substr(0, behind.find('\n')).find('}');
      if (close != std::string_view::npos) {
        position_ += 2 + name.size() + close + 1;
        const std::string value = Lookup(std::string(name));
        return value.empty() && close > 0 ? std::string(behind.substr(2, close - 2)) : value;
      }
    }
    ++position_;
    return "$";
  }

  std::string Lookup(const std::string& name) const {
    for (const Environment* values : {&environment_, &values_}) {
      if (const auto found = values->find(name); found != values->end()) return found->second;
    }
    return {};
  }

  char Peek() const { return text_[position_]; }
  bool AtLineEnd() const { return position_ >= text_.size() || Peek() == '\n'; }
  void SkipBlanks() {
    while (!AtLineEnd() && kBlanks.find(Peek()) != std::string_view::npos) ++position_;
  }
  void SkipLine() {
    while (!AtLineEnd()) ++position_;
    if (position_ < text_.size()) ++position_;
    ++line_;
  }

  void Refuse(int line, const std::string& why) {
    Error error = MakeError(ErrorCode::kConfig, "can't read " + path_ + ": " + why);
    error.where.file = path_;
    error.where.line = line;
    errors_.Add(std::move(error));
  }

  std::string_view text_;
  std::string path_;
  const Environment& environment_;
  Environment values_;
  std::vector<DotEnvEntry> entries_;
  ErrorList errors_;
  std::size_t position_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::vector<DotEnvEntry>> ParseDotEnv(std::string_view text, const std::string& path,
                                             const Environment& environment) {
  return DotEnvParser(text, path, environment).Parse();
}

}  // namespace sluice
