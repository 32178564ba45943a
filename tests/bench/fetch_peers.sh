#!/usr/bin/env bash
# fetch_peers.sh CACHE: puts the tools that Sluice is measured beside into CACHE: venv (Alembic, matplotlib), dbmate, go
# (tern, goose), wheels (the revisions of a real service), migra, pg-delta. What is there already stays.
set -euo pipefail
cache=${1:?usage: fetch_peers.sh CACHE}

if [ ! -e "$cache/venv/ready" ]; then
  python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" install -q 'alembic==1.20.*' 'psycopg[binary]' matplotlib
  touch "$cache/venv/ready"
fi

if ! ls "$cache"/wheels/litellm_proxy_extras-*.whl >/dev/null 2>&1; then
  "$cache/venv/bin/pip" download -q --no-deps --only-binary :all: -d "$cache/wheels" litellm-proxy-extras==0.4.110
fi

if [ ! -x "$cache/dbmate/bin/dbmate" ]; then
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent @dbmate/linux-x64 >/dev/null && tar -xzf ./*.tgz)
  rm -rf "$cache/dbmate"
  mv "$work/package" "$cache/dbmate"
  chmod a+x "$cache/dbmate/bin/dbmate"
  rm -rf "$work"
fi

if [ ! -e "$cache/migra/ready" ]; then
  python3 -m venv "$cache/migra"
  # It reads its version with pkg_resources, which newer setuptools don't have.
  "$cache/migra/bin/pip" install -q migra psycopg2-binary 'sqlalchemy<2.1' 'setuptools<81'
  touch "$cache/migra/ready"
fi

if [ ! -e "$cache/pg-delta/ready" ]; then
  mkdir -p "$cache/pg-delta"
  npm install --silent --no-fund --no-audit --prefix "$cache/pg-delta" @supabase/pg-delta@1.0.0-alpha.34
  touch "$cache/pg-delta/ready"
fi

PATH=$("$(dirname "$0")/../support/fetch_go.sh"):$PATH
go_install() {
  [ -x "$cache/go/$1" ] || GOBIN=$cache/go go install "${@:2}" || echo "$1 can't be built here and is left out" >&2
}
go_install tern github.com/jackc/tern/v2@latest
other_databases='no_clickhouse no_duckdb no_libsql no_mssql no_mysql no_sqlite3 no_turso no_vertica no_ydb'
go_install goose -tags="$other_databases" github.com/pressly/goose/v3/cmd/goose@latest
