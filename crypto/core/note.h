/*
 * Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint): text
 * that ends in a newline, a blank line, and signature lines
 * "— <key name> base64(keyID[4] ‖ signature)".
 */
#ifndef CORE_NOTE_H
#define CORE_NOTE_H

#include "crypto/core/bytes.h"
#include "crypto/core/merkle.h"
#include "crypto/core/sigcheck.h"

enum {
	NOTE_KEY_ID_LEN = 4,
	NOTE_NAME_MAX = 128,
	NOTE_SIGS_MAX = 16,
	NOTE_SIG_MAX = 256, /* bytes of one decoded signature */
	NOTE_MAX = 4096, /* bytes of a whole note */
	NOTE_ED25519 = 0x01,
};

struct note_key {
	struct span name;
	uint8_t id[NOTE_KEY_ID_LEN];
	uint8_t pub[SIGCHECK_ED25519_LEN];
};

struct note_sig {
	struct span name;
	uint8_t id[NOTE_KEY_ID_LEN];
	size_t sig_len;
	uint8_t sig[NOTE_SIG_MAX];
};

struct note {
	struct span text; /* with its final newline, without the blank line */
	struct span sigs; /* the signature lines */
};

struct checkpoint {
	struct span origin;
	uint64_t size;
	uint8_t root[MERKLE_HASH_LEN];
};

/* First 4 bytes of SHA-256(name ‖ 0A ‖ 01 ‖ pub). */
void note_key_id(struct span name, const uint8_t pub[SIGCHECK_ED25519_LEN],
        uint8_t ret[NOTE_KEY_ID_LEN]);

/* "name+hex(keyID)+base64(01 ‖ pub)"; ret->name points into `vkey`. */
HUFU_MUST_USE int note_decode_vkey(struct span vkey, struct note_key *ret);
void note_encode_vkey(struct writer *w, const struct note_key *key);

/* Splits; every signature line must be well formed. */
HUFU_MUST_USE int note_decode(struct span in, struct note *ret);

/* The next signature line of *rest, which starts as note.sigs. */
HUFU_MUST_USE int note_next_sig(struct span *rest, struct note_sig *ret);

/*
 * HUFU_OK: signed by `key`; HUFU_ERR_NOT_FOUND: no line of that key;
 * HUFU_ERR_SIGNATURE: a line of that key that does not verify.
 */
HUFU_MUST_USE int note_check(const struct note *n, const struct note_key *key,
        const struct sigcheck *sigs);

/* One signature line, newline included. */
void note_encode_sig(
        struct writer *w, const struct note_key *key, struct span sig);

/* The text of a checkpoint: origin, size, root; more lines are allowed. */
HUFU_MUST_USE int checkpoint_decode(struct span text, struct checkpoint *ret);
void checkpoint_encode(struct writer *w, const struct checkpoint *c);

#endif
