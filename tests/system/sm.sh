#!/usr/bin/env bash
# sm.sh BUILD: an office of suite SM2/SM3/SM4 makes two cards; their QR is
# read by zbarimg too, and their chips are authenticated.
set -euo pipefail
STATIONS=1
HALL_SUITE=sm
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"

# What zbarimg reads from the raster is what hufu-verify read there: the text
# alone gives the same report.
report() { # COMMAND TEXT
	"$HALL/bin/hufu-verify" "$1" --json --full \
		--trust "$HALL/office/public/trust-list.cbor" \
		--root "$HALL/office/public/root.pem" \
		--status "$HALL/office/public/status/1/list.cwt" "$2" 2>/dev/null |
		json 'print({k: v for k, v in d.items() if k not in
			("source", "status_age_s", "checked_at_s")})'
}

zbarimg_agrees() { # PNG
	local text
	text=$(zbarimg --quiet --raw "$1" 2>/dev/null | head -n 1)
	[ "${#text}" -gt 200 ] || bad 'zbarimg reads no QR code'
	equal 'SM: zbarimg reads the QR code that hufu-verify read' \
		"$(report qr "$text")" "$(report image "$1")"
}

# The merchant's page in a browser, the printed face before its camera.
page_says() { # WORDS VERDICT FACE
	expect "$1" node "$root/merchant/web/tests/browser/face.mjs" \
		"$BUILD/merchant/web/dist" "$HALL/office/public" "$2" \
		"$HALL/page-$2.png" "$3"
}

walk_open "$1" 12
as keeper1 stock receive 4 --reference DN-1 --station station1 >/dev/null
hall_blanks 1 4
as bureau person import "$HALL/people/registry.csv" >/dev/null
take 2
review_all
as maker1 station start station1 >/dev/null
eventually 'SM: two cards are made' 60 no_jobs
equal 'SM: both lie in the output bin' "$(bin_count out)" 2
as maker1 station stop station1 >/dev/null
unpack_faces
for face in "$HALL"/faces/*-back.png; do
	equal 'SM: the face is signed, and suspended until handed over' \
		"$(verify_face "$face")" suspended
	zbarimg_agrees "$face"
done
page_says 'SM: the page says suspended' 2 "$face"
for number in $(numbers made); do
	as centre card send "$number" >/dev/null
	at_counter card receive "$number" >/dev/null
	collect "$number" >/dev/null
done
sleep 0.5 # the list gathers changes
for face in "$HALL"/faces/*-back.png; do
	equal 'SM: handed over, the face is valid' \
		"$(verify_face "$face")" valid
done
page_says 'SM: the page says valid' 1 "$face"
for memory in "$HALL"/station1/out/*; do
	control 1 "insert $memory" >/dev/null
	verify_chip
	equal 'SM: the chip is authenticated' \
		"$(json 'print(d["verdict"])' <"$HALL/chip.json")" valid
	control 1 remove >/dev/null
done
for number in $(numbers handed-over); do
	at_counter card lose "$number" --formal >/dev/null
done
sleep 0.5
page_says 'SM: lost, the page says revoked' 3 "$face"
expect 'SM: the log is whole' log_whole
expect 'SM: both forms of the status list agree' lists_agree
