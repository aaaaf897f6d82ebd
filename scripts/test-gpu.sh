#!/usr/bin/env bash
# `npm run test:gpu`: what to run first on a machine with GPUs. The suites over the case tables on 'cuda', training on one
# GPU against PyTorch's losses, and the jobs of several ranks, each with a GPU, as far as there are enough: collectives,
# replicas, traces, failures. Without a GPU it says why and passes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -e build/Release/dtrain.node ]; then
  echo 'The native core has not been built: type scripts/setup.sh first.' >&2
  exit 1
fi

read -r count reason < <(node -e '
  const addon = require("./build/Release/dtrain.node")
  console.log(addon.cudaDeviceCount(), addon.cudaUnavailable())')
if [ "$count" -eq 0 ]; then
  echo "skipped: $reason"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
fi

node -e '
  const addon = require("./build/Release/dtrain.node")
  for (let i = 0; i < addon.cudaDeviceCount(); i++) console.log(`cuda:${i}`, addon.cudaInfo(`cuda:${i}`))
  console.log(addon.cudaLibraries())'
export DTRAIN_TEST_GPU=$count
npx vitest run --project cuda "$@"
npx vitest run --project processes test/distributed test/examples
