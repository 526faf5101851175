#!/usr/bin/env bash
# host/policy/calendar.csv is what the npm package says, nothing else.
set -uo pipefail
[ -f node_modules/chinese-days/package.json ] || exit 77
node host/policy/calendar.mjs | diff host/policy/calendar.csv - >&2 ||
	{ echo "calendar: make it again (host/policy/calendar.mjs)" >&2; exit 1; }
