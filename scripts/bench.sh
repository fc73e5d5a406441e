#!/usr/bin/env bash
# Measures dist/roost: `bench.sh [TWEETS]`, a million without it. Figures for docs/benchmarks.md.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
exec node scripts/bench.mjs "${1:-1000000}"
