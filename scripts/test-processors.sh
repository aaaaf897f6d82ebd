#!/usr/bin/env bash
# Runs the native tests and the suites that compute as other processors would: the inner loops, OpenBLAS and oneDNN each
# take the instruction set of an older or another one. One line each; what this processor lacks is skipped.
#
#   scripts/test-processors.sh [name...]     all of the table below if none is named
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# name, inner loops, core of OpenBLAS, limit of oneDNN, flags of /proc/cpuinfo that all three need
table='
prescott    sse2    Prescott    SSE41             sse4_1
nehalem     sse2    Nehalem     SSE41             sse4_1,sse4_2
sandybridge sse2    Sandybridge AVX               avx
bulldozer   sse2    Bulldozer   AVX               avx,fma4
haswell     avx2    Haswell     AVX2              avx2,fma
zen         avx2    Zen         AVX2              avx2,fma
skylakex    avx512  SkylakeX    AVX512_CORE       avx512f,avx512bw,avx512vl,avx512dq
cooperlake  avx512  Cooperlake  AVX512_CORE_BF16  avx512_bf16
sapphire    avx512  Cooperlake  AVX512_CORE_AMX   avx512_bf16,amx_tile
'

[ -x build/dtrain_test ] || { echo 'The native tests are not built: type npm run build:native first.'; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export NO_COLOR=1 TEST_SUMMARY=$scratch/counts

lacking() { # flags: those that the processor does not have
  local flag
  for flag in ${1//,/ }; do grep -qw "$flag" /proc/cpuinfo || printf ' %s' "$flag"; done
}

passed=0 failed=0 bad=0
tests() { # command...: adds the counts that vitest leaves in a file and the native tests print; shows a failure's output
  local p=0 f=0
  rm -f "$TEST_SUMMARY"
  "$@" >"$scratch/log" 2>&1 </dev/null
  local code=$?
  [ -e "$TEST_SUMMARY" ] || sed -nE '$s/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$scratch/log" >"$TEST_SUMMARY"
  read -r p f _ <"$TEST_SUMMARY" || true
  [ "$code" -eq 0 ] || [ "${f:-0}" -gt 0 ] || f=1 # ended badly without a failed test
  [ "$code" -eq 0 ] || grep -A 12 -E 'FAIL|Error' "$scratch/log" || cat "$scratch/log"
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
}

# OpenBLAS does not fail where it has no such core: it takes another. So it is asked.
right_core() {
  local said
  said=$(OPENBLAS_VERBOSE=2 build/dtrain_test 'gemm float32' 2>&1)
  [[ $'\n'$said == *$'\n'"Core: $OPENBLAS_CORETYPE"$'\n'* ]]
}

wanted=" $* " known=
while read -r name loops core limit flags; do
  [ -n "$name" ] || continue
  known="$known $name"
  [ $# -eq 0 ] || [[ $wanted == *" $name "* ]] || continue
  lacks=$(lacking "$flags")
  if [ -n "$lacks" ]; then
    printf '%-12s skipped: this processor lacks%s\n' "$name" "$lacks"
    continue
  fi
  export DTRAIN_LOOPS=$loops OPENBLAS_CORETYPE=$core ONEDNN_MAX_CPU_ISA=$limit
  if ! right_core; then
    printf '%-12s skipped: this OpenBLAS has no core %s\n' "$name" "$core"
    continue
  fi
  start=$SECONDS passed=0 failed=0
  tests build/dtrain_test
  tests node_modules/.bin/vitest run --project compute
  printf '%-12s %5d passed, %d failed %4d s   loops %s, OpenBLAS %s, oneDNN %s\n' \
    "$name" "$passed" "$failed" $((SECONDS - start)) "$loops" "$core" "$limit"
  [ "$failed" -eq 0 ] || bad=$((bad + 1))
done <<<"$table"

for name in "$@"; do
  [[ " $known " == *" $name "* ]] || { echo "unknown processor: $name (known:$known)"; bad=$((bad + 1)); }
done
[ "$bad" -eq 0 ]
