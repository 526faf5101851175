#!/usr/bin/env bash
# freestanding.sh ARCHIVE: crypto/core may need nothing from outside but the
# memory functions, and may hold no data that can change.
set -euo pipefail
symbols=$(nm -A "$1")
own=$(awk '$(NF-1) ~ /^[TRtrdDbB]$/ { print $NF }' <<<"$symbols" | sort -u)
foreign=$(awk '$(NF-1) == "U" { print $NF }' <<<"$symbols" | sort -u |
	grep -vxE 'mem(cpy|move|set|cmp)|_GLOBAL_OFFSET_TABLE_' |
	comm -23 - <(printf '%s\n' "$own")) || true
if [ -n "$foreign" ]; then
	printf 'freestanding: core needs %s\n' $foreign >&2
	exit 1
fi
changing=$(awk '$(NF-1) ~ /^[bBdDC]$/ && $NF !~ /\.rel\.ro/ { print $NF }' \
	<<<"$symbols")
if [ -n "$changing" ]; then
	# tables of pointers are constant, but relocated where code may move
	printf 'freestanding: %s can change\n' $changing >&2
	exit 1
fi
