#!/usr/bin/env bash
# Runs every test: Rust's (with a throw-away PostgreSQL) and the browser's against dist/. `test.sh long` adds the ignored
# ones. Goes on after a failure, and ends with how many tests of each kind ran and one line `test: N passed, M failed`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
long=()
if [ "${1:-}" = long ]; then
  long=(--include-ignored)
  export ROOST_LONG=1 # for the browser tests
  export ROOST_TEST_PYTHON=$tools/python/bin/python
  export ROOST_TEST_WEED=$tools/python/bin/weed
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/roost-test.XXXXXX")
chmod 755 "$work" # PostgreSQL's own user comes through here
postgres_pid=

clean_up() {
  if [ -n "$postgres_pid" ]; then
    kill -INT "$postgres_pid" 2>/dev/null || true
    for _ in {1..100}; do kill -0 "$postgres_pid" 2>/dev/null || break; sleep 0.1; done
    kill -QUIT "$postgres_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# PostgreSQL refuses to run as root.
as_database_user() {
  if [ "$(id -u)" != 0 ]; then "$@"
  elif id postgres >/dev/null 2>&1; then runuser -u postgres -- "$@"
  else runuser -u nobody -- "$@"; fi
}

# The newest of Debian's PostgreSQL versions, or the one on the PATH.
postgres_programs() {
  local debian
  debian=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -1)
  if [ -n "$debian" ]; then echo "$debian"; else dirname "$(command -v initdb)"; fi
}

start_postgres() {
  local programs folder=$work/postgres port password
  programs=$(postgres_programs)
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  password=$(node -p 'require("crypto").randomBytes(12).toString("hex")')
  mkdir "$folder"
  printf '%s\n' "$password" >"$folder/password"
  [ "$(id -u)" != 0 ] || chown -R "$(as_database_user id -un)" "$folder"
  # Run from / because the database's user may not read this folder. Nothing here must survive a crash: no fsync.
  (cd / && as_database_user "$programs/initdb" -D "$folder/data" -U roost -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1) || { cat "$work/initdb.log" >&2; return 1; }
  # Also where it is too slow to answer in time it runs, and must be stopped at the end.
  local started=0
  (cd / && as_database_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off" \
    -o "-c full_page_writes=off -c max_connections=300" start >/dev/null) || started=$?
  postgres_pid=$(head -1 "$folder/data/postmaster.pid" 2>/dev/null) || postgres_pid=
  [ "$started" = 0 ] || { cat "$folder/log" >&2; return 1; }
  export ROOST_TEST_POSTGRES_URL=postgres://roost:$password@127.0.0.1:$port/postgres
}

# The list of test programs comes first (see count-tests.mjs), then they run.
rust_tests() {
  export CARGO_TERM_COLOR=never
  cargo test --no-run --message-format=json-render-diagnostics >"$work/programs.json" || return 1
  cargo test --no-fail-fast -- "${long[@]}" 2>&1 | tee "$work/rust.log"
}

browser_tests() {
  (cd end2end && PLAYWRIGHT_JSON_OUTPUT_NAME=$work/browser.json node_modules/.bin/playwright test --reporter=list,json </dev/null)
}

if [ -z "${ROOST_SHARED_DATA:-}" ] && [ -d ../shared/data ]; then ROOST_SHARED_DATA=$(cd ../shared/data && pwd); fi
export ROOST_SHARED_DATA=${ROOST_SHARED_DATA:-}
export ROOST_BIN=$PWD/dist/roost ROOST_SITE=$PWD/dist/site CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

claim_target
[ -n "${ROOST_TEST_POSTGRES_URL:-}" ] || step "throw-away PostgreSQL" start_postgres
rust_status=0 browser_status=0
step "Rust tests" rust_tests || rust_status=$?
step "browser tests" browser_tests || browser_status=$?
printf '==> tests done, %d s in all\n' "$(elapsed)"
node scripts/count-tests.mjs "$work" "$rust_status" "$browser_status"
