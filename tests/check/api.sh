#!/usr/bin/env bash
# docs/api.yaml describes exactly the calls of host/api/routes.c.
set -uo pipefail
table() {
	tr -d '\n' <host/api/routes.c | grep -oE \
		'EVHTTP_REQ_(GET|POST), *"[^"]+"' |
		sed -E 's/EVHTTP_REQ_([A-Z]+), *"([^"]+)"/\1 \2/' | sort
}
described() {
	awk '/^paths:/ { on = 1 } /^components:/ { on = 0 }
		on && /^  \/v1/ { path = $1; sub(/:$/, "", path) }
		on && /^    (get|post):/ { m = $1; sub(/:.*/, "", m); print toupper(m), path }' \
		docs/api.yaml | sort
}
[ "$(table | wc -l)" -gt 0 ] || { echo "api: no routes found" >&2; exit 1; }
diff <(table) <(described) || { echo "api: docs/api.yaml and routes.c differ (< only in code, > only in the description)" >&2; exit 1; }
