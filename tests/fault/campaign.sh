#!/usr/bin/env bash
# campaign.sh BUILD [N]: kills the processes of a hall while it makes cards:
# once at every named point, then N times (20) anyone at any moment. After
# each the hall must come to rest by itself with nothing lost and nothing
# made twice. SEED=number repeats the random choices; FAULT_LIMIT_S ends the
# random part early, and says so; ONLY=regex chooses points.
# Needs root (77: skipped without).
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo 'fault: needs root, skipped'; exit 77; }
BUILD=$(cd "$1" && pwd)
kills=${2:-20}
STATIONS=2
HALL_GATHER_MS=20
SEED=${SEED:-$((RANDOM * 32768 + RANDOM))}
QUIET_S=${QUIET_S:-90} # longest way from a kill to rest
faults=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/system/hall.sh
. "$faults/../system/hall.sh"
# shellcheck source=tests/fault/applications.sh
. "$faults/applications.sh"
# shellcheck source=tests/fault/invariants.sh
. "$faults/invariants.sh"
# shellcheck source=tests/fault/victims.sh
. "$faults/victims.sh"
STARTED=$SECONDS
points=0 unmet=() done_kills=0 resolved=0 checked=0 violations=0
declare -A killed=()

cleanup() {
	local code=$?
	trap '' INT TERM
	hall_stop || true
	if [ $code -eq 0 ] && [ -z "${KEEP:-}" ]; then
		rm -rf "$HALL"
	else
		echo "fault: see $HALL" >&2
	fi
	exit $code
}

# Names of all points, as the sources have them.
named_points() {
	{
		grep -rhoE 'fault_point\("[a-z.-]+"' "$root/host" --include='*.c'
		grep -hoE '"station\.(before|after)\.[a-z-]+"' \
			"$root/host/station/saga.c"
	} | grep -oE '"[a-z.-]+"' | tr -d '"' | sort -u |
		grep -E "${ONLY:-.}" || true
}

# What the environment asks for: points that are passed all the time are
# met in the middle of a card instead of at its first step.
fault_of() { # POINT
	case $1 in
	log-*) echo "$1:$((1 + RANDOM % 3))" ;;
	status.closed | status.snapshot) echo "$1" ;; # see end_and_launch
	status.*) echo "$1:$((1 + RANDOM % 2))" ;;
	signd-*) echo "$1:$((1 + RANDOM % 4))" ;;
	*) echo "$1" ;;
	esac
}

say() {
	[ -z "${VERBOSE:-}" ] || echo "$((SECONDS - STARTED)) s: $*"
}

# Everything is well again and what was released is made.
come_to_rest() { # WHAT
	local end=$((SECONDS + QUIET_S))
	set_printers ok
	until is_quiet; do
		if [ "$SECONDS" -ge "$end" ]; then
			violation "$1: 任务停滞 jobs are stuck"
			as maker1 job list || true
			as maker1 station status || true
			exit 1
		fi
		resolve_dead
		release_again
		sleep 0.05
	done
	check_invariants "$1"
	say "$1"
}

# One named point: the process dies there while it makes a card.
try_point() { # FAULT
	local who=hufud point=${1%%:*}
	case $point in signd-*) who=signd ;; esac
	stock_up
	case $point in *.spoiled) set_printers jam-abort ;; esac
	end_and_launch "$who" "$1"
	release 1
	# Steps that share a checkpoint pass its points only once.
	hall_wait 6 is_dead "$who" || release_more
	if hall_wait 12 is_dead "$who"; then
		points=$((points + 1))
		killed[$who]=$((${killed[$who]:-0} + 1))
	else
		unmet+=("$1")
		hall_end "$who"
	fi
	revive "$who"
	come_to_rest "$1"
}

try_points() {
	local point nth
	for point in $(named_points); do
		[ "$point" != station.apdu ] || continue
		try_point "$(fault_of "$point")"
	done
	[[ station.apdu =~ ${ONLY:-.} ]] || return 0
	for nth in 1 20 45 70 95 120; do
		try_point "station.apdu:$nth"
	done
}

try_random() {
	local victim
	while [ "$done_kills" -lt "$kills" ]; do
		if [ $((SECONDS - STARTED)) -ge "${FAULT_LIMIT_S:-86400}" ]; then
			echo "fault: 时限已到 time is up after $done_kills"
			break
		fi
		stock_up
		release 2
		victim=${VICTIMS[RANDOM % ${#VICTIMS[@]}]}
		sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
		kill_hard "$victim"
		killed[$victim]=$((${killed[$victim]:-0} + 1))
		done_kills=$((done_kills + 1))
		revive "$victim"
		come_to_rest "kill $done_kills of $victim"
	done
}

figures() {
	local name
	echo "命名点 named points: $points${unmet[*]:+, not met: ${unmet[*]}}"
	echo "随机 random kills: $done_kills of $kills, seed $SEED"
	for name in "${!killed[@]}"; do
		printf '  %-10s %d\n' "$name" "${killed[$name]}"
	done | sort
	echo "申请 applications: $(count_applications)"
	echo "已制 cards made: $(query 'SELECT count(*) FROM job
		WHERE state = 11')"
	echo "废卡 cards spoiled: $(query 'SELECT count(*) FROM blank
		WHERE state = 4')"
	echo "人工处理 jobs resolved by a person: $resolved"
	echo "检查 invariants checked: $checked   违反 violations: $violations"
	echo "用时 seconds: $((SECONDS - STARTED))"
}

HALL=$(mktemp -d /var/tmp/hufu-fault.XXXXXX)
trap cleanup EXIT
trap 'exit 1' INT TERM
echo "seed $SEED"
# Named points take one application each, random kills two.
hall_start "$HALL"
DATABASE=$HALL/office/host/hufu.db
sed -i 's/^start = no/start = yes/' "$HALL/office/etc/hufud.ini"
hall_end hufud
hall_hufud
disown -a
RANDOM=$((SEED % 32768))
wanted=$(($(named_points | wc -l) + 14 + 2 * kills))
take_applications "$wanted"
echo "准备 prepared: ${#held[@]} applications in $((SECONDS - STARTED)) s"
try_points
echo "命名点 named points: $points in $((SECONDS - STARTED)) s"
try_random
figures
[ "$violations" = 0 ] && [ ${#unmet[@]} = 0 ]
