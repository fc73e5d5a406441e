#!/usr/bin/env bash
# Measures the way of a page from the log to the index and the lake, whole and step by step: `bench-pipeline.sh [TWEETS
# [FOLDER]]`, a million without it. Pages that are in FOLDER already are taken as they are.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
claim_target
step "the way of a page" cargo bench -q -p service --bench pipeline --no-run
tweets=${1:-1000000}
folder=${2:-$(mktemp -d)}
[ -n "${2:-}" ] || trap 'rm -rf "$folder"' EXIT
cargo bench -q -p service --bench pipeline -- "$tweets" "$folder" whole
cargo bench -q -p service --bench pipeline -- "$tweets" "$folder" stages
