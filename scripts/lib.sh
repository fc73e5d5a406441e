# shellcheck shell=bash
# What the scripts of this folder share. Sourced by them: goes to the top of the repository and names the folders.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
target=${ROOST_TARGET_DIR:-$PWD/target}
mkdir -p "$target/tools"
target=$(cd "$target" && pwd)
tools=$target/tools
export ROOST_TARGET_DIR=$target CARGO_TARGET_DIR=$target

# rustup's cargo before the one of Debian's packages, also where the shell's profile does not say so.
rustup_bin=${CARGO_HOME:-$HOME/.cargo}/bin
[ ! -x "$rustup_bin/cargo" ] || PATH=$rustup_bin:$PATH

fail() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; exit 1; }

# step TITLE COMMAND…: says what is done and how long it took.
step() {
  local title=$1 began=$SECONDS status; shift
  printf '==> %s\n' "$title"
  "$@"
  status=$?
  printf '    %s %d s\n' "$([ $status = 0 ] && echo "done in" || echo "failed after")" $((SECONDS - began))
  return $status
}

# Seconds since `make` began (the Makefile notes it), or since this script did.
elapsed() { if [ -n "${ROOST_STARTED:-}" ]; then echo $(($(date +%s) - ROOST_STARTED)); else echo "$SECONDS"; fi; }

# wasm_std_of RUSTC: can this compiler build for the browser? Asks it for an empty program, because the files of the
# standard library may be there and stem from another version of the compiler.
wasm_std_of() {
  "$1" --target wasm32-unknown-unknown --crate-type rlib --crate-name empty --emit metadata --out-dir "$tools" - \
    </dev/null >/dev/null 2>&1
}

# rustc for the browser half: as front_cargo.
front_rustc() { if wasm_std_of rustc; then rustc "$@"; else /usr/bin/rustc "$@"; fi; }

# cargo for the browser half: the usual one if it can, else Debian's (toolchain `web`, made by setup.sh).
front_cargo() {
  if wasm_std_of rustc; then cargo "$@"; else CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 cargo +web "$@"; fi
}

# Cargo tells changed sources by their time alone and gives the crates of two clones the same file names. When another
# clone used the target folder last, its crates could therefore pass for ours: make ours look changed.
claim_target() {
  local owner=$target/.clone
  [ "$(cat "$owner" 2>/dev/null)" != "$PWD" ] || return 0
  find Cargo.toml app config docs frontend migrations model server style -type f -exec touch -c {} + 2>/dev/null || true
  printf '%s\n' "$PWD" >"$owner"
}
