#!/usr/bin/env bash
# hufu-verify update: what is taken, what is refused, and that the lists in
# force stay whatever comes. update_cli.sh HUFU_VERIFY SAMPLE_FOLDER
set -uo pipefail
verify=$1
sample=$2
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
export HOME=$work/home XDG_DATA_HOME=
bad=0

wrong() {
	echo "update: $*" >&2
	cat "$work/out" >&2
	bad=1
}
expect() { # STATUS TEXT ARGUMENTS...
	local status=$1 text=$2 got
	shift 2
	"$verify" "$@" >"$work/out" 2>&1 </dev/null
	got=$?
	[ $got -eq "$status" ] && { [ -z "$text" ] || grep -qF -- "$text" "$work/out"; } ||
		wrong "hufu-verify $*: exit $got, wanted $status '$text'"
}
# Everything that is in force, in one line.
in_force() {
	(cd "$lists/current" && find . -type f | sort | xargs sha256sum) |
		sha256sum
}
# refused TEXT FOLDER: exit 14, and the old lists are still there and used
refused() {
	local before
	before=$(in_force)
	expect 14 "$1" update --lists "$lists" "$2"
	[ "$(in_force)" = "$before" ] || wrong "$1: the lists changed"
	expect "${card:-0}" '' qr --lists "$lists" "${now[@]}" "$text"
}

