#!/usr/bin/env bash
# Checks licences, sources and bans (deny.toml) of every crate, by cargo-deny, which it builds once into the target folder.
# The advisories are not part of it: they need a copy of their database (`cargo deny check advisories`).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
version=0.20.2
PATH=$tools/bin:$PATH

# Without --locked: newer patch releases of its crates are fine.
install_cargo_deny() {
  cargo install --quiet --root "$tools" --target-dir "$tools/build" --no-default-features --version "$version" cargo-deny
  rm -rf "$tools/build"
}

cargo deny --version >/dev/null 2>&1 || step "cargo-deny $version" install_cargo_deny
step "licences, sources and bans" cargo deny check bans licenses sources
