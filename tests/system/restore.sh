#!/usr/bin/env bash
# restore.sh BUILD: flipped bits are found, and yesterday's backup loses no
# card and issues nothing twice.
set -euo pipefail
STATIONS=1
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"

db() { echo "$HALL/office/host/hufu.db"; }
query() { sqlite3 -readonly "$(db)" "$1"; }

flip() { # FILE OFFSET
	/usr/bin/python3 - "$1" "$2" <<-'PY'
	import sys
	with open(sys.argv[1], "r+b") as f:
	    f.seek(int(sys.argv[2]))
	    b = f.read(1)[0]
	    f.seek(int(sys.argv[2]))
	    f.write(bytes([b ^ 1]))
	PY
}

# The triggers forbid it to honest programs; an insider drops them.
damage_row() {
	sqlite3 "$(db)" "DROP TRIGGER log_entry_stays;
		UPDATE log_entry SET entry = CAST(substr(entry, 1,
			length(entry) - 1) || x'FE' AS BLOB) WHERE idx = 5;" ||
		bad 'the row cannot be changed'
	[ "$(query 'SELECT hex(substr(entry, -1)) FROM log_entry
		WHERE idx = 5')" = FE ] || bad 'the row was not changed'
	chown "$HOST_UID:$HOST_UID" "$(db)"*
}

damage_files() {
	local tile
	expect 'the log is whole' log_whole
	for tile in "$(find "$HALL/office/public/log/tile/0" -type f |
		sort | tail -n 1)" \
		"$(find "$HALL/office/public/log/tile/entries" -type f |
			sort | tail -n 1)"; do
		flip "$tile" 3
		refused "a flipped bit in ${tile#"$HALL"/office/public/} is found" \
			'' log_whole
		flip "$tile" 3
	done
	flip "$HALL/office/public/log/checkpoint" 2
	refused 'a flipped bit in the checkpoint is found' '' log_whole
	flip "$HALL/office/public/log/checkpoint" 2
	expect 'mended, the log is whole' log_whole
}

damage_database() {
	cp "$(db)" "$HALL/kept.db"
	damage_row
	refused 'a changed row is found' '' log_whole
	rm -f "$(db)-wal" "$(db)-shm"
	install -m 0600 -o "$HOST_UID" -g "$HOST_UID" "$HALL/kept.db" "$(db)"
	expect 'mended, log and database agree' log_whole
}

restore() { # BACKUP
	as_uid "$HOST_UID" "$HALL/bin/hufu" restore \
		--config "$HALL/office/etc/hufud.ini" "$1"
}

start_making() {
	as maker1 station start station1 >"$HALL/said.out" 2>"$HALL/said.err" ||
		bad 'the station does not start'
}

unrecorded() { # EXPRESSION over the list u
	as centre --json card list --phase unresolved | json "
u = d['unrecorded']; print($1)"
}

published() { # REFERENCE: its value in the published list
	/usr/bin/python3 "$here/status_value.py" \
		"$HALL/office/public/status/1/list.cwt" "${1#*/}"
}

reference() { # NUMBER
	query "SELECT list || '/' || idx FROM card WHERE number = '$1'"
}

is_published() { [ "$(published "$1")" = "$2" ]; }

yesterday() {
	as keeper1 stock receive 20 --reference DN-1 --station station1 \
		>/dev/null
	hall_blanks 1 12
	as bureau person import "$HALL/people/registry.csv" >/dev/null
	take 3
	review_all
	start_making
	eventually 'yesterday: three cards are made' 120 no_jobs
	as maker1 station stop station1 >/dev/null
	collect "$(numbers made | cut -d' ' -f1)" >/dev/null
	collect "$(numbers made | cut -d' ' -f1)" >/dev/null
	numbers handed-over | tr ' ' '\n' >"$HALL/yesterdays"
	take 1
	review_all
	equal 'yesterday: one card waits to be made' "$(open_jobs)" 1
	damage_files
	hall_end hufud
	damage_database
	hall_hufud
	expect 'yesterday: a backup while the office works' \
		as sysadmin backup "$HALL/office/host/yesterday.db"
}

# One card whose row the backup has, two that it knows nothing of.
today() {
	start_making
	take 2
	review_all
	eventually 'today: three more cards' 120 no_jobs
	equal 'today: six cards lie in the output bin' "$(bin_count out)" 6
	mapfile -t held <"$HALL/yesterdays"
	made=$(numbers made | cut -d' ' -f1)
	expect 'today: a card of yesterday is lost' \
		at_counter card lose "${held[0]}" --formal
	expect 'today: another for some days' at_counter card lose "${held[1]}"
	expect 'today: the third is handed over' \
		collect "$made"
	eventually 'today: the loss is published' 20 is_published \
		"$(reference "${held[0]}")" 1
	eventually 'today: the hand-over, too' 20 is_published \
		"$(reference "$made")" 0
	query 'SELECT list || "/" || idx FROM card ORDER BY id' \
		>"$HALL/references"
}

