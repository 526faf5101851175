#!/usr/bin/env bash
# What hufu doctor finds in an office that is well, and in one that is ill:
# doctor.sh HUFU SIGND HUFUD SOURCE
set -uo pipefail
hufu=$1 signd=$2 hufud=$3 source=$4
work=$(mktemp -d)
pids=()
bad=0

cleanup() {
	local pid
	for pid in "${pids[@]}"; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap cleanup EXIT

office=$work/office config=$work/office/etc/hufud.ini
"$hufu" init --folder "$office" --area 320106 --name '生成的机构' \
	--issuer https://hall.example.invalid \
	--origin hall.example.invalid/log/1 \
	--areas "$source/tests/system/areas.csv" \
	--policy "$source/host/policy/policy.ini" \
	--system-admin "system:$(id -u)" --security-admin security:60001 \
	--audit-admin audit:60002 --signd "$signd" --training >/dev/null || exit 1

# levels: check and level of every finding, a line each
look() {
	timeout 60 "$hufu" --json doctor --config "$config" "$@" >"$work/json"
	status=$?
	/usr/bin/python3 -c 'import json, sys
for f in json.load(sys.stdin):
    assert f["zh"] and f["en"] and f["zh"] != f["en"], f
    print(f["check"], f["level"])' <"$work/json" >"$work/levels" || bad=1
}

expect() { # LINE...
	local line
	for line in "$@"; do
		grep -qx -- "$line" "$work/levels" && continue
		echo "doctor: no '$line':" >&2
		cat "$work/json" >&2
		bad=1
	done
}

wait_for() {
	for _ in $(seq 1000); do
		[ -S "$1" ] && return
		sleep 0.02
	done
	echo "doctor: $1 does not come" >&2
	exit 1
}

look
[ $status = 1 ] || { echo "doctor: exit $status of an ill office" >&2; bad=1; }
expect 'daemon bad' 'signer bad' 'trust ok' 'key ok' 'database ok' \
	'migration ok' 'list bad' 'backup skipped' 'reader skipped' \
	'certificate skipped' 'rights warning'
grep -q '^calendar ' "$work/levels" || { echo 'doctor: no calendar' >&2; bad=1; }

"$signd" --config "$office/etc/signd.ini" >"$work/signd.log" 2>&1 &
signer=$!
pids+=($signer)
wait_for "$office/run/signer/signd.sock"
"$hufud" --config "$config" >"$work/hufud.log" 2>&1 &
pids+=($!)
export HUFU_SOCKET=$office/run/host/operator.sock
wait_for "$HUFU_SOCKET"
chmod 750 "$office/run/signer"
mv "$office/offline" "$work/shelf"
mkdir "$work/backups"
"$hufu" backup "$work/backups/today.db" >/dev/null || bad=1
look --backups "$work/backups"
expect 'daemon ok' 'signer ok' 'log ok' 'list ok' 'rights ok' 'backup ok'
[ $status = 0 ] || grep -q 'disk bad' "$work/levels" ||
	{ echo "doctor: exit $status of a sound office" >&2; bad=1; }
"$hufu" doctor --config "$config" | grep -qF 'hufud 在运行。' || bad=1

# Each illness by itself, and well again after it.
chmod 644 "$office/host/status.key"
look
expect 'rights bad'
chmod 600 "$office/host/status.key"
touch -d '3 days ago' "$work/backups/today.db"
touch -d '2 days ago' "$office/public/status/1/list.cwt"
look --backups "$work/backups"
expect 'backup warning' 'list bad'
cp "$office/public/trust-list.cbor" "$work/list"
printf 'x' | dd of="$office/public/trust-list.cbor" bs=1 seek=60 conv=notrunc \
	2>/dev/null
look
expect 'trust bad'
cp "$work/list" "$office/public/trust-list.cbor"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 5 \
	-subj /CN=hall -keyout "$work/key" -out "$work/soon.pem" 2>/dev/null
cat >>"$config" <<-END
	[edge]
	name = hall.example.invalid
	socket = $work/edge.sock
	certificate = $work/soon.pem
	key = $work/key
	client-ca = $work/none.pem
	[station one]
	area = 320106
	operator = maker1
	reader = No such reader
	printer = ipp://127.0.0.1:9/none
END
look
expect 'certificate warning' 'certificate bad' 'reader bad' 'printer bad'

# A signer that hangs holds up neither doctor nor status.
kill -STOP $signer
begin=$SECONDS
look
expect 'signer bad'
"$hufu" status | grep -qF '无法连接' || { echo 'doctor: status of a hanging signer' >&2; bad=1; }
[ $((SECONDS - begin)) -lt 9 ] ||
	{ echo "doctor: $((SECONDS - begin)) s for a hanging signer" >&2; bad=1; }
kill -CONT $signer
exit $bad
