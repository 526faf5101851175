# Sourced: a whole service hall on this machine, private and virtual.
# The caller sets BUILD (build folder), STATIONS (0 to 4) and calls
#   hall_start DIR   hall_stop   and, between them, as STAFF hufu ...
# Every process is started here and ended by its own pid.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

# One uid a process and a person, so that peer checks mean something. They
# need no entry in the password file.
HOST_UID=64010
SIGNER_UID=64011
declare -A STAFF_UID=(
	[sysadmin]=64020 [secadmin]=64021 [auditadmin]=64022
	[clerk1]=64031 [clerk2]=64032 [clerk3]=64033 [clerk4]=64034
	[centre]=64035 [bureau]=64036 [city]=64037 [province]=64038 [opinion]=64039
	[maker1]=64041 [maker2]=64042 [keeper1]=64043 [keeper2]=64044
	[auditor]=64045
)

hall_fail() {
	echo "hall: $*" >&2
	exit 1
}

as_uid() { # UID COMMAND...
	local uid=$1
	shift
	setpriv --reuid "$uid" --regid "$uid" --clear-groups -- "$@"
}

# as STAFF ARGUMENT...: the operator's command under that person's uid
as() {
	local who=$1
	shift
	as_uid "${STAFF_UID[$who]}" "$HALL/bin/hufu" \
		--socket "$HALL/office/run/host/operator.sock" "$@"
}

hall_wait() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.02
	done
}

hall_alive() { # NAME
	[ -s "$HALL/$1.pid" ] && kill -0 "$(cat "$HALL/$1.pid")" 2>/dev/null
}

# The daemon belongs to nginx's group where there is an edge.
hall_groups() {
	[ -n "${HALL_GROUPS:-}" ] && echo "--groups=$HALL_GROUPS" ||
		echo --clear-groups
}

hall_launch() { # NAME UID COMMAND...
	local name=$1 uid=$2
	shift 2
	setpriv --reuid "$uid" --regid "$uid" \
		"$(hall_groups)" \
		-- "$@" \
		>>"$HALL/$name.log" 2>&1 </dev/null &
	echo $! >"$HALL/$name.pid"
}

hall_end() { # NAME
	local pid
	hall_alive "$1" || return 0
	pid=$(cat "$HALL/$1.pid")
	kill "$pid" 2>/dev/null || true
	hall_wait 20 sh -c "! kill -0 $pid" || kill -KILL "$pid" || true
	rm -f "$HALL/$1.pid"
}

hall_binaries() {
	local name
	mkdir -p "$HALL/bin"
	for name in hufu hufud hufu-signd hufu-card hufu-verify \
		hufu-photo; do
		install -m 0755 "$BUILD/bin/$name" "$HALL/bin/$name"
	done
}

hall_init() {
	"$HALL/bin/hufu" init --folder "$HALL/office" --area 320106 \
		--name '鼓楼区退役军人事务局' --issuer https://hufu.example \
		--origin hufu.example/log/1 --areas "$here/areas.csv" \
		--policy "$root/host/policy/policy.ini" \
		--system-admin "sysadmin:${STAFF_UID[sysadmin]}" \
		--security-admin "secadmin:${STAFF_UID[secadmin]}" \
		--audit-admin "auditadmin:${STAFF_UID[auditadmin]}" \
		--host-user "$HOST_UID" --signer-user "$SIGNER_UID" \
		--signd "$HALL/bin/hufu-signd" --training ${HALL_SUITE:+--sm} \
		>"$HALL/init.log"
	cat >>"$HALL/office/etc/hufud.ini" <<-EOT

	[making]
	lease-s = ${HALL_LEASE_S:-5}
	back-off-s = 1
	attempts = ${HALL_ATTEMPTS:-50}
	EOT
	# The demo waits for lists; a real office gathers for a second.
	sed -i "s|^bits = 20|bits = 16\ngather-ms = ${HALL_GATHER_MS:-50}|" \
		"$HALL/office/etc/hufud.ini"
}

hall_rigs() {
	local i
	[ "$STATIONS" -gt 0 ] || return 0
	HUFU_BUILD=$BUILD READER_OWNER=$HOST_UID:$HOST_UID \
		READER_MASTER=$HALL/office/signer/transport.master \
		"$root/tests/double/reader/reader.sh" start "$HALL/readers" \
		"$STATIONS"
	"$root/tests/double/printer/printer.sh" start "$HALL/printers" \
		"$STATIONS"
	for ((i = 1; i <= STATIONS; i++)); do
		hall_station_folders "$i"
		hall_station_settings "$i" >>"$HALL/office/etc/hufud.ini"
	done
}

