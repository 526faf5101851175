#!/usr/bin/env bash
# dead_letter.sh BUILD: jobs that fail again and again wait for a person, who
# has each tried again, spoiled or closed; nothing else moves them.
set -euo pipefail
STATIONS=1
HALL_ATTEMPTS=3
# shellcheck source=tests/system/walk.sh
. "$(dirname "${BASH_SOURCE[0]}")/walk.sh"

dead_jobs() { as maker1 --json job dead | json 'print(*[j["id"] for j in d["jobs"]])'; }
some_dead() { [ -n "$(dead_jobs)" ]; }
none_dead() { [ -z "$(dead_jobs)" ]; }
made() { [ "$(bin_count out)" = "$1" ]; }

# The signer goes away while the station makes cards, until a job is dead.
one_dies() { # WORDS BLANKS
	hall_end signd
	hall_blanks 1 "$2"
	eventually "$1: the job waits for a person" 60 some_dead
	job=$(dead_jobs)
	equal "$1: it alone" "$(wc -w <<<"$job")" 1
	hall_signd
}

balance() { # WORDS
	run as keeper1 --json stock show
	equal "$1: every blank is accounted for" "$(json 'print(
		d["received"] - d["in_stock"] - d["reserved"] - d["issued"]
		- d["spoiled"] - d["missing"] - d["destroyed"])' \
		<"$HALL/said.out")" 0
}

walk_open "$1" 16
as keeper1 stock receive 20 --reference DN-1 --station station1 >/dev/null
as bureau person import "$HALL/people/registry.csv" >/dev/null
take 3
review_all
equal 'three cards wait to be made' "$(open_jobs)" 3
as maker1 station start station1 >/dev/null

one_dies first 4
first=$job
sleep 4
equal 'first: neither time nor the signer helps' "$(dead_jobs)" "$first"
expect 'first: it says why' as maker1 job dead
grep -q hufu-signd "$HALL/said.out" || bad "the list does not say what to do"
refused 'retry: not by a clerk' 'role' as clerk1 job retry "$first" signer-back
refused 'retry: not without a ground' 'ground' as maker1 job retry "$first" 'Weil Nein'
expect 'retry: by the maker' as maker1 job retry "$first" signer-back
eventually 'retry: all three cards are made' 60 no_jobs
equal 'retry: three came out' "$(bin_count out)" 3
# The station threw its blank out to go on with the others, so the job took
# another one.
equal 'retry: one blank is booked as spoiled' "$(stock spoiled)" 1
equal 'retry: and lies in the reject bin' "$(bin_count reject)" 1
balance 'retry'
refused 'retry: not twice' 'wait' as maker1 job retry "$first" signer-back

take 2
review_all
one_dies second 3
spoiled_one=$job
expect 'spoil: by the maker' as maker1 job spoil "$spoiled_one" chip-doubtful
eventually 'spoil: the next blank takes its place' 60 no_jobs
equal 'spoil: five came out' "$(bin_count out)" 5
equal 'spoil: one more blank is booked as spoiled' "$(stock spoiled)" 2
equal 'spoil: and lies in the reject bin' "$(bin_count reject)" 2
balance 'spoil'

take 2
review_all
one_dies third 2
expect 'close: by the maker' as maker1 job close "$job" applicant-withdrew
eventually 'close: the other card is made' 60 no_jobs
equal 'close: six came out' "$(bin_count out)" 6
equal 'close: its blank is booked as spoiled' "$(stock spoiled)" 3
balance 'close'
equal 'the applications: six made, one ended' "$(sqlite3 -readonly \
	"$HALL/office/host/hufu.db" "SELECT state, count(*) FROM application
	WHERE id IN (SELECT application FROM job) GROUP BY state ORDER BY 2" |
	tr '\n' ' ')" '8|1 6|6 '
expect 'the log is whole' log_whole
expect 'the audit from the log alone balances' \
	as_uid "${STAFF_UID[auditor]}" "$HALL/bin/hufu" log audit \
	--folder "$HALL/office/public/log" --origin hufu.example/log/1 \
	--vkey "$HALL/office/public/log.vkey"
