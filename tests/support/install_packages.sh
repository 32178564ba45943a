#!/usr/bin/env bash
# Installs the Debian packages (12 or 13) that are missing for what is named:
#
#   tests/support/install_packages.sh build    a compiler and the libraries
#   tests/support/install_packages.sh server   PostgreSQL, for the quickstart
#   tests/support/install_packages.sh tests    what ./tests/run needs besides
#   tests/support/install_packages.sh cluster  what tests/cluster builds and runs a Kubernetes with, and buildah
#   tests/support/install_packages.sh image    what an image takes along besides the program
#   tests/support/install_packages.sh bench    what ./tests/bench/run needs besides
#
# Does nothing, and needs no rights, when all of them are there. Otherwise it has to be root or to have sudo.
set -euo pipefail

packages_of() {
  case $1 in
    build)
      echo g++ cmake ninja-build ccache libpq-dev libpqxx-dev libpg-query-dev libyaml-cpp-dev libssl-dev libcpp-httplib-dev pkg-config \
        nlohmann-json3-dev libcli11-dev libspdlog-dev prometheus-cpp-dev libhowardhinnant-date-dev libgtest-dev libgmock-dev
      ;;
    server) echo postgresql python3 ;;
    tests)
      echo git python3-venv python3-yaml clang libclang-rt-dev clang-format clang-tidy debootstrap pgbouncer npm file dpkg-dev \
        ca-certificates zsh fish lua5.4
      ;;
    cluster)
      echo python3-venv npm gcc libc6-dev openssl util-linux procps iproute2 iptables containerd runc \
        containernetworking-plugins buildah debootstrap libfaketime zstd
      ;;
    image) echo ca-certificates tzdata binutils ;;
    bench) echo python3-venv npm gcc libpq-dev ;;
    *) echo "install_packages.sh: unknown group $1" >&2; return 2 ;;
  esac
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for group in "$@"; do
  for package in $(packages_of "$group"); do
    # It serves as well when it came another way.
    [ "$package" = npm ] && command -v npm >/dev/null && continue
    is_installed "$package" || missing+=("$package")
  done
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are missing, and there is no sudo: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi

echo "Installing: ${missing[*]}"
# Debian's postgresql would create and start a server of its own; only its programs are wanted.
no_cluster=/etc/postgresql-common/createcluster.d/sluice-tests.conf
if ! is_installed postgresql-common; then
  "${as_root[@]}" mkdir -p "${no_cluster%/*}"
  echo "create_main_cluster = false" | "${as_root[@]}" tee "$no_cluster" >/dev/null
  trap '"${as_root[@]}" rm -f "$no_cluster"' EXIT
fi
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=4 -o DPkg::Lock::Timeout=300)
log=$(mktemp)
install=("${apt[@]}" install -y --no-install-recommends "${missing[@]}")
if ! { "${apt[@]}" update && "${install[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 30 "$log" >&2
  echo "Could not install the packages; the whole log is in $log." >&2
  exit 1
fi
rm -f "$log"
