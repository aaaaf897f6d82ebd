#!/usr/bin/env bash
# `npm run test:gpu`: what to run first on a machine with GPUs, in a clone with a CUDA build. The same steps as in the archive
# of scripts/gpu-bundle.sh; arguments go to scripts/gpu/run.sh. Without a GPU it says why and passes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -e build/Release/dtrain.node ]; then
  echo 'The native core has not been built: type scripts/setup.sh first.' >&2
  exit 1
fi

reason=$(node -p 'require("./build/Release/dtrain.node").cudaUnavailable()')
if [ -n "$reason" ] && [[ " $* " != *' --emulated '* ]]; then
  echo "skipped: $reason"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
fi
# A build without CUDA has no such target, and none is needed for emulated GPUs.
[ -n "$reason" ] || cmake --build build --target dtrain_gpu_test
exec scripts/gpu/run.sh "$@"
