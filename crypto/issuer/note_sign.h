/*
 * Signing notes and checkpoints (C2SP signed-note, tlog-checkpoint) with an
 * Ed25519 key, and beside it, if wanted, with an SM2 key (type ff,
 * identifier "hufu-sm2": other verifiers pass over that line).
 */
#ifndef ISSUER_NOTE_SIGN_H
#define ISSUER_NOTE_SIGN_H

#include "crypto/core/note.h"
#include "crypto/issuer/signing_key.h"

#define NOTE_SIGN_SM2_TYPE "hufu-sm2"

struct note_signer {
	struct span name; /* the key's name; the origin of a checkpoint */
	const struct signing_key *ed25519;
	const struct signing_key *sm2; /* may be NULL */
};

/*
 * Appends text, blank line and signature lines; `text` ends in a newline.
 * HUFU_ERR_ARGUMENT: it does not, or a key of another kind or purpose.
 */
HUFU_MUST_USE int note_sign(
        const struct note_signer *signer, struct span text, struct writer *ret);

/* The same for size and root; the origin is the signer's name. */
HUFU_MUST_USE int note_sign_checkpoint(const struct note_signer *signer,
        uint64_t size, const uint8_t root[MERKLE_HASH_LEN], struct writer *ret);

/* Appends the Ed25519 key as a vkey. */
HUFU_MUST_USE int note_sign_vkey(
        const struct note_signer *signer, struct writer *ret);

/* HUFU_ERR_NOT_FOUND: no line of this SM2 key; HUFU_ERR_SIGNATURE. */
HUFU_MUST_USE int note_sign_check_sm2(const struct note *n, struct span name,
        const struct cose_key *key, const struct sigcheck *sigs);

#endif
