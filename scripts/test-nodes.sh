#!/usr/bin/env bash
# Runs the memory tests, and those of how scripts and the workers of a DataLoader are loaded, which V8's inspector has a
# part in, on newer Node versions too: their binaries come as npm packages and live in build/nodes.
set -euo pipefail
cd "$(dirname "$0")/.."

list=
for version in 22 24; do
  prefix=build/nodes/$version
  package="node-$(node -p 'process.platform + "-" + process.arch')"
  binary=$PWD/$prefix/node_modules/$package/bin/node
  if [ ! -x "$binary" ]; then
    mkdir -p "$prefix"
    echo '{ "private": true }' >"$prefix/package.json"
    (cd "$prefix" && npm install --loglevel=error --no-save --no-package-lock "$package@$version")
  fi
  echo "$("$binary" --version) at $prefix"
  list=$list:$binary
done
DTRAIN_NODES=$list npx vitest run test/memory
for binary in ${list//:/ }; do
  PATH=$(dirname "$binary"):$PATH npx vitest run test/launcher/modules.test.ts test/loader/{failures,golden,vision}.test.ts
done
