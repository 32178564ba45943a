#include "core/script/script_header.h"

#include <algorithm>
#include <utility>

#include "core/base/near_match.h"
#include "core/base/source_excerpt.h"
#include "core/graph/identifier.h"
#include "core/script/script_lines.h"

namespace sluice {
namespace {

const std::vector<std::string>& Keys() {
  static const std::vector<std::string> keys{"Revision",      "Revises",    "Create-Date",
                                             "Branch-Labels", "Depends-On", "Phase"};
  return keys;
}

bool IsKey(std::string_view name) { return std::find(Keys().begin(), Keys().end(), name) != Keys().end(); }

std::optional<HeaderLine> KnownKey(const Line& line) {
  std::optional<HeaderLine> header = ReadHeaderLine(line.text);
  if (header.has_value() && !IsKey(header->key)) header.reset();
  return header;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, Script& script, ErrorList& errors)
      : text_(text), script_(script), errors_(errors), lines_(HeaderLines(text)) {}

  std::size_t Read() {
    const auto first_key =
        std::find_if(lines_.begin(), lines_.end(), [](const Line& line) { return KnownKey(line).has_value(); });
    const auto keys = StartOfKeys(first_key);
    ReadMessage(keys);
    for (auto line = keys; line != lines_.end(); ++line) {
      if (!CommentText(line->text).empty()) ReadKey(*line);
    }
    for (auto line = lines_.cbegin(); line != keys; ++line) RefuseMistypedKey(*line);
    CheckRequired();
    return lines_.empty() ? ByteOrderMarkSize(text_) : lines_.back().next;
  }

 private:
  using Iterator = std::vector<Line>::const_iterator;

  void Fail(const Line& line, std::string message, std::string hint) {
    Error error = MakeError(ErrorCode::kScript, std::move(message), std::move(hint));
    error.where = LocateOffset(script_.path, text_, line.begin);
    errors_.Add(std::move(error));
  }

  // The keys begin with the paragraph that holds the first key known, or with that key where it is the message's own
  // paragraph.
  Iterator StartOfKeys(Iterator first_key) const {
    if (first_key == lines_.end()) return first_key;
    auto start = first_key;
    while (start != lines_.begin() && !CommentText((start - 1)->text).empty()) --start;
    return start == lines_.begin() ? first_key : start;
  }

  void ReadMessage(Iterator keys) {
    std::string& message = script_.revision.message;
    for (auto line = lines_.cbegin(); line != keys; ++line) {
      if (line != lines_.cbegin()) message += '\n';
      message += CommentText(line->text);
    }
    while (message.ends_with('\n')) message.pop_back();
    message.erase(0, std::min(message.find_first_not_of('\n'), message.size()));
  }

  // `-- Revison: 6ee0…` above the keys is a typo, not a message. `-- Reviews: …` is a message where Revises is there.
  void RefuseMistypedKey(const Line& line) {
    const std::optional<HeaderLine> header = ReadHeaderLine(line.text);
    if (!header.has_value()) return;
    const std::vector<std::string> near = NearMatches(header->key, Keys(), 1);
    if (near.empty() || HasSeen(near.front())) return;
    UnknownKey(line, header->key);
    seen_.push_back(near.front());
  }

  void UnknownKey(const Line& line, std::string_view key) {
    const std::string near = DidYouMean(NearMatches(key, Keys(), 1));
    Fail(line, "\"" + std::string(key) + "\" is not a key of the header",
         near.empty()
             ? "keys are Revision, Revises, Create-Date, Branch-Labels, Depends-On and Phase; an empty line ends "
               "the header"
             : near);
  }

  void ReadKey(const Line& line) {
    const std::optional<HeaderLine> header = ReadHeaderLine(line.text);
    if (!header.has_value()) {
      return Fail(line, "a line of the header that is not `-- Key: value`",
                  "write the message above the keys, and other comments below an empty line");
    }
    if (!IsKey(header->key)) return UnknownKey(line, header->key);
    if (HasSeen(header->key)) {
      return Fail(line, "the header has a second " + std::string(header->key), "remove one of them");
    }
    seen_.emplace_back(header->key);
    Apply(line, *header);
  }

  void Apply(const Line& line, const HeaderLine& header) {
    Revision& revision = script_.revision;
    if (header.key == "Revision") {
      script_.revision_line = line.number;
      revision.id = header.value;
      if (header.value.empty()) return Fail(line, "Revision has no value", "write the revision's id after the colon");
      CheckIdentifier(line, header.key, header.value);
    } else if (header.key == "Revises") {
      script_.down_revision_line = line.number;
      revision.down_revisions = ReadList(line, header);
    } else if (header.key == "Depends-On") {
      revision.depends_on = ReadList(line, header);
    } else if (header.key == "Branch-Labels") {
      revision.branch_labels = ReadList(line, header);
    } else if (header.key == "Create-Date") {
      revision.create_date = header.value;
    } else {
      ReadPhase(line, header.value);
    }
  }

  void ReadPhase(const Line& line, std::string_view value) {
    if (value == PhaseName(Phase::kContract)) {
      script_.revision.phase = Phase::kContract;
    } else if (value != PhaseName(Phase::kExpand)) {
      const std::string near = DidYouMean(NearMatches(value, {"expand", "contract"}, 1));
      Fail(line, "Phase is expand or contract, not \"" + std::string(value) + "\"",
           near.empty() ? "write one of them, or leave the line out for expand" : near);
    }
  }

  std::vector<std::string> ReadList(const Line& line, const HeaderLine& header) {
    std::vector<std::string> items;
    if (header.value.empty()) return items;
    for (std::string_view rest = header.value;;) {
      const std::size_t comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
      while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
      if (item.empty()) {
        Fail(line, std::string(header.key) + " has an empty name between commas", "remove the comma");
      } else if (std::find(items.begin(), items.end(), item) != items.end()) {
        Fail(line, std::string(header.key) + " names " + std::string(item) + " twice", "remove one of them");
      } else {
        CheckIdentifier(line, header.key, item);
        items.emplace_back(item);
      }
      if (comma == std::string_view::npos) return items;
      rest.remove_prefix(comma + 1);
    }
  }

  void CheckIdentifier(const Line& line, std::string_view key, std::string_view identifier) {
    if (CanBeNamed(identifier)) return;
    Fail(line, std::string(key) + ": \"" + std::string(identifier) + "\" can't be a revision or label",
         "use letters, digits, _ and . (at most 255 bytes), and none of head, heads, base and current");
  }

  void CheckRequired() {
    const Line start = lines_.empty() ? LineAt(text_, ByteOrderMarkSize(text_), 1) : lines_.front();
    if (!HasSeen("Revision")) {
      Fail(start, "the script has no `-- Revision:` in its header",
           "begin the file with a header, as `sluice revision` writes it, or move files that are no revisions "
           "elsewhere");
    } else if (!HasSeen("Revises")) {
      Fail(start, "the script has no `-- Revises:` in its header",
           "name the revision before this one, or leave the value empty for a first revision");
    }
  }

  bool HasSeen(std::string_view key) const { return std::find(seen_.begin(), seen_.end(), key) != seen_.end(); }

  const std::string_view text_;
  Script& script_;
  ErrorList& errors_;
  const std::vector<Line> lines_;
  std::vector<std::string> seen_;  // keys
};

}  // namespace

std::size_t ReadHeader(std::string_view text, Script& script, ErrorList& errors) {
  return HeaderReader(text, script, errors).Read();
}

}  // namespace sluice
