#!/usr/bin/env bash
# What dtrain does on this machine's GPUs, in some minutes: the devices and libraries, the native tests, the suites over all
# ops, training on one rank and on several, and speed, beside PyTorch's where there is one. A step that fails, or does not
# end in its share of the time, stops none of the others. Runs in the archive of scripts/gpu-bundle.sh and, as
# `npm run test:gpu`, in a clone with a CUDA build.
#
#   run.sh [options]
#     --minutes N        time for everything, default 8 (emulated 30); a step that hangs is ended
#     --only NAME        native, suites, ranks or bench; may be repeated
#     --emulated         without a GPU: the same on emulated ones, for correctness, without times
#     --python PROGRAM   a Python with torch, to compare with; default python3
#     --out FOLDER       for report.txt, report.json and log.txt; default beside this script, in a clone build/gpu-report
#
# Exit code: 0 if everything passed, 1 if something failed or there is no GPU, 2 for a wrong command line.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here out=$here
if [ ! -d "$here/build" ]; then # in a clone this is scripts/gpu
  root=$(cd "$here/../.." && pwd)
  out=$root/build/gpu-report
fi

minutes= emulated=false python= only=()
while [ $# -gt 0 ]; do
  case $1 in
    --emulated) emulated=true ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit ;;
    --minutes | --only | --python | --out)
      [ $# -gt 1 ] || { echo "run.sh: $1 wants a value; --help says which" >&2 && exit 2; }
      case $1 in
        --minutes) minutes=$2 ;;
        --only) only+=("$2") ;;
        --python) python=$2 ;;
        --out) out=$2 ;;
      esac
      shift
      ;;
    *) echo "run.sh: unknown option $1; --help lists them" >&2 && exit 2 ;;
  esac
  shift
done
[ -n "$minutes" ] || minutes=$($emulated && echo 30 || echo 8)
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "run.sh: --minutes wants a whole number, got '$minutes'" >&2 && exit 2; }
for name in "${only[@]}"; do
  [[ $name =~ ^(native|suites|ranks|bench)$ ]] ||
    { echo "run.sh: --only wants native, suites, ranks or bench, got '$name'" >&2 && exit 2; }
done
[ -z "$python" ] || command -v "$python" >/dev/null ||
  { echo "run.sh: --python: there is no program '$python'" >&2 && exit 2; }
python=${python:-python3}
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 2
log=$out/log.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$log"

cd "$root" || exit 2
node=$root/bin/node
[ -x "$node" ] || node=$(command -v node)
native=$root/build/dtrain_gpu_test
! $emulated || native=$root/build/dtrain_test
# Python and nvidia-smi get the caller's libraries, our programs those of the archive first.
caller_libraries=${LD_LIBRARY_PATH:-}
our_libraries=$root/lib
! $emulated || our_libraries+=:$root/build/Emulated
ours() { LD_LIBRARY_PATH=$our_libraries${caller_libraries:+:$caller_libraries} "$@"; }
theirs() { LD_LIBRARY_PATH=$caller_libraries "$@"; }
export -f ours theirs
export root node native work emulated caller_libraries our_libraries
export PATH="$root/bin:$PATH" NO_COLOR=1 HOME="${HOME:-$work}"

