#!/usr/bin/env bash
# input.sh BUILD: bad input and forbidden acts at the real programs: each is
# refused with its reason in both languages, and nothing is lost or changed.
set -euo pipefail
STATIONS=0
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"
# shellcheck source=tests/system/disk.sh
. "$here/disk.sh"

query() { sqlite3 -readonly "$HALL/office/host/hufu.db" "$1"; }

# Rows of every table that somebody's request can add to.
counts() {
	local table
	for table in person person_ground application application_act verdict \
		photo card job blank blank_batch staff staff_role status_entry \
		log_entry; do
		echo "SELECT '$table', count(*) FROM $table;"
	done | sqlite3 -readonly "$HALL/office/host/hufu.db" | tr '\n' ' '
}

# kept WORDS PATTERN COMMAND...: refused, and every count is as before
kept() {
	local before
	before=$(counts)
	refused "$@"
	[ "$(counts)" = "$before" ] || bad "$1: '$(counts)', before '$before'"
}

# The import of bad.csv refuses that line alone, and names its column.
import_line() { # WORDS LINE COLUMN
	local before
	before=$(counts)
	run as bureau person import "$HALL/bad.csv"
	[ "$code" = 1 ] || bad "$1: status $code"
	both_languages "$HALL/said.out" || bad "$1: not in both languages"
	grep -qE "^ *$2 " "$HALL/said.out" || bad "$1: line $2 not named"
	run as bureau --json person import --check "$HALL/bad.csv"
	equal "$1" "$(json 'print(d["refused"], d["added"], d["changed"],
		*sorted({(i["line"], i["column"]) for i in d["issues"]}))' \
		<"$HALL/said.out")" "1 0 0 ($2, '$3')"
	[ "$(counts)" = "$before" ] || bad "$1: '$(counts)', before '$before'"
}

broken_line() { # WORDS COLUMN SED
	head -n 4 "$HALL/people/registry.csv" >"$HALL/bad.csv"
	LC_ALL=C sed -i "3$3" "$HALL/bad.csv"
	import_line "$1" 3 "$2"
}

whole_file() { # WORDS PATTERN
	kept "$1" "$2" as bureau person import "$HALL/bad.csv"
}

bad_rows() {
	broken_line 'import: a wrong check digit' 公民身份号码 \
		's/,\([0-9]\{16\}\)[0-9]\{2\},/,\100,/'
	broken_line 'import: a column too few' '' 's/,[^,]*$//'
	broken_line 'import: a column too many' '' 's/$/,1/'
	broken_line 'import: bytes that are no UTF-8' '' 's/^/\xff\xfe/'
	broken_line 'import: an area code of five digits' 户籍地代码 \
		's|,32010600[0-9],|,32010,|'
	broken_line 'import: an unknown class' 身份类别 \
		's/,[a-z-]*,是,/,wizard,是,/'
	broken_line 'import: a date that is none' 退役日期 \
		's/[0-9-]*$/2003-13-45/'
	broken_line 'import: no name' 姓名 's/^[^,]*,/,/'
	broken_line 'import: a name in symbols' 姓名 's/^[^,]*,/?!,/'
}

bad_registries() {
	local csv=$HALL/people/registry.csv
	expect 'import: a good registry' as bureau person import "$csv"
	bad_rows
	iconv -f UTF-8 -t UTF-16 "$csv" >"$HALL/bad.csv"
	whole_file 'import: UTF-16 is told by name' 'UTF-16.*UTF-8'
	: >"$HALL/bad.csv"
	whole_file 'import: an empty file' empty
	sed '1s/民族/颜色/' "$csv" >"$HALL/bad.csv"
	whole_file 'import: an unknown column' '颜色'
	kept 'import: a file that is not there' 'nowhere.csv' \
		as bureau person import "$HALL/nowhere.csv"
	kept 'import: not by a clerk' 'role' as clerk1 person import "$csv"
	iconv -f UTF-8 -t GB18030 "$csv" >"$HALL/gb.csv"
	expect 'import: GB18030 is read' \
		as bureau --json person import "$HALL/gb.csv"
	equal 'import: the same people in GB18030, nothing changes' \
		"$(json 'print(d["added"], d["changed"], d["refused"],
		d["encoding"])' <"$HALL/said.out")" '0 0 0 GB18030'
}

# bad_key PROGRAM UID SECTION STATUS: with a key that nobody knows
bad_key() {
	local ini=$HALL/office/etc/wrong.ini line refusal=$4
	sed "/^\[$3\]/a colour = red" "$HALL/office/etc/${1#hufu-}.ini" >"$ini"
	line=$(grep -n '^colour' "$ini" | cut -d: -f1) || true
	[ -n "$line" ] || bad "$1 has no section $3"
	refused "configuration of $1: file, line and key are named" \
		"wrong.ini line $line, .*colour" \
		as_uid "$2" "$HALL/bin/$1" --config "$ini"
	rm "$ini"
}

