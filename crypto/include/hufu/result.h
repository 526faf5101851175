/*
 * What a verification says: the verdict, and what may be shown of the card.
 */
#ifndef HUFU_RESULT_H
#define HUFU_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is no verdict, so that a forgotten result never reads as valid. */
enum hufu_verdict {
	HUFU_VERDICT_NONE = 0,
	HUFU_VALID = 1, /* see also status_stale */
	HUFU_SUSPENDED = 2,
	HUFU_REVOKED = 3,
	HUFU_EXPIRED = 4,
	HUFU_NOT_YET_VALID = 5,
	HUFU_UNKNOWN_ISSUER = 6,
	HUFU_WRONG_SIGNATURE = 7,
	HUFU_NOT_CREDENTIAL = 8, /* another kind of QR code or card */
	HUFU_MALFORMED = 9,
	HUFU_UNSUPPORTED = 10, /* encrypted, Brotli, another algorithm */
};

enum { HUFU_CHIP_HASH_LEN = 16 };

/* UTF-8, no final NUL; data is NULL when absent. */
struct hufu_text {
	const char *data;
	size_t len;
};

struct hufu_bytes {
	const uint8_t *data;
	size_t len;
};

struct hufu_result {
	enum hufu_verdict verdict;
	bool trust_expired; /* then no issuer is known: fetch a new list */
	bool status_stale; /* no list, too old, or older than the card */
	bool chip_genuine; /* the chip proved that it holds its key */
	int64_t status_age_s; /* of the list used; -1 if there was none */
	int64_t checked_at_s; /* the time used: now, or the newer floor */
	/* filled from a verified signature only, else empty or 0 */
	struct hufu_text issuer_name;
	struct hufu_text card_number;
	struct hufu_text name;
	uint32_t kind;
	uint64_t benefit_classes;
	int64_t issued_s; /* 0 if absent */
	int64_t expires_s; /* 0 if absent */
	bool has_chip_hash;
	uint8_t chip_hash[HUFU_CHIP_HASH_LEN];
};

/* What was read from a chip. */
struct hufu_chip {
	struct hufu_bytes signed_object; /* EF.SO */
	const struct hufu_bytes *elements; /* element files, at most 32 */
	size_t element_count;
	struct hufu_bytes challenge; /* empty: the chip was not asked */
	struct hufu_bytes answer; /* of INTERNAL AUTHENTICATE */
	/* result of the QR on the same card, or NULL: chip and face must
	 * name the same key and the same card number */
	const struct hufu_result *face;
};

/* "有效 Valid" and so on: word of a verdict, for screens and reports. */
HUFU_API const char *hufu_verdict_name(enum hufu_verdict verdict);

#ifdef __cplusplus
}
#endif

#endif
