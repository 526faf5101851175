#!/usr/bin/env bash
# demo.sh BUILD [--keep]: a whole service hall, from the registry to cards in
# their holders' hands, on virtual readers and printers.
set -euo pipefail
[ -z "${TRACE:-}" ] || set -x
BUILD=$(cd "$1" && pwd)
keep=${2:-}
STATIONS=2
HALL_GATHER_MS=20
# shellcheck source=tests/system/hall.sh
. "$(dirname "${BASH_SOURCE[0]}")/hall.sh"
# shellcheck source=tests/system/counter.sh
. "$here/counter.sh"

if [ "$keep" = stop ]; then
	HALL=$(readlink -f "$root/var/demo")
	hall_stop
	exit 0
fi
PEOPLE=45      # in the registry
APPLICANTS=34  # of them apply
started=$SECONDS

say() { printf '\n\033[1m%s\033[0m  (%ds)\n' "$*" "$((SECONDS - started))"; }

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

review() {
	local id first
	# What the rules refer upward waits for the province's opinion; who
	# gives it does not take a step of the same case.
	for id in $(work_list opinion referred); do
		as opinion review opinion-for "$id" >>"$HALL/review.log"
	done
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
	pass province
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

# Each printed face, from the raster that its printer received.
verify_faces() { # EXPECTED VERDICT
	local face verdict
	for face in "$HALL"/faces/*-back.png; do
		verdict=$(verify_face "$face")
		[ "$verdict" = "$1" ] ||
			hall_fail "$face: $verdict, expected $1"
		faces=$((faces + 1))
	done
}

verify_chips() {
	local memory
	for memory in "$HALL"/station*/out/*; do
		control 1 "insert $memory" >/dev/null
		verify_chip
		control 1 remove >/dev/null
		chips=$((chips + 1))
	done
}

hand_over() {
	local number n=0
	for number in $(numbers made); do
		as centre card send "$number" >/dev/null
		at_counter card receive "$number" >/dev/null
		n=$((n + 1))
		[ "$n" -gt 3 ] || continue # three wait for their holders
		collect "$number" >/dev/null
	done
}

lose_some() {
	local list
	read -r -a list <<<"$(numbers handed-over)"
	at_counter card lose "${list[0]}" >/dev/null
	at_counter card lose "${list[1]}" --formal >/dev/null
	as bureau card revoke "${list[2]}" --ground rights-lost >/dev/null
	as bureau card suspend "${list[3]}" --ground under-inquiry >/dev/null
}

show_some() {
	as centre card list
	as centre log proof "$(numbers handed-over | cut -d' ' -f1)" \
		>"$HALL/card.tlog-proof"
	echo "存证 proof of one card: $HALL/card.tlog-proof"
}

check_log() {
	as_uid "$HOST_UID" "$HALL/bin/hufu" log verify \
		--config "$HALL/office/etc/hufud.ini"
	as_uid "${STAFF_UID[auditor]}" "$HALL/bin/hufu" log audit \
		--folder "$HALL/office/public/log" --origin hufu.example/log/1 \
		--vkey "$HALL/office/public/log.vkey" >"$HALL/audit.txt"
	as keeper1 stock show
	lists_agree
}

summary() {
	as sysadmin --json status >"$HALL/status.json"
	as maker1 --json station list >"$HALL/stations.json"
	/usr/bin/python3 "$here/summary.py" "$HALL/status.json" \
		"$HALL/stations.json" "$HALL/verified.txt"
}

trap cleanup EXIT
trap 'exit 1' INT TERM

leave_nothing_from_before
HALL=$(hall_place "$root/var/demo")
"$BUILD/tests/people" "$HALL/people" "$PEOPLE"

say '开门 opening the hall'
hall_start "$HALL"
as keeper1 stock receive 60 --reference DN-1 --station station1 >/dev/null
as keeper1 stock receive 60 --reference DN-2 --station station2 >/dev/null
hall_blanks 1 20
hall_blanks 2 20

say '登记册 the registry'
as bureau person import "$HALL/people/registry.csv"

say '受理申请 taking applications'
taken=0 refused=0
take_applications
try_bad_photo
echo "受理 taken $taken   不予受理 refused $refused"

say '五级审核 review in five steps'
review
as centre review list --state rejected

say '制证 making, two stations in parallel'
make_cards
as maker1 station status

say '核验 verifying what was printed and written'
unpack_faces
faces=0 chips=0
verify_faces suspended
echo "待发放的卡：核验结果为暂停 $faces cards not handed over: suspended"

say '发放 handing over'
hand_over
sleep 0.3 # the list gathers changes
read_valid() {
	local face
	for face in "$HALL"/faces/*-back.png; do
		verify_face "$face"
	done | sort | uniq -c
}
read_valid
as maker1 station stop station1 >/dev/null
as maker2 station stop station2 >/dev/null
verify_chips
/usr/bin/python3 "$here/chips.py" "$HALL/chips.json" "$chips"

say '挂失与注销 lost, revoked, suspended'
lose_some
sleep 0.3
read_valid | tee "$HALL/verified.txt"

say '卡与日志 cards and the log'
show_some
check_log

say '小结 summary'
summary
echo "卡面 faces: $HALL/faces/*.png"
echo "用时 seconds: $((SECONDS - started))"
if [ "$keep" = --keep ]; then
	cat <<-EOT

	大厅仍在运行 the hall keeps running. Look around:
	  sudo setpriv --reuid ${STAFF_UID[centre]} --clear-groups $HALL/bin/hufu --socket $HALL/office/run/host/operator.sock status
	Close it with: ./dev demo stop
	EOT
fi
