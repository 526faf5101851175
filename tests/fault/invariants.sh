# Sourced: what must hold whenever the hall is at rest.

violation() {
	violations=$((violations + 1))
	echo "fault: 违反 violation: $*" >&2
}

expect() { # WHAT GOT WANTED
	checked=$((checked + 1))
	[ "$2" = "$3" ] || violation "$1: $2, expected $3"
}

# Every released application has a job, and every job has ended.
is_quiet() {
	local id
	[ "$(query 'SELECT count(*) FROM job WHERE state < 11' \
		2>/dev/null)" = 0 ] || return 1
	for id in "${released[@]}"; do
		[ -n "$(query "SELECT 1 FROM job WHERE application = $id")" ] ||
			return 1
	done
	is_log_out
}

log_command() { # verify|audit
	as_uid "$HOST_UID" "$HALL/bin/hufu" --json log "$1" \
		--config "$HALL/office/etc/hufud.ini"
}

figure() { # NAME: of the JSON on standard input
	/usr/bin/python3 -c 'import json, sys
print(json.load(sys.stdin).get(sys.argv[1], 0))' "$1"
}

is_log_out() {
	[ "$(log_command verify 2>>"$HALL/verify.log" | figure pending)" = 0 ]
}

# A job that waits for a person: the person asks for another try.
resolve_dead() {
	local id
	for id in $(query 'SELECT id FROM job WHERE state < 11
		AND dead_at > 0' 2>/dev/null); do
		if as maker1 job retry "$id" tried-again >>"$HALL/dead.log" 2>&1; then
			resolved=$((resolved + 1))
		fi
	done
}

plastic() { # BIN...
	local bin paths=()
	for bin in "$@"; do
		paths+=("$HALL"/station*/"$bin")
	done
	find "${paths[@]}" -name '*.card' | wc -l
}

check_store() { # WHEN
	expect "$1: applications" "$(count_applications)" "$taken"
	expect "$1: people with two live cards" "$(query 'SELECT count(*)
		FROM (SELECT person FROM card WHERE phase BETWEEN 1 AND 7
		GROUP BY person HAVING count(*) > 1)')" 0
	expect "$1: difference of blanks" "$(query 'SELECT
		coalesce(sum(difference), 0) FROM blank_balance')" 0
	expect "$1: blanks on their way" "$(query 'SELECT count(*) FROM blank
		WHERE state = 2')" 0
	expect "$1: made without job" "$(query 'SELECT count(*) FROM card
		WHERE phase = 2 AND id NOT IN
		(SELECT card FROM job WHERE state = 11)')" 0
	expect "$1: database" "$(query 'PRAGMA quick_check')" ok
}

check_log() { # WHEN
	local audit issued spoiled
	issued=$(query 'SELECT count(*) FROM job WHERE state = 11')
	spoiled=$(query 'SELECT count(*) FROM blank WHERE state = 4')
	expect "$1: log verify" "$(log_command verify 2>>"$HALL/verify.log" |
		figure faults)" 0
	audit=$(log_command audit 2>>"$HALL/verify.log") || true
	expect "$1: log audit" "$(figure faults <<<"$audit")" 0
	expect "$1: issued in the log" "$(figure issued <<<"$audit")" "$issued"
	expect "$1: spoiled in the log" "$(figure spoiled <<<"$audit")" \
		"$spoiled"
	expect "$1: in stock in the log" "$(figure in_stock <<<"$audit")" \
		"$(query 'SELECT count(*) FROM blank WHERE state = 1')"
}

# What lies in the bins, against the books. A spoiled card may still lie
# inside until the next one is fed; the machine was killed in between.
check_plastic() { # WHEN
	local inside out reject
	inside=$(plastic inside)
	out=$(plastic out)
	reject=$(plastic reject)
	expect "$1: cards that came out" "$out" \
		"$(query 'SELECT count(*) FROM blank WHERE state = 3')"
	expect "$1: plastic in all" \
		$((inside + out + reject + $(plastic hopper))) "$blanks"
	expect "$1: spoiled plastic too many" $((reject <= $(query 'SELECT
		count(*) FROM blank WHERE state = 4'))) 1
}

# Both forms of the status list agree. An edition that comes out while they
# are read is another one in each file: then they are read again.
lists_agree() {
	local try
	for try in 1 2 3; do
		/usr/bin/python3 \
			"$root/tests/check/independent/published_lists.py" \
			"$HALL/office/public" >"$HALL/lists.log" 2>&1 && return
		sleep 0.3
	done
	echo "after $try tries: $(tail -n 1 "$HALL/lists.log")"
}

check_invariants() { # WHEN
	check_store "$1"
	check_log "$1"
	expect "$1: status lists" "$(lists_agree)" ''
	check_plastic "$1"
}
