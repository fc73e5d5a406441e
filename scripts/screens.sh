#!/usr/bin/env bash
# Takes the pictures of docs/screens with dist/: `screens.sh [ARGUMENT…]`, arguments of Playwright such as `-g export`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
export ROOST_BIN=$PWD/dist/roost ROOST_SITE=$PWD/dist/site CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
cd end2end
exec node_modules/.bin/playwright test --config=screens.config.ts "$@"
