#include "cmd/sluice/editor.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace sluice::cli {
namespace {

std::string Editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && value[0] != '\0') return value;
  }
  return {};
}

}  // namespace

Status OpenInEditor(const std::string& path) {
  const std::string editor = Editor();
  if (editor.empty()) {
    return MakeError(ErrorCode::kConfig, "no editor is set, so " + path + " was not opened",
                     "set VISUAL or EDITOR, for example: export EDITOR=vi");
  }
  // The shell takes the editor's own arguments apart; the path is handed over as it is.
  std::string command = editor + " \"$1\"";
  std::string shell = "sh";
  std::string option = "-c";
  std::string file = path;
  char* const arguments[] = {shell.data(), option.data(), command.data(), shell.data(), file.data(), nullptr};
  pid_t child = 0;
  const int failure = posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments, environ);
  if (failure != 0) return MakeError(ErrorCode::kFile, "can't start " + editor + ": " + std::strerror(failure));
  int state = 0;
  while (waitpid(child, &state, 0) < 0) {
    if (errno != EINTR) return MakeError(ErrorCode::kFile, "can't wait for " + editor + ": " + std::strerror(errno));
  }
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return {};
  return MakeError(ErrorCode::kFile, editor + " failed on " + path, "is VISUAL or EDITOR what you want?");
}

}  // namespace sluice::cli
