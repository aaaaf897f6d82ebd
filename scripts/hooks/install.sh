#!/bin/sh
# `npm run hooks`: makes git run the hooks of this folder. To stop that: git config --unset core.hooksPath
set -eu
cd "$(dirname "$0")/../.."
git config core.hooksPath scripts/hooks
echo 'Checks run before every commit now: scripts/hooks/pre-commit'
