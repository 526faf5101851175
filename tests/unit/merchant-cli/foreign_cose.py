"""foreign_cose.py FOLDER: COSE_Sign1 files and their keys, by other code."""
import sys

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

PAYLOAD = cbor2.dumps({1: "text", -2: [True, None, 1.5, b"\xff\xef"],
                       "k": cbor2.CBORTag(24, cbor2.dumps({"inner": -7}))})


def put(folder, name, alg, key, sign):
    protected = cbor2.dumps({1: alg})
    tbs = cbor2.dumps(["Signature1", protected, b"", PAYLOAD])
    message = cbor2.CBORTag(18, [protected, {4: b"any"}, PAYLOAD, sign(tbs)])
    with open(f"{folder}/{name}.cbor", "wb") as f:
        f.write(cbor2.dumps(message))
    with open(f"{folder}/{name}.pem", "wb") as f:
        f.write(key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo))


def main(folder):
    p256 = ec.generate_private_key(ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.generate()

    def sign_p256(tbs):
        r, s = utils.decode_dss_signature(
            p256.sign(tbs, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    put(folder, "es256", -7, p256, sign_p256)
    put(folder, "eddsa", -8, edwards, edwards.sign)


main(sys.argv[1])