put_back() {
	refused 'restore: not while the daemon runs' 'is running' \
		restore "$HALL/office/host/yesterday.db"
	hall_end hufud
	head -c 5000 /dev/urandom >"$HALL/office/host/junk.db"
	chown "$HOST_UID" "$HALL/office/host/junk.db"
	refused 'restore: a file that is no backup' 'no database' \
		restore "$HALL/office/host/junk.db"
	refused 'restore: not by another user' 'owns the database' \
		"$HALL/bin/hufu" restore --config "$HALL/office/etc/hufud.ini" \
		"$HALL/office/host/yesterday.db"
	mv "$HALL/office/public/status/1/list.cwt" "$HALL/list"
	refused 'restore: not without the published list' 'published last' \
		restore "$HALL/office/host/yesterday.db"
	mv "$HALL/list" "$HALL/office/public/status/1/list.cwt"
	expect "restore: yesterday's backup, the signer running" \
		restore "$HALL/office/host/yesterday.db"
	equal 'restore: it tells of five cards' \
		"$(grep -c 'suspended): 5$' "$HALL/said.out")" 1
	equal 'restore: and of the lost one' \
		"$(grep -c 'as published: 1$' "$HALL/said.out")" 1
	hall_hufud
}

later_cards() {
	equal 'restore: cards of another state than published are unresolved' \
		"$(numbers unresolved | wc -w)" 3
	equal 'restore: the lost card is not valid again' \
		"$(numbers cancelled)" "${held[0]}"
	eventually 'restore: and stays published so' 20 is_published \
		"$(reference "${held[0]}")" 1
	equal 'restore: the one lost for some days stays suspended' \
		"$(published "$(reference "${held[1]}")")" 2
	equal 'restore: the cards without a row are listed' \
		"$(unrecorded 'sorted(c["reference"] for c in u)')" \
		"$(tail -n 2 "$HALL/references" | /usr/bin/python3 -c '
import sys; print(sorted(sys.stdin.read().split()))')"
	equal 'restore: with log index, time, area and kind, suspended' \
		"$(unrecorded 'all(c["log_index"] > 0 and c["signed_at"] > 0
			and c["area"] == "320106" and c["kind"] in (1, 2)
			and c["status"] == "suspended" for c in u)')" True
	expect 'restore: the list is shown' \
		as centre card list --phase unresolved
	grep -q "$(tail -n 1 "$HALL/references")" "$HALL/said.out" ||
		bad 'the second table does not name the card'
	expect 'restore: the log is whole' log_whole
}

# The number of the act that waits for a second person.
proposed() {
	as bureau --json proposal list | /usr/bin/python3 -c \
		'import json, sys; print(json.load(sys.stdin)["proposals"][0]["id"])'
}

settle() {
	local first last number
	last=$(tail -n 1 "$HALL/references")
	first=$(tail -n 2 "$HALL/references" | head -n 1)
	refused 'settle: not by a clerk' 'no such card' as clerk1 \
		card revoke "$last" --ground not-found
	refused 'settle: no such reference' 'no such card' as bureau \
		card revoke 1/999999 --ground not-found
	expect 'settle: proposed' as bureau \
		card revoke "$last" --ground not-found
	refused 'settle: not by one person' 'two people' as bureau \
		proposal confirm "$(proposed)"
	expect 'settle: revoked by two' as centre \
		proposal confirm "$(proposed)"
	expect 'settle: proposed, the card in hand' as centre \
		card withdraw "$first" --ground brought-in
	expect 'settle: withdrawn by two' as bureau \
		proposal confirm "$(proposed)"
	equal 'settle: none is left' "$(unrecorded 'len(u)')" 0
	eventually 'settle: published as invalid' 20 is_published "$last" 1
	refused 'settle: not twice' 'already' as bureau \
		card revoke "$last" --ground not-found
	for number in $(numbers unresolved); do
		expect 'settle: a card with a row is confirmed' as bureau card \
			confirm "$number" --ground seen-by-clerk
	done
	eventually 'settle: published as valid' 20 is_published \
		"$(reference "$made")" 0
}

going_on() {
	next_person=$((next_person - 2))
	start_making
	take 4
	review_all
	eventually 'going on: the holders of the lost records get new cards' \
		120 no_jobs
	equal 'going on: four more cards came out' "$(bin_count out)" 10
	equal 'going on: no status reference twice' "$(
		(query 'SELECT list || "/" || idx FROM card' &&
			tail -n 2 "$HALL/references") | sort | uniq -d)" ''
	equal 'going on: no blank twice, each is accounted for' "$(
		query 'SELECT count(*) - count(DISTINCT blank) FROM card
			WHERE blank IS NOT NULL') $(stock issued)" '0 10'
	expect 'going on: both forms of the status list agree' lists_agree
	expect 'going on: the log is whole' log_whole
	expect 'going on: the audit from the log alone balances' \
		as_uid "${STAFF_UID[auditor]}" "$HALL/bin/hufu" log audit \
		--folder "$HALL/office/public/log" --origin hufu.example/log/1 \
		--vkey "$HALL/office/public/log.vkey"
}

walk_open "$1" 24
yesterday
today
put_back
later_cards
settle
going_on
