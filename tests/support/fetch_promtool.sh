#!/usr/bin/env bash
# Fetches promtool, which checks and plays Prometheus' rules, from Debian's package of Prometheus (19 MB, which would start a
# server where it is installed) into a cache directory and prints the directory of the program.
#
# The cache is $SLUICE_TEST_CACHE, else /var/cache/sluice-tests for root, else ~/.cache/sluice-tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

download() {
  apt-get -q download prometheus || { apt-get -q update; apt-get -q download prometheus; }
}

make_promtool() {
  cd "$1"
  retry download
  dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x --strip-components 3 ./usr/bin/promtool
  rm prometheus_*.deb
}

target=$cache/promtool
make_once "$target" make_promtool
echo "$target"
