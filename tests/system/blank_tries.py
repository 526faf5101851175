"""Tries that the keys of cards have left, and how often a host asked to be
authenticated, from their memory files. blank_tries.py FILE..."""
import struct
import sys

SLOT = struct.Struct(">4sIBB48sBI")  # the newest of two records

for path in sys.argv[1:]:
    with open(path, "rb") as f:
        memory = f.read()
    found, at = [], memory.find(b"HFR1")
    while at >= 0:
        found.append(SLOT.unpack_from(memory, at))
        at = memory.find(b"HFR1", at + 1)
    newest = max(found, key=lambda r: r[1])
    print(newest[5], newest[6])
