#include "operator/k8s/label_selector.h"

#include <algorithm>
#include <utility>

namespace sluice::kube {
namespace {

using Kind = LabelRequirement::Kind;

constexpr std::size_t kLongestName = 63;
constexpr std::size_t kLongestPrefix = 253;

bool IsAlphanumeric(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}
bool IsWordLetter(char letter) {
  return IsAlphanumeric(letter) || letter == '-' || letter == '_' || letter == '.' || letter == '/';
}

// A name or a value: letters and digits at both ends, `-`, `_` and `.` between them.
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && IsAlphanumeric(text.front()) && IsAlphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char letter) { return IsWordLetter(letter) && letter != '/'; });
}

bool IsKey(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return IsName(text);
  const std::string_view prefix = text.substr(0, slash);
  const bool lower = std::all_of(prefix.begin(), prefix.end(), [](char letter) {
    return (IsAlphanumeric(letter) && (letter < 'A' || letter > 'Z')) || letter == '-' || letter == '.';
  });
  return lower && !prefix.empty() && prefix.size() <= kLongestPrefix && IsAlphanumeric(prefix.front()) &&
         IsAlphanumeric(prefix.back()) && IsName(text.substr(slash + 1));
}

class SelectorParser {
 public:
  explicit SelectorParser(std::string_view text) : text_(text) {}

  Result<LabelSelector> Parse() {
    LabelSelector selector;
    SkipBlanks();
    if (place_ == text_.size()) return selector;
    while (true) {
      SLUICE_TRY(LabelRequirement requirement, ParseRequirement());
      selector.requirements.push_back(std::move(requirement));
      SkipBlanks();
      if (place_ == text_.size()) return selector;
      if (!Take(",")) return Refused("a comma belongs between two conditions");
    }
  }

 private:
  Error Refused(const std::string& why) const {
    return MakeError(ErrorCode::kUsage,
                     "the label selector \"" + std::string(text_) + "\" can't be understood at character " +
                         std::to_string(place_ + 1) + ": " + why,
                     "for example: app.kubernetes.io/name=api,tier!=batch");
  }

  void SkipBlanks() {
    while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\t')) ++place_;
  }

  bool Take(std::string_view token) {
    SkipBlanks();
    if (!text_.substr(place_).starts_with(token)) return false;
    place_ += token.size();
    return true;
  }

  std::string TakeWord() {
    SkipBlanks();
    const std::size_t begin = place_;
    while (place_ < text_.size() && IsWordLetter(text_[place_])) ++place_;
    return std::string(text_.substr(begin, place_ - begin));
  }

  Result<LabelRequirement> ParseRequirement() {
    LabelRequirement requirement;
    const bool negated = Take("!");
    requirement.key = TakeWord();
    if (!IsKey(requirement.key)) return Refused("a label's name is wanted here");
    requirement.kind = negated ? Kind::kMissing : Kind::kExists;
    if (negated) return requirement;
    if (Take("!=")) {
      requirement.kind = Kind::kNotIn;
    } else if (Take("==") || Take("=")) {
      requirement.kind = Kind::kIn;
    } else {
      return ParseSet(std::move(requirement));
    }
    SLUICE_TRY(std::string value, ParseValue());
    requirement.values.push_back(std::move(value));
    return requirement;
  }

  Result<std::string> ParseValue() {
    std::string value = TakeWord();
    if (!value.empty() && !IsName(value)) return Refused("\"" + value + "\" is no value of a label");
    return value;
  }

  // `in (a, b)`, `notin (a, b)`, or nothing.
  Result<LabelRequirement> ParseSet(LabelRequirement requirement) {
    const std::size_t begin = place_;
    const std::string word = TakeWord();
    if (word.empty()) {
      place_ = begin;
      return requirement;
    }
    if (word != "in" && word != "notin") {
      place_ = begin;
      return Refused("=, !=, in or notin is wanted here");
    }
    requirement.kind = word == "in" ? Kind::kIn : Kind::kNotIn;
    if (!Take("(")) return Refused("the values stand in parentheses");
    do {
      SLUICE_TRY(std::string value, ParseValue());
      requirement.values.push_back(std::move(value));
    } while (Take(","));
    if (!Take(")")) return Refused("a closing parenthesis is missing");
    return requirement;
  }

  std::string_view text_;
  std::size_t place_ = 0;
};

bool Holds(const LabelRequirement& requirement, const std::map<std::string, std::string>& labels) {
  const auto label = labels.find(requirement.key);
  const bool is_there = label != labels.end();
  const bool is_one = is_there && std::find(requirement.values.begin(), requirement.values.end(), label->second) !=
                                      requirement.values.end();
  switch (requirement.kind) {
    case Kind::kIn:
      return is_one;
    case Kind::kNotIn:
      return !is_one;
    case Kind::kExists:
      return is_there;
    case Kind::kMissing:
      return !is_there;
  }
  return false;
}

}  // namespace

bool LabelSelector::Matches(const std::map<std::string, std::string>& labels) const {
  return std::all_of(requirements.begin(), requirements.end(),
                     [&](const LabelRequirement& requirement) { return Holds(requirement, labels); });
}

Result<LabelSelector> ParseLabelSelector(std::string_view text) { return SelectorParser(text).Parse(); }

}  // namespace sluice::kube
