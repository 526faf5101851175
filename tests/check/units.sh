#!/usr/bin/env bash
# The services' sandboxes, as systemd-analyze judges them: at most 2.0.
set -uo pipefail
command -v systemd-analyze >/dev/null || exit 77
bad=0
for unit in host/units/*.service; do
	out=$(systemd-analyze security --offline=true --no-pager --threshold=20 \
		"$unit" 2>&1) && continue
	printf '%s\n' "$out" | grep -v '^✓' >&2
	echo "units: $unit leaves too much open" >&2
	bad=1
done
# Programs and pages are not installed where this runs; the rest must be right.
odd=$(systemd-analyze verify --man=no host/units/*.service 2>&1 |
	grep 'host/units\|^hufu' | grep -v 'is not executable')
[ -z "$odd" ] || { printf '%s\n' "$odd" >&2; bad=1; }
exit $bad
