#!/usr/bin/python3
"""A GlobalPlatform client of another make: SCP03 (i=70, level 33) in Python
on pyscard and cryptography, written from Amendment D and
docs/card-profile.md. It personalises the card in a PC/SC reader, losing the
link once, and checks the result as a terminal would.

usage: scp03_client.py READER CONTROL_SOCKET MASTER_HEX MEMORY_FILE
"""
import hashlib
import os
import socket
import sys
import time

from cryptography.hazmat.primitives import cmac, hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from smartcard.Exceptions import CardConnectionException, NoCardException
from smartcard.System import readers

AID = bytes.fromhex("F05A3C91E742B80D6F0001")
ISSUER = [bytes([0x40 + i]) * 16 for i in range(3)]


def mac(key, data):
    c = cmac.CMAC(algorithms.AES(key))
    c.update(data)
    return c.finalize()


def aes(key, mode, data, encrypt=True):
    c = Cipher(algorithms.AES(key), mode)
    c = c.encryptor() if encrypt else c.decryptor()
    return c.update(data) + c.finalize()


def derive(key, constant, context, bits=128):
    head = bytes(11) + bytes([constant, 0]) + bits.to_bytes(2, "big") + b"\1"
    return mac(key, head + context)[: bits // 8]


class Card:
    def __init__(self, reader):
        self.reader = reader
        self.connect()

    def connect(self):
        end = time.monotonic() + 5
        while True:
            try:
                [r] = [x for x in readers() if str(x) == self.reader]
                self.link = r.createConnection()
                self.link.connect()
                return
            except (NoCardException, CardConnectionException):
                # an insertion is seen up to 400 ms late
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def raw(self, apdu):
        data, a, b = self.link.transmit(list(apdu))
        return bytes(data), a << 8 | b

    def plain(self, cla, ins, p1, p2, data=b"", want=0x9000):
        apdu = bytes([cla, ins, p1, p2])
        if data:
            apdu += bytes([len(data)]) + data
        out, sw = self.raw(apdu + b"\0")
        assert sw == want, f"{apdu.hex()} -> {sw:04X}, not {want:04X}"
        return out

    def open(self, keys):
        host = os.urandom(8)
        a = self.plain(0x80, 0x50, 0, 0, host)
        assert len(a) == 32 and a[11:13] == b"\x03\x70"
        context = host + a[13:21]
        # the pseudo-random challenge of i=70, over counter and AID
        assert a[13:21] == derive(keys[0], 2, a[29:32] + AID, 64)
        self.enc = derive(keys[0], 4, context)
        self.mac = derive(keys[1], 6, context)
        self.rmac = derive(keys[1], 7, context)
        assert a[21:29] == derive(self.mac, 0, context, 64), "card cryptogram"
        self.chain, self.counter = bytes(16), 0
        data = derive(self.mac, 1, context, 64)
        self.plain(0x84, 0x82, 0x33, 0, data + self.sign(0x82, 0x33, 0, data))

    def sign(self, ins, p1, p2, data):
        head = bytes([0x84, ins, p1, p2, len(data) + 8])
        self.chain = mac(self.mac, self.chain + head + data)
        return self.chain[:8]

    def iv(self, first):
        block = bytes([first]) + self.counter.to_bytes(15, "big")
        return modes.CBC(aes(self.enc, modes.ECB(), block))

    def send(self, ins, p1=0, p2=0, data=b"", want=0x9000):
        self.counter += 1
        if data:
            data += b"\x80"
            data += bytes(-len(data) % 16)
            data = aes(self.enc, self.iv(0), data)
        data += self.sign(ins, p1, p2, data)
        apdu = bytes([0x84, ins, p1, p2, len(data)]) + data + b"\0"
        out, sw = self.raw(apdu)
        assert sw == want, f"INS {ins:02X} -> {sw:04X}, not {want:04X}"
        if sw != 0x9000:
            return b""
        body, tag = out[:-8], out[-8:]
        expected = mac(self.rmac, self.chain + body + sw.to_bytes(2, "big"))
        assert tag == expected[:8], "R-MAC"
        if not body:
            return b""
        return aes(self.enc, self.iv(0x80), body, False).rstrip(b"\0")[:-1]

    def progress(self):
        out = self.plain(0x00, 0xCA, 0xDF, 0x21)
        assert out[:3] == b"\xDF\x21\x3C"
        return out[3:]


class Control:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("r")

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\n")
        answer = self.file.readline().strip()
        assert answer.startswith("ok"), f"{line}: {answer}"
        return dict(x.split("=", 1) for x in answer.split()[1:])


def dgi(tag, value):
    size = len(value).to_bytes(1 if len(value) < 255 else 2, "big")
    if len(value) >= 255:
        size = b"\xFF" + size
    return tag.to_bytes(2, "big") + size + value


def put_keys(card, old):
    data = b"\x31"
    for key in ISSUER:
        sealed = aes(old[2], modes.CBC(bytes(16)), key)
        check = aes(key, modes.ECB(), b"\1" * 16)[:3]
        data += b"\x88\x11\x10" + sealed + b"\x03" + check
    assert len(card.send(0xD8, 0x30, 0x81, data)) == 10


def blocks(stream):
    head = len(stream).to_bytes(4, "big") + hashlib.sha256(stream).digest()
    data = head + stream
    return [data[i : i + 239] for i in range(0, len(data), 239)]


def store(card, parts, first):
    for n in range(first, len(parts)):
        card.send(0xE2, 0x80 if n + 1 == len(parts) else 0, n & 0xFF, parts[n])


def personalise(card, control, memory, old, stream):
    job = b"\x21" * 16 + (5).to_bytes(8, "big") + b"\1"
    card.open(old)
    card.send(0x10, data=job)
    put_keys(card, old)
    card.open(ISSUER)
    card.send(0x10, data=job)
    key = card.send(0x46)
    assert key[:6] == bytes.fromhex("7F4943864104")
    parts = blocks(stream)
    control.ask("pull-after 4")
    try:
        store(card, parts, 0)
        raise AssertionError("the card was not pulled")
    except (CardConnectionException, AssertionError, ValueError) as e:
        assert "not pulled" not in str(e), e
    assert control.ask("status")["present"] == "0"
    control.ask(f"insert {memory}")
    card.connect()
    card.plain(0x00, 0xA4, 4, 0, AID)
    state = card.progress()
    assert state[0] == 0x07 and state[26:28] == b"\0\4", state.hex()
    card.open(ISSUER)
    card.send(0x10, data=job)
    assert card.send(0x46) == key, "one key a job"
    store(card, parts, 3)  # block 3 once more: its answer was lost
    card.send(0x44, data=hashlib.sha256(stream).digest())
    return key[5:]


def read(card, file):
    card.plain(0x00, 0xA4, 2, 0x0C, file.to_bytes(2, "big"))
    out = b""
    while True:
        apdu = bytes([0, 0xB0, len(out) >> 8, len(out) & 255, 0xFB])
        part, sw = card.raw(apdu)
        if sw == 0x6B00:
            return out
        if sw != 0x9000:
            return sw
        out += part


def check_chip(card, point, signed_object):
    challenge = os.urandom(32)
    answer = card.plain(0x00, 0x88, 0, 0, challenge)
    message = b"hufu-ia-1\1" + hashlib.sha256(signed_object).digest()
    message += challenge + answer[:16]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r = int.from_bytes(answer[16:48], "big")
    s = int.from_bytes(answer[48:], "big")
    der = utils.encode_dss_signature(r, s)
    key.verify(der, message, ec.ECDSA(hashes.SHA256()))


def main():
    reader, socket_path, master, memory = sys.argv[1:]
    control = Control(socket_path)
    control.ask(f"insert {memory}")
    card = Card(reader)
    card.plain(0x00, 0xA4, 4, 0, AID)
    kdd = card.plain(0x00, 0xCA, 0, 0xCF)[2:]
    head = bytes([1, 0, 0, 0])
    old = [mac(bytes.fromhex(master), head + bytes([i, 0]) + kdd)
           for i in (1, 2, 3)]
    so, number, name = os.urandom(700), os.urandom(60), os.urandom(80)
    stream = dgi(0x011D, so) + dgi(0x0101, number) + dgi(0x0111, name)
    stream += dgi(0x0113, os.urandom(9000)) + dgi(0x8010, b"246810")
    point = personalise(card, control, memory, old, stream)

    assert card.send(0xB0, 0x91) == name, "protected element in the channel"
    card.plain(0x00, 0xA4, 4, 0, AID)
    assert card.progress()[0] == 0x0F
    assert read(card, 0x011D) == so
    assert read(card, 0x0101) == number
    assert read(card, 0x0111) == 0x6982
    assert read(card, 0x0113) == 0x6982
    check_chip(card, point, so)
    uid = card.plain(0xFF, 0xCA, 0, 0)
    assert len(uid) == 4 and uid[0] == 0x08
    control.ask("remove")
    print("personalised, resumed, read back and authenticated")


main()
