#!/usr/bin/env bash
# demo.sh BUILD [--keep]: a whole service hall, from the registry to cards in
# their holders' hands, on virtual readers and printers.
set -euo pipefail
BUILD=$(cd "$1" && pwd)
keep=${2:-}
STATIONS=2
HALL_GATHER_MS=20
# shellcheck source=tests/system/hall.sh
. "$(dirname "${BASH_SOURCE[0]}")/hall.sh"

PEOPLE=45      # in the registry
APPLICANTS=34  # of them apply
started=$SECONDS

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
json() { /usr/bin/python3 -c "import json,sys; d=json.load(sys.stdin); $1"; }

cleanup() {
	local code=$?
	if [ "$keep" != --keep ] || [ $code -ne 0 ]; then
		hall_stop
	fi
	[ $code -eq 0 ] || echo "demo: 失败 failed, see $HALL" >&2
	exit $code
}

leave_nothing_from_before() {
	local old=$root/var/demo
	if [ -e "$old" ]; then
		HALL=$(readlink -f "$old")
		hall_stop 2>/dev/null || true
		rm -rf "$HALL" "$old"
	fi
}

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

# Applications of the first APPLICANTS people; what is refused is told why.
take_applications() {
	local n=0 name number rest area classes kind
	while IFS=, read -r name number _ _ area _ _ classes rest; do
		[ "$n" -lt "$APPLICANTS" ] || break
		kind=$(kind_of "$classes")
		if as "$(clerk_of "$area" first)" apply --id-number "$number" \
			--kind "$kind" --area "$area" \
			--photo "$HALL/people/photos/$(printf %03d "$n").jpg" \
			--material "$(material "$kind")" \
			>>"$HALL/apply.log" 2>>"$HALL/refused.log"; then
			taken=$((taken + 1))
		else
			refused=$((refused + 1))
		fi
		n=$((n + 1))
	done < <(tail -n +2 "$HALL/people/registry.csv")
	sed -n 's/^hufu: \(.*\)/  \1/p' "$HALL/refused.log"
}

# The same request with a photo that is too small: told at once, not kept.
try_bad_photo() {
	head -c 1000 "$HALL/people/photos/000.jpg" >"$HALL/bad.jpg"
	local number
	number=$(sed -n '36p' "$HALL/people/registry.csv" | cut -d, -f2)
	if as clerk1 apply --id-number "$number" --kind 1 --area 320106002 \
		--photo "$HALL/bad.jpg" --material photo,id-card,discharge; then
		hall_fail 'a broken photo was taken'
	fi
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

review() {
	local id first
	# One case goes back for a better photo and comes again.
	first=$(work_list clerk2 in-review | cut -d' ' -f1)
	as clerk2 review return "$first" --field photo \
		--ground photo-unclear --note '照片模糊，请重拍' >>"$HALL/review.log"
	as clerk1 review correct "$first" --field photo \
		--photo "$HALL/people/photos/040.jpg" >>"$HALL/review.log"
	pass clerk2
	pass clerk4
	pass centre
	# One is refused by review, with its ground.
	id=$(work_list bureau in-review | awk '{ print $NF }')
	as bureau review reject "$id" --ground papers-not-genuine \
		--note '退役证件经核对不实' >>"$HALL/review.log"
	pass bureau
	pass city
	# What the rules refer upward is decided by the province.
	for id in $(work_list province referred); do
		as province review opinion-for "$id" >>"$HALL/review.log"
	done
	pass city
	pass province
}

open_jobs() {
	as maker1 --json job list | json 'print(len(d["jobs"]))'
}

make_cards() {
	local end=$((SECONDS + 120)) left
	# The first card at station 2 jams in the printer: it is spoiled, and
	# its job takes a new blank.
	echo jam-abort >"$HALL/printers/printer1/mode"
	as maker1 station start station1 >/dev/null
	as maker2 station start station2 >/dev/null
	hall_wait 30 sh -c \
		"ls '$HALL'/station2/reject/* >/dev/null 2>&1" || true
	echo ok >"$HALL/printers/printer1/mode"
	while left=$(open_jobs) && [ "$left" -gt 0 ]; do
		if [ "$SECONDS" -ge "$end" ]; then
			as maker1 station status
			as maker1 job list
			hall_fail 'making does not end'
		fi
		printf '\r  %3d ' "$left"
		sleep 0.2
	done
	printf '\r       \r'
}

numbers() { # PHASE
	as centre --json card list --phase "$1" |
		json 'print(*[c["number"] for c in d["cards"]])'
}

verify_face() { # PNG: verdict word
	"$HALL/bin/hufu-verify" image --json "$1" \
		--trust "$HALL/office/public/trust-list.cbor" \
		--root "$HALL/office/public/root.pem" \
		--status "$HALL/office/public/status-1.cwt" 2>/dev/null |
		json 'print(d["verdict"])' || true
}

# Each printed face, from the raster that the printer got, and each chip.
verify_cards() { # EXPECTED VERDICT FILE...
	local face verdict
	for face in "$HALL"/faces/*-back.png; do
		verdict=$(verify_face "$face")
		[ "$verdict" = "$1" ] ||
			hall_fail "$face: $verdict, expected $1"
		qr_verified=$((qr_verified + 1))
	done
}

unpack_faces() {
	local raster name
	mkdir -p "$HALL/faces"
	for raster in "$HALL"/printers/printer*/cards/*-job*.pwg; do
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

verify_chips() {
	local memory reader="Hufu Virtual Reader 1 00 00"
	for memory in "$HALL"/station*/out/*; do
		control 1 "insert $memory" >/dev/null
		PCSCLITE_CSOCK_NAME=$HALL/readers/pcscd.sock \
			"$HALL/bin/hufu-verify" chip --json "$reader" \
			--trust "$HALL/office/public/trust-list.cbor" \
			--root "$HALL/office/public/root.pem" \
			--status "$HALL/office/public/status-1.cwt" \
			>>"$HALL/chips.json" 2>>"$HALL/chips.log" || true
		control 1 remove >/dev/null
		chips=$((chips + 1))
	done
}

hand_over() {
	local number n=0
	for number in $(numbers made); do
		as centre card send "$number" >/dev/null
		as clerk1 card receive "$number" >/dev/null 2>&1 ||
			as clerk3 card receive "$number" >/dev/null
		n=$((n + 1))
		[ "$n" -gt 3 ] || continue # three wait for their holders
		as clerk1 card handover "$number" >/dev/null 2>&1 ||
			as clerk3 card handover "$number" >/dev/null
	done
}
