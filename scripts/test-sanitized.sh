#!/usr/bin/env bash
# Builds the native tests under AddressSanitizer with UndefinedBehaviorSanitizer and runs all of them, then under
# ThreadSanitizer and runs those with threads of our own (OpenMP's runtime is not instrumented, so its users would be
# false alarms).
set -euo pipefail
cd "$(dirname "$0")/.."

sanitized() { # folder sanitizers test-name-parts...
  local folder=build/$1 sanitizers=$2
  shift 2
  cmake -S . -B "$folder" -G Ninja -DDTRAIN_SANITIZE="$sanitizers" -DDTRAIN_WERROR=ON >/dev/null
  echo "building with $sanitizers"
  ninja -C "$folder" --quiet
  "$folder/dtrain_test" "$@"
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
sanitized asan address,undefined
OMP_NUM_THREADS=1 sanitized tsan thread shm 'several threads'
