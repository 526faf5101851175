#!/usr/bin/env bash
# machines.sh BUILD: cards and printers fail while cards are made. No application is lost, each blank is accounted for, work goes on.
set -euo pipefail
STATIONS=1
HALL_ATTEMPTS=90
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"

made() { [ "$(bin_count out)" -ge "$1" ]; }
spoiled() { [ "$(stock spoiled)" = "$1" ]; }
printer_mode() { echo "$1" >"$HALL/printers/printer0/mode"; }

balance() { # WORDS
	run as keeper1 --json stock show
	equal "$1: every blank is accounted for" "$(json 'print(
		d["received"] - d["in_stock"] - d["reserved"] - d["issued"]
		- d["spoiled"] - d["missing"] - d["destroyed"])' \
		<"$HALL/said.out")" 0
}

# A blank under the transport keys of somebody else, first in the hopper.
strange_blank() {
	local file=$HALL/station1/hopper/0000.card
	head -c 16 /dev/urandom >"$HALL/other.master"
	if [ "$(stat -c %s "$HALL/office/signer/transport.master")" -gt 16 ]; then
		head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' \
			>"$HALL/other.master"
		echo >>"$HALL/other.master"
	fi
	chmod 0600 "$HALL/other.master"
	"$HALL/bin/hufu-card" --new-blank --memory "$file" \
		--transport-master "$HALL/other.master" >>"$HALL/blanks.log"
	chown "$HOST_UID" "$file"
}

walk_open "$1" 20
as keeper1 stock receive 30 --reference DN-1 --station station1 >/dev/null
as bureau person import "$HALL/people/registry.csv" >/dev/null
take 5
review_all
jobs=$(open_jobs)
equal 'five cards wait to be made' "$jobs" 5

strange_blank
hall_blanks 1 1
as maker1 station start station1 >/dev/null
eventually 'wrong transport key: the blank is spoiled' 30 spoiled 1
eventually 'wrong transport key: its job takes the next blank' 30 made 1
equal 'wrong transport key: one blank lies in the reject bin' \
	"$(bin_count reject)" 1
equal 'wrong transport key: one attempt' "$(sqlite3 -readonly \
	"$HALL/office/host/hufu.db" \
	"SELECT count(*) FROM job WHERE round > 2")" 0
balance 'wrong transport key'

control 1 insert-foreign >/dev/null
hall_blanks 1 1
eventually 'foreign card in the reader: put aside, the blank is made' 30 made 2
equal 'foreign card: it costs no blank' "$(stock spoiled)" 1

cp "$(find "$HALL/station1/out" -type f | sort | head -n 1)" \
	"$HALL/station1/hopper/0001.card"
chown "$HOST_UID" "$HALL/station1/hopper/0001.card"
hall_blanks 1 1
eventually 'a made card in the hopper: rejected, the next blank is made' \
	30 made 3
equal 'a made card in the hopper costs no blank' "$(stock spoiled)" 1
balance 'a made card in the hopper'

printer_mode empty-wait
hall_blanks 1 1
sleep 4
equal 'printer without media: nothing comes out' "$(bin_count out)" 3
printer_mode ok
eventually 'printer without media: refilled, the card comes' 40 made 4
equal 'printer without media: no card was lost' "$(stock spoiled)" 1
