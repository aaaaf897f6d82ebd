#!/bin/sh
# The outputs of docs/scaling.md: the built-in workloads at 1, 2 and 4 ranks, with PyTorch beside, on a machine that does
# nothing else. Text, picture and traces of each go to a folder.
#   PYTHON=venv/bin/python bench/scaling.sh [folder]
set -eu
out=${1:-scaling}
mkdir -p "$out"
for workload in mlp lenet wide-mlp; do
  npx dtrain bench scaling --workload "$workload" --nproc 1,2,4 --peer torch --python "${PYTHON:-python3}" \
    --plot "$out/$workload.svg" --trace "$out/$workload" > "$out/$workload.txt"
  cat "$out/$workload.txt"
done
