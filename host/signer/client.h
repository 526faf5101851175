/*
 * Asking hufu-signd, the only process that holds the issuer's private keys,
 * the log's checkpoint key and the card master keys.
 *
 * A `struct signer` is one connection, shared by threads (one question at a
 * time) and made again by itself after the signer restarted. Every request
 * may be repeated: the same question gets the same stored answer.
 *
 * Answers of all requests beside those named below: HUFU_ERR_LINK (signer
 * away), HUFU_ERR_TIMEOUT, HUFU_ERR_DENIED (this uid may not ask),
 * HUFU_ERR_ARGUMENT (request malformed), HUFU_ERR_CORRUPT (the signer's
 * journal is older than its own signatures: it signs nothing any more),
 * HUFU_ERR_FULL (its journal cannot be written).
 */
#ifndef HOST_SIGNER_CLIENT_H
#define HOST_SIGNER_CLIENT_H

#include "crypto/core/bytes.h"
#include "crypto/core/log_entry.h"
#include "crypto/core/merkle.h"
#include "host/base/problem.h"

enum {
	SIGNER_SIGNATURE_LEN = 64, /* r ‖ s */
	SIGNER_KID_LEN = 8,
	SIGNER_ORIGIN_MAX = 127,
	SIGNER_NOTE_MAX = 1023,
	SIGNER_VKEY_MAX = 255,
	SIGNER_KEYS_MAX = 16,
	SIGNER_POINT_LEN = 65, /* 04 ‖ X ‖ Y */
	SIGNER_TBS_MAX = 4096, /* bytes of one Sig_structure of a card */
	/* of a full status list, were it past compressing */
	SIGNER_LIST_TBS_MAX = (16 << 20) + 65536,
	SIGNER_SERIAL_LEN = 10, /* of a chip: CARD_SERIAL_LEN */
	SIGNER_CHANNEL_KEY_LEN = 16, /* AES-128 */
	SIGNER_PUT_KEY_LEN = 70,
	SIGNER_RECORDS_MAX = 256, /* signatures told of in one answer */
};

struct signer;

HUFU_MUST_USE int signer_open(const char *socket_path, unsigned timeout_ms,
        struct signer **ret, struct problem *ret_problem);
void signer_close(struct signer *signer);

/* What this thread's last request failed of, for the operator; or "". */
const char *signer_error(void);

/* A signed checkpoint (C2SP tlog-checkpoint) and what it says. */
struct signer_checkpoint {
	uint64_t size;
	uint8_t root[MERKLE_HASH_LEN];
	char note[SIGNER_NOTE_MAX + 1];
};

/* An entry of the log, proven to stand in a tree that the signer signed. */
struct signer_proof {
	uint64_t index;
	struct span entry;
	const struct merkle_proof *path; /* in the checkpoint's tree */
	const char *note; /* the signed checkpoint, as the signer gave it */
};

/* ---- the log ---- */

/* HUFU_ERR_NOT_FOUND: none signed yet, the log is empty. */
HUFU_MUST_USE int signer_last_checkpoint(
        struct signer *signer, struct signer_checkpoint *ret);

/*
 * Signs the tree of `size`, which `proof` shows to extend the last one
 * signed (empty proof from size 0 and for an equal tree). HUFU_ERR_STALE:
 * smaller than the last one; HUFU_ERR_CONFLICT: same size, other root;
 * HUFU_ERR_PROOF: not shown to extend it.
 */
HUFU_MUST_USE int signer_sign_checkpoint(struct signer *signer, uint64_t size,
        const uint8_t root[MERKLE_HASH_LEN], const struct merkle_proof *proof,
        struct signer_checkpoint *ret);

/* ---- credentials ---- */

struct signer_card {
	struct span qr_tbs; /* Sig_structures, RFC 9052 section 4.4 */
	struct span chip_tbs;
	const uint8_t *salt; /* LOG_SALT_LEN bytes of log_bind_signed() */
	struct signer_proof logged; /* the entry of type LOG_SIGNED */
};

struct signer_signatures {
	uint8_t qr[SIGNER_SIGNATURE_LEN];
	uint8_t chip[SIGNER_SIGNATURE_LEN];
};

/*
 * HUFU_ERR_PROOF: entry not proven, or it does not commit to these bytes;
 * HUFU_ERR_SIGNATURE: the checkpoint is not the signer's; HUFU_ERR_MALFORMED:
 * the bytes are no credential, or the two disagree; HUFU_ERR_NOT_FOUND: no
 * card key has that kid; HUFU_ERR_CONFLICT: this log index or this status
 * reference was signed with other bytes (a new blank takes a new reference).
 */
