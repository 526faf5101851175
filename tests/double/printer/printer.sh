#!/usr/bin/env bash
# A private hall of virtual card printers:
#   printer.sh start DIR N          N printers, cupsd, queues card0 … cardN-1
#   printer.sh kill DIR NAME        SIGKILL to printer0 … or cupsd
#   printer.sh restart DIR NAME     the same, then started again
#   printer.sh media DIR NAME SIZE  restarts a printer with another medium
#   printer.sh stop DIR             ends everything by its process id
# DIR/printerI/ holds `mode` (see print-card.sh), `uri` (through cupsd),
# `direct-uri`, and what came out: cards/JOB-NAME.pwg, spoiled/ and, in
# order, the list `came-out`.
# Without root there is no cupsd, and `uri` is the direct one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/double/printer/cupsd.sh
. "$here/cupsd.sh"

fail() {
	echo "printer.sh: $*" >&2
	exit 1
}

# until_true SECONDS COMMAND…: polls, for what cannot be waited for.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.02
	done
}

free_port() {
	local port
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		[ -n "$(ss -Htln "sport = :$port")" ] || break
	done
	echo "$port"
}

listens() { # PORT PID
	kill -0 "$2" && (: <"/dev/tcp/127.0.0.1/$1")
}

# Everything runs in a session of its own, whose id is its process id, so
# that its children (backends, print commands) are found and ended with it.
launch() { # NAME COMMAND…
	local name=$1
	shift
	setsid "$@" >>"$dir/$name.log" 2>&1 </dev/null &
	echo $! >"$dir/$name.pid"
}

# Zombies are gone; some containers reap them late or never.
session_of() {
	ps -o pid=,stat= -s "$1" 2>/dev/null | awk '$2 !~ /^Z/ { print $1 }'
}

gone() {
	[ -z "$(session_of "$1")" ]
}

end() { # NAME SIGNAL
	local file="$dir/$1.pid" session pid
	[ -f "$file" ] || return 0
	session=$(cat "$file")
	for pid in $(session_of "$session"); do
		kill "-$2" "$pid" 2>/dev/null || true
	done
	if ! until_true 5 gone "$session"; then
		for pid in $(session_of "$session"); do
			kill -KILL "$pid" 2>/dev/null || true
		done
		until_true 5 gone "$session" || fail "$1 does not end"
	fi
	rm -f "$file"
}

start_bus() {
	cat >"$run/bus.conf" <<-EOT
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
	 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig>
	  <listen>unix:path=$run/bus</listen>
	  <auth>EXTERNAL</auth>
	  <policy context="default">
	    <allow send_destination="*"/>
	    <allow receive_sender="*"/>
	    <allow own="*"/>
	  </policy>
	</busconfig>
	EOT
	launch bus dbus-daemon --config-file="$run/bus.conf" --nofork --nopidfile
	until_true 5 test -S "$run/bus" || fail "dbus-daemon does not start"
}

describe_printer() { # NAME
	local media x y size tray
	media=$(cat "$dir/$1/media")
	case $media in
	iso_id-1_53.98x85.6mm) x=5398 y=8560 ;;
	iso_a4_210x297mm) x=21000 y=29700 ;;
	*) fail "unknown medium $media" ;;
	esac
	size="MEMBER collection media-size { MEMBER integer x-dimension $x MEMBER integer y-dimension $y } MEMBER keyword media-size-name \"$media\""
	tray="MEMBER keyword media-source \"main\" MEMBER keyword media-type \"cardstock\""
	for edge in bottom left right top; do
		size+=" MEMBER integer media-$edge-margin 0"
	done
	sed -e "s|@COLLECTION@|{ $size $tray }|" -e "s|@MEDIA@|$media|" \
		-e "s|@X@|$x|g" -e "s|@Y@|$y|g" \
		"$here/card-printer.conf.in" >"$dir/$1/printer.conf"
}

