#!/usr/bin/env bash
# The trust list from ceremony to daemon and verifier:
# trust.sh HUFU SIGND HUFUD VERIFY SOURCE
set -uo pipefail
hufu=$1 signd=$2 hufud=$3 verify=$4 source=$5
work=$(mktemp -d)
pids=()
bad=0

cleanup() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap cleanup EXIT

# expect STATUS TEXT COMMAND...: exit status and a part of what is said
expect() {
	local status=$1 text=$2 got
	shift 2
	"$@" >"$work/out" 2>&1 </dev/null
	got=$?
	if [ $got -ne "$status" ] || ! grep -qF -- "$text" "$work/out"; then
		echo "$*: exit $got, wanted $status '$text':" >&2
		cat "$work/out" >&2
		bad=1
	fi
}

unchanged() { # FILE COPY
	cmp -s "$1" "$2" || { echo "$1 was changed" >&2; bad=1; }
}

kid() { # PURPOSE ALG: of the first such key in the published list
	"$hufu" --json trust show --root "$public/root.pem" "$list" |
		/usr/bin/python3 -c "import json, sys
print(next(i['kid'] for i in json.load(sys.stdin)['issuers']
           if (i['purpose'], i['alg']) == ('$1', $2)))"
}

issue() { # FROM OUT OPTIONS...
	local from=$1 out=$2
	shift 2
	"$hufu" trust issue --keys "$office/offline/keys" --passphrase \
		"$office/offline/passphrase" --from "$from" --out "$out" "$@"
}

office=$work/office public=$office/public list=$office/public/trust-list.cbor
expect 0 '已建立' "$hufu" init --folder "$office" --area 320106 \
	--name '生成的机构' --issuer https://hall.example.invalid \
	--origin hall.example.invalid/log/1 \
	--areas "$source/tests/system/areas.csv" \
	--policy "$source/host/policy/policy.ini" \
	--system-admin "system:$(id -u)" --security-admin security:60001 \
	--audit-admin audit:60002 --signd "$signd" --training
[ $bad -eq 0 ] || exit 1
cp "$list" "$work/1"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null |
	openssl pkey -pubout -out "$work/p256.pem"
openssl genpkey -algorithm SM2 2>/dev/null |
	openssl pkey -pubout -out "$work/sm2.pem"
publish=("$hufu" trust publish --config "$office/etc/hufud.ini")
show=("$hufu" trust show --root "$public/root.pem")

# --- looking
expect 0 '生成的机构' "${show[@]}" "$list"
expect 0 'hall.example.invalid/status/1/list.cwt' "$hufu" --json trust show \
	--root "$public/root.pem" "$list"
expect 0 '"sequence":1' "$hufu" --json trust show \
	--root "$public/root.pem" "$list"
expect 1 'not signed by this root' "$hufu" trust show \
	--root "$work/p256.pem" "$list"
expect 2 'usage' "$hufu" trust show "$list"
expect 2 'usage' "$hufu" trust
head -c 200 "$list" >"$work/cut"
expect 1 'damaged' "${show[@]}" "$work/cut"

# --- a new edition: a key more, one retired, one removed
expect 0 'trust list: 2' issue "$list" "$work/2" --add "$work/p256.pem" \
	--purpose card --area 3201 --retire "$(kid card -65537)" --valid-years 5
expect 0 '3201' "${show[@]}" "$work/2"
expect 1 'it exists' issue "$list" "$work/2"
expect 1 'in the trust list already' issue "$work/2" "$work/x" \
	--add "$work/p256.pem" --purpose list
expect 1 'retired already' issue "$work/2" "$work/x" \
	--retire "$(kid card -65537)"
expect 1 'No such key' issue "$list" "$work/x" --retire 0000000000000000
expect 1 'No such key' issue "$list" "$work/x" --remove "$(kid card -7),zz"
expect 1 'Years are' issue "$list" "$work/x" --valid-years 31
expect 1 'public key' issue "$list" "$work/x" --add "$list" --purpose card
expect 2 'usage' issue "$list" "$work/x" --add "$work/sm2.pem"
expect 2 'usage' issue "$list" "$work/x" --area 32
printf 'another passphrase' >"$work/wrong"
chmod 600 "$work/wrong"
expect 1 'offline root key' "$hufu" trust issue --keys \
	"$office/offline/keys" --passphrase "$work/wrong" --from "$list" \
	--out "$work/x"
expect 1 'damaged' issue "$work/cut" "$work/x"
[ ! -e "$work/x" ] || { echo 'a refused list was written' >&2; bad=1; }
expect 0 'trust list: 3' issue "$work/2" "$work/3" --add "$work/sm2.pem" \
	--purpose list --remove "$(kid list -65537)"
expect 0 'trust list: 3' issue "$work/2" "$work/3b" # the same number again
unchanged "$list" "$work/1"

