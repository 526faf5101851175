/*
 * Entries of the issuance log: deterministic CBOR maps without personal
 * data. Commitments are SHA-256 values over a random salt and the thing
 * meant; without the salt (kept sealed by the host) they say nothing.
 *
 * map keys: 0 version (1), 1 type, 2 time (s since 1970), 3 area (text),
 * 4 kind, 5 ground (text), 6 count, 7 person, 8 card, 9 actor, 10 station
 * (commitments, 32 bytes each), 11 binding (32 bytes), 12 number.
 * Absent fields are left out. The type says which fields it needs.
 */
#ifndef CORE_LOG_ENTRY_H
#define CORE_LOG_ENTRY_H

#include "crypto/core/bytes.h"

enum {
	LOG_ENTRY_MAX = 400, /* bytes */
	LOG_HASH_LEN = 32,
	LOG_SALT_LEN = 32,
	LOG_AREA_MAX = 12,
	LOG_GROUND_MAX = 32,
};

enum log_type {
	LOG_APPLIED = 1,
	LOG_RETURNED = 2,
	LOG_CORRECTED = 3,
	LOG_REFERRED = 4,
	LOG_DECIDED = 5, /* number = step, ground = accepted or why not */
	LOG_RESERVED = 6, /* binding = log_bind_reserved */
	LOG_KEYED = 7,
	LOG_SIGNED = 8, /* binding = log_bind_signed */
	LOG_PRINTED = 9,
	LOG_SPOILED = 10,
	LOG_ISSUED = 11,
	LOG_PARCEL_SENT = 12,
	LOG_PARCEL_RECEIVED = 13,
	LOG_HANDED_OVER = 14,
	LOG_TEMPORARY_LOSS = 15,
	LOG_FORMAL_LOSS = 16,
	LOG_FOUND = 17,
	LOG_SUSPENDED = 18,
	LOG_RESUMED = 19,
	LOG_RENEWED = 20,
	LOG_REPLACED = 21,
	LOG_WITHDRAWN = 22,
	LOG_CANCELLED = 23,
	LOG_BANK_MADE = 24,
	LOG_PERSON_CHANGED = 25,
	LOG_BLANK_RECEIVED = 26, /* count */
	LOG_BLANK_MOVED = 27,
	LOG_BLANK_COUNTED = 28,
	LOG_BLANK_MISSING = 29,
	LOG_BLANK_DESTROYED = 30,
	LOG_STATUS_LIST = 31, /* binding = log_bind_edition(),
	                       * number = list number << 32 | sequence */
	LOG_RIGHTS = 32,
	LOG_DEVICE = 33,
	LOG_OVERRIDE = 34,
	LOG_KEY_CEREMONY = 35,
	LOG_POLICY_CHANGED = 36,
	LOG_REJECTED = 37,
	LOG_RELEASED = 38, /* a reserved blank went back into stock unused */
	LOG_UNRESOLVED = 39, /* found in the log after a restore */
	LOG_PARCEL_MISSING = 40, /* one card of a parcel, when signed for */
	LOG_PARCEL_SURPLUS = 41, /* count of cards that were not on its list */
	LOG_TYPE_MAX = 41,
};

/* Bits of log_entry.present, by map key. */
#define LOG_HAS(key) (1u << (key))
enum {
	LOG_AREA = 3,
	LOG_KIND = 4,
	LOG_GROUND = 5,
	LOG_COUNT = 6,
	LOG_PERSON = 7,
	LOG_CARD = 8,
	LOG_ACTOR = 9,
	LOG_STATION = 10,
	LOG_BINDING = 11,
	LOG_NUMBER = 12,
};

struct log_entry {
	enum log_type type;
	int64_t time_s;
	uint32_t present; /* LOG_HAS() of the optional fields below */
	char area[LOG_AREA_MAX + 1];
	uint32_t kind;
	char ground[LOG_GROUND_MAX + 1];
	uint64_t count;
	uint8_t person[LOG_HASH_LEN];
	uint8_t card[LOG_HASH_LEN];
	uint8_t actor[LOG_HASH_LEN];
	uint8_t station[LOG_HASH_LEN];
	uint8_t binding[LOG_HASH_LEN];
	uint64_t number;
};

/* Writes at most LOG_ENTRY_MAX bytes; w->error tells what went wrong. */
void log_entry_encode(struct writer *w, const struct log_entry *e);

/* Strict: deterministic encoding, known version and type, no other keys. */
HUFU_MUST_USE int log_entry_decode(struct span in, struct log_entry *ret);

/* The type's name as the log's documentation writes it, "handed over". */
const char *log_type_name(enum log_type type);

/*
 * SHA-256("hufu-commit-1" 00 field ‖ salt[32] ‖ value), field being the map
 * key that it stands under (LOG_PERSON, LOG_CARD, LOG_ACTOR, LOG_STATION).
 */
void log_commit(int field, const uint8_t salt[LOG_SALT_LEN], struct span value,
        uint8_t ret[LOG_HASH_LEN]);

/*
 * SHA-256("hufu-signed-1" 00 ‖ salt[32] ‖ SHA-256(qr) ‖ SHA-256(chip)), over
 * the two Sig_structures (RFC 9052 section 4.4) that will be signed.
 */
void log_bind_signed(const uint8_t salt[LOG_SALT_LEN], struct span qr_tbs,
        struct span chip_tbs, uint8_t ret[LOG_HASH_LEN]);

/*
 * SHA-256("hufu-edition-1" 00 ‖ hashes): of the files of one edition of a
 * status list, the SHA-256 of each Sig_structure in a row.
 */
void log_bind_edition(struct span hashes, uint8_t ret[LOG_HASH_LEN]);

/* SHA-256("hufu-reserved-1" 00 ‖ salt[32] ‖ chip serial, 10 bytes). */
void log_bind_reserved(const uint8_t salt[LOG_SALT_LEN], struct span serial,
        uint8_t ret[LOG_HASH_LEN]);

#endif
