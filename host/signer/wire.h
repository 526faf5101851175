/*
 * The signer's protocol: frames (u32 big-endian length) that hold one
 * deterministic CBOR map each, a request or its answer. docs/log.md lists
 * the keys. Unknown, missing and superfluous keys are HUFU_ERR_MALFORMED.
 */
#ifndef HOST_SIGNER_WIRE_H
#define HOST_SIGNER_WIRE_H

#include "host/signer/client.h"

enum {
	WIRE_VERSION = 1,
	WIRE_FRAME_MAX = SIGNER_LIST_TBS_MAX + 65536,
	WIRE_SMALL_MAX = 16384, /* any frame but a status list */
	WIRE_WHY_MAX = 95,
};

enum wire_type {
	WIRE_HEALTH = 1,
	WIRE_KEYS = 2,
	WIRE_LAST = 3,
	WIRE_CHECKPOINT = 4,
	WIRE_CARD = 5,
	WIRE_LIST = 6,
	WIRE_SESSION = 7,
	WIRE_SIGNED = 8,
};

/* Spans point into the frame. */
struct wire_request {
	enum wire_type type;
	uint64_t size; /* CHECKPOINT */
	uint8_t root[MERKLE_HASH_LEN];
	struct merkle_proof path; /* consistency, else inclusion */
	uint64_t index; /* CARD, LIST, SESSION: the entry */
	struct span entry;
	struct span note;
	uint8_t salt[LOG_SALT_LEN];
	struct span qr_tbs;
	struct span chip_tbs;
	struct span files[SIGNER_FILES]; /* LIST */
	uint8_t serial[SIGNER_SERIAL_LEN]; /* SESSION */
	uint64_t key_version;
	uint8_t host_challenge[8];
	uint8_t card_challenge[8];
	uint8_t card_cryptogram[8];
	uint8_t sequence[3];
	uint64_t from; /* SIGNED */
};

/* What stands in it depends on the request; all else is zero. */
struct wire_answer {
	int code;
	char why[WIRE_WHY_MAX + 1]; /* for the operator, English, no secrets */
	struct signer_checkpoint checkpoint;
	struct signer_signatures card;
	uint8_t files[SIGNER_FILES][SIGNER_SIGNATURE_LEN];
	struct signer_session session;
	struct signer_keys keys;
	struct signer_health health;
	size_t record_count;
	struct signer_record records[SIGNER_RECORDS_MAX];
};

void wire_encode_request(struct writer *w, const struct wire_request *r);
HUFU_MUST_USE int wire_decode_request(
        struct span frame, struct wire_request *ret);

/* `type` is that of the request. */
void wire_encode_answer(
        struct writer *w, enum wire_type type, const struct wire_answer *a);
HUFU_MUST_USE int wire_decode_answer(
        struct span frame, enum wire_type type, struct wire_answer *ret);

#endif
