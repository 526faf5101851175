#!/usr/bin/env bash
# weight.sh PAGE CORE: the page stays light, and asks nobody else for anything.
set -euo pipefail
page=$(find "$1" -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')
core=$(stat -c %s "$2")
echo "page $page bytes, core $core bytes"
[ "$page" -lt 2500000 ] || { echo 'the page is over 2.5 MB' >&2; exit 1; }
[ "$core" -lt 150000 ] || { echo 'the core is over 150 kB' >&2; exit 1; }
# names of XML dialects and of documentation are no requests
if grep -rhoE '(https?:)?//[a-z0-9-]+(\.[a-z0-9-]+)+' --include='*.css' --include='*.html' "$1" |
	grep -v 'www.w3.org'; then
	echo 'the page names a foreign host' >&2
	exit 1
fi
