#!/usr/bin/env bash
# Builds both halves: `build.sh` optimised into dist/ (dist/roost, dist/site/); `build.sh dev` quickly into the target
# folder (debug/roost, dev-site/), for scripts/dev.mjs.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
case ${1:-release} in
  release) server_profile=release front_profile=wasm-release site=$PWD/dist/site finish=() ;;
  dev) server_profile=dev front_profile=wasm-dev site=$target/dev-site finish=(--dev) ;;
  *) fail "usage: build.sh [release|dev]" ;;
esac

# Cargo does not see that the browser's standard library was replaced, and then finds none of the crates that were
# compiled against the old one.
forget_crates_of_another_std() {
  local std stamp=$target/front/.std
  std=$(stat -c '%n %s %Y' "$(front_rustc --print target-libdir --target wasm32-unknown-unknown)"/libcore-*.rlib)
  [ "$(cat "$stamp" 2>/dev/null)" = "$std" ] || rm -rf "$target/front"
  mkdir -p "$target/front"
  printf '%s\n' "$std" >"$stamp"
}

# A folder of its own: the two halves use different features (and perhaps compilers) and would rebuild each other's crates.
build_front() {
  forget_crates_of_another_std
  front_cargo build -p frontend --lib --profile "$front_profile" \
    --target wasm32-unknown-unknown --target-dir "$target/front"
}

# A running dist/roost keeps its old file.
place_server() {
  cmp -s "$target/release/roost" dist/roost && return
  mkdir -p dist
  cp "$target/release/roost" dist/roost.new
  mv dist/roost.new dist/roost
}

claim_target
step "server ($server_profile)" cargo build -p server --bin roost --profile "$server_profile"
step "browser half ($front_profile)" build_front
step "site: wasm-bindgen, wasm-opt, style, compression" node scripts/site/finish.mjs "${finish[@]}" \
  --wasm "$target/front/wasm32-unknown-unknown/$front_profile/frontend.wasm" \
  --bindgen "$tools/bin/wasm-bindgen" --cache "$target/site-cache" --out "$site"
if [ "$server_profile" = release ]; then
  place_server
  printf '==> built dist/ in %d s\n' "$(elapsed)"
fi
