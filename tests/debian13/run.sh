#!/usr/bin/env bash
# Builds Sluice without a warning in a Debian 13 (g++ 14, libpqxx 7.10, libpg_query 17) and runs the unit tests there.
# The last line is `N passed, N failed`.
#
# The chroot is made once (tests/support/make_debian13.sh); the sources are copied in anew each time. Needs root or sudo.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
chroot=$("${as_root[@]}" env SLUICE_TEST_CACHE="${SLUICE_TEST_CACHE:-}" tests/support/make_debian13.sh)

in_chroot() {
  "${as_root[@]}" chroot "$chroot" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

echo "Copying the sources"
"${as_root[@]}" rm -rf "$chroot/src"
"${as_root[@]}" mkdir -p "$chroot/src"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' name; do
  [ -e "$name" ] && printf '%s\0' "$name"
done | tar -c --null -T - | "${as_root[@]}" tar -x --no-same-owner -C "$chroot/src"

echo "Installing the packages"
in_chroot bash /src/tests/support/install_packages.sh build
in_chroot apt-get install -y -q --no-install-recommends libgtest-dev libgmock-dev python3-minimal

in_chroot g++ --version | head -n 1
in_chroot cmake -S /src -B /src/build -G Ninja -DSLUICE_WERROR=ON
in_chroot ninja -C /src/build
code=0
in_chroot /src/build/tests/sluice_unit_tests --gtest_output=json:/src/build/unit.json --gtest_brief=1 || code=$?
PYTHONPATH=tests/support python3 - "$chroot/src/build/unit.json" "$code" <<'PYTHON'
import json
import sys

from stages import googletest_counts

with open(sys.argv[1], encoding="utf-8") as report:
    print(googletest_counts(json.load(report), int(sys.argv[2])))
PYTHON
exit "$code"
