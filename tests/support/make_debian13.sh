#!/usr/bin/env bash
# Makes a Debian 13 chroot by debootstrap, once, in $SLUICE_TEST_CACHE (else /var/cache/sluice-tests), and prints its
# directory. Needs root.
set -euo pipefail

cache=${SLUICE_TEST_CACHE:-/var/cache/sluice-tests}
chroot=$cache/debian13
if [ ! -e "$chroot/made" ]; then
  # The mirror that this machine's own packages come from.
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && !found { print $2; found = 1 }')
  rm -rf "$chroot"
  mkdir -p "$cache"
  debootstrap --variant=minbase --include=ca-certificates trixie "$chroot" "$mirror" >&2
  echo force-unsafe-io >"$chroot/etc/dpkg/dpkg.cfg.d/unsafe-io"
  printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d"
  chmod 755 "$chroot/usr/sbin/policy-rc.d"
  touch "$chroot/made"
fi
echo "$chroot"
