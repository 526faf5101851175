#!/usr/bin/env bash
# What hufu init leaves on the disk, and whom it belongs to:
# init.sh HUFU SIGND SOURCE
set -uo pipefail
hufu=$1 signd=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0755 "$work" # other users go through it
bad=0
me=$(id -u) host=$me signer=$me

complain() {
	echo "$*" >&2
	bad=1
}

equal() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || complain "$1: $2, wanted $3"
}

init() { # FOLDER
	"$hufu" init --folder "$1" --area 320106 --name '生成的机构' \
		--issuer https://hall.example.invalid \
		--origin hall.example.invalid/log/1 \
		--areas "$source/tests/system/areas.csv" \
		--policy "$source/host/policy/policy.ini" \
		--system-admin system:60000 --security-admin security:60001 \
		--audit-admin audit:60002 --host-user "$host" \
		--signer-user "$signer" --signd "$work/hufu-signd" --training \
		>"$work/out" 2>&1
}

# Other users cannot be played without being root.
if [ "$me" = 0 ]; then
	host=64010 signer=64011
fi
install -m 0755 "$signd" "$work/hufu-signd"

umask 077 # as strict as any administrator's
init "$work/office" || complain "init failed: $(cat "$work/out")"
while read -r mode owner name; do
	equal "$name" "$(stat -c '%a %u' "$work/office/$name")" "$mode $owner"
done <<-EOT
	755 $me .
	755 $me etc
	644 $me etc/hufud.ini
	644 $me etc/signd.ini
	700 $host host
	600 $host host/seal.keys
	600 $host host/status.key
	600 $host host/hufu.db
	700 $signer signer
	600 $signer signer/passphrase
	600 $signer signer/transport.master
	600 $signer signer/issuer.master
	600 $signer signer/journal
	700 $signer signer/keys
	755 $host public
	644 $me public/trust-list.cbor
	644 $me public/root.pem
	755 $host run/host
	750 $signer run/signer
	700 $me offline
	600 $me offline/passphrase
EOT
equal 'group that reaches the signer' \
	"$(stat -c %g "$work/office/run/signer")" \
	"$(id -g "$host" 2>/dev/null || echo "$host")"
[ -z "$(find "$work/office" -perm /022 ! -type l)" ] ||
	complain 'somebody else may write'

cp -a "$work/office" "$work/copy"
init "$work/office" && complain 'a second init was taken'
grep -q '已经存在' "$work/out" || complain "second init: $(cat "$work/out")"
diff -r "$work/office" "$work/copy" || complain 'a second init changed it'

# Whoever owns public/ cannot turn root against another folder.
mkdir -p "$work/victim" "$work/trap/public"
chmod 0711 "$work/victim"
ln -s "$work/victim" "$work/trap/public/log"
init "$work/trap" && complain 'a link was taken for a folder'
equal 'the folder behind the link' "$(stat -c '%a %u' "$work/victim")" "711 $me"

exit $bad
