#!/usr/bin/env bash
# weight.sh PAGE: what a browser loads at first stays small, and names no
# other host.
set -euo pipefail
page=$(find "$1" -type f ! -name '*.wasm' -exec gzip -9c {} + | wc -c)
echo "pages $page bytes compressed"
[ "$page" -lt 1500000 ] || { echo 'the pages are over 1.5 MB' >&2; exit 1; }
if grep -rhoE '(https?:)?//[a-z0-9-]+(\.[a-z0-9-]+)+' --include='*.css' --include='*.html' "$1" |
	grep -v 'www.w3.org'; then
	echo 'the pages name a foreign host' >&2
	exit 1
fi