torch=
if theirs command -v "$python" >/dev/null; then
  python=$(command -v "$python")
  # NVIDIA's libraries that came with this Python, wherever it keeps them.
  wheels=$(theirs "$python" -c 'import glob, sysconfig
print(":".join(sorted(glob.glob(sysconfig.get_paths()["purelib"] + "/nvidia/*/lib"))))' 2>/dev/null)
  [ -z "$wheels" ] || export DTRAIN_LIBRARY_PATH="${DTRAIN_LIBRARY_PATH:+$DTRAIN_LIBRARY_PATH:}$wheels"
  $emulated || torch=$(theirs timeout 60 "$python" -c 'import torch; print(torch.__version__ if torch.cuda.is_available() else "")' 2>/dev/null)
fi
! $emulated || export DTRAIN_LIBRARY_PATH=$root/build/Emulated # for the native tests: an addon finds them beside itself
export python torch

# ---- steps. Each prints what a reader wants to see; tests leave `passed failed skipped` and lines in $work/counts. ----

devices() {
  uname -srm
  echo "cores: $(nproc), memory: $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(ldd --version 2>&1 | head -n 1)"
  head -n 1 /proc/driver/nvidia/version 2>/dev/null || true
  ls -d /dev/nvidia* /dev/dxg 2>/dev/null | tr '\n' ' ' && echo
  theirs nvidia-smi --query-gpu=index,name,driver_version,memory.total,memory.used,clocks.max.sm,clocks.max.mem,power.limit,persistence_mode,mig.mode.current \
    --format=csv 2>/dev/null || true
  echo "Python with torch: ${torch:-none}"
  ours "$native" --devices || return 1
  [ ! -e dist/launcher/cli.js ] || what_the_driver_says # not in an archive of the native tests alone
}

what_the_driver_says() {
  local emulate=()
  ! $emulated || emulate=(--emulate)
  ours "$node" dist/launcher/cli.js monitor "${emulate[@]}" &&
    ours "$node" dist/launcher/cli.js monitor --json --once "${emulate[@]}"
}

count_native() { # the last line of the output in $work/output, and its failures, become the step's
  sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p' "$work/output" | tail -n 1 >"$work/counts"
  awk '/^FAIL / { name = substr($0, 6); getline; sub(/^ +/, ""); print "failed: " name ": " $0 } /^SKIP / { print "skipped: " substr($0, 6) }' \
    "$work/output" >>"$work/counts"
}
native_tests() { ours "$native" --verbose "$@" 2>&1 | tee "$work/output" && count_native && return "${PIPESTATUS[0]}"; }
export -f count_native

# cuDNN's own log says which algorithm each convolution got.
shapes() {
  CUDNN_LOGLEVEL_DBG=3 CUDNN_LOGDEST_DBG=$work/cudnn.log native_tests 'shapes:'
  local code=$?
  echo 'convolution algorithms, with the number of calls:'
  grep -ohE 'CUDNN_CONVOLUTION_(FWD|BWD_DATA|BWD_FILTER)_ALGO_[A-Z0-9_]+' "$work"/cudnn.log* 2>/dev/null | sort | uniq -c
  return "$code"
}

vitest() {
  $emulated || export DTRAIN_TEST_GPU=$ranks_on
  TEST_SUMMARY=$work/counts ours "$node" node_modules/vitest/vitest.mjs run "$@"
}

program() { # file argument...: a script of ours on one GPU
  local script=$1
  shift
  if $emulated; then
    ours "$node" dist/launcher/cli.js --gpus 1 --emulate "$script" "$@"
  else
    ours "$node" dist/launcher/cli.js --gpus 1 "$script" "$@"
  fi
}

random() {
  [ -n "$torch" ] || { echo "0 0 1
skipped: PyTorch's random numbers: there is no Python with torch that sees the GPU" >"$work/counts" && return 0; }
  theirs "$python" test/random/beside-torch.py >"$work/random.json" || return 1
  program test/random/beside-torch.ts "$work/random.json" 2>&1 | tee "$work/output"
  count_native
}

bench() {
  local beside=()
  if [ -n "$torch" ]; then
    theirs "$python" bench/gpu.py >"$work/torch.json" && beside=(--beside "$work/torch.json")
  fi
  program bench/gpu.ts "${beside[@]}" || return 1
  echo 'what a step asks of a GPU, counted on an emulated one:'
  ours "$node" dist/launcher/cli.js bench/launches.ts
}
export -f devices what_the_driver_says native_tests shapes vitest program random bench

# ---- running them ----

begin=$SECONDS shares_left=100 passed=0 failed=0 skipped=0 all_good=true
text=() json=()

quoted() { # text: as a JSON string
  local s=${1//\\/\\\\}
  s=${s//\"/\\\"}
  s=${s//$'\t'/ }
  printf '"%s"' "$(tr -d '\000-\037' <<<"${s//$'\n'/ }")"
}

list() { # line...: as a JSON array
  local line separator=
  printf '['
  for line in "$@"; do
    printf '%s%s' "$separator" "$(quoted "$line")"
    separator=', '
  done
  printf ']'
}

wanted() { # group
  [ ${#only[@]} -eq 0 ] && return
  local name
  for name in "${only[@]}"; do [ "$name" = "$1" ] && return; done
  return 1
}

step() { # name group share details|tests function...: share is its part of what is left of the time, of 100 for all
  local name=$1 group=$2 share=$3 kind=$4 start=$SECONDS result=passed code limit p='' f='' s=''
  shift 4
  limit=$(((minutes * 60 - (SECONDS - begin)) * share / shares_left))
  shares_left=$((shares_left - share))
  [ "$group" = always ] || wanted "$group" || return 0
  rm -f "$work/counts"
  printf '%-14s' "$name"
  printf '\n==== %s\n' "$name" >>"$log"
  if [ "$limit" -lt 2 ]; then
    code=124 limit=0
  else
    timeout --kill-after=3 "$limit" bash -c '"$@"' step "$@" >"$work/text" 2>&1 </dev/null
    code=$?
  fi
  cat "$work/text" >>"$log" 2>/dev/null
  [ -e "$work/counts" ] && read -r p f s <"$work/counts"
  local details=() failures=()
  [ -e "$work/counts" ] && mapfile -t failures < <(grep '^failed: ' "$work/counts" | cut -c 9-)
  [ "$kind" = tests ] || mapfile -t details <"$work/text"
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    result='not ended'
    failures+=("not ended after $limit s; the last line was: $(tail -n 1 "$work/text" 2>/dev/null)")
  elif [ "$code" -ne 0 ] || [ "${f:-0}" -gt 0 ]; then
    result=failed
    [ "${f:-0}" -gt 0 ] || failures+=("exit code $code; the last line was: $(tail -n 1 "$work/text")")
  fi
  [ "$result" = passed ] || { all_good=false && [ "${f:-0}" -gt 0 ] || f=$((${f:-0} + 1)); }
  [ -n "$p" ] || p=$([ "$result" = passed ] && echo 1 || echo 0)
  passed=$((passed + p)) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  local line
  line=$(printf '%-14s%-10s%4d s  %s passed, %s failed, %s skipped' "$name" "$result" $((SECONDS - start)) "$p" "${f:-0}" "${s:-0}")
  printf '%s\n' "${line:14}"
  if [ ${#failures[@]} -gt 20 ]; then failures=("${failures[@]:0:20}" "and $((${#failures[@]} - 20)) more"); fi
  text+=("$line" "${failures[@]/#/    }" "${details[@]/#/    }")
  [ ! -e "$work/counts" ] || mapfile -t -O "${#text[@]}" text < <(grep '^skipped: ' "$work/counts" | sed 's/: .*: /: /; s/^/    /' | sort | uniq -c | sort -rn | head -n 12)
  json+=("$(printf '{"step": %s, "result": %s, "seconds": %d, "passed": %d, "failed": %d, "skipped": %d, "failures": %s, "details": %s}' \
    "$(quoted "$name")" "$(quoted "$result")" $((SECONDS - start)) "$p" "${f:-0}" "${s:-0}" "$(list "${failures[@]}")" "$(list "${details[@]}")")")
}

report() {
  local all=passed
  $all_good || all=failed
  {
    printf '%s\n' "${text[@]}" ''
    echo "$all: $passed passed, $failed failed, $skipped skipped in $((SECONDS - begin)) s"
  } >"$out/report.txt"
  {
    printf '{"result": "%s", "emulated": %s, "passed": %d, "failed": %d, "skipped": %d, "seconds": %d, "steps": [\n' \
      "$all" "$emulated" "$passed" "$failed" "$skipped" $((SECONDS - begin))
    local i
    for ((i = 0; i < ${#json[@]}; i++)); do
      [ "$i" -eq 0 ] || printf ',\n'
      printf '  %s' "${json[i]}"
    done
    printf '\n]}\n'
  } >"$out/report.json"
}

step devices always 2 details devices >"$work/line"
if ! $all_good; then
  tail -n 1 "$work/text" # why there is no GPU
  report
  exit 1
fi
cat "$work/line"
gpus=$(grep -c '^cuda:[0-9]' "$work/text")
# One GPU takes two ranks where NCCL is 2.30 or newer.
nccl=$(sed -n 's/^nccl: \([0-9]*\).*/\1/p' "$work/text")
if [ "$gpus" -eq 1 ] && [ "${nccl:-0}" -ge 23000 ]; then ranks_on=0,0; else ranks_on=$gpus; fi
export gpus ranks_on

step native native 30 tests native_tests '-shapes:'
step shapes native 5 details shapes
if [ -d "$root/node_modules/vitest" ]; then
  step ops suites 12 tests vitest --project cuda
  step gradients suites 12 tests vitest --project cuda-numeric
  step random suites 4 tests random
  step examples ranks 11 tests vitest --project processes test/examples
  step ranks ranks 17 tests vitest --project processes --project timed test/distributed
  step bench bench 7 details bench
fi
report
tail -n 1 "$out/report.txt"
echo "$out/report.txt"
$all_good
