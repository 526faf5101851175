#!/usr/bin/env bash
# Secrets in shares: ceremony.sh HUFU. Another implementation, of a few
# lines, joins the same shares.
set -uo pipefail
hufu=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
umask 077
bad=0
complain() {
	echo "$*" >&2
	bad=1
}
refused() { # WHAT COMMAND...
	local what=$1
	shift
	"$@" >out 2>&1 && complain "$what: taken"
	[ ! -e back ] || complain "$what: left something"
}
head -c 300 /dev/urandom >seal.keys
mkdir shares other
"$hufu" ceremony split seal.keys --need 3 --of 5 --out shares >out 2>&1 ||
	complain "split: $(cat out)"
"$hufu" ceremony split seal.keys --need 3 --of 5 --out other >out 2>&1
s=shares/seal.keys
[ "$(stat -c %a $s-1-of-5.share)" = 600 ] || complain 'a share is open to others'
for set in '1 2 3' '5 3 1' '2 4 5' '1 2 3 4 5'; do
	# shellcheck disable=SC2046,SC2086
	"$hufu" ceremony join --out back $(printf "$s-%d-of-5.share " $set) \
		>out 2>&1 || complain "join $set: $(cat out)"
	cmp -s seal.keys back || complain "join $set gives something else"
	rm -f back
done
refused 'two of three' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-2-of-5.share
grep -q 'too few' out || complain "two of three: $(cat out)"
refused 'one twice' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-1-of-5.share $s-2-of-5.share
refused 'two sets' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-2-of-5.share other/seal.keys-3-of-5.share
sed '7s/data ../data 00/;7s/data 00\(.\)/data 01\1/' $s-3-of-5.share >typo.share
refused 'a mistyped share' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-2-of-5.share typo.share
grep -q 'mistyped' out || complain "mistyped: $(cat out)"
# changed on purpose, with a sum that fits
/usr/bin/python3 - $s-3-of-5.share forged.share <<'PY'
import hashlib, re, sys
text = open(sys.argv[1]).read()
body = text[:text.index('sum ')]
at = body.index('data ') + 5
body = body[:at] + '%02x' % (int(body[at:at + 2], 16) ^ 1) + body[at + 2:]
open(sys.argv[2], 'w').write(body + 'sum ' + hashlib.sha256(body.encode()).hexdigest()[:16] + '\n')
PY
refused 'a forged share' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-2-of-5.share forged.share
grep -q 'was changed' out || complain "forged: $(cat out)"
chmod 644 $s-1-of-5.share
refused 'an open share' "$hufu" ceremony join --out back $s-1-of-5.share \
	$s-2-of-5.share $s-3-of-5.share
chmod 600 $s-1-of-5.share
refused 'one of one' "$hufu" ceremony split seal.keys --need 1 --of 1 --out other
refused 'a second splitting in one folder' "$hufu" ceremony split seal.keys \
	--need 2 --of 5 --out shares

# Lagrange at 0 over GF(256) with x^8+x^4+x^3+x^2+1
/usr/bin/python3 - seal.keys $s-2-of-5.share $s-4-of-5.share $s-5-of-5.share <<'PY' ||
import hashlib, sys
def mul(a, b):
    r = 0
    while b:
        if b & 1: r ^= a
        a = a << 1 ^ (0x11d if a & 128 else 0)
        b >>= 1
    return r
def inv(a):
    return next(b for b in range(1, 256) if mul(a, b) == 1)
points = []
for path in sys.argv[2:]:
    rows = [l.split(' ', 1) for l in open(path).read().splitlines()[1:]]
    points.append((int(dict(rows)['number']), bytes.fromhex(''.join(v for k, v in rows if k == 'data'))))
out = []
for at in range(len(points[0][1])):
    total = 0
    for x, y in points:
        term = y[at]
        for other, _ in points:
            if other != x: term = mul(term, mul(other, inv(other ^ x)))
        total ^= term
    out.append(total)
secret = open(sys.argv[1], 'rb').read()
sys.exit(bytes(out) != secret + hashlib.sha256(secret).digest()[:8])
PY
	complain 'another implementation joins something else'
exit $bad
