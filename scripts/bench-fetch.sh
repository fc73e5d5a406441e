#!/usr/bin/env bash
# Measures how well fetching uses what X allows, beside fixed windows and twarc2's way of paging: `bench-fetch.sh [TWEETS]`,
# 140,000 in seven days without it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
claim_target
bench() { cargo bench -q -p service --no-default-features --bench fetch "$@"; }
step "what fetches" bench --no-run
bench -- "${1:-140000}"
