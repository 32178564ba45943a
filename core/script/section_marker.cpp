#include "core/script/section_marker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/duration.h"
#include "core/base/near_match.h"
#include "core/script/script_lines.h"

namespace sluice {
namespace {

const std::vector<std::string>& Kinds() {
  static const std::vector<std::string> kinds{"upgrade", "downgrade", "check", "verify"};
  return kinds;
}

const std::vector<std::string>& Options() {
  static const std::vector<std::string> options{
      "transaction", "lock_timeout", "statement_timeout", "message", "irreversible", "unfinished", "resume"};
  return options;
}

bool IsBatchOption(std::string_view name) { return name == "batch" || name == "size" || name == "pause"; }
bool IsSpace(char c) { return c == ' ' || c == '\t'; }

struct Option {
  std::string name;
  std::string value;
  std::size_t offset = 0;
};

// Reads the options one after the other.
class MarkerReader {
 public:
  MarkerReader(std::string_view line, Section& section, std::vector<MarkerTrouble>& troubles)
      : line_(line), section_(section), troubles_(troubles) {}

  void Read() {
    at_ = kMarker.size();
    const std::size_t begin = at_;
    ReadKind(Word(), begin);
    while (std::optional<Option> option = NextOption()) Apply(*option);
    CheckTogether();
  }

 private:
  void Fail(std::size_t offset, std::string message, std::string hint) {
    troubles_.push_back({offset, std::move(message), std::move(hint)});
  }

  std::string_view Word() {
    const std::size_t begin = at_;
    while (at_ < line_.size() && !IsSpace(line_[at_]) && line_[at_] != '=') ++at_;
    return line_.substr(begin, at_ - begin);
  }

  void ReadKind(std::string_view name, std::size_t offset) {
    for (const SectionKind kind :
         {SectionKind::kUpgrade, SectionKind::kDowngrade, SectionKind::kCheck, SectionKind::kVerify}) {
      if (SectionKindName(kind) == name) {
        section_.kind = kind;
        return;
      }
    }
    const std::string near = DidYouMean(NearMatches(name, Kinds(), 1));
    Fail(offset, "\"" + std::string(name) + "\" is not a kind of section",
         near.empty() ? "a section is one of upgrade, downgrade, check and verify" : near);
  }

  // Empty at the end of the line, and after something that can't be read (which is reported).
  std::optional<Option> NextOption() {
    while (at_ < line_.size() && IsSpace(line_[at_])) ++at_;
    if (at_ == line_.size()) return std::nullopt;
    Option option;
    option.offset = at_;
    option.name = Word();
    if (at_ == line_.size() || line_[at_] != '=' || option.name.empty()) {
      Fail(option.offset, "options of a section are written key=value",
           "for example transaction=off, or message=\"…\"");
      return std::nullopt;
    }
    ++at_;
    if (at_ < line_.size() && line_[at_] == '"') return QuotedValue(std::move(option));
    const std::size_t begin = at_;
    while (at_ < line_.size() && !IsSpace(line_[at_])) ++at_;
    option.value = line_.substr(begin, at_ - begin);
    return option;
  }

  std::optional<Option> QuotedValue(Option option) {
    const std::size_t begin = at_++;
    while (at_ < line_.size() && line_[at_] != '"') {
      if (line_[at_] == '\\' && at_ + 1 < line_.size()) ++at_;
      option.value += line_[at_++];
    }
    if (at_ == line_.size()) {
      Fail(begin, "the value of " + option.name + " has no closing quote",
           "end it with \"; a \" inside is written \\\" and a \\ is written \\\\");
      return std::nullopt;
    }
    ++at_;
    return option;
  }

