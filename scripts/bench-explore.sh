#!/usr/bin/env bash
# Asks dist/roost and others the questions of the explore page: `bench-explore.sh [TWEETS [FOLDER]]`, a million without it.
# Figures for docs/benchmarks.md. What is in FOLDER already is asked as it is.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
claim_target
step "tantivy alone" cargo bench -q -p search --bench peer --no-run
exec node scripts/bench-explore.mjs "$tools/peers/bin/python" "${1:-1000000}" ${2:+"$2"}
