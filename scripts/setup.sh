#!/usr/bin/env bash
# Makes a fresh clone ready to use: system packages, npm packages, native core, TypeScript. Run it again at any time; what
# is up to date is left alone. It builds what a user runs; `npm test` builds its own programs besides.
#
#   scripts/setup.sh --emulate     also the native core with emulated GPUs, which otherwise the first `dtrain --emulate`
#                                  builds; once it is there, each set-up keeps it up to date
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Quiet npm: what it would advertise is not about this project.
export npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false npm_config_loglevel=error

fail() { # line...
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

emulate=false
case ${1-} in
  '') ;;
  --emulate) emulate=true ;;
  *) fail "setup.sh: unknown argument '$1'; there is --emulate, for the native core with emulated GPUs" ;;
esac
[ ! -e build/Emulated/dtrain.node ] || emulate=true

log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { # name command...: one line, and the whole log if the command fails
  local name=$1 start=$SECONDS
  shift
  printf '%-18s' "$name"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    printf 'failed\n\n'
    cat "$log"
    fail "Set-up stopped: $name failed; the reason is above."
  fi
  printf 'ok  %3d s\n' $((SECONDS - start))
}

# Node first: without it nothing else is worth installing.
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 17) ? 0 : 1)' 2>/dev/null ||
  fail "dtrain needs Node 20.17 or newer, and $(node --version 2>/dev/null || echo no Node) is installed: see https://nodejs.org/en/download"
command -v npm >/dev/null || fail 'dtrain needs npm, which comes with Node: see https://nodejs.org/en/download'

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A command may come from anywhere; the libraries are asked of dpkg, because several OpenBLAS builds share one header.
missing=()
command -v cmake >/dev/null || missing+=(cmake)
command -v ninja >/dev/null || missing+=(ninja-build)
command -v g++ >/dev/null || missing+=(g++)
if command -v apt-get >/dev/null; then
  for package in libopenblas-openmp-dev libdnnl-dev; do
    installed "$package" || missing+=("$package")
  done
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    fail "Missing: ${missing[*]}. This is not Debian or Ubuntu: with this system's package manager, install CMake 3.20," \
      'Ninja, a C++20 compiler, and the development files of OpenBLAS (its OpenMP build) and oneDNN. Then start again.'
  fi
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    root=(sudo -n)
    sudo -n true 2>/dev/null || fail 'dtrain needs system packages, and installing them takes root. Type this, then start again:' \
      "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
  fi
  step 'apt-get update' "${root[@]}" apt-get update
  step 'system packages' "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
fi

# Pictures for examples and tests, and letters for the PNG pictures that programs draw. All else works without them, so a
# machine that cannot get them is no failure.
extra() { # name package
  local root=()
  command -v apt-get >/dev/null && ! installed "$2" && apt-cache show "$2" >/dev/null 2>&1 || return 0
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  printf '%-18s' "$1"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2" \
    >"$log" 2>&1 </dev/null && echo ok || echo 'left out: it could not be installed'
}
extra 'Fashion-MNIST' dataset-fashion-mnist
extra 'fonts' fonts-dejavu-core

# npm writes node_modules/.package-lock.json last, so an interrupted install is done again.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # Older versions of npm run all install scripts, and that of onnxruntime-node would fetch files for GPUs.
  step 'npm packages' env ONNXRUNTIME_NODE_INSTALL=skip npm ci
fi
[ -e build/Release/dtrain.node ] || echo 'The first build of the native core takes about a minute on two cores, less on more.'
# A build folder remembers how it was configured; what is asked for now counts (docs/gpus.md).
if [ -n "${DTRAIN_CUDA:-}${DTRAIN_CUDA_INCLUDE:-}" ] || [ ! -e build/build.ninja ]; then
  step 'configuration' npx cmake-js configure --out build --config Release
fi
step 'native core' npm run --silent build:addon
! $emulate || step 'emulated GPUs' npm run --silent build:emulated
step 'TypeScript' npm run --silent build:ts

cat <<'END'

dtrain is ready. Next:
  npx dtrain --nproc 2 examples/mnist.ts
  npx dtrain --gpus 2 --emulate examples/mnist.ts     (without --emulate where there are GPUs; with it, builds first)
  npm test
END