start_printer() { # NAME
	local port
	port=$(cat "$dir/$1/port")
	describe_printer "$1"
	rm -rf "$dir/$1/spool"
	mkdir "$dir/$1/spool"
	DBUS_SYSTEM_BUS_ADDRESS=unix:path=$run/bus CARD_PRINTER=$dir/$1 \
		CARD_RIG=$here/printer.sh CARD_RIG_DIR=$dir \
		launch "$1" ippeveprinter -n localhost -p "$port" -r off \
		-a "$dir/$1/printer.conf" -c "$here/print-card.sh" \
		-d "$dir/$1/spool" "$1"
	until_true 5 listens "$port" "$(cat "$dir/$1.pid")"
}

make_printer() { # NAME
	local try
	mkdir -p "$dir/$1"/{cards,spoiled}
	echo ok >"$dir/$1/mode"
	echo iso_id-1_53.98x85.6mm >"$dir/$1/media"
	for try in 1 2 3 4 5; do
		free_port >"$dir/$1/port"
		start_printer "$1" && break
		end "$1" KILL
		[ "$try" -lt 5 ] || fail "$1 does not start, see $dir/$1.log"
	done
	echo "ipp://localhost:$(cat "$dir/$1/port")/ipp/print" \
		>"$dir/$1/direct-uri"
	cp "$dir/$1/direct-uri" "$dir/$1/uri"
}

start_cupsd() {
	cups_purge
	launch cupsd cupsd -f -c "$run/cups/etc/cupsd.conf" \
		-s "$run/cups/etc/cups-files.conf"
	until_true 10 listens "$(cat "$dir/cups-port")" "$(cat "$dir/cupsd.pid")"
}

make_cupsd() {
	local try
	for try in 1 2 3 4 5; do
		free_port >"$dir/cups-port"
		cups_configure "$(cat "$dir/cups-port")"
		start_cupsd && return
		end cupsd KILL
	done
	fail "cupsd does not start, see $dir/cupsd.log"
}

make_queue() { # INDEX
	local printer=$dir/printer$1
	CUPS_SERVER=$run/cups/state/cups.sock lpadmin -p "card$1" -E \
		-v "$(cat "$printer/direct-uri")" -m everywhere \
		-o printer-error-policy=abort-job 2>>"$dir/lpadmin.log" ||
		fail "lpadmin refuses card$1, see $dir/lpadmin.log"
	echo "ipp://localhost:$(cat "$dir/cups-port")/printers/card$1" \
		>"$printer/uri"
}

start() { # N
	local i
	[ ! -e "$dir/run" ] || fail "$dir is in use; stop it first"
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	# Short, for the sockets, and open to lp wherever DIR lies.
	run=$(mktemp -d /var/tmp/hufu-print.XXXXXX)
	chmod 0755 "$run"
	ln -s "$run" "$dir/run"
	start_bus
	for ((i = 0; i < $1; i++)); do
		make_printer "printer$i"
	done
	[ "$(id -u)" = 0 ] || return 0
	make_cupsd
	for ((i = 0; i < $1; i++)); do
		make_queue "$i"
	done
}

again() { # NAME
	case $1 in
	cupsd) start_cupsd || fail "cupsd does not start again" ;;
	*) start_printer "$1" || fail "$1 does not start again" ;;
	esac
}

stop() {
	local file
	for file in "$dir"/printer*.pid; do
		[ -e "$file" ] && end "$(basename "$file" .pid)" KILL
	done
	end cupsd TERM
	end bus TERM
	rm -rf "$run"
	rm -f "$dir/run"
}

[ $# -ge 2 ] || fail "start|kill|restart|media|stop DIR …"
verb=$1
dir=$2
if [ "$verb" = start ]; then
	if ! (start "${3:?how many printers}"); then
		[ ! -e "$dir/run" ] || "${BASH_SOURCE[0]}" stop "$dir"
		exit 1
	fi
	exit 0
fi
[ -e "$dir/run" ] || fail "$dir is not running"
dir=$(cd "$dir" && pwd)
run=$(readlink "$dir/run")
case $verb in
kill) end "${3:?name}" KILL ;;
restart)
	end "${3:?name}" KILL
	again "$3"
	;;
media)
	echo "${4:?size}" >"$dir/$3/media"
	end "$3" KILL
	again "$3"
	;;
stop) stop ;;
*) fail "unknown: $verb" ;;
esac
