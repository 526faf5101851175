#!/usr/bin/env bash
# machines.sh BUILD: cards, printers, the signer and the disk fail while cards
# are made. No application is lost, each blank is accounted for, the clerk is
# told what to do, and work goes on.
set -euo pipefail
STATIONS=1
HALL_ATTEMPTS=90
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"
# shellcheck source=tests/system/disk.sh
. "$here/disk.sh"


# The station tells the clerk, in both languages.
says() { # ZH EN
	run as maker1 --json station list
	json "
s = d['stations'][0]
sys.exit(not ('$1' in s['zh'] and '$2' in s['en']))" <"$HALL/said.out"
}

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

# Of each rejected blank: the tries its keys have left, those it was asked
tries() {
	/usr/bin/python3 "$here/blank_tries.py" "$HALL/station1/reject"/*.card
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

wrong_key() {
	strange_blank
	hall_blanks 1 1
	as maker1 station start station1 >/dev/null
	eventually 'wrong transport key: the blank is spoiled' 30 spoiled 1
	eventually 'wrong transport key: its job takes the next blank' 30 made 1
	equal 'wrong transport key: it lies in the reject bin' \
		"$(ls "$HALL/station1/reject")" 0000.card
	equal 'wrong transport key: one job met it, once' "$(query \
		'SELECT count(*) FROM job WHERE round > 1') $(query \
		'SELECT max(round) FROM job')" '1 2'
	equal 'wrong transport key: the chip lost no try' "$(tries)" '10 0'
	balance 'wrong transport key'
}

no_foreign() { ! control 1 status | grep -q foreign=1; }

foreign_card() {
	control 1 insert-foreign >/dev/null
	hall_blanks 1 1
	eventually 'foreign card: the clerk is told' 10 \
		says 不是本系统的卡 'not one of our cards'
	eventually 'foreign card: it is put aside' 10 no_foreign
	eventually 'foreign card: the blank is made' 30 made 2
	equal 'foreign card: it costs no blank' "$(stock spoiled)" 1
}

made_card() {
	cp "$(find "$HALL/station1/out" -type f | sort | head -n 1)" \
		"$HALL/station1/hopper/0001.card"
	chown "$HOST_UID" "$HALL/station1/hopper/0001.card"
	hall_blanks 1 1
	eventually 'made card: the clerk is told' 10 says 已制作过 'made already'
	eventually 'made card: the next blank is made' 30 made 3
	equal 'made card: it lies in the reject bin' \
		"$(find "$HALL/station1/reject" -name 0001.card | wc -l)" 1
	equal 'made card: it costs no blank' "$(stock spoiled)" 1
	balance 'made card'
}

empty_printer() {
	local began
	printer_mode empty-wait
	hall_blanks 1 1
	eventually 'printer without media: the clerk is told' 20 \
		says 卡槽空了 'Put in blank cards'
	equal 'printer without media: nothing comes out' "$(bin_count out)" 3
	began=$SECONDS
	expect 'printer without media: the station can be stopped' \
		as maker1 station stop station1
	[ $((SECONDS - began)) -lt 15 ] || bad "after $((SECONDS - began)) s"
	as maker1 station start station1 >/dev/null
	eventually 'printer without media: started again, it waits on' 20 \
		says 卡槽空了 'Put in blank cards'
	printer_mode ok
	eventually 'printer without media: refilled, the card comes' 40 made 4
	equal 'printer without media: no card was lost' "$(stock spoiled)" 1
}

signer_pid() { cat "$HALL/signd.pid"; }

# signer_away WORDS CARDS SECONDS: until told, and CARDS are made by then
signer_away() {
	hall_blanks 1 1
	eventually "$1: the station says so" "$3" says 签名服务 hufu-signd
	equal "$1: no card is made" "$(bin_count out)" "$2"
	expect "$1: reading goes on" as centre card list
	expect "$1: the office answers" as sysadmin status
}

no_signer() {
	kill -STOP "$(signer_pid)"
	signer_away 'signer hangs' 4 20
	kill -CONT "$(signer_pid)"
	eventually 'signer goes on: the card is made' 40 made 5
	hall_end signd
	signer_away 'signer ended' 5 5
	hall_signd
	eventually 'signer back: the card is made' 40 made 6
	balance 'signer'
}

# no_disk WORDS LEFT CARDS: LEFT bytes are free when the next card begins
no_disk() {
	disk_fill "$2"
	hall_blanks 1 1
	eventually "$1: the station says so" 20 says 磁盘 disk
	equal "$1: no card is made" "$(bin_count out)" "$3"
	balance "$1"
	disk_free
	eventually "$1, then space: the card is made" 40 made $(($3 + 1))
	balance "$1, then space"
}

at_the_end() {
	eventually 'all jobs have ended' 10 no_jobs
	as maker1 station stop station1 >/dev/null
	balance 'at the end'
	equal 'issued and spoiled as seen' \
		"$(stock issued) $(stock spoiled)" '8 1'
	equal 'nobody has two cards' "$(numbers made | wc -w) $(query \
		'SELECT count(DISTINCT person) FROM card')" '8 8'
	unpack_faces
	equal 'each card has one face' \
		"$(find "$HALL/faces" -name '*-back.png' | wc -l)" 8
	expect 'the log is whole' log_whole
	expect 'the audit from the log alone balances' \
		as_uid "${STAFF_UID[auditor]}" "$HALL/bin/hufu" log audit \
		--folder "$HALL/office/public/log" --origin hufu.example/log/1 \
		--vkey "$HALL/office/public/log.vkey"
}

query() { sqlite3 -readonly "$(host_folder)/hufu.db" "$1"; }

walk_open "$1" 20
hall_end hufud
disk_small 16m
hall_hufud
as keeper1 stock receive 30 --reference DN-1 --station station1 >/dev/null
as bureau person import "$HALL/people/registry.csv" >/dev/null
take 8
review_all
equal 'eight cards wait to be made' "$(open_jobs)" 8
wrong_key
foreign_card
made_card
empty_printer
no_signer
no_disk 'full disk' 0 6
no_disk 'disk full in the middle of a card' 120K 7
at_the_end
