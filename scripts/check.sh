#!/usr/bin/env bash
# Format, lints and the invariants of the architecture. The two halves are linted by two calls of cargo: in one, `app`
# would get the features of both and neither would be checked as it is built.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
command -v cargo >/dev/null || fail "Rust is missing: install it with rustup (https://rustup.rs), then run this again"
{ cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 || fail "please run: rustup component add rustfmt clippy"

claim_target
step "format" cargo fmt --all --check
step "lints of the server half" cargo clippy --all-targets -- -D warnings
step "lints of the browser half" cargo clippy -p frontend -- -D warnings
step "invariants" cargo test -q -p server --test invariants
