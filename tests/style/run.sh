#!/usr/bin/env bash
# Checks the format of the sources (clang-format) and looks for defects (clang-tidy, the short list of .clang-tidy). Needs
# the compile commands of the release build. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/../.."

passed=0
failed=0
count() {  # NAME COMMAND …
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "$1: FAILED"; fi
}

formatted() {
  git ls-files -z '*.h' '*.cpp' | xargs -0 clang-format --dry-run -Werror
}

# The tests are left out: their precompiled headers are those of another compiler.
free_of_defects() {
  git ls-files -z 'core/*.cpp' 'cmd/*.cpp' 'operator/*.cpp' |
    xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
}

count clang-format formatted
count clang-tidy free_of_defects
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
