#include "cmd/sluice/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace sluice::cli {
namespace {

constexpr std::size_t kMostKept = std::size_t{16} << 10;

bool WantsColour(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && no_color[0] != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return isatty(descriptor) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

}  // namespace

Console::Console()
    : palette_(WantsColour(STDOUT_FILENO)),
      error_palette_(WantsColour(STDERR_FILENO)),
      error_is_terminal_(isatty(STDERR_FILENO) == 1) {}

std::size_t Console::error_width() const {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void Console::Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) broken_ = true;
}

void Console::PrintError(std::string_view text) {
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (!keeps_errors_) return;
  kept_errors_ += text;
  if (kept_errors_.size() > kMostKept) kept_errors_.erase(0, kept_errors_.size() - kMostKept);
}

bool Console::can_ask() const {
  const char* ci = std::getenv("CI");
  return isatty(STDIN_FILENO) == 1 && error_is_terminal_ && (ci == nullptr || ci[0] == '\0');
}

Result<bool> Console::Ask(const std::string& question) {
  PrintError(question + " [y/N] ");
  std::string answer;
  char c = 0;
  while (true) {
    const ssize_t got = read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) return MakeError(ErrorCode::kInterrupted, "interrupted");
    if (got <= 0 || c == '\n') break;
    answer += c;
  }
  return answer == "y" || answer == "Y" || answer == "yes";
}

Status Console::Flush() {
  if (std::fflush(stdout) != 0 || broken_) {
    return MakeError(ErrorCode::kFile, std::string("can't write to standard output: ") + std::strerror(errno));
  }
  return {};
}

}  // namespace sluice::cli
