#!/usr/bin/env bash
# Every header compiles alone: headers.sh COMPILER
set -uo pipefail
flags=$(pkg-config --cflags cairo pango libpcsclite libevent jansson sqlite3 \
	openssl 2>/dev/null)
check() {
	# shellcheck disable=SC2086
	"$1" -std=gnu17 -fsyntax-only -Wall -Werror -I. -Icrypto/include $2 \
		-x c -include "$3" /dev/null || echo "headers: $3 needs another"
}
export -f check
out=$(git ls-files 'crypto/*.h' 'card/*.h' 'host/*.h' 'merchant/*.h' 'kiosk/*.h' |
	xargs -r -P "$(nproc)" -I{} bash -c 'check "$1" "$2" "$3" 2>&1' - "$1" "$flags" {})
[ -z "$out" ] || { echo "$out"; exit 1; }
