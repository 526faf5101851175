"""status_value.py FILE INDEX: the value of an index in a status list token
(COSE_Sign1 over a CWT with claim 65533: 2 bits a card, zlib)."""
import sys
import zlib

import cbor2

token = cbor2.loads(open(sys.argv[1], "rb").read())
while isinstance(token, cbor2.CBORTag):
    token = token.value
packed = cbor2.loads(token[2])[65533]
bits, values = packed["bits"], zlib.decompress(packed["lst"])
at = int(sys.argv[2]) * bits
print(values[at // 8] >> at % 8 & (1 << bits) - 1)