  void Apply(const Option& option) {
    if (IsBatchOption(option.name)) {
      if (std::exchange(batch_reported_, true)) return;
      return Fail(option.offset, "batched sections (batch=, size=, pause=) are not in this release",
                  "write the backfill as statements in a section with transaction=off");
    }
    if (std::find(seen_.begin(), seen_.end(), option.name) != seen_.end()) {
      return Fail(option.offset, option.name + " is given twice", "remove one of them");
    }
    seen_.push_back(option.name);
    if (option.name == "transaction") return ReadTransaction(option);
    if (option.name == "resume") return ReadResume(option);
    if (option.name == "lock_timeout") return ReadDuration(option, section_.lock_timeout);
    if (option.name == "statement_timeout") return ReadDuration(option, section_.statement_timeout);
    if (option.name == "message") return ReadMessage(option);
    if (option.name == "irreversible") return ReadIrreversible(option);
    if (option.name == "unfinished") return ReadUnfinished(option);
    const std::string near = DidYouMean(NearMatches(option.name, Options(), 1));
    Fail(option.offset, "\"" + option.name + "\" is not an option of a section",
         near.empty() ? "options are transaction, resume, lock_timeout, statement_timeout, message, irreversible and "
                        "unfinished"
                      : near);
  }

  void ReadTransaction(const Option& option) {
    if (option.value != "on" && option.value != "off") {
      return Fail(option.offset, "transaction is on or off, not \"" + option.value + "\"",
                  "write transaction=off, or leave it out");
    }
    section_.transaction = option.value == "on";
    if (!section_.transaction && IsQuestion()) {
      Fail(option.offset, "a " + Kind() + " section has no transaction of its own to turn off",
           "remove transaction=off: its queries run read only");
    }
  }

  void ReadResume(const Option& option) {
    if (option.value != "repeat") {
      return Fail(option.offset, "resume is repeat, not \"" + option.value + "\"",
                  "write resume=repeat where a statement that was cut off can run again, or leave it out");
    }
    section_.repeats = true;
  }

  void ReadDuration(const Option& option, std::optional<std::chrono::milliseconds>& target) {
    const Result<std::chrono::milliseconds> duration = ParseDuration(option.value);
    if (!duration.ok()) {
      return Fail(option.offset, option.name + ": " + duration.error().message,
                  duration.error().hint.empty() ? "write a number and a unit: 500ms, 5s, 2m" : duration.error().hint);
    }
    target = *duration;
  }

  void ReadMessage(const Option& option) {
    if (!IsQuestion()) {
      return Fail(option.offset, "message belongs to check and verify sections only", "remove it from this section");
    }
    section_.message = option.value;
  }

  void ReadIrreversible(const Option& option) {
    if (section_.kind != SectionKind::kDowngrade) {
      return Fail(option.offset, "irreversible belongs to a downgrade section",
                  "write it as -- sluice:downgrade irreversible=\"…\"");
    }
    if (option.value.empty()) {
      return Fail(option.offset, "irreversible needs a reason", "say why there is no way back: irreversible=\"…\"");
    }
    section_.irreversible = option.value;
  }

  void ReadUnfinished(const Option& option) {
    if (IsQuestion()) {
      return Fail(option.offset, "unfinished belongs to an upgrade or downgrade section",
                  "remove it from this section");
    }
    if (option.value.empty()) {
      return Fail(option.offset, "unfinished needs a reason", "say what is still to be written: unfinished=\"…\"");
    }
    section_.unfinished = option.value;
  }

  void CheckTogether() {
    if (section_.repeats && section_.transaction) {
      Fail(0, "resume=repeat belongs to a section with transaction=off",
           "remove it: what a transaction was cut off in has not happened, and runs again");
    }
    if (section_.irreversible.has_value() && seen_.size() > 1) {
      Fail(0, "a section that is irreversible has no other options", "leave only irreversible=\"…\"");
    }
  }

  bool IsQuestion() const { return section_.kind == SectionKind::kCheck || section_.kind == SectionKind::kVerify; }
  std::string Kind() const { return std::string(SectionKindName(section_.kind)); }

  const std::string_view line_;
  Section& section_;
  std::vector<MarkerTrouble>& troubles_;
  std::size_t at_ = 0;
  std::vector<std::string> seen_;
  bool batch_reported_ = false;
};

}  // namespace

void ReadMarker(std::string_view line, Section& section, std::vector<MarkerTrouble>& troubles) {
  MarkerReader(line, section, troubles).Read();
}

std::string QuotedOption(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace sluice