HUFU_MUST_USE int signer_sign_card(struct signer *signer,
        const struct signer_card *card, struct signer_signatures *ret);

/* The files of one edition of a status list, docs/published-files.md. */
enum signer_file {
	SIGNER_TOKEN_LIST = 0,
	SIGNER_TODAY = 1, /* delta against the last snapshot */
	SIGNER_SNAPSHOT = 2,
	SIGNER_CLOSED = 3, /* delta from the snapshot before */
	SIGNER_FILES = 4,
};

struct signer_edition {
	struct span tbs[SIGNER_FILES]; /* the first two always, or empty */
	struct signer_proof logged; /* the entry of type LOG_STATUS_LIST */
};

/*
 * Signs all files of an edition, or none. The entry's binding is
 * log_bind_edition() of SHA-256(tbs) of those there, its number list << 32 |
 * sequence. Codes as above; HUFU_ERR_STALE: the sequence does not grow;
 * HUFU_ERR_CONFLICT: a delta is not against the snapshot signed last, so
 * a new one is due. The same edition again has the same answer.
 */
HUFU_MUST_USE int signer_sign_edition(struct signer *signer,
        const struct signer_edition *edition,
        uint8_t ret[SIGNER_FILES][SIGNER_SIGNATURE_LEN]);

/* What the journal keeps of a signed card. */
struct signer_record {
	uint64_t index; /* in the log */
	uint32_t list;
	uint32_t status_index;
};

/* Cards signed at log index `from` and later, by index; *ret_count of them. */
HUFU_MUST_USE int signer_list_signed(struct signer *signer, uint64_t from,
        struct signer_record ret[SIGNER_RECORDS_MAX], size_t *ret_count);

/* ---- cards' secure channel, GlobalPlatform Amendment D ---- */

struct signer_session_request {
	uint8_t serial[SIGNER_SERIAL_LEN]; /* KDD of INITIALIZE UPDATE */
	uint8_t key_version; /* CARD_KVN_* of its answer */
	uint8_t host_challenge[8];
	uint8_t card_challenge[8];
	uint8_t card_cryptogram[8];
	uint8_t sequence[3];
	const uint8_t *salt; /* LOG_SALT_LEN bytes of log_bind_reserved() */
	struct signer_proof logged; /* the entry of type LOG_RESERVED */
};

struct signer_session {
	uint8_t host_cryptogram[8];
	uint8_t s_enc[SIGNER_CHANNEL_KEY_LEN];
	uint8_t s_mac[SIGNER_CHANNEL_KEY_LEN];
	uint8_t s_rmac[SIGNER_CHANNEL_KEY_LEN];
	/* PUT KEY's data field, P1 = key_version, P2 = 81; only for transport
	 * keys, else put_key_len is 0 */
	uint8_t put_key[SIGNER_PUT_KEY_LEN];
	size_t put_key_len;
};

/*
 * HUFU_ERR_SIGNATURE: wrong card cryptogram: do not go on with this card,
 * it is quarantined and every later request for its serial answers
 * HUFU_ERR_DENIED; HUFU_ERR_PROOF: not reserved in the log;
 * HUFU_ERR_UNSUPPORTED: key version. Wipe the answer after use.
 */
HUFU_MUST_USE int signer_open_session(struct signer *signer,
        const struct signer_session_request *request,
        struct signer_session *ret);

/* ---- itself ---- */

enum signer_purpose {
	SIGNER_CARD = 1, /* QR and chip object */
	SIGNER_LIST = 2, /* status lists */
	SIGNER_CHECKPOINT = 3, /* the log, Ed25519 */
};

struct signer_key {
	enum signer_purpose purpose;
	int alg; /* COSE: -7 ES256, -65537 SM2, -8 Ed25519 */
	uint8_t kid[SIGNER_KID_LEN]; /* Ed25519: 4 bytes of note key id */
	uint8_t point[SIGNER_POINT_LEN]; /* Ed25519: 32 bytes */
};

struct signer_keys {
	char origin[SIGNER_ORIGIN_MAX + 1];
	char vkey[SIGNER_VKEY_MAX + 1]; /* of the checkpoint key */
	size_t count;
	struct signer_key key[SIGNER_KEYS_MAX];
};

HUFU_MUST_USE int signer_public_keys(
        struct signer *signer, struct signer_keys *ret);

struct signer_health {
	uint64_t journal_records;
	uint64_t checkpoint_size;
	uint64_t cards_signed;
	uint64_t lists_signed;
	uint64_t sessions_opened;
	uint64_t serials_refused;
	bool locked; /* journal lost or rolled back: signs nothing */
};

HUFU_MUST_USE int signer_health(
        struct signer *signer, struct signer_health *ret);

#endif
