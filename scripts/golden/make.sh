#!/usr/bin/env bash
# Regenerates test/golden from PyTorch. Needs Python 3.10 or newer and, the first time, the network; nothing need be built.
# PYTHON names the interpreter of an environment that already has the pinned PyTorch.
#
#   scripts/golden/make.sh
#   DTRAIN_FAMILIES=conv,pool scripts/golden/make.sh      the answers to the op cases of these families alone
set -euo pipefail
cd "$(dirname "$0")/../.."

torch=2.13.0
python=${PYTHON:-.venv/bin/python}
if [ -z "${PYTHON:-}" ] && [ ! -x "$python" ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet "torch==$torch" numpy safetensors "torchvision==0.28.0" "pillow==13.0.0" \
    "tensorboard==2.21.0" "torchviz==0.0.3" "torchinfo==1.8.0"
fi
found=$("$python" -c 'import torch; print(torch.__version__.split("+")[0])')
if [ "$found" != "$torch" ]; then
  echo "golden files are made with PyTorch $torch; $python has $found" >&2
  exit 1
fi

# The float32 answers of PyTorch depend on the instructions of the processor: AVX2 is the common ground.
export ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_CBWR=AVX2 OMP_NUM_THREADS=1
cases=$(mktemp)
trap 'rm -f "$cases"' EXIT
npx tsx scripts/golden/dump-cases.ts > "$cases"
"$python" -W ignore scripts/golden/ops.py < "$cases"
npx tsx scripts/arguments.ts --names | "$python" scripts/golden/signatures.py
[ -z "${DTRAIN_FAMILIES:-}" ] || exit 0
"$python" -W ignore scripts/golden/random_numbers.py
"$python" scripts/golden/names.py
"$python" scripts/opinfo/modules.py test/golden --golden
"$python" -W ignore scripts/golden/adaptive.py
"$python" scripts/golden/autograd.py
"$python" scripts/golden/optimizers.py
"$python" scripts/golden/lbfgs.py
"$python" scripts/golden/special.py
"$python" scripts/golden/printing.py
"$python" scripts/golden/numpy_random.py
"$python" scripts/golden/schedulers.py
"$python" scripts/golden/gaussian_process.py
"$python" scripts/golden/sobol.py
"$python" scripts/golden/train.py
"$python" -W ignore scripts/golden/files.py
"$python" -W ignore scripts/golden/vision.py
"$python" -W ignore scripts/golden/grids.py
"$python" -W ignore scripts/golden/data.py
"$python" -W ignore scripts/golden/tensorboard_events.py
"$python" -W ignore scripts/golden/pictures.py
for program in scripts/golden/examples/*.py; do "$python" -W ignore "$program"; done
