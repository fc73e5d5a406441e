#!/usr/bin/env bash
# Measures the way of a page from the log to the index and the lake, whole and step by step, beside what its engines take
# alone and what others take: `bench-pipeline.sh [TWEETS [FOLDER]]`, a million without it. A burst takes half a million. Pages that are in FOLDER already are taken as they are.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
claim_target
step "the way of a page" cargo bench -q -p service --bench pipeline --no-run
tweets=${1:-1000000}
folder=${2:-$(mktemp -d)}
[ -n "${2:-}" ] || trap 'rm -rf "$folder"' EXIT
for part in whole stages bare burst; do
  cargo bench -q -p service --bench pipeline -- "$tweets" "$folder" $part | tee "$folder/$part.txt"
done
# Python is slow enough to tell with fewer.
others=$((tweets < 200000 ? tweets : 200000))
scratch=$(mktemp -d "$folder/peers.XXXX")
"$tools/pipeline/bin/python" scripts/bench/pipeline.py "$folder/pages-$tweets.jsonl" "$others" "$scratch"
rm -rf "$scratch"
awk '$1 == "sum" { if (!whole) whole = $2; bare = $2 } END { printf "the whole is %.2f times its bare stages\n", whole / bare }' \
  "$folder/whole.txt" "$folder/bare.txt"
