# Sourced: who is killed, and how each comes back.

VICTIMS=(hufud hufud hufud signd signd card-1 card-2 cupsd printer0 printer1
	pcscd)
blanks=0 # plastic made so far

pid_file() { # VICTIM
	case $1 in
	hufud | signd) echo "$HALL/$1.pid" ;;
	card-* | pcscd) echo "$HALL/readers/$1.pid" ;;
	*) echo "$HALL/printers/$1.pid" ;;
	esac
}

is_dead() { # VICTIM
	local pid
	pid=$(cat "$(pid_file "$1")")
	! kill -0 "$pid" 2>/dev/null ||
		grep -q '^State:	Z' "/proc/$pid/status"
}

kill_hard() { # VICTIM
	case $1 in
	cupsd | printer*)
		"$root/tests/double/printer/printer.sh" kill \
			"$HALL/printers" "$1"
		;;
	*)
		kill -KILL "$(cat "$(pid_file "$1")")" 2>/dev/null || true
		hall_wait 10 is_dead "$1" || hall_fail "$1 does not die"
		;;
	esac
}

revive() { # VICTIM
	case $1 in
	hufud) hall_hufud ;;
	signd)
		rm -f "$HALL/office/run/signer/signd.sock"
		hall_signd
		;;
	card-* | pcscd) revive_reader "$1" ;;
	*)
		"$root/tests/double/printer/printer.sh" restart \
			"$HALL/printers" "$1" || hall_fail "$1 stays away"
		;;
	esac
	disown -a # no word of the shell when it is killed
}

# A socket that the dead one left would be taken for the new one's.
revive_reader() { # VICTIM
	rm -f "$HALL/readers/$1.sock"
	HUFU_BUILD=$BUILD READER_OWNER=$HOST_UID:$HOST_UID \
		READER_MASTER=$HALL/office/signer/transport.master \
		"$root/tests/double/reader/reader.sh" restart \
		"$HALL/readers" "$1" || hall_fail "$1 stays away"
}

# The next edition of the status list closes a day.
make_yesterday() {
	as_uid "$HOST_UID" sqlite3 "$DATABASE" \
		'UPDATE status_list SET snapshot_at = snapshot_at - 86400'
}

# Starts it so that it dies at FAULT, perhaps before it answers anyone.
end_and_launch() { # hufud|signd FAULT
	hall_end "$1"
	case $2 in status.closed | status.snapshot) make_yesterday ;; esac
	if [ "$1" = signd ]; then
		rm -f "$HALL/office/run/signer/signd.sock"
		HUFU_FAULT=$2 hall_signd
	else
		hall_launch hufud "$HOST_UID" env HUFU_FAULT="$2" \
			PCSCLITE_CSOCK_NAME="$HALL/readers/pcscd.sock" \
			CUPS_SERVER="$HALL/printers/cups/state/cups.sock" \
			HOME="$HALL/office/host" "$HALL/bin/hufud" \
			--config "$HALL/office/etc/hufud.ini"
		hall_wait 20 answers_or_died
	fi
	disown -a
}

answers_or_died() {
	is_dead hufud || as sysadmin status
}

set_printers() { # MODE
	local printer
	for printer in "$HALL"/printers/printer*/mode; do
		echo "$1" >"$printer"
	done
}

stock_up() {
	local i bin
	for ((i = 1; i <= STATIONS; i++)); do
		bin=$(find "$HALL/station$i/hopper" -name '*.card' | wc -l)
		[ "$bin" -lt 6 ] || continue
		as keeper1 stock receive 20 --reference "DN-$i-$blanks" \
			--station "station$i" >/dev/null ||
			hall_fail 'blanks are not taken'
		hall_blanks "$i" 20
		blanks=$((blanks + 20))
	done
}
