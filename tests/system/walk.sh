# Sourced by the scenarios of this folder: one hall of their own, one line a
# check, and nothing left behind. The caller has set STATIONS and calls
#   walk_open BUILD PEOPLE
[ "$(id -u)" = 0 ] || exit 77
# shellcheck source=tests/system/hall.sh
. "$(dirname "${BASH_SOURCE[0]}")/hall.sh"
# shellcheck source=tests/system/counter.sh
. "$here/counter.sh"
checks=0

walk_close() {
	local code=$?
	set +e
	[ -z "${walk_unmount:-}" ] || umount -l "$walk_unmount"
	hall_stop
	if [ "$code" -ne 0 ]; then
		tail -n 20 "$HALL"/{hufud,signd}.log "$HALL"/said.* >&2
	fi
	[ -n "${KEEP:-}" ] || rm -rf "$HALL"
	exit "$code"
}

walk_open() { # BUILD PEOPLE
	BUILD=$(cd "$1" && pwd)
	HALL=$(mktemp -d /var/tmp/hufu-walk.XXXXXX)
	trap walk_close EXIT
	trap 'exit 1' INT TERM
	chmod 0755 "$HALL"
	"$BUILD/tests/people" "$HALL/people" "$2"
	hall_start "$HALL"
}

ok() { # WORDS
	checks=$((checks + 1))
	printf 'ok %2d  %s\n' "$checks" "$*"
}

bad() {
	printf 'FAILED  %s\n' "$*" >&2
	cat "$HALL/said.out" "$HALL/said.err" >&2 2>/dev/null || true
	exit 1
}

run() { # COMMAND...: its output in said.out and said.err, its status in code
	code=0
	"$@" >"$HALL/said.out" 2>"$HALL/said.err" || code=$?
}

both_languages() { # FILE
	LC_ALL=C.UTF-8 grep -qP '\p{Han}' "$1" && grep -q '[a-z] [a-z]' "$1"
}

# refused WORDS PATTERN COMMAND...: exit status 1 (or what `refusal` says),
# in both languages, and what it says has PATTERN.
refused() {
	local words=$1 pattern=$2
	shift 2
	run "$@"
	[ "$code" = "${refusal:-1}" ] || bad "$words: status $code"
	both_languages "$HALL/said.err" || bad "$words: not in both languages"
	grep -qE -- "$pattern" "$HALL/said.err" || bad "$words: no $pattern"
	ok "$words"
}

expect() { # WORDS COMMAND...
	local words=$1
	shift
	run "$@"
	[ "$code" = 0 ] || bad "$words: status $code"
	ok "$words"
}

equal() { # WORDS HAVE WANT
	[ "$2" = "$3" ] || bad "$1: '$2' is not '$3'"
	ok "$1"
}

eventually() { # WORDS SECONDS COMMAND...
	local words=$1 seconds=$2
	shift 2
	hall_wait "$seconds" "$@" || bad "$words: not in $seconds s"
	ok "$words"
}

person() { # N FIELD: of the registry, from 0
	sed -n "$(($1 + 2))p" "$HALL/people/registry.csv" | cut -d, -f"$2"
}

apply_as() { # STAFF N
	local kind
	kind=$(kind_of "$(person "$2" 8)")
	as "$1" apply --id-number "$(person "$2" 2)" --kind "$kind" \
		--area "$(person "$2" 5)" \
		--photo "$HALL/people/photos/$(printf %03d "$2").jpg" \
		--material "$(material "$kind")"
}

# take WANT: the next people of the registry apply until WANT are taken
next_person=0
take() {
	local got=0 who
	while [ "$got" -lt "$1" ]; do
		who=$(clerk_of "$(person "$next_person" 5)" first)
		if apply_as "$who" "$next_person" >>"$HALL/apply.log" \
			2>>"$HALL/refused.log"; then
			got=$((got + 1))
		fi
		next_person=$((next_person + 1))
	done
}

review_all() {
	local who
	for who in clerk2 clerk4 centre bureau city; do pass "$who"; done
	for id in $(work_list province referred); do
		as province review opinion-for "$id" >>"$HALL/review.log"
	done
	pass city
	pass province
}

no_jobs() { [ "$(open_jobs)" = 0 ]; }

stock() { # MEMBER
	as keeper1 --json stock show | json "print(d[\"$1\"])"
}

bin_count() { # BIN
	find "$HALL/station1/$1" -type f | wc -l
}

log_whole() {
	as_uid "$HOST_UID" "$HALL/bin/hufu" log verify \
		--config "$HALL/office/etc/hufud.ini"
}
