#!/usr/bin/env bash
# with-printers.sh N COMMAND…: runs the command with N virtual printers and
# a private cupsd; it finds their folder in $CARD_PRINTERS. 77 without root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ "$(id -u)" = 0 ] || { echo "needs root for a private cupsd"; exit 77; }
count=$1
shift
CARD_PRINTERS=$(mktemp -d /var/tmp/hufu-printers.XXXXXX)
export CARD_PRINTERS CARD_RIG=$here/printer.sh
finish() {
	"$here/printer.sh" stop "$CARD_PRINTERS" || true
	rm -rf "$CARD_PRINTERS"
}
trap finish EXIT
trap 'exit 1' INT TERM
"$here/printer.sh" start "$CARD_PRINTERS" "$count"
"$@"
