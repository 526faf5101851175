#!/usr/bin/env bash
# Rooms and files with a name of their own, of a size that one can read.
set -uo pipefail
bad=0
if git ls-files | grep -Ei '(^|/)(utils?|common|helpers?|misc|manager|handler)(\.|/|_)'; then
	echo 'names: call it what it is' >&2
	bad=1
fi
long=$(git ls-files -z '*.c' '*.h' '*.cc' '*.ts' '*.vue' | xargs -0 -r wc -l |
	awk '$2 != "total" && $1 > 800')
if [ -n "$long" ]; then
	printf '%s\nnames: past 800 lines it is two files\n' "$long" >&2
	bad=1
fi
exit $bad