hall_station_folders() { # I
	local f
	for f in hopper inside out reject; do
		mkdir -p "$HALL/station$1/$f"
	done
	chown -R "$HOST_UID" "$HALL/station$1"
}

hall_station_settings() { # I
	cat <<-EOT

	[station station$1]
	area = 320106
	operator = maker$(((${1} - 1) % 2 + 1))
	transport = simulator
	reader = Hufu Virtual Reader $1 00 00
	printer = $(cat "$HALL/printers/printer$(($1 - 1))/uri")
	control-socket = $HALL/readers/card-$1.sock
	folder = $HALL/station$1
	raster-folder = $HALL/printers/printer$(($1 - 1))/cards
	start = ${HALL_STATIONS_START:-no}
	EOT
}

# hall_blanks STATION COUNT: fresh blanks into the hopper
hall_blanks() {
	local i file
	for ((i = 0; i < $2; i++)); do
		file=$(printf '%s/station%d/hopper/%s-%04d.card' "$HALL" "$1" \
			"$(date +%s%N)" "$i")
		"$HALL/bin/hufu-card" --new-blank --memory "$file" \
			--transport-master "$HALL/office/signer/transport.master" \
			>>"$HALL/blanks.log"
		chown "$HOST_UID" "$file"
	done
}

hall_signd() {
	# a killed one leaves its socket behind
	rm -f "$HALL/office/run/signer/signd.sock"
	hall_launch signd "$SIGNER_UID" "$HALL/bin/hufu-signd" \
		--config "$HALL/office/etc/signd.ini"
	hall_wait 10 test -S "$HALL/office/run/signer/signd.sock" ||
		hall_fail "hufu-signd does not start, see $HALL/signd.log"
}

hall_hufud() {
	hall_launch hufud "$HOST_UID" env \
		PCSCLITE_CSOCK_NAME="$HALL/readers/pcscd.sock" \
		CUPS_SERVER="$HALL/printers/cups/state/cups.sock" \
		HOME="$HALL/office/host" ${HUFU_FAULT:+HUFU_FAULT="$HUFU_FAULT"} \
		"$HALL/bin/hufud" --config "$HALL/office/etc/hufud.ini"
	hall_wait 20 as sysadmin status ||
		hall_fail "hufud does not start, see $HALL/hufud.log"
}

hall_staff() {
	local row
	while read -r row; do
		# shellcheck disable=SC2086 # words of the row
		set -- $row
		as secadmin staff add "$1" "$2" "${STAFF_UID[$1]}" \
			"${@:3}" >/dev/null
	done <<-EOT
	clerk1 宁海路街道受理员 township@320106002
	clerk2 宁海路街道复核员 township@320106002
	clerk3 华侨路街道受理员 township@320106003
	clerk4 华侨路街道复核员 township@320106003
	centre 区服务中心核实员 county-centre@320106
	bureau 区局初审员 county-bureau@320106
	city 市局审核员 city@320100
	province 省厅备案员 province@320000
	opinion 省厅意见员 province@320000
	maker1 一号制证员 personaliser@320106
	maker2 二号制证员 personaliser@320106
	keeper1 一号保管员 stock-keeper@320106
	keeper2 二号保管员 stock-keeper@320106
	auditor 审计员 auditor@320106
	EOT
}

hall_start() { # DIR
	HALL=$1
	mkdir -p "$HALL"
	HALL=$(cd "$HALL" && pwd)
	chmod 0755 "$HALL"
	hall_binaries
	hall_init
	hall_rigs
	[ -z "${HALL_BEFORE_START:-}" ] || "$HALL_BEFORE_START"
	hall_signd
	hall_hufud
	hall_staff
	# Stations look for their operators when the daemon starts.
	hall_end hufud
	hall_hufud
}

hall_stop() {
	[ -n "${HALL:-}" ] || return 0
	hall_end hufud
	hall_end signd
	[ "$STATIONS" -gt 0 ] || return 0
	"$root/tests/double/reader/reader.sh" stop "$HALL/readers" || true
	"$root/tests/double/printer/printer.sh" stop "$HALL/printers" || true
}

# Where a hall can lie so that lp and the staff's uids reach it: below the
# given folder, or in /var/tmp with a link from there.
hall_place() { # FOLDER
	local place
	mkdir -p "$(dirname "$1")"
	if as_uid "$HOST_UID" test -x "$(dirname "$1")"; then
		mkdir -p "$1"
		echo "$1"
		return
	fi
	place=$(mktemp -d /var/tmp/hufu-hall.XXXXXX)
	ln -sfn "$place" "$1"
	echo "$place"
}
