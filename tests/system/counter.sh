# Sourced after hall.sh: what the people of a hall do, step by step.

json() { /usr/bin/python3 -c "import json,sys; d=json.load(sys.stdin); $1"; }

material() { # KIND
	if [ "$1" = 2 ]; then
		echo photo,id-card,dead-certificate,kinship
	else
		echo photo,id-card,discharge
	fi
}

kind_of() { # CLASSES
	case $1 in *family*) echo 2 ;; *) echo 1 ;; esac
}

clerk_of() { # AREA first|second
	case $1$2 in
	320106002first) echo clerk1 ;; 320106002second) echo clerk2 ;;
	320106003first) echo clerk3 ;; *) echo clerk4 ;;
	esac
}

work_list() { # STAFF STATE: ids that this person may decide
	as "$1" --json review list --mine --state "$2" |
		json 'print(*[a["id"] for a in d["applications"]])'
}

pass() { # STAFF: accepts everything on the own work list
	local id
	for id in $(work_list "$1" in-review); do
		as "$1" review accept "$id" >>"$HALL/review.log"
	done
}

open_jobs() {
	as maker1 --json job list | json 'print(len(d["jobs"]))'
}

numbers() { # PHASE
	as centre --json card list --phase "$1" |
		json 'print(*[c["number"] for c in d["cards"]])'
}

verify_face() { # PNG: verdict word
	"$HALL/bin/hufu-verify" image --json "$1" \
		--trust "$HALL/office/public/trust-list.cbor" \
		--root "$HALL/office/public/root.pem" \
		--status "$HALL/office/public/status/1/list.cwt" 2>/dev/null |
		json 'print(d["verdict"])' || true
}

# By an independent reader: signatures, both forms of each list, and what
# the log has bound.
lists_agree() {
	/usr/bin/python3 \
		"$root/tests/check/independent/published_lists.py" \
		"$HALL/office/public"
}

unpack_faces() {
	local raster name
	mkdir -p "$HALL/faces"
	for raster in "$HALL"/printers/printer*/cards/*.pwg; do
		name=$(basename "$raster" .pwg)
		"$BUILD/tests/faces" "$raster" "$HALL/faces/$(basename \
			"$(dirname "$(dirname "$raster")")")-$name"
	done
}

control() { # READER LINE
	printf '%s\n' "$2" | /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
s.sendall(sys.stdin.buffer.read()); print(s.makefile().readline().strip())' \
		"$HALL/readers/card-$1.sock"
}

# A reader sees a card come and go up to 400 ms late: ask again.
verify_chip() {
	local try
	for try in 1 2 3 4 5 6 7 8; do
		if PCSCLITE_CSOCK_NAME=$HALL/readers/pcscd.sock \
			"$HALL/bin/hufu-verify" chip --json \
			"Hufu Virtual Reader 1 00 00" \
			--trust "$HALL/office/public/trust-list.cbor" \
			--root "$HALL/office/public/root.pem" \
			--status "$HALL/office/public/status/1/list.cwt" \
			>"$HALL/chip.json" 2>>"$HALL/chips.log" ||
			grep -q '"verdict"' "$HALL/chip.json"; then
			cat "$HALL/chip.json" >>"$HALL/chips.json"
			return
		fi
		sleep 0.1
	done
	hall_fail "a chip cannot be read after $try tries"
}

# The card's holder comes with the ID card, and signs on paper.
collect() { # NUMBER
	local application holder
	application=$(as centre --json card show "$1" |
		json 'print(d["application"])')
	holder=$(as centre --json review show "$application" |
		json 'print(d["person"]["id_number"])')
	at_counter card handover "$1" --id-number "$holder"
}

# The counter of either township, whichever the card belongs to.
at_counter() {
	as clerk1 "$@" 2>/dev/null || as clerk3 "$@"
}
