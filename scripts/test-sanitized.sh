#!/usr/bin/env bash
# Builds the native core, the CUDA backend and the emulation under AddressSanitizer with UndefinedBehaviorSanitizer, and runs
# the native tests, then in Node all suites that compute, on the CPU and on emulated GPUs. Then under ThreadSanitizer the
# native tests with threads of our own: streams, communication, the reducer, the allocator (OpenMP's runtime is not
# instrumented, so its users would be false alarms).
#
#   scripts/test-sanitized.sh [--all | family...]     default: half of the families of ops, chosen by the commit
set -euo pipefail
cd "$(dirname "$0")/.."

sample=$(npx tsx scripts/sample.ts "$@")
mapfile -t without <<<"$sample"
families=${without[0]}
without=("${without[@]:1}")
echo "families: ${families:-all}"

build() { # folder sanitizers
  cmake -S . -B "build/$1" -G Ninja -DDTRAIN_SANITIZE="$2" -DDTRAIN_WERROR=ON -DDTRAIN_CUDA=emulated >/dev/null
  echo "building with $2"
  ninja -C "build/$1" --quiet
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
build asan address,undefined
build/asan/dtrain_test -cuda -gemm "${without[@]}"
# Where memory is a device's, in exact blocks, so that AddressSanitizer sees where each ends.
DTRAIN_NO_MEMORY_CACHING=1 build/asan/dtrain_test cuda gemm "${without[@]}"
# Node is not instrumented, so the sanitizer has to be there before it, and what V8 never frees is no leak of ours.
DTRAIN_FAMILIES=$families DTRAIN_BUILD=build/asan DTRAIN_EMULATE=1 DTRAIN_NO_MEMORY_CACHING=1 NO_COLOR=1 NODE_OPTIONS=--no-warnings \
  LD_PRELOAD=$(g++ -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \
  node_modules/.bin/vitest run --reporter=dot --project compute --project cuda --project cuda-numeric
build tsan thread
OMP_NUM_THREADS=1 build/tsan/dtrain_test thread shm nccl reducer 'several threads' emulat
