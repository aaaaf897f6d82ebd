#!/usr/bin/env bash
# Builds the CUDA backend as users with GPUs do, on any machine with the CUDA toolkit (13 or newer; no GPU, no driver):
# compiles it for every architecture that the addon supports with warnings as errors, links it, loads it in Node, and
# opens NVIDIA's libraries through it. Also compares the emulated headers with NVIDIA's. NVIDIA's headers and libraries
# come from PyPI (2 GB, into build/nvidia, once).
#
#   scripts/check-cuda.sh [folder]     build/cuda if not given
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/cuda}
architectures='75-real;80-real;90-real;100' # the last one also as PTX, for GPUs to come

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
source scripts/cuda-build.sh
needs_nvcc
step 'NVIDIA packages' fetch_nvidia

toolkit=$(nvcc --dryrun -x cu -c /dev/null 2>&1 | sed -n 's/^#\$ TOP=//p')
names() { # program include-folder...
  local program=$1
  shift
  g++ -std=c++20 -w -o "$program" "$folder/names.cc" "${@/#/-I}"
  "$program" >"$program.txt"
}
same_names() {
  npx tsx scripts/cuda-names.ts >"$folder/names.cc"
  names "$folder/names-emulated" emulation/include
  names "$folder/names-nvidia" "${includes[@]}" "$toolkit/include"
  [ "$(wc -l <"$folder/names-nvidia.txt")" -gt 300 ]
  diff "$folder/names-emulated.txt" "$folder/names-nvidia.txt"
}
step 'emulated headers' same_names

step 'configure' configure_cuda "$architectures" -DDTRAIN_WERROR=ON
step 'compile and link' ninja -C "$folder" dtrain dtrain_gpu_test dtrain_linkcheck

# Whatever the backend looks up by name must be in the libraries. NVML is the driver's, and was compared with its header.
symbols() {
  local name wanted
  wanted=$(grep -ohE 'DT_LIBRARY_FUNCTION\(\w+\)' -r native | sed -E 's/.*\((.*)\)/\1/' | grep -vxE 'name|nvml\w+')
  nm -D --defined-only "$nvidia/cu13/lib/libcublasLt.so.13" "$nvidia/cudnn/lib/libcudnn.so.9" \
    "$nvidia/cu13/lib/libcusolver.so.12" \
    "$nvidia/nccl/lib/libnccl.so.2" | awk '{ sub(/@.*/, "", $3); print $3 }' >"$folder/symbols.txt"
  [ "$(wc -w <<<"$wanted")" -gt 20 ]
  for name in $wanted; do
    grep -qx "$name" "$folder/symbols.txt" || { echo "no library has $name" && return 1; }
  done
}
step 'symbols' symbols

load() {
  DTRAIN_LIBRARY_PATH=$(joined ':' "${libraries[@]}") node - "$folder/Release/dtrain.node" "${nvidia_packages[@]}" <<'END'
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
  cusolver: code('nvidia-cusolver', 1000, 100, 1),
  nccl: code('nvidia-nccl', 10000, 100, 1)
}
assert.deepStrictEqual(addon.cudaLibraries(), expected)
END
}
step 'load in Node' load
cat "$log"

echo 'CUDA backend: ok'
