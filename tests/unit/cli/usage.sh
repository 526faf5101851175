#!/usr/bin/env bash
# Wrong and right usage where no daemon runs: usage.sh HUFU HUFUD SIGND MAN
set -uo pipefail
hufu=$1 hufud=$2 signd=$3
man=$(sed 's/\\-/-/g; s/\\f[BIR]//g' "$4/hufu.1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export HUFU_SOCKET=$work/nobody
bad=0

# expect STATUS STREAM TEXT COMMAND...: STREAM (out, err) holds TEXT, the
# other one is empty
expect() {
	local status=$1 stream=$2 text=$3 got other
	shift 3
	"$@" >out 2>err </dev/null
	got=$?
	[ "$stream" = out ] && other=err || other=out
	if [ $got -ne "$status" ] || ! grep -qF -- "$text" $stream ||
		[ -s $other ]; then
		echo "$*: exit $got, wanted $status '$text' on $stream:" >&2
		cat out err >&2
		bad=1
	fi
}

wrong() { expect 2 err '用法' "$hufu" "$@"; }
away() { expect 3 err 'Is hufud running?' "$hufu" "$@"; }

expect 0 out '用法' "$hufu" --help
expect 0 out '用法' "$hufud" --help
expect 0 out '用法' "$signd" --help
expect 2 err '用法' "$hufud"
expect 2 err '用法' "$signd"
for command in init status area staff person apply review station job card \
	stock log trust doctor edge backup restore; do
	expect 0 out "usage: hufu $command" "$hufu" $command --help
	expect 0 out "usage: hufu $command" "$hufu" $command one two --help
	for option in $(grep -oE -- '--[a-z][a-z-]+' out); do
		grep -qE -- "$command( .*)? [[]?$option\>" <<<"$man" || {
			echo "hufu.1: $command lacks $option" >&2
			bad=1
		}
	done
	wrong $command --made-up
done
[ -z "$(ls | grep -vx -e out -e err)" ] || { ls >&2; bad=1; }

wrong
wrong made-up
wrong --socket
wrong card made-up 1
wrong card revoke x/1 --ground a
wrong review made-up 1
wrong review accept x
wrong station made-up station1
wrong station list now
wrong job made-up 1 ground
wrong job retry 1
wrong job retry one ground
wrong stock made-up 1
wrong stock receive 5
wrong stock count -1
wrong stock close 5
wrong proposal
wrong proposal confirm x
wrong proposal made-up 1
wrong staff add login title 0 auditor@320106
wrong staff revoke login
wrong staff grant login auditor
wrong staff dismiss login auditor@320106
wrong person show -
wrong apply --id-number - --kind 1 --area 320106 --photo x

# What a path cannot hold is escaped, or there is no such thing.
away review list --state 'in review'
away card list --phase '卡&x=%'
away stock show --area '1 2'
expect 1 err 'no station named No Such' "$hufu" station start 'No Such'
away station start station1
away job retry 1 ground
away staff dismiss login
away staff revoke login auditor@320106
echo 11 | "$hufu" person show - >out 2>err
[ $? -eq 3 ] || { echo 'person show -: not from standard input' >&2; bad=1; }

exit $bad
