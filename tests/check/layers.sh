#!/usr/bin/env bash
# Refuses an include that goes up: layers.txt says who may use whom.
set -euo pipefail
export LC_ALL=C
git ls-files -z --cached --others --exclude-standard -- \
	'crypto/*.[ch]' 'crypto/*.cc' 'card/*.[ch]' 'host/*.[ch]' 'host/*.cc' \
	'kiosk/*.[ch]' 'merchant/*.[ch]' 'merchant/*.cc' |
	xargs -0 -r grep -HnE '^#[[:space:]]*include[[:space:]]*("|<hufu/)' /dev/null |
	awk -v rules=tests/check/layers.txt '
	BEGIN {
		while ((getline line < rules) > 0) {
			if (line ~ /^#/ || line !~ /:/)
				continue
			room = line; sub(/:.*/, "", room)
			sub(/^[^:]*:/, "", line)
			may[room] = " " line " "
		}
	}
	function room_of(path,    r, best) {
		best = ""
		for (r in may)
			if ((path == r || index(path, r "/") == 1) &&
			    length(r) > length(best))
				best = r
		return best
	}
	{
		split($0, part, ":")
		from = room_of(part[1])
		target = $0
		if (target ~ /<hufu\//) {
			to = "crypto/include"; target = to "/x.h"
		} else {
			sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
			to = room_of(target)
		}
		if (from == "")
			why = "stands in no room of layers.txt"
		else if (target !~ /\//)
			why = "write the path from the root: " target
		else if (to == from || index(may[from], " " to " ") ||
			 index(may[from], " " target " "))
			next
		else
			why = from " may not use " target
		print part[1] ":" part[2] ": " why
		bad = 1
	}
	END { exit bad }' || { echo "layers: see the lines above and tests/check/layers.txt" >&2; exit 1; }
[ "${1:-}" = --quiet ] || echo "layers: every include goes down"
