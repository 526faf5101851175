#!/usr/bin/env bash
# npm_ci.sh NPM: installs what package-lock.json names, unless it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=node_modules/.installed-lock.json
mkdir -p build
exec 9>build/npm.lock
flock 9
cmp -s package-lock.json "$stamp" && exit 0
"$1" ci --ignore-scripts --silent
cp package-lock.json "$stamp"
