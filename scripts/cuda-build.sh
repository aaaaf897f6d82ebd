# Sourced by the scripts that build the CUDA backend with NVIDIA's headers on a machine that may have no GPU: one line per
# step, the packages from PyPI (2 GB, into build/nvidia, once), and the configuration. They set `folder`, that of the build,
# and are in the root of the repository.

unset DTRAIN_CUDA DTRAIN_CUDA_INCLUDE # they would win over what is asked for here

# Also what check-cuda.sh expects the libraries to say. NCCL's structures grow from version to version, so the emulated
# headers are compared with these.
nvidia_packages=(nvidia-cublas==13.10.0.20 nvidia-cuda-nvrtc==13.5.37 nvidia-cudnn-cu13==9.28.0.42 nvidia-cusolver==12.4.1.2
  nvidia-cusparse==12.9.4.2 nvidia-nvjitlink==13.5.37 nvidia-nccl-cu13==2.32.3 nvidia-nvml-dev==13.4.92)

log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() { # line...
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

step() { # name command...: one line, and the whole log if the command fails
  local name=$1 start=$SECONDS
  shift
  printf '%-22s' "$name"
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null # in a condition, set -e would not hold inside functions
  local status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    printf 'failed\n\n'
    cat "$log"
    fail "$name failed; the reason is above."
  fi
  printf 'ok  %4d s\n' $((SECONDS - start))
}

joined() { # separator word...
  local IFS=$1
  shift
  printf '%s' "$*"
}

needs_nvcc() {
  command -v nvcc >/dev/null ||
    fail 'nvcc is not installed: see https://developer.nvidia.com/cuda-downloads (the toolkit is enough, no driver is needed).'
  [ -e node_modules/.package-lock.json ] || fail 'The npm packages are not installed: type scripts/setup.sh first.'
}

nvidia=$PWD/build/nvidia/pypi/nvidia
includes=("$nvidia/cu13/include" "$nvidia/cudnn/include" "$nvidia/nccl/include")
libraries=("$nvidia/cu13/lib" "$nvidia/cudnn/lib" "$nvidia/nccl/lib")

# All of them together, because they share a folder, which pip replaces. The list is written when they are there.
fetch_nvidia() {
  [ "$(cat build/nvidia/pypi.txt 2>/dev/null)" != "${nvidia_packages[*]}" ] || return 0
  python3 -m pip install --no-deps --only-binary :all: --no-cache-dir --upgrade --disable-pip-version-check \
    --root-user-action ignore --target build/nvidia/pypi "${nvidia_packages[@]}"
  echo "${nvidia_packages[*]}" >build/nvidia/pypi.txt
}

configure_cuda() { # architectures option...
  cmake -S . -B "$folder" -G Ninja -DDTRAIN_CUDA=on "-DDTRAIN_CUDA_INCLUDE=$(joined ';' "${includes[@]}")" \
    "-DCMAKE_CUDA_ARCHITECTURES=$1" "${@:2}"
}
