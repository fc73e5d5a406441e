#!/usr/bin/env bash
# Measures dist/ in the browser: `bench-browser.sh [TWEETS]`, a million without it. Figures for docs/benchmarks.md.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
export ROOST_BIN=$PWD/dist/roost ROOST_SITE=$PWD/dist/site CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export BENCH_TWEETS=${1:-1000000}
cd end2end
exec node_modules/.bin/playwright test --config=bench.config.ts
