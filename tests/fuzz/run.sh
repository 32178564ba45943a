#!/usr/bin/env bash
# Builds the fuzzers (clang, preset `fuzz`) and runs each for some seconds on its corpus:
#
#   tests/fuzz/run.sh 60                 all of them
#   tests/fuzz/run.sh 3600 splitter      only these
#
# What is found is left in build/fuzz/findings/ together with the inputs that reached new code (build/fuzz/corpus/). A
# crash is mended with a unit test, and its input joins tests/fuzz/corpus/.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:?usage: tests/fuzz/run.sh SECONDS [NAME…]}
shift
build=build/fuzz
cmake --preset fuzz >"${TMPDIR:-/tmp}/sluice-fuzz-cmake.log" || { cat "${TMPDIR:-/tmp}/sluice-fuzz-cmake.log"; exit 1; }
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzzer.cpp; do
    name=${source##*/}
    names+=("${name%_fuzzer.cpp}")
  done
fi
cmake --build "$build" --target "${names[@]/%/_fuzzer}"

# Prints one line about the fuzzer, and the end of its log when it has found something.
fuzz() {
  local name=$1 log=$build/findings/$1.log
  mkdir -p "$build/corpus/$name" "$build/findings/$name"
  if "$build/tests/${name}_fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048 -dict=tests/fuzz/sql.dict \
    -artifact_prefix="$build/findings/$name/" "$build/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "$name: ok, $(grep -oE 'Done [0-9]+ runs' "$log" | tail -n 1 | grep -oE '[0-9]+') inputs in $seconds s"
  else
    echo "$name: FAILED, see $log"
    tail -n 20 "$log"
    return 1
  fi
}

# Two on each processor.
failed=0
running=0
for name in "${names[@]}"; do
  if [ "$running" -eq "$((2 * $(nproc)))" ]; then
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
  fi
  fuzz "$name" &
  running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
  wait -n || failed=$((failed + 1))
  running=$((running - 1))
done
echo "$((${#names[@]} - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
