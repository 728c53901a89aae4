#!/usr/bin/env bash
# postgres.sh start DIR: a PostgreSQL of its own in DIR/postgres on a free port of 127.0.0.1; prints its address. postgres.sh stop DIR: ends it.
set -euo pipefail
action=$1
data=$2/postgres

as_postgres() {
  # The server refuses to run as root.
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

find_bin() {
  local tool
  for tool in $(ls -d /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -rV) $(command -v pg_ctl || true); do
    if [ -x "$(dirname "$tool")/initdb" ]; then dirname "$tool"; return; fi
  done
  return 1
}

if [ "$action" = stop ]; then
  if [ -d "$data" ]; then as_postgres "$(find_bin)/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1; fi
  exit 0
fi

if ! bin=$(find_bin); then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
  export DEBIAN_FRONTEND=noninteractive
  # Only the programs: no cluster on the default port.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } >&2
  bin=$(find_bin)
fi
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
mkdir -p "$data"
if [ "$(id -u)" = 0 ]; then chown postgres "$data"; fi
as_postgres "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
as_postgres "$bin/pg_ctl" -D "$data" -w -l "$data/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=400" start >/dev/null
echo "postgres://postgres@127.0.0.1:$port/postgres"
