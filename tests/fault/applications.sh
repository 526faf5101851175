# Sourced: applications up to the last step of their review, where they
# wait until the campaign releases them to the stations.

held=()     # ids that wait for the last step
released=() # ids of this round

query() { # SQL
	as_uid "$HOST_UID" sqlite3 -readonly -cmd '.timeout 5000' \
		"$DATABASE" "$1"
}

count_applications() {
	query 'SELECT count(*) FROM application'
}

materials_of() { # KIND
	if [ "$1" = 2 ]; then
		echo photo,id-card,dead-certificate,kinship
	else
		echo photo,id-card,discharge
	fi
}

apply_row() { # NUMBER AREA CLASSES PHOTO
	local kind=1 clerk=clerk3
	case $3 in *family*) kind=2 ;; esac
	[ "$2" != 320106002 ] || clerk=clerk1
	as "$clerk" apply --id-number "$1" --kind "$kind" --area "$2" \
		--photo "$4" --material "$(materials_of "$kind")" \
		>>"$HALL/apply.log" 2>&1
}

apply_all() {
	local n=0 number area classes
	while IFS=, read -r _ number _ _ area _ _ classes _; do
		apply_row "$number" "$area" "$classes" \
			"$HALL/people/photos/$(printf %03d "$n").jpg" || true
		n=$((n + 1))
	done < <(tail -n +2 "$HALL/people/registry.csv")
}

work_list() { # STAFF STATE
	as "$1" --json review list --mine --state "$2" |
		/usr/bin/python3 -c 'import json, sys
print(*[a["id"] for a in json.load(sys.stdin)["applications"]])'
}

pass() { # STAFF
	local id list try
	for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
		list=$(work_list "$1" in-review)
		[ -n "$list" ] || return 0
		for id in $list; do
			as "$1" review accept "$id" >>"$HALL/review.log" ||
				hall_fail "review of $id, try $try"
		done
	done
}

take_applications() { # COUNT
	local id who
	"$BUILD/tests/people" "$HALL/people" $(($1 * 10 / 9 + 12))
	as bureau person import "$HALL/people/registry.csv" >/dev/null
	apply_all
	for who in clerk2 clerk4 centre bureau city; do
		pass "$who"
	done
	for id in $(work_list province referred); do
		as province review opinion-for "$id" >>"$HALL/review.log"
	done
	pass city
	mapfile -t held < <(query 'SELECT id FROM application
		WHERE state < 6 AND step = steps ORDER BY id')
	taken=$(count_applications)
	[ "${#held[@]}" -gt 0 ] || hall_fail 'no application came through'
}

# The last person accepts; a hall that dies meanwhile is asked again later.
release() { # COUNT
	released=("${held[@]:0:$1}")
	held=("${held[@]:$1}")
	[ "${#released[@]}" = "$1" ] || hall_fail 'no application is left'
	release_again
}

release_more() {
	released+=("${held[0]}")
	held=("${held[@]:1}")
	release_again
}

release_again() {
	local id
	for id in "${released[@]}"; do
		[ -z "$(query "SELECT 1 FROM job WHERE application = $id")" ] ||
			continue
		as province review accept "$id" >>"$HALL/review.log" 2>&1 || true
	done
}
