#!/usr/bin/env bash
# The fuzz (test/fuzz) under AddressSanitizer with UndefinedBehaviorSanitizer: builds the addon with emulated GPUs, then
# makes the calls in it. Arguments go to the fuzz.
#
#   scripts/fuzz-sanitized.sh --calls 100000 --seed 1
set -euo pipefail
cd "$(dirname "$0")/.."

cmake -S . -B build/asan -G Ninja -DDTRAIN_SANITIZE=address,undefined -DDTRAIN_CUDA=emulated >/dev/null
ninja -C build/asan --quiet dtrain_emulated
# A call takes ten times as long, and memory that was freed is kept for a while.
DTRAIN_FUZZ_PATIENCE=10 DTRAIN_BUILD=build/asan DTRAIN_NO_MEMORY_CACHING=1 LD_PRELOAD=$(g++ -print-file-name=libasan.so) \
  UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
  ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=64:allocator_may_return_null=1 \
  node_modules/.bin/tsx test/fuzz/fuzz.ts "$@"
