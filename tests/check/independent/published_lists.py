"""Reads what an office publishes, with code that shares nothing with it.

published_lists.py PUBLIC [OLD_SNAPSHOT]: every signature under PUBLIC/root.pem
and the keys of its trust list; of every list snapshot and today's delta give,
index by index, what the Token Status List says. OLD_SNAPSHOT is brought up to
it along the closed deltas. If PUBLIC/log is there, its entry for the edition
binds exactly the files that it has.
"""
import base64
import hashlib
import sys
import zlib
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    encode_dss_signature)

ES256, SM2 = -7, -65537
STATUS_LIST = 2  # purpose of a key
LOG_STATUS_LIST = 31  # type of an entry
VALID, INVALID, SUSPENDED = range(3)


class Sm2:
    """GB/T 32918: affine arithmetic, slow and plain."""
    p = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
    a = p - 3
    b = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
    n = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    g = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
         0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)

    @classmethod
    def add(cls, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if x1 == x2 and (y1 + y2) % cls.p == 0:
            return None
        if left == right:
            slope = (3 * x1 * x1 + cls.a) * pow(2 * y1, -1, cls.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, cls.p)
        x = (slope * slope - x1 - x2) % cls.p
        return x, (slope * (x1 - x) - y1) % cls.p

    @classmethod
    def times(cls, k, point):
        total = None
        for bit in bin(k)[2:]:
            total = cls.add(total, total)
            if bit == '1':
                total = cls.add(total, point)
        return total

    @classmethod
    def verify(cls, point, message, r, s):
        user = b'1234567812345678'
        numbers = (cls.a, cls.b, *cls.g, *point)
        z = sm3((len(user) * 8).to_bytes(2, 'big') + user
                + b''.join(v.to_bytes(32, 'big') for v in numbers))
        e = int.from_bytes(sm3(z + message), 'big')
        t = (r + s) % cls.n
        if not 0 < r < cls.n or not 0 < s < cls.n or t == 0:
            raise InvalidSignature
        at = cls.add(cls.times(s, cls.g), cls.times(t, point))
        if at is None or (e + at[0]) % cls.n != r:
            raise InvalidSignature


def sm3(data):
    return hashlib.new('sm3', data).digest()


class Key:
    def __init__(self, alg, x, y):
        self.alg, self.point = alg, (x, y)

    @classmethod
    def from_pem(cls, text):
        der = base64.b64decode(''.join(text.split('-----')[2].split()))
        at = der.rindex(b'\x03\x42\x00\x04') + 4  # uncompressed point
        alg = SM2 if bytes.fromhex('2a811ccf5501822d') in der else ES256
        return cls(alg, *(int.from_bytes(der[i:i + 32], 'big')
                          for i in (at, at + 32)))

    @classmethod
    def from_cose(cls, key):
        alg = {1: ES256, SM2: SM2}[key[-1]]
        return cls(alg, *(int.from_bytes(key[c], 'big') for c in (-2, -3)))

    def verify(self, message, signature):
        assert len(signature) == 64
        r, s = (int.from_bytes(v, 'big')
                for v in (signature[:32], signature[32:]))
        if self.alg == SM2:
            Sm2.verify(self.point, message, r, s)
            return
        public = ec.EllipticCurvePublicNumbers(*self.point, ec.SECP256R1())
        public.public_key().verify(
            encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))


signed = {}  # SHA-256 of what is signed, by the signed bytes


def open_sign1(data, kind, keys):
    """Claims of a COSE_Sign1; `keys` by kid, or one key for all."""
    message = cbor2.loads(data)
    assert message.tag == 61 and message.value.tag == 18
    protected, _, payload, signature = message.value.value
    headers = cbor2.loads(protected)
    assert headers[16] == kind, headers
    key, iss = keys[headers[4]] if isinstance(keys, dict) else (keys, None)
    assert headers[1] == key.alg
    tbs = cbor2.dumps(['Signature1', protected, b'', payload])
    key.verify(tbs, signature)
    signed[data] = hashlib.sha256(tbs).digest()
    return cbor2.loads(payload), key, iss


def log_entries(log):
    """All entries in order, from full bundles and the widest partial one."""
    bundles = {}
    for path in (log / 'tile' / 'entries').rglob('*'):
        if not path.is_file():
            continue
        name = path.relative_to(log / 'tile' / 'entries').as_posix()
        name, _, width = name.partition('.p/')
        number = int(name.replace('x', '').replace('/', ''))
        width = int(width or 256)
        if width > bundles.get(number, (0,))[0]:
            bundles[number] = width, path
    for number in sorted(bundles):
        data = bundles[number][1].read_bytes()
        while data:
            size = int.from_bytes(data[:2], 'big')
            yield cbor2.loads(data[2:2 + size])
            data = data[2 + size:]


def check_logged(log, folder, keys, token):
    """The binding that the log has for this edition, made anew."""
    number, sequence = token[:2]
    names = ['list.cwt', 'today.cbor', 'snapshot.cbor'] + [
        f'delta/{p.name}' for p in folder.glob('delta/*.cbor')]
    files = []
    for name in names:
        data = (folder / name).read_bytes()
        if name == 'list.cwt':
            files.append(signed[data])
        elif Compact(data, keys).sequence == sequence:
            files.append(signed[cbor2.loads(data)[0]])
    want = hashlib.sha256(b'hufu-edition-1\0' + b''.join(files)).digest()
    found = [e[11] for e in log_entries(log)
             if e[1] == LOG_STATUS_LIST and e[12] == number << 32 | sequence]
    assert found == [want], f'edition {sequence}: not what the log binds'


