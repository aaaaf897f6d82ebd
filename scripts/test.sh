#!/usr/bin/env bash
# `npm test`: builds what is stale, then runs every check and every test. A failure stops nothing but the tests of what could
# not be built. The last line is `N passed, N failed`, where a failed check counts as one. Arguments go to vitest:
#   npm test -- test/nn
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export npm_config_update_notifier=false npm_config_loglevel=error
[ -t 1 ] || export NO_COLOR=1

passed=0 failed=0 skipped=0 results=()
scratch=$(mktemp -d)
native=
trap 'rm -rf "$scratch"; [ -z "$native" ] || kill "$native" 2>/dev/null' EXIT

now() { echo $(($(date +%s%N "$@") / 1000000)); }

finish() { # name, ok or another result, start, end
  local ms=$((${4:-$(now)} - $3))
  results+=("$(printf '%-13s %-7s %4d.%d s' "$1" "$2" $((ms / 1000)) $((ms % 1000 / 100)))")
  printf '%s\n' "${results[-1]}"
}

check() { # name command...: the command's output is shown only if it fails
  local start
  start=$(now)
  if "${@:2}" >"$scratch/log" 2>&1 </dev/null; then
    finish "$1" ok "$start"
  else
    cat "$scratch/log"
    failed=$((failed + 1))
    finish "$1" failed "$start"
    return 1
  fi
}

# tests name start command...: the command leaves `passed failed skipped` in $scratch/counts, then a line for each skip, and
# may set `ended`.
tests() {
  local code ended='' p='' f='' s=''
  rm -f "$scratch/counts"
  "${@:3}" </dev/null
  code=$?
  [ -e "$scratch/counts" ] && read -r p f s <"$scratch/counts" && grep '^skipped: ' "$scratch/counts" >>"$scratch/skips"
  : "${p:=0}" "${f:=0}" "${s:=0}"
  # To end badly without a failed test, or without any test, is a failure too.
  if [ "$f" -eq 0 ] && { [ "$code" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then f=1; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if [ "$f" -eq 0 ]; then finish "$1" ok "$2" "$ended"; else finish "$1" failed "$2" "$ended"; fi
}

not_run() {
  failed=$((failed + 1))
  finish "$1" 'not run' "$(now)"
}

native_tests() { # they were started before vitest, and have most often ended by now
  wait "$native"
  local code=$?
  native=
  ended=$(now -r "$scratch/native")
  cat "$scratch/native"
  sed -nE '$s/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p' "$scratch/native" >"$scratch/counts"
  sed -n 's/^SKIP /skipped: native: /p' "$scratch/native" >>"$scratch/counts"
  return "$code"
}

vitest() { TEST_SUMMARY="$scratch/counts" node_modules/.bin/vitest run "$@"; }

if [ ! -d node_modules ]; then
  echo 'Nothing is installed yet. Type scripts/setup.sh first.'
  echo '0 passed, 1 failed'
  exit 1
fi

built=true
check 'native core' npm run --silent build:native || built=false
check 'TypeScript' npm run --silent build:ts || true # type errors are errors of the types step; the code still runs
check 'types' npm run --silent types
check 'lint' npm run --silent lint
check 'layers' npm run --silent layers
check 'sizes' npm run --silent sizes
check 'arguments' npm run --silent arguments
if $built; then
  # Both wait for other threads and processes half of the time, so they run side by side.
  start=$(now)
  build/dtrain_test >"$scratch/native" 2>&1 </dev/null &
  native=$!
  tests 'vitest' "$start" vitest "$@"
  tests 'native tests' "$start" native_tests
else
  not_run 'native tests'
  not_run 'vitest'
fi

printf '\n'
printf '%s\n' "${results[@]}"
printf '%-20s %4d s\n' total "$SECONDS"
if [ "$skipped" -gt 0 ]; then
  cat "$scratch/skips"
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
