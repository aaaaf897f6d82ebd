#!/usr/bin/env bash
# Builds the CUDA backend as users with GPUs do, on any machine with the CUDA toolkit (13 or newer; no GPU, no driver):
# compiles it for every architecture that the addon supports with warnings as errors, links it, loads it in Node, and
# opens NVIDIA's libraries through it. Also compares the emulated headers with NVIDIA's. NVIDIA's headers and libraries
# come from PyPI (2 GB, into the folder, once).
#
#   scripts/check-cuda.sh [folder]     build/cuda if not given
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

unset DTRAIN_CUDA DTRAIN_CUDA_INCLUDE # they would win over what is asked for here

folder=${1:-build/cuda}
# Also what the check expects the libraries to say. NCCL's structures grow from version to version, so the emulated
# headers are compared with these.
packages=(nvidia-cublas==13.10.0.20 nvidia-cuda-nvrtc==13.5.37 nvidia-cudnn-cu13==9.28.0.42 nvidia-nccl-cu13==2.32.3)
architectures='75-real;80-real;90-real;100' # the last one also as PTX, for GPUs to come

fail() { # line...
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { # name command...: one line, and the whole log if the command fails
  local name=$1 start=$SECONDS
  shift
  printf '%-22s' "$name"
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null # in a condition, set -e would not hold inside functions
  local status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    printf 'failed\n\n'
    cat "$log"
    fail "The check stopped: $name failed; the reason is above."
  fi
  printf 'ok  %4d s\n' $((SECONDS - start))
}

command -v nvcc >/dev/null ||
  fail 'nvcc is not installed: see https://developer.nvidia.com/cuda-downloads (the toolkit is enough, no driver is needed).'
[ -e node_modules/.package-lock.json ] || fail 'The npm packages are not installed: type scripts/setup.sh first.'
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# All of them together, because they share a folder, which pip replaces. The list is written when they are there.
fetch() {
  [ "$(cat "$folder/pypi.txt" 2>/dev/null)" != "${packages[*]}" ] || return 0
  python3 -m pip install --no-deps --only-binary :all: --no-cache-dir --upgrade --disable-pip-version-check \
    --root-user-action ignore --target "$folder/pypi" "${packages[@]}"
  echo "${packages[*]}" >"$folder/pypi.txt"
}
step 'NVIDIA packages' fetch
nvidia=$folder/pypi/nvidia
includes=("$nvidia/cu13/include" "$nvidia/cudnn/include" "$nvidia/nccl/include")
libraries=("$nvidia/cu13/lib" "$nvidia/cudnn/lib" "$nvidia/nccl/lib")
joined() { # separator word...
  local IFS=$1
  shift
  printf '%s' "$*"
}

toolkit=$(nvcc --dryrun -x cu -c /dev/null 2>&1 | sed -n 's/^#\$ TOP=//p')
names() { # program include-folder...
  local program=$1
  shift
  g++ -std=c++20 -w -o "$program" "$folder/names.cc" "${@/#/-I}"
  "$program" >"$program.txt"
}
same_names() {
  npx tsx scripts/cuda-names.ts >"$folder/names.cc"
  names "$folder/names-emulated" native/emulation/include
  names "$folder/names-nvidia" "${includes[@]}" "$toolkit/include"
  [ "$(wc -l <"$folder/names-nvidia.txt")" -gt 300 ]
  diff "$folder/names-emulated.txt" "$folder/names-nvidia.txt"
}
step 'emulated headers' same_names

step 'configure' cmake -S . -B "$folder" -G Ninja -DDTRAIN_CUDA=on -DDTRAIN_WERROR=ON \
  "-DDTRAIN_CUDA_INCLUDE=$(joined ';' "${includes[@]}")" "-DCMAKE_CUDA_ARCHITECTURES=$architectures"
step 'compile and link' ninja -C "$folder" dtrain dtrain_linkcheck

# Whatever the backend looks up by name must be in the libraries.
symbols() {
  local name wanted
  wanted=$(grep -ohE 'DT_LIBRARY_FUNCTION\(\w+\)' -r native | sed -E 's/.*\((.*)\)/\1/' | grep -vx name)
  nm -D --defined-only "$nvidia/cu13/lib/libcublasLt.so.13" "$nvidia/cudnn/lib/libcudnn.so.9" \
    "$nvidia/nccl/lib/libnccl.so.2" | awk '{ sub(/@.*/, "", $3); print $3 }' >"$folder/symbols.txt"
  [ "$(wc -w <<<"$wanted")" -gt 20 ]
  for name in $wanted; do
    grep -qx "$name" "$folder/symbols.txt" || { echo "no library has $name" && return 1; }
  done
}
step 'symbols' symbols

load() {
  DTRAIN_LIBRARY_PATH=$(joined ':' "${libraries[@]}") node - "$folder/Release/dtrain.node" "${packages[@]}" <<'END'
const assert = require('node:assert')
const [path, ...packages] = process.argv.slice(2)
const addon = require(path)
const count = addon.cudaDeviceCount(), reason = addon.cudaUnavailable()
console.log(`${count} devices${reason && `: ${reason}`}`)
assert(Number.isInteger(count) && (count > 0) === (reason === ''), 'either devices or a reason')
const code = (name, ...weights) => {
  const parts = packages.find(p => p.startsWith(name)).split('==')[1].split('.')
  return String(weights.reduce((sum, weight, i) => sum + weight * parts[i], 0))
}
const expected = {
  cublasLt: code('nvidia-cublas', 10000, 100, 1),
  cudnn: code('nvidia-cudnn', 10000, 100, 1),
  nccl: code('nvidia-nccl', 10000, 100, 1)
}
assert.deepStrictEqual(addon.cudaLibraries(), expected)
END
}
step 'load in Node' load
cat "$log"

echo 'CUDA backend: ok'
