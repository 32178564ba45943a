// Colours of a terminal. A Palette that is off returns every text as it is.
#pragma once

#include <string>
#include <string_view>

namespace sluice::cli {

class Palette {
 public:
  explicit Palette(bool enabled) : enabled_(enabled) {}
  bool enabled() const { return enabled_; }

  std::string Bold(std::string_view text) const { return Paint("1", text); }
  std::string Dim(std::string_view text) const { return Paint("2", text); }
  std::string Red(std::string_view text) const { return Paint("31", text); }
  std::string Green(std::string_view text) const { return Paint("32", text); }
  std::string Yellow(std::string_view text) const { return Paint("33", text); }
  std::string Cyan(std::string_view text) const { return Paint("36", text); }

 private:
  std::string Paint(std::string_view code, std::string_view text) const {
    if (!enabled_) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
  }

  bool enabled_;
};

}  // namespace sluice::cli
