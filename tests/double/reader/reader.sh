#!/bin/sh
# Private virtual readers: a pcscd of its own with vpcd for N readers and a
# hufu-card in each, all in one network namespace without a way out.
#
#   reader.sh start DIR N          N readers, no cards in them (1 to 8)
#   reader.sh restart DIR pcscd    after it was killed; also: card-1 ...
#   reader.sh stop DIR             ends what start began, by its pids
#
# Clients, also outside the namespace: PCSCLITE_CSOCK_NAME=DIR/pcscd.sock
# Cards: lines of text to DIR/card-I.sock, see card/port/sim/control.h
# DIR/readers.tsv: number, vpcd port, PC/SC name, control socket
#
# HUFU_BUILD         build folder (default build/dev of this tree)
# READER_MASTER      file for hufu-card --transport-master (optional)
# READER_OWNER       user:group that gets the sockets (optional)
# READER_CARD        arguments more for hufu-card (optional)
set -eu

PORT=35963
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
build=${HUFU_BUILD:-$root/build/dev}
driver=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
pcscd=/usr/sbin/pcscd

die() {
	echo "reader.sh: $*" >&2
	exit 1
}

# wait_until WHAT COMMAND...: asks every 20 ms, for 10 s
wait_until() {
	what=$1
	shift
	tries=500
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || die "$what: not ready after 10 s"
		sleep 0.02
	done
}

alive() {
	[ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null &&
		! grep -q '^State:	Z' "/proc/$(cat "$1")/status" 2>/dev/null
}

gone() {
	! alive "$1"
}

# vpcd of every reader listens (0A) on its port, as pcscd sees it
listening() {
	alive "$dir/pcscd.pid" || die "pcscd ended, see $dir/pcscd.log"
	table=/proc/$(cat "$dir/pcscd.pid")/net/tcp
	for port in $(cut -f2 "$dir/readers.tsv"); do
		grep -q ":$(printf %04X "$port") 00000000:0000 0A" "$table" ||
			return 1
	done
}

# a namespace made without root belongs to a user namespace
user=
[ "$(id -u)" -eq 0 ] || user='-U --preserve-credentials'

# background NAME COMMAND...: starts it in the namespace, keeps its pid
background() {
	name=$1
	shift
	nsenter -t "$(cat "$dir/holder.pid")" -n $user "$@" \
		>>"$dir/$name.log" 2>&1 </dev/null &
	echo $! >"$dir/$name.pid"
}

own() {
	[ -z "${READER_OWNER:-}" ] || chown "$READER_OWNER" "$1"
}

start_pcscd() {
	rm -f "$dir/pcscd.sock" # of one that was killed
	background pcscd "$build/tests/activate" "$dir/pcscd.sock" \
		"$pcscd" --foreground --config "$dir/reader.d"
	wait_until pcscd test -S "$dir/pcscd.sock"
	chmod 0660 "$dir/pcscd.sock"
	own "$dir/pcscd.sock"
	wait_until vpcd listening
}

start_card() {
	port=$(awk -v i="$1" '$1 == i { print $2 }' "$dir/readers.tsv")
	[ -n "$port" ] || die "there is no reader $1"
	rm -f "$dir/card-$1.sock" # of one that was killed
	# shellcheck disable=SC2086 # READER_CARD is a list of words
	background "card-$1" "$build/bin/hufu-card" --port "$port" \
		--control "$dir/card-$1.sock" \
		${READER_MASTER:+--transport-master "$READER_MASTER"} \
		${READER_CARD:-}
	wait_until "card $1" test -S "$dir/card-$1.sock"
	own "$dir/card-$1.sock"
}

# One copy of the driver each: entries that share one overwrite each other.
configure() {
	mkdir -p "$dir/reader.d" "$dir/driver"
	: >"$dir/readers.tsv"
	: >"$dir/reader.d/readers"
	i=1
	while [ "$i" -le "$1" ]; do
		port=$((PORT + 2 * (i - 1)))
		cp "$driver" "$dir/driver/vpcd-$i.so"
		printf 'FRIENDLYNAME "Hufu Virtual Reader %d"\n' "$i" \
			>>"$dir/reader.d/readers"
		printf 'DEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n' \
			"$port" "$dir/driver/vpcd-$i.so" "$port" \
			>>"$dir/reader.d/readers"
		printf '%d\t%d\tHufu Virtual Reader %d 00 00\t%s\n' "$i" \
			"$port" "$i" "$dir/card-$i.sock" >>"$dir/readers.tsv"
		i=$((i + 1))
	done
}

hold_namespace() {
	map=
	[ "$(id -u)" -eq 0 ] || map=-r
	# the holder keeps the namespace while everything in it is restarted
	unshare $map -n sh -c 'ip link set lo up && exec sleep infinity' \
		>"$dir/holder.log" 2>&1 </dev/null &
	echo $! >"$dir/holder.pid"
	wait_until namespace held
}

held() {
	alive "$dir/holder.pid" || die "no namespace, see $dir/holder.log"
	[ "$(cat "/proc/$(cat "$dir/holder.pid")/comm")" = sleep ]
}

start() {
	case $1 in
	[1-8]) ;;
	*) die "N is 1 to 8: pcscd has 16 slots, vpcd takes two a reader" ;;
	esac
	[ -e "$driver" ] || die "install vsmartcard-vpcd"
	[ -x "$pcscd" ] || die "install pcscd"
	[ -x "$build/bin/hufu-card" ] || die "build first: $build/bin/hufu-card"
	gone "$dir/holder.pid" || die "$dir is in use: stop it first"
	configure "$1"
	hold_namespace
	start_pcscd
	for n in $(cut -f1 "$dir/readers.tsv"); do
		start_card "$n"
	done
}

# end NAME: asks, then kills; both by the pid that start wrote down
end() {
	file=$dir/$1.pid
	if alive "$file"; then
		kill "$(cat "$file")" 2>/dev/null || :
		tries=150
		while alive "$file" && [ "$tries" -gt 0 ]; do
			tries=$((tries - 1))
			sleep 0.02
		done
		gone "$file" || kill -KILL "$(cat "$file")" 2>/dev/null || :
	fi
	rm -f "$file"
}

stop() {
	[ -d "$dir" ] || return 0
	for file in "$dir"/card-*.pid; do
		[ -e "$file" ] && end "$(basename "$file" .pid)"
	done
	end pcscd
	end holder
	rm -f "$dir"/*.sock
}

restart() {
	end "$1"
	case $1 in
	pcscd) start_pcscd ;;
	card-*) start_card "${1#card-}" ;;
	*) die "restart pcscd or card-I" ;;
	esac
}

[ $# -ge 2 ] || die "usage: reader.sh start DIR N | restart DIR NAME | stop DIR"
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $command in
start)
	# half a start leaves nothing behind
	trap 'code=$?; [ "$code" -eq 0 ] || stop; exit "$code"' EXIT
	start "${3:-1}"
	;;
restart) restart "${3:?which}" ;;
stop) stop ;;
*) die "start, restart or stop" ;;
esac