bad_configuration() {
	local ini=$HALL/office/etc/wrong.ini
	bad_key hufud "$HOST_UID" making 1
	bad_key hufu-signd "$SIGNER_UID" signd 2
	sed 's/^lease-s = .*/lease-s = soon/' "$HALL/office/etc/hufud.ini" \
		>"$ini"
	refused 'configuration: a bad value' 'wrong.ini line [0-9]+, .*lease-s' \
		as_uid "$HOST_UID" "$HALL/bin/hufud" --config "$ini"
	rm "$ini"
}

photo_refused() { # WORDS PATTERN
	kept "photo: $1" "$2" as "$first" apply --id-number "$(person 0 2)" \
		--kind "$(kind_of "$(person 0 8)")" --area "$(person 0 5)" \
		--photo "$HALL/bad.jpg" --material photo,id-card,discharge
}

# The second half of the picture is gone; a comment keeps the file in size.
cut_photo() {
	/usr/bin/python3 - "$1" "$HALL/bad.jpg" <<-'PY'
	import sys
	data = open(sys.argv[1], "rb").read()
	half = data[:len(data) // 2]
	note = b"\xff\xfe" + (16002).to_bytes(2, "big") + bytes(16000)
	open(sys.argv[2], "wb").write(half[:2] + note + half[2:])
	PY
}

# A whole JPEG of 256×256 grey dots: every block is "no change, end".
small_photo() {
	/usr/bin/python3 - "$HALL/bad.jpg" <<-'PY'
	import sys
	def part(mark, body):
	    return bytes([255, mark]) + (len(body) + 2).to_bytes(2, "big") + body
	dots = (256).to_bytes(2, "big") * 2
	one_code = b"\1" + bytes(15) + b"\0"
	with open(sys.argv[1], "wb") as f:
	    f.write(b"\xff\xd8" + part(0xFE, bytes(22000))
	        + part(0xDB, b"\0" + b"\1" * 64)
	        + part(0xC0, b"\x08" + dots + b"\3\1\x11\0\2\x11\0\3\x11\0")
	        + part(0xC4, b"\0" + one_code + b"\x10" + one_code)
	        + part(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0")
	        + bytes(32 * 32 * 3 * 2 // 8) + b"\xff\xd9")
	PY
}

bad_photos() {
	local good=$HALL/people/photos/000.jpg
	cut_photo "$good"
	photo_refused 'cut at half its length' 'cut off'
	head -c $(($(stat -c %s "$good") / 2)) "$good" >"$HALL/bad.jpg"
	photo_refused 'half a file' 'under 20 KB'
	(cat "$good" && head -c 60000 /dev/zero) >"$HALL/bad.jpg"
	photo_refused 'too large' 'over 50 KB'
	head -c 30000 /dev/urandom >"$HALL/bad.jpg"
	photo_refused 'no JPEG' 'not a JPEG'
	small_photo
	photo_refused 'wrong dimensions' '352×440'
	head -c 5000000 /dev/urandom >"$HALL/bad.jpg"
	photo_refused '5 MB' '4 MB'
	: >"$HALL/bad.jpg"
	photo_refused 'empty' 'no photo'
	rm "$HALL/bad.jpg"
	photo_refused 'not there' 'bad.jpg'
	equal 'photo: no application was made of these' \
		"$(query 'SELECT count(*) FROM application')" 0
}

apply_first() { # COMMAND...: in front of hufu's apply
	"$@" apply --id-number "$(person 0 2)" \
		--kind "$(kind_of "$(person 0 8)")" --area "$(person 0 5)" \
		--photo "$HALL/people/photos/000.jpg" \
		--material "$(material "$(kind_of "$(person 0 8)")")"
}

apply_second() {
	apply_as "$(clerk_of "$(person 1 5)" first)" 1
}

stranger() {
	as_uid 64999 "$HALL/bin/hufu" \
		--socket "$HALL/office/run/host/operator.sock" "$@"
}

bad_applications() {
	kept 'apply: a uid that is no staff' '64999 is not registered' \
		apply_first stranger
	kept 'apply: not by a clerk of another township' 'role' \
		apply_first as "$elsewhere"
	kept 'apply: not by who only decides' 'role' apply_first as city
	kept 'apply: somebody unknown' 'registered first' as "$first" apply \
		--id-number 11010519491231002X --kind 1 \
		--area "$(person 0 5)" --photo "$HALL/people/photos/000.jpg" \
		--material photo,id-card,discharge
	expect 'apply: the first person' apply_first as "$first"
	kept 'apply: the same person again' 'still open' \
		apply_first as "$first"
	equal 'apply: one application is open' \
		"$(query 'SELECT count(*) FROM application')" 1
}

forbidden_decisions() {
	local id
	id=$(query 'SELECT id FROM application')
	kept 'review: not by who entered it' 'entered|colleague' \
		as "$first" review accept "$id"
	kept 'review: not from another township' 'no application' \
		as "$elsewhere" review accept "$id"
	kept 'review: not before its turn' 'turn|step|role' \
		as city review accept "$id"
	kept 'review: not by a uid that is no staff' 'not registered' \
		stranger review accept "$id"
	expect 'review: the second clerk accepts' as "$second" review accept "$id"
	kept 'review: not two steps by one person' 'role|step|colleague' \
		as "$second" review accept "$id"
	kept 'review: no such application' 'no application' \
		as centre review accept 999999
}

forbidden_acts() {
	kept 'card: one that is not made cannot be handed over' 'no such card' \
		as "$first" card handover 32010600000000017
	kept 'stock: a blank that is not in stock cannot be spoiled' \
		'do not show' \
		as keeper1 stock spoil 1
	kept 'stock: nor destroyed' 'not that many' \
		as keeper1 stock destroy 1
	kept 'stock: no station of that name' 'station' \
		as keeper1 stock move 1 --to-station station1
	kept 'stock: nothing is received by a clerk' 'role' \
		as clerk1 stock receive 10 --reference DN-9
	kept 'staff: not added by the system administrator' 'None of your roles' \
		as sysadmin staff add other 其他 64100 township@320106002
}

broken_requests() {
	local before line
	before=$(counts)
	if ! as_uid "${STAFF_UID[clerk1]}" /usr/bin/python3 - \
		"$HALL/office/run/host/operator.sock" <"$here/requests.py" \
		>"$HALL/said.out" 2>"$HALL/said.err"; then
		bad 'broken requests'
	fi
	while read -r line; do ok "$line"; done <"$HALL/said.out"
	equal 'no request changed anything' "$(counts)" "$before"
}

read_only_database() {
	hall_end hufud
	disk_read_only
	refused 'read-only database: hufud does not start' \
		'hufu.db cannot be written; check' as_uid "$HOST_UID" \
		"$HALL/bin/hufud" --config "$HALL/office/etc/hufud.ini"
	disk_writable
	hall_hufud
	expect 'writable again: the office works' apply_second
}

full_disk() {
	local id
	hall_end hufud
	disk_small 6m
	hall_hufud
	disk_fill
	id=$(query 'SELECT id FROM application ORDER BY id DESC LIMIT 1')
	kept 'full disk: no application' 'disk is full; free' \
		apply_as "$(clerk_of "$(person 2 5)" first)" 2
	kept 'full disk: no review' 'disk is full; free' \
		as "$(clerk_of "$(person 1 5)" second)" review accept "$id"
	kept 'full disk: no import' 'disk is full; free' \
		as bureau person import "$HALL/more.csv"
	kept 'full disk: no backup' 'disk' \
		as sysadmin backup "$HALL/office/host/b.db"
	[ ! -e "$HALL/office/host/b.db" ] || bad 'half a backup is left'
	expect 'full disk: reading goes on' as "$first" review list
	disk_free
	expect 'space again: the application' \
		apply_as "$(clerk_of "$(person 2 5)" first)" 2
	expect 'space again: the review' \
		as "$(clerk_of "$(person 1 5)" second)" review accept "$id"
	expect 'space again: the import' \
		as bureau person import "$HALL/more.csv"
	expect 'space again: the backup' \
		as sysadmin backup "$HALL/office/host/b.db"
	equal 'full disk: three applications, none twice' \
		"$(query 'SELECT count(*), count(DISTINCT person)
			FROM application')" '3|3'
}

walk_open "$1" 12
"$BUILD/tests/people" "$HALL/others" 200
cp "$HALL/others/registry.csv" "$HALL/more.csv"
case $(person 0 5) in
320106002) first=clerk1 second=clerk2 elsewhere=clerk4 ;;
*) first=clerk3 second=clerk4 elsewhere=clerk2 ;;
esac
bad_registries
bad_configuration
bad_photos
bad_applications
forbidden_decisions
forbidden_acts
broken_requests
read_only_database
full_disk
expect 'the daemon still answers' as sysadmin status
expect 'the log is whole' log_whole
