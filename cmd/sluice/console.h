// Standard output and standard error of one run. Answers go to the first, errors, notes and progress to the second.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cmd/sluice/palette.h"
#include "core/base/result.h"

namespace sluice::cli {

class Console {
 public:
  // The process's own streams; colours where the stream is a terminal that has them and NO_COLOR is not set
  // (https://no-color.org: set and not empty).
  Console();

  void Print(std::string_view text);       // as it is, nothing added
  void PrintError(std::string_view text);  // what was printed before comes first on a terminal

  // From now on what PrintError prints is kept too, the last 16 KiB of it.
  void KeepErrors() { keeps_errors_ = true; }
  const std::string& kept_errors() const { return kept_errors_; }

  const Palette& palette() const { return palette_; }
  const Palette& error_palette() const { return error_palette_; }
  bool error_is_terminal() const { return error_is_terminal_; }
  std::size_t error_width() const;  // columns of the terminal on standard error; 80 where it doesn't say

  // Whether somebody sits there who can be asked: standard input and standard error are terminals, and the environment
  // doesn't say CI.
  bool can_ask() const;
  // Puts a question and reads a line of an answer; what isn't a yes is a no. kInterrupted when a signal came instead.
  Result<bool> Ask(const std::string& question);

  // Writes out what is buffered. kFile when standard output took not all of it (a full disk, a closed pipe).
  Status Flush();

 private:
  Palette palette_;
  Palette error_palette_;
  bool error_is_terminal_;
  bool broken_ = false;
  bool keeps_errors_ = false;
  std::string kept_errors_;
};

}  // namespace sluice::cli