def load_trust(public):
    root = Key.from_pem((public / 'root.pem').read_text('ascii'))
    claims, _, _ = open_sign1((public / 'trust-list.cbor').read_bytes(),
                              'application/hufu-trust-list+cbor', root)
    return {i[0]: (Key.from_cose(i[2]), i[6])
            for i in claims[2] if i[5] == STATUS_LIST}


def rice(data, count, k):
    """Ascending indices; nothing but zeros may be left."""
    bits = ''.join(f'{byte:08b}' for byte in data)
    at, last = 0, -1
    for _ in range(count):
        one = bits.index('1', at)
        low = bits[one + 1:one + 1 + k]
        assert len(low) == k
        last += 1 + ((one - at << k) | int(low or '0', 2))
        at = one + 1 + k
        yield last
    assert len(bits) - at < 8 and '1' not in bits[at:]


class Compact:
    """One compact file: what it says of which index."""

    def __init__(self, data, keys):
        signed, body = cbor2.loads(data)
        assert cbor2.dumps([signed, body], canonical=True) == data
        claims, key, iss = open_sign1(
            signed, 'application/hufu-compact-list+cbor', keys)
        assert claims[0] == 1 and claims[1] == iss
        assert claims[8] == {ES256: 1, SM2: 2}[key.alg]
        digest = sm3(body) if key.alg == SM2 else hashlib.sha256(body).digest()
        assert digest == claims[9], 'another body'
        self.number, self.sequence = claims[2], claims[3]
        self.base, self.entries = claims.get(5), claims[7]
        self.times = claims[6], claims[4]
        self.values = {}
        assert len(claims[10]) == (2 if self.base is None else 3)
        for value, (count, k, size) in zip((INVALID, SUSPENDED, VALID),
                                           claims[10]):
            part, body = body[:size], body[size:]
            assert len(part) == size
            for index in rice(part, count, k):
                assert index < self.entries and index not in self.values
                self.values[index] = value
        assert not body


class State:
    """What somebody knows who has read a snapshot and some deltas."""

    def __init__(self, snapshot):
        assert snapshot.base is None
        self.number, self.sequence = snapshot.number, snapshot.sequence
        self.times = snapshot.times
        self.values = bytearray(snapshot.entries)
        self.take(snapshot.values)

    def take(self, values):
        for index, value in values.items():
            self.values[index] = value

    def apply(self, delta):
        assert delta.number == self.number
        assert delta.entries == len(self.values)
        assert delta.base <= self.sequence <= delta.sequence
        self.take(delta.values)
        self.sequence, self.times = delta.sequence, delta.times


def load_token(path, keys):
    claims, _, _ = open_sign1(
        path.read_bytes(), 'application/statuslist+cwt', keys)
    assert claims[65533]['bits'] == 2
    packed = zlib.decompress(claims[65533]['lst'])
    values = bytearray(v >> s & 3 for v in packed for s in (0, 2, 4, 6))
    return claims[-65537], claims[-65538], (claims[6], claims[4]), values


def compare(state, token, what):
    number, sequence, times, values = token
    assert state.number == number and state.sequence == sequence, what
    assert state.times == times, f'{what}: {state.times}, not {times}'
    assert len(state.values) == len(values), what
    for index, (mine, theirs) in enumerate(zip(state.values, values)):
        assert mine == theirs, f'{what}: {index} is {mine}, not {theirs}'


def walk(folder, keys, state):
    """Along the closed deltas, then today's."""
    steps = 0
    while (path := folder / 'delta' / f'{state.sequence}.cbor').exists():
        state.apply(Compact(path.read_bytes(), keys))
        steps += 1
    state.apply(Compact((folder / 'today.cbor').read_bytes(), keys))
    return steps


def refuses_a_flipped_bit(data, keys):
    for at in (len(data) // 3, len(data) - 1):
        broken = bytearray(data)
        broken[at] ^= 4
        try:
            Compact(bytes(broken), keys)
        except Exception:  # any way of refusing it
            continue
        raise AssertionError(f'a flipped bit at {at} was accepted')


def check_list(folder, keys, old, log):
    token = load_token(folder / 'list.cwt', keys)
    data = (folder / 'snapshot.cbor').read_bytes()
    refuses_a_flipped_bit(data, keys)
    state = State(Compact(data, keys))
    walk(folder, keys, state)
    compare(state, token, folder.name)
    steps = 0
    if old:
        state = State(Compact(old.read_bytes(), keys))
        steps = walk(folder, keys, state)
        assert steps > 0
        compare(state, token, f'{folder.name}, from an old snapshot')
    if log.exists():
        check_logged(log, folder, keys, token)
    counts = [state.values.count(v) for v in (VALID, INVALID, SUSPENDED)]
    print(f'list {folder.name}: {len(state.values)} entries, '
          f'{counts[INVALID]} invalid, {counts[SUSPENDED]} suspended, '
          f'{steps} closed deltas: both forms agree')


def main():
    public = Path(sys.argv[1])
    old = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    keys = load_trust(public)
    folders = sorted((public / 'status').iterdir())
    assert folders, 'no list'
    for folder in folders:
        check_list(folder, keys, old, public / 'log')


main()
