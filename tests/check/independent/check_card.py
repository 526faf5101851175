"""Decodes and verifies a card made by Hufu with cbor2 and cryptography only.

check_card.py FOLDER, as write_sample.c wrote it.
"""
import hashlib
import sys
import zlib
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    encode_dss_signature)

ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
NAMESPACE = 'org.hufu.card.1'


def base45(text):
    out = bytearray()
    for i in range(0, len(text), 3):
        group = [ALPHABET.index(c) for c in text[i:i + 3]]
        value = sum(v * 45 ** n for n, v in enumerate(group))
        out += value.to_bytes(len(group) - 1, 'big')
    return bytes(out)


def load_key(path):
    return serialization.load_pem_public_key(path.read_bytes())


def thumbprint(key):
    """RFC 9679, for an EC2 key."""
    n = key.public_numbers()
    required = {1: 2, -1: 1, -2: n.x.to_bytes(32, 'big'),
                -3: n.y.to_bytes(32, 'big')}
    encoded = cbor2.dumps(required, canonical=True)
    return hashlib.sha256(encoded).digest()


def verify(message, key):
    """COSE_Sign1 with ES256: its payload, or an exception."""
    protected, _, payload, signature = message
    headers = cbor2.loads(protected)
    assert headers[1] == -7, headers
    assert headers[4] == thumbprint(key)[:8], headers
    assert len(signature) == 64
    r, s = (int.from_bytes(p, 'big') for p in (signature[:32],
                                               signature[32:]))
    tbs = cbor2.dumps(['Signature1', protected, b'', payload])
    key.verify(encode_dss_signature(r, s), tbs, ec.ECDSA(hashes.SHA256()))
    return payload


def check_deterministic(encoded):
    assert cbor2.dumps(cbor2.loads(encoded), canonical=True) == encoded


def check_credential(folder, key, chip_key):
    cose = zlib.decompress(base45((folder / 'credential.txt').read_text()))
    cwt = cbor2.loads(cose)
    assert cwt.tag == 61 and cwt.value.tag == 18
    payload = verify(cwt.value.value, key)
    check_deterministic(payload)
    claims = cbor2.loads(payload)
    assert set(claims) == {1, 4, 6, 169}, claims
    assert claims[1] == 'https://hall.example.invalid'
    assert (claims[6] + 8 * 3600) % 86400 == 0  # 00:00 in China
    check_deterministic(claims[169])
    card = cbor2.loads(claims[169])
    assert set(card) == {1, 4, 75, 76, 77, 78}, card
    assert card[4] == '生成样本'
    assert card[77] == [3, 4711]
    assert card[78] == thumbprint(chip_key)[:16]
    broken = list(cwt.value.value)
    broken[2] = payload[:-1] + bytes([payload[-1] ^ 1])
    try:
        verify(broken, key)
    except InvalidSignature:
        return card
    raise AssertionError('a flipped bit was accepted')


def check_chip(folder, key, chip_key, card):
    message = cbor2.loads((folder / 'object.cbor').read_bytes())
    assert message.tag == 18
    inner = cbor2.loads(verify(message.value, key))
    assert inner.tag == 24
    check_deterministic(inner.value)
    mso = cbor2.loads(inner.value)
    assert mso['version'] == '1.0' and mso['docType'] == NAMESPACE
    assert mso['digestAlgorithm'] == 'SHA-256'
    device = mso['deviceKeyInfo']['deviceKey']
    numbers = chip_key.public_numbers()
    assert device[-2] == numbers.x.to_bytes(32, 'big')
    assert device[-3] == numbers.y.to_bytes(32, 'big')
    digests = dict(mso['valueDigests'][NAMESPACE])
    values = {}
    for path in sorted(folder.glob('element-*.cbor')):
        raw = path.read_bytes()
        outer = cbor2.loads(raw)
        assert outer.tag == 24
        item = cbor2.loads(outer.value)
        assert len(item['random']) >= 16
        assert digests.pop(item['digestID']) == hashlib.sha256(raw).digest()
        values[item['elementIdentifier']] = item['elementValue']
    assert not digests, 'digests of no element'
    assert values['card_number'] == card[1]
    assert values['name'] == card[4]
    assert values['status_reference'] == card[77]


def check_status(folder, key):
    cwt = cbor2.loads((folder / 'status.cbor').read_bytes())
    assert cwt.tag == 61 and cwt.value.tag == 18
    assert cbor2.loads(cwt.value.value[0])[16] == (
        'application/statuslist+cwt')
    claims = cbor2.loads(verify(cwt.value.value, key))
    assert claims[65533]['bits'] == 2
    assert len(zlib.decompress(claims[65533]['lst'])) == 2500


def check_trust(folder, root, key):
    cwt = cbor2.loads((folder / 'trust.cbor').read_bytes())
    trust = cbor2.loads(verify(cwt.value.value, root))
    assert trust[1] == 1
    assert thumbprint(key)[:8] in [issuer[0] for issuer in trust[2]]


def main():
    folder = Path(sys.argv[1]) / 'intl'
    key, chip_key = load_key(folder / 'card.pem'), load_key(
        folder / 'chip.pem')
    card = check_credential(folder, key, chip_key)
    check_chip(folder, key, chip_key, card)
    check_status(folder, load_key(folder / 'list.pem'))
    check_trust(folder, load_key(folder / 'root.pem'), key)
    print('credential, chip, status list and trust list agree')


main()
