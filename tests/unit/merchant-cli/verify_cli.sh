#!/usr/bin/env bash
# Every verdict of hufu-verify by its exit status:
# verify_cli.sh HUFU_VERIFY SAMPLE_FOLDER (as write_sample.c wrote it) VECTORS
set -uo pipefail
verify=$1
sample=$2
vectors=$3
work=$(mktemp -d)
export HOME=$work XDG_DATA_HOME=
trap 'rm -rf "$work"' EXIT
bad=0

# expect STATUS TEXT COMMAND...: exit status and a part of what is said
expect() {
	local status=$1 text=$2 got
	shift 2
	"$verify" "$@" >"$work/out" 2>&1 </dev/null
	got=$?
	if [ $got -ne "$status" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$work/out"; }; then
		echo "hufu-verify $*: exit $got, wanted $status '$text':" >&2
		cat "$work/out" >&2
		bad=1
	fi
}

# links, a payment code, an empty code, EU certificates
/usr/bin/python3 - "$vectors" >"$work/foreign" <<-'EOT'
	import glob, json, sys
	print("https://example.invalid/", "weixin://dl/business/?t=x", "",
	      "WIFI:T:WPA;S:x;P:y;;", "HC1:", "00020101021126", "MECARD:N:x;;",
	      "otpauth://totp/x?secret=y", "BEGIN:VCARD", sep="\n")
	for name in sorted(glob.glob(sys.argv[1] + "/dcc/*/2DCode/raw/*.json")):
	    print(json.load(open(name, encoding="utf-8"))["PREFIX"])
EOT
[ "$(wc -l <"$work/foreign")" -ge 20 ] || { echo 'too few codes' >&2; bad=1; }

for suite in intl sm; do
	s=$sample/$suite
	trust=(--trust "$s/trust.cbor" --root "$s/root.pem")
	lists=("${trust[@]}" --status "$s/status.cbor")
	now=(--at 2026-08-01T01:00:00Z)
	text=$(cat "$s/credential.txt")

	expect 0 '有效 Valid' qr "${lists[@]}" "${now[@]}" "$text"
	expect 0 '生***' qr "${lists[@]}" "${now[@]}" "$text"
	expect 0 '0017' qr "${lists[@]}" "${now[@]}" "$text"
	expect 0 '生成样本' qr "${lists[@]}" "${now[@]}" --full "$text"
	expect 0 '"verdict":"valid"' qr "${lists[@]}" "${now[@]}" --json "$text"
	expect 1 'status not confirmed' qr "${trust[@]}" "${now[@]}" "$text"
	expect 1 'status not confirmed' qr "${lists[@]}" \
		--at 2026-08-20T00:00:00Z "$text"
	expect 1 'status not confirmed' qr "${lists[@]}" \
		--at 2026-08-01T09:00:00Z --stale-after 8 "$text"
	expect 1 'status not confirmed' qr --key "$s/card.pem" "${now[@]}" "$text"
	expect 4 'Expired' qr "${lists[@]}" --at 2037-01-01T00:00:00Z "$text"
	# the lists' own time is a floor: a clock set back changes nothing
	expect 0 'Valid' qr "${lists[@]}" --at 2026-07-01T00:00:00Z "$text"
	expect 7 'Wrong signature' qr --key "$s/list.pem" "${now[@]}" "$text"
	# good codes of other kinds: said in both languages, by every way in
	while IFS= read -r foreign; do
		expect 8 '不是优待证 Not a 优待证' qr "${lists[@]}" -- "$foreign"
		expect 8 '"verdict":"not-a-credential"' qr "${lists[@]}" \
			--json -- "$foreign"
	done <"$work/foreign"
	expect 8 '不是优待证' qr "${lists[@]}" \
		$'BEGIN:VCARD\nVERSION:3.0\nFN:x\nEND:VCARD'
	expect 0 '签发 Issued    2026-08-01' qr "${lists[@]}" "${now[@]}" "$text"
	expect 0 'Valid' image "${lists[@]}" "${now[@]}" "$s/card.png" "$s/card.jpg"
	expect 12 'No QR code' image "${lists[@]}" "${now[@]}" "$s/empty.png"
	expect 65 'damaged' image "${lists[@]}" "${now[@]}" "$s/broken.png"
	expect 65 'not supported' image "${lists[@]}" "${now[@]}" "$s/root.pem"
	expect 66 'no such file' image "${lists[@]}" "${now[@]}" "$s/none.png"
	expect 0 'Signature valid' cose --key "$s/card.pem" "$s/object.cbor"
	expect 0 '"verdict":"signature-valid"' cose --json --key "$s/root.pem" \
		"$s/trust.cbor"
	expect 0 '"docType": "org.hufu.card.1"' cose --key "$s/card.pem" \
		"$s/object.cbor"
	expect 7 'Wrong signature' cose --key "$s/chip.pem" "$s/object.cbor"
	# the payload is shown whatever the signature is
	expect 7 '"docType":"org.hufu.card.1"' cose --json --key "$s/chip.pem" \
		"$s/object.cbor"

	expect 0 'payload/169/4 text 生***  姓名 name' inspect "$text"
	expect 0 'payload/169/1 text ***0017  卡号 card number' inspect "$text"
	expect 0 '生成样本' inspect --full "$text"
	expect 0 '有效 Valid' inspect "${lists[@]}" "${now[@]}" "$text"
	expect 0 '"verdict":"valid"' inspect --json "${lists[@]}" "${now[@]}" \
		"$text"
	"$verify" inspect --json "$text" >"$work/out"
	! grep -qE '生成样本|3201001260|e7949fe68890|3332303130' "$work/out" ||
		{ echo 'inspect shows a person' >&2; bad=1; }
	for len in 1 2 3 40 90 200 260 300; do
		expect 9 '' inspect "${text:0:len}"
		expect 9 '"problems":[{' inspect --json "${text:0:len}"
	done
	expect 9 'broken at byte' inspect "${text:0:260}"
	expect 7 'signature bytes' inspect --key "$s/list.pem" "${now[@]}" "$text"
	expect 9 'Not a COSE_Sign1' cose --key "$s/chip.pem" "$s/card.jpg"
	# a list under another root, and one that was altered
	expect 65 'wrong signature' qr --trust "$s/trust.cbor" \
		--root "$s/card.pem" "$text"
	head -c -1 "$s/status.cbor" >"$work/short.cbor"
	expect 65 'damaged' qr "${trust[@]}" --status "$work/short.cbor" "$text"
	{ head -c -1 "$s/status.cbor"; printf '\0'; } >"$work/other.cbor"
	cmp -s "$work/other.cbor" "$s/status.cbor" ||
		expect 65 'wrong signature' qr "${trust[@]}" \
			--status "$work/other.cbor" "$text"
done

# a card of one issuer under the list of another
expect 6 'Unknown issuer' qr --trust "$sample/sm/trust.cbor" \
	--root "$sample/sm/root.pem" --at 2026-08-01T01:00:00Z \
	"$(cat "$sample/intl/credential.txt")"

log=$sample/log
vkey=$(cat "$log/vkey")
printf 'entry 12345' >"$work/entry"
printf 'entry 12346' >"$work/other"
expect 0 'Proven' proof --vkey "$log/vkey" --entry "$work/entry" "$log/proof"
expect 0 '"index":12345' proof --json --vkey "$vkey" --entry "$work/entry" \
	"$log/proof"
expect 11 'Not proven' proof --vkey "$vkey" --entry "$work/other" "$log/proof"
sed 's/65836/65837/' "$log/proof" >"$work/forged"
expect 11 'Wrong signature' proof --vkey "$vkey" --entry "$work/entry" \
	"$work/forged"
expect 65 'damaged' proof --vkey "$vkey" --entry "$work/entry" "$work/entry"
expect 0 'is this card' proof --vkey "$vkey" --entry "$log/signed.entry" \
	--qr "$sample/intl/credential.txt" \
	--object "$sample/intl/object.cbor" "$log/signed.proof"
expect 11 'another card' proof --vkey "$vkey" --entry "$log/signed.entry" \
	--qr "$sample/sm/credential.txt" \
	--object "$sample/intl/object.cbor" "$log/signed.proof"
expect 11 'no salt' proof --vkey "$vkey" --entry "$work/entry" \
	--qr "$sample/intl/credential.txt" \
	--object "$sample/intl/object.cbor" "$log/proof"

expect 64 'hufu-verify qr' nothing
expect 64 'by update first' qr text
expect 64 '--trust with --root' qr --trust "$work/none" text
expect 64 '--trust with --root' qr --key "$sample/sm/card.pem" \
	--status "$sample/sm/status.cbor" text
expect 64 'bad value' qr --at yesterday text
expect 64 'unrecognized' qr --nothing text
expect 0 '离线核验' --help
expect 66 'no such file' qr --key "$work/none.pem" text
expect 65 'damaged' qr --key "$work/entry" text
expect 9 'not Base45' inspect 'https://example.invalid/'
expect 9 'prefix HC1:' inspect "$(grep '^HC1:.' "$work/foreign" | head -n 1)"
# COSE that somebody else signed, under each algorithm
/usr/bin/python3 "$(dirname "$0")/foreign_cose.py" "$work"
for name in es256 eddsa; do
	expect 0 'Signature valid' cose --key "$work/$name.pem" "$work/$name.cbor"
	"$verify" cose --json --key "$work/$name.pem" "$work/$name.cbor" |
		/usr/bin/python3 -c '
import json, sys
d = json.load(sys.stdin)
assert d["verdict"] == "signature-valid", d
assert d["payload"] == {"1": "text", "-2": [True, None, 1.5, "_-8"],
                        "k": {"inner": -7}}, d' ||
		{ echo "cose --json of $name" >&2; bad=1; }
done
expect 7 'Wrong signature' cose --key "$work/es256.pem" "$work/eddsa.cbor"
expect 7 'Wrong signature' cose --key "$work/eddsa.pem" "$work/es256.cbor"

# bulk: the same order, on however many cores, by line ends of either kind
s=$sample/sm
lists=(--trust "$s/trust.cbor" --root "$s/root.pem" --status "$s/status.cbor"
	--at 2026-08-01T01:00:00Z)
{
	cat "$s/credential.txt"
	printf '\r\nhello\n\n'
	cat "$sample/intl/credential.txt"
	printf '\n'
	head -c 600000 /dev/zero | tr '\0' A
	printf '\n'
	tr '0' '1' <"$s/credential.txt"
} >"$work/few"
for i in $(seq 40); do cat "$work/few"; printf '\n'; done |
	"$verify" bulk "${lists[@]}" >"$work/out"
[ $? = 9 ] || { echo 'bulk: another exit status' >&2; bad=1; }
printf '%s\t%s\t%s\n' valid 0017 '生***' not-a-credential '' '' \
	not-a-credential '' '' unknown-issuer '' '' not-a-credential '' '' \
	malformed '' '' >"$work/want"
for i in $(seq 40); do cat "$work/want"; done | cmp - "$work/out" ||
	{ head "$work/out" >&2; bad=1; }
expect 0 '' bulk "${lists[@]}"
"$verify" bulk --json --full "${lists[@]}" <"$s/credential.txt" |
	grep -q '"name":"生成样本"' || { echo 'bulk --json' >&2; bad=1; }
# a verdict does not wait for the next line, nor for the end of input
coproc gate { "$verify" bulk "${lists[@]}" 2>&1; }
pid=$gate_PID
for i in 1 2 3; do
	cat "$s/credential.txt" >&"${gate[1]}"
	printf '\n' >&"${gate[1]}"
	IFS= read -r -t 20 line <&"${gate[0]}"
	[ "$line" = "$(printf 'valid\t0017\t生***')" ] ||
		{ echo "bulk: a gate got '$line'" >&2; bad=1; }
done
eval "exec ${gate[1]}>&-"
wait "$pid" || { echo 'bulk: exit status of a gate' >&2; bad=1; }
"$verify" bulk "${lists[@]}" <"$s/credential.txt" >/dev/full 2>"$work/out"
[ $? = 70 ] || { echo 'bulk: a full disk is no success' >&2; bad=1; }
expect 64 'standard input' bulk "${lists[@]}" text

PCSCLITE_CSOCK_NAME=$work/none expect 13 'pcscd' \
	chip --key "$sample/sm/card.pem"
exit $bad