# --- publishing: forward only, and only what the root signed
expect 0 '已发布' "${publish[@]}" "$work/1"
expect 0 'trust list: 2' "${publish[@]}" "$work/2"
unchanged "$list" "$work/2"
expect 1 'must not be older' "${publish[@]}" "$work/1"
cp "$work/3" "$work/broken"
printf '\001' | dd of="$work/broken" bs=1 seek=120 conv=notrunc 2>/dev/null
expect 1 'trust list' "${publish[@]}" "$work/broken"
head -c 300 "$work/3" >"$work/short"
expect 1 'damaged' "${publish[@]}" "$work/short"
unchanged "$list" "$work/2"
expect 0 'trust list: 3' "$hufu" trust publish --root "$public/root.pem" \
	--list "$list" "$work/3"
expect 1 'nor differ under' "${publish[@]}" "$work/3b"
unchanged "$list" "$work/3"

# --- another root: the old one introduces it, it signs, verifiers follow
printf 'a new passphrase' >"$work/secret"
chmod 600 "$work/secret"
make_root() { # NAME
	"$hufu" trust root --keys "$work/$1" --passphrase "$work/secret" \
		--out "$work/$1.pem" --sm
}
issue_new() { # ROOT FROM OUT OPTIONS...
	local root=$1 from=$2 out=$3
	shift 3
	"$hufu" trust issue --keys "$work/$root" --passphrase "$work/secret" \
		--from "$from" --out "$out" "$@"
}
expect 0 'root key' make_root new
expect 1 'must not exist' make_root new
expect 1 'does not introduce' issue_new new "$list" "$work/x" \
	--root "$public/root.pem"
expect 0 'trust list: 4' issue "$list" "$work/4" --next-root "$work/new.pem"
expect 0 '"next_root":"' "$hufu" --json trust show \
	--root "$public/root.pem" "$work/4"
expect 0 'trust list: 5' issue_new new "$work/4" "$work/5" \
	--root "$public/root.pem"
expect 1 'not signed by this root' "${publish[@]}" "$work/5" # 3 knows none
expect 0 'trust list: 4' "${publish[@]}" "$work/4"
expect 0 'trust list: 5' "${publish[@]}" "$work/5"
unchanged "$public/introduction.cbor" "$work/4"
expect 0 'sequence: 5' "${show[@]}" "$list"
expect 0 'sequence: 5' "$hufu" trust show --root "$work/new.pem" "$list"
expect 1 'not signed' "${publish[@]}" "$work/4"
# a list of the old root comes too late
expect 0 'trust list: 5' issue "$work/4" "$work/5old"
expect 0 'trust list: 6' issue "$work/5old" "$work/6old"
expect 1 'not signed' "${publish[@]}" "$work/6old"
expect 0 'trust list: 6' issue_new new "$list" "$work/6" \
	--retire "$(kid card -7)"
expect 0 'trust list: 6' "${publish[@]}" "$work/6"
# one step at a time: a second new root wants the first one pinned
expect 0 'root key' make_root newer
expect 0 'trust list: 7' issue_new new "$list" "$work/7" \
	--next-root "$work/newer.pem"
expect 0 'trust list: 7' "${publish[@]}" "$work/7"
expect 0 'trust list: 8' issue_new newer "$list" "$work/8" \
	--root "$work/new.pem"
expect 1 'first replace' "${publish[@]}" "$work/8"
cp "$work/new.pem" "$public/root.pem"
expect 0 'trust list: 8' "${publish[@]}" "$work/8"
expect 0 'sequence: 8' "${show[@]}" "$list"

# --- a daemon that runs takes the next one, and no rollback
"$signd" --config "$office/etc/signd.ini" >"$work/signd.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
	[ ! -S "$office/run/signer/signd.sock" ] || break
	sleep 0.1
done
"$hufud" --config "$office/etc/hufud.ini" >"$work/hufud.log" 2>&1 &
pids+=($!)
sees() { # SEQUENCE, within 10 s
	for _ in $(seq 100); do
		"$hufu" --socket "$office/run/host/operator.sock" --json status \
			2>/dev/null | grep -q "\"trust_list\": *$1[,}]" && return
		sleep 0.1
	done
	echo "hufud does not see trust list $1:" >&2
	cat "$work"/*.log >&2
	bad=1
}
sees 8
expect 0 'trust list: 9' issue_new newer "$list" "$work/9"
expect 0 'trust list: 9' "${publish[@]}" "$work/9"
sees 9

# --- a verifier that pins the root before and was away when it changed
update=("$verify" update --root "$work/new.pem" "$public")
expect 0 'trust list updated' "${update[@]}" --lists "$work/away"
expect 0 'updated' "${update[@]}" --lists "$work/away"
mv "$public/introduction.cbor" "$work/hidden"
expect 0 'updated' "${update[@]}" --lists "$work/away" # it has followed
"${update[@]}" --lists "$work/late" >/dev/null 2>&1 &&
	{ echo 'a list of an unknown root was taken' >&2; bad=1; }
mv "$work/hidden" "$public/introduction.cbor"

cp "$work/8" "$list" # past the command
for _ in $(seq 50); do
	! grep -q 'must not be older' "$work/hufud.log" || break
	sleep 0.1
done
grep -q 'must not be older' "$work/hufud.log" ||
	{ echo 'hufud said nothing of a rollback' >&2; bad=1; }
sees 9
exit $bad
