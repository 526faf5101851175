#!/usr/bin/env bash
# Inside a mount and a process name space of its own, as package.sh made it.
set -euo pipefail
fail() { echo "package: $*" >&2; exit 1; }
layer=/mnt
mount -t tmpfs tmpfs $layer
mkdir $layer/{up,work,root,debs,next}
cp "$BUILD"/deb/*.deb $layer/debs/
for deb in $layer/debs/*.deb; do # the same, one version on
	dpkg-deb -R "$deb" $layer/next/one
	sed -i -E 's/^(Version: .*)$/\1+1/; s/(libhufu0 \(= [^)]*)\)/\1+1)/' \
		$layer/next/one/DEBIAN/control
	dpkg-deb --root-owner-group -b $layer/next/one \
		"$layer/next/$(basename "$deb")" >/dev/null
	rm -r $layer/next/one
done
mount -t overlay overlay -o \
	lowerdir=/,upperdir=$layer/up,workdir=$layer/work $layer/root
root=$layer/root
mount -t proc proc $root/proc
mount --rbind /dev $root/dev
mount -t tmpfs tmpfs $root/tmp
mkdir $root/tmp/debs $root/tmp/next
mount --bind $layer/debs $root/tmp/debs
mount --bind $layer/next $root/tmp/next
source_files=$(cd "$HERE/../.." && pwd)
cp "$source_files/tests/system/areas.csv" $root/tmp/
exec_inside() { # the very process that a job's pid names
	exec chroot $root env LC_ALL=C.UTF-8 "$@"
}
inside() {
	chroot $root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 LC_ALL=C.UTF-8 \
		"$@"
}

inside bash -c 'dpkg -i /tmp/debs/*.deb' >$root/tmp/log 2>&1 ||
	{ cat $root/tmp/log >&2; fail 'dpkg -i'; }
grep -q 'hufu init' $root/tmp/log || fail 'no word of hufu init'
for user in hufu hufu-sign; do
	inside getent passwd $user >/dev/null || fail "no user $user"
done
[ ! -e $root/var/lib/hufu/etc ] || fail 'an office out of nothing'
grep -lxE '(hufud|hufu-signd)' $root/proc/[0-9]*/comm && fail 'it was started'

# An office as the guide sets it up, and both programs as the units do.
uid() { inside id -u "$1"; }
inside hufu init --folder /var/lib/hufu --area 320106 --name '生成的机构' \
	--issuer https://hall.example --origin hall.example/log/1 \
	--areas /tmp/areas.csv --policy /usr/share/hufu/policy.ini \
	--host-user "$(uid hufu)" --signer-user "$(uid hufu-sign)" \
	--system-admin system:0 --security-admin security:60001 \
	--audit-admin audit:60002 --training >/dev/null
pids=()
start() { # USER PROGRAM CONFIG
	exec_inside setpriv --reuid "$1" --regid "$1" --init-groups -- \
		"/usr/sbin/$2" --config "/var/lib/hufu/etc/$3" \
		>>$root/tmp/log 2>&1 &
	pids+=($!)
}
reach() { # SOCKET
	for _ in $(seq 500); do
		[ ! -S "$root/var/lib/hufu/run/$1" ] || return 0
		sleep 0.02
	done
	cat $root/tmp/log >&2
	fail "no $1"
}
socket=/var/lib/hufu/run/host/operator.sock
begin() {
	start hufu-sign hufu-signd signd.ini
	reach signer/signd.sock
	start hufu hufud hufud.ini
	reach host/operator.sock
	inside hufu --socket $socket status >/dev/null || fail 'status'
}
finish() { # the daemon before its signer
	local i
	for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
		kill "${pids[i]}"
		wait "${pids[i]}" || true
	done
	pids=()
}
begin
inside hufu --json doctor --config /var/lib/hufu/etc/hufud.ini >$root/tmp/seen ||
	true
for line in daemon signer trust database log list; do
	grep -A1 "\"check\": \"$line\"" $root/tmp/seen | grep -q '"ok"' ||
		{ cat $root/tmp/seen >&2; fail "doctor: $line"; }
done

# The edge, as far as nginx can judge it without opening a door.
inside openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-days 5 -subj /CN=hall.example -keyout /tmp/key -out /tmp/pem 2>/dev/null
printf '%s\n' '' '[edge]' 'name = hall.example' 'certificate = /tmp/pem' \
	'key = /tmp/key' 'socket = /var/lib/hufu/run/host/edge.sock' \
	>>$root/var/lib/hufu/etc/hufud.ini
inside hufu edge write --config /var/lib/hufu/etc/hufud.ini \
	--out /etc/nginx/conf.d/hufu.conf
inside nginx -t -q
finish

before=$(find $root/var/lib/hufu -type f ! -path '*/run/*' -exec sha256sum {} + |
	sort)
inside bash -c 'dpkg -i /tmp/next/*.deb' >$root/tmp/log 2>&1 ||
	{ cat $root/tmp/log >&2; fail 'upgrade'; }
[ "$before" = "$(find $root/var/lib/hufu -type f ! -path '*/run/*' \
	-exec sha256sum {} + | sort)" ] || fail 'the upgrade touched the office'
begin
finish

names=(hufu-host hufu-verify hufu-pages libhufu-dev libhufu0)
inside dpkg -r "${names[@]}" >$root/tmp/log 2>&1 ||
	{ cat $root/tmp/log >&2; fail 'remove'; }
for path in usr/bin/hufu usr/sbin/hufud usr/share/hufu \
	usr/lib/systemd/system/hufud.service usr/include/hufu; do
	[ ! -e "$root/$path" ] || fail "$path is left behind"
done
inside dpkg -P "${names[@]}" >$root/tmp/log 2>&1 ||
	{ cat $root/tmp/log >&2; fail 'purge'; }
[ -s $root/var/lib/hufu/host/hufu.db ] || fail 'the office is gone'
inside dpkg -l 'hufu-*' 'libhufu*' 2>/dev/null | grep -q '^[ir]' &&
	fail 'dpkg still knows of it'
exit 0