for suite in intl sm; do
	s=$sample/$suite
	lists=$work/lists-$suite
	text=$(cat "$s/credential.txt")
	now=(--at 2026-08-01T10:00:00Z)

	# the first time wants the root; a wrong one takes nothing
	expect 14 'by --root' update --lists "$lists" "$s/public"
	expect 14 'wrong signature' update --lists "$lists" \
		--root "$s/card.pem" "$s/public"
	expect 14 'not there' update --lists "$lists" --root "$s/root.pem" "$work"
	[ ! -e "$lists/current" ] || wrong 'lists of a wrong root'

	# an old snapshot first, then the closed deltas and today's
	mkdir -p "$work/$suite/status/3"
	old=$work/$suite
	cp "$s/public/trust-list.cbor" "$old"
	cp "$s/old-snapshot.cbor" "$old/status/3/snapshot.cbor"
	expect 0 'status list 3 updated' update --lists "$lists" \
		--root "$s/root.pem" "$old"
	cmp -s "$lists/current/status/3/snapshot.cbor" "$s/old-snapshot.cbor" ||
		wrong 'another snapshot'
	expect 0 'status list 3 updated' update --lists "$lists" "$s/public"
	[ "$(ls "$lists/current/status/3/delta" | wc -l)" = 2 ] ||
		wrong 'deltas were not followed'
	cmp -s "$lists/current/status/3/snapshot.cbor" "$s/old-snapshot.cbor" ||
		wrong 'a snapshot was fetched although deltas do'
	card=0
	"$verify" qr --lists "$lists" "${now[@]}" "$text" >"$work/out"
	card=$?
	[ "$card" = 0 ] || [ "$card" = 2 ] || [ "$card" = 3 ] ||
		wrong "verdict $card under the new lists"
	expect "$card" '' qr --trust "$s/public/trust-list.cbor" \
		--root "$s/root.pem" --status "$s/public/status/3/list.cwt" \
		"${now[@]}" "$text"
	expect 0 'status list 3 updated' update --lists "$lists" "$s/public"

	# rollback, of the lists and of the trust list
	refused 'older than a list already seen' "$old"
	new=$work/$suite-new
	cp -r "$s/public" "$new"
	cp "$s/newer-trust.cbor" "$new/trust-list.cbor"
	expect 0 'trust list updated' update --lists "$lists" "$new"
	refused 'older than a list already seen' "$s/public"

	# truncated and altered, each file by itself
	for file in trust-list.cbor status/3/today.cbor; do
		rm -rf "$work/broken"
		cp -r "$new" "$work/broken"
		head -c -1 "$new/$file" >"$work/broken/$file"
		refused 'damaged' "$work/broken"
		/usr/bin/python3 - "$new/$file" "$work/broken/$file" <<-'EOT'
			import sys
			b = bytearray(open(sys.argv[1], "rb").read())
			at = b.index(b"https://hall") + 9
			b[at] ^= 1
			open(sys.argv[2], "wb").write(b)
		EOT
		refused 'not updated' "$work/broken"
	done
	rm -rf "$work/broken"
	cp -r "$new" "$work/broken"
	head -c 100 "$new/status/3/today.cbor" >"$work/broken/status/3/today.cbor"
	expect 14 'status list 3 not updated' update --lists "$lists" \
		"$work/broken"
	# of another issuer; another root is another folder
	other=intl
	[ $suite = sm ] || other=sm
	refused 'wrong signature' "$sample/$other/public"
	expect 14 'another folder' update --lists "$lists" \
		--root "$sample/$other/root.pem" "$new"
	# the one that was given before may be given again
	expect 0 'updated' update --lists "$lists" --root "$s/root.pem" "$new"

	# only the form for third parties
	rm -rf "$work/whole" "$work/whole-lists"
	mkdir -p "$work/whole/status/3"
	cp "$s/public/trust-list.cbor" "$work/whole"
	cp "$s/public/status/3/list.cwt" "$work/whole/status/3"
	expect 0 'status list 3 updated' update --lists "$work/whole-lists" \
		--root "$s/root.pem" "$work/whole"
	expect "$card" '' qr --lists "$work/whole-lists" "${now[@]}" "$text"

	# what a crash left behind goes, one generation back stays
	mkdir -p "$lists/lists-99/status/3"
	ln -s lists-99 "$lists/current.new"
	expect 0 'updated' update --lists "$lists" "$new"
	[ ! -e "$lists/lists-99" ] && [ ! -L "$lists/current.new" ] &&
		[ "$(find "$lists" -mindepth 1 -maxdepth 1 -name 'lists-*' | wc -l)" = 2 ] ||
		wrong 'generations are left over'
	flock "$lists/lock" "$verify" update --lists "$lists" "$new" \
		>"$work/out" 2>&1
	[ $? = 14 ] && grep -q 'another update is running' "$work/out" ||
		wrong 'two updates at once'

	# a clock set back, in a later run
	expect "$card" '' qr --lists "$lists" --at 2020-01-01T00:00:00Z "$text"
	# a list that rots on the disk is left out and told of
	cp "$lists/current/status/3/today.cbor" "$work/today"
	printf 'x' >"$lists/current/status/3/today.cbor"
	expect 1 'status list 3 not used' qr --lists "$lists" "${now[@]}" "$text"
	cp "$work/today" "$lists/current/status/3/today.cbor"
	printf 'x' >"$lists/current/state"
	expect 65 'saved data is damaged' qr --lists "$lists" "$text"
done

# from a web server, into the user's own place
/usr/bin/python3 - "$sample/sm/public" >"$work/port" 2>/dev/null <<-'EOT' &
	import functools, http.server, sys
	h = functools.partial(http.server.SimpleHTTPRequestHandler,
	                      directory=sys.argv[1])
	s = http.server.HTTPServer(("127.0.0.1", 0), h)
	print(s.server_port, flush=True)
	s.serve_forever()
EOT
server=$!
for _ in $(seq 100); do
	[ -s "$work/port" ] && break
	sleep 0.1
done
url=http://127.0.0.1:$(cat "$work/port")
text=$(cat "$sample/sm/credential.txt")
expect 0 'status list 3 updated' update --root "$sample/sm/root.pem" "$url/" 3
expect "$card" '' qr --at 2026-08-01T10:00:00Z "$text"
expect 0 '"taken":true' update --json "$url"
expect 14 'not there' update "$url/none"
expect 14 'status list 4 not updated' update "$url" 4
grep -q 'status list 3 updated' "$work/out" || wrong 'one bad list stops all'
kill "$server"
wait "$server" 2>/dev/null
server=
expect 14 'no connection' update "$url"
expect "$card" '' qr --at 2026-08-01T10:00:00Z "$text"
expect 64 'DIR|URL' update
exit $bad
