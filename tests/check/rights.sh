#!/usr/bin/env bash
# tests/unit/api/rights.txt has a row for every word of every act that
# docs/api.yaml tells of; that each call has one, the unit test itself sees.
set -uo pipefail
told() {
	awk '/^components:/ { schemas = 1 }
		!schemas && /^  \/v1/ { path = $1; sub(/:$/, "", path) }
		!schemas && /requestBody/ && match($0, /schemas\/[a-zA-Z_]+/) {
			of[substr($0, RSTART + 8, RLENGTH - 8)] = path }
		schemas && /^    [a-zA-Z_]+:/ {
			name = $1; sub(/:.*/, "", name); path = of[name] }
		/^ +(act|event|resolution): \{enum: / && path {
			words = $0
			sub(/.*enum: \[/, "", words); sub(/\].*/, "", words)
			n = split(words, each, /, */)
			for (i = 1; i <= n; i++) print path, each[i] }' \
		docs/api.yaml | sort -u
}
judged() {
	awk -F'|' '/^ / { split($2, call, " ")
		if (call[3] != "") print call[2], call[3] }' \
		tests/unit/api/rights.txt | sort -u
}
[ "$(told | wc -l)" -gt 30 ] || { echo "rights: too few acts found" >&2; exit 1; }
diff <(told) <(judged) ||
	{ echo "rights: docs/api.yaml and rights.txt differ (< only told of, > only judged)" >&2; exit 1; }
