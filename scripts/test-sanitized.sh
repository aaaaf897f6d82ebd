#!/usr/bin/env bash
# Builds the native tests, the CUDA backend and the emulation under AddressSanitizer with UndefinedBehaviorSanitizer and runs
# all of them, the CUDA kernels once more with every tensor in a block of its exact size. Then under ThreadSanitizer those
# with threads of our own: streams, communication, the allocator (OpenMP's runtime is not instrumented, so its users would be
# false alarms).
set -euo pipefail
cd "$(dirname "$0")/.."

build() { # folder sanitizers
  cmake -S . -B "build/$1" -G Ninja -DDTRAIN_SANITIZE="$2" -DDTRAIN_WERROR=ON -DDTRAIN_CUDA=emulated >/dev/null
  echo "building with $2"
  ninja -C "build/$1" --quiet
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
build asan address,undefined
build/asan/dtrain_test
DTRAIN_NO_MEMORY_CACHING=1 build/asan/dtrain_test cuda gemm
build tsan thread
OMP_NUM_THREADS=1 build/tsan/dtrain_test thread shm nccl reducer 'several threads' emulat
