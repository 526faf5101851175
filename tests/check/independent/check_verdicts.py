"""A second opinion on tests/vectors/verdicts with cbor2 and cryptography.

check_verdicts.py FOLDER: what is said to be signed well is, under the key of
the trust list; what is said to be signed wrong is not. P-256 and Ed25519.
"""
import re
import sys
import zlib
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    encode_dss_signature)

ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
SIGNED = {'valid', 'valid-stale', 'suspended', 'revoked', 'expired',
          'not-yet-valid'}
ES256, EDDSA, SM2 = -7, -8, -65537


def base45(text):
    out = bytearray()
    for i in range(0, len(text), 3):
        group = [ALPHABET.index(c) for c in text[i:i + 3]]
        value = sum(v * 45 ** n for n, v in enumerate(group))
        out += value.to_bytes(len(group) - 1, 'big')
    return bytes(out)


def sign1(data):
    message = cbor2.loads(data)
    while isinstance(message, cbor2.CBORTag):
        message = message.value
    return message


def key_of(cose):
    if cose[-1] == 1:
        return ec.EllipticCurvePublicNumbers(
            int.from_bytes(cose[-2], 'big'), int.from_bytes(cose[-3], 'big'),
            ec.SECP256R1()).public_key()
    if cose[-1] == 6:
        return ed25519.Ed25519PublicKey.from_public_bytes(cose[-2])
    return None


def verify(message, alg, key):
    protected, _, payload, signature = message
    headers = cbor2.loads(protected)
    if headers[1] != alg or len(signature) != 64:
        raise InvalidSignature
    tbs = cbor2.dumps(['Signature1', protected, b'', payload])
    if alg == EDDSA:
        key.verify(signature, tbs)
    else:
        r, s = (int.from_bytes(p, 'big')
                for p in (signature[:32], signature[32:]))
        key.verify(encode_dss_signature(r, s), tbs, ec.ECDSA(hashes.SHA256()))


def load_issuers(folder):
    root = serialization.load_pem_public_key(
        (folder / 'root.pem').read_bytes())
    message = sign1((folder / 'trust-list.cbor').read_bytes())
    verify(message, ES256, root)
    return [i for i in cbor2.loads(message[2])[2] if i[5] == 1]


def find_issuer(message, issuers):
    headers = cbor2.loads(message[0])
    kid = headers.get(4) or message[1].get(4)
    if kid:
        return next(i for i in issuers if i[0] == kid)
    iss = cbor2.loads(message[2])[1]
    return next(i for i in issuers if i[6] == iss and i[1] == headers[1])


def is_signed(text, issuers):
    """None: SM2, of which this library knows nothing."""
    message = sign1(zlib.decompress(base45(text)))
    issuer = find_issuer(message, issuers)
    if issuer[1] == SM2:
        return None
    try:
        verify(message, issuer[1], key_of(issuer[2]))
    except InvalidSignature:
        return False
    return True


def main():
    folder = Path(sys.argv[1])
    issuers = load_issuers(folder)
    seen = {True: 0, False: 0}
    for line in (folder / 'cases.tsv').read_text('ascii').splitlines():
        name, _, verdict, text = line.split('\t')
        if verdict not in SIGNED | {'wrong-signature'}:
            continue
        text = re.sub(r'\\x(..)', lambda m: chr(int(m[1], 16)), text)
        want = verdict in SIGNED
        got = is_signed(text, issuers)
        if got is None:
            continue
        assert got == want, f'{name}: signed well: {got}, not {want}'
        seen[want] += 1
    assert seen[True] > 200 and seen[False] > 200, seen
    print(f'{seen[True]} signed well, {seen[False]} not')


main()
