/*
 * Verifying a Hufu card offline: the text of its QR code, and its chip.
 *
 * Nothing is allocated, no clock or file is read: the caller hands in the
 * time, the trust list and the status lists. One verifier serves one thread
 * at a time; what a result points to stays until the verifier's next call.
 */
#ifndef HUFU_VERIFY_H
#define HUFU_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

struct sigcheck; /* crypto/core/sigcheck.h: a signature back end */
struct trust_list; /* crypto/core/trust_list.h, opened */
struct status_list; /* crypto/core/status_list.h, opened and expanded */

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

enum {
	HUFU_QR_TEXT_MAX = 4296,
	HUFU_PLAIN_MAX = 4096, /* bytes of a credential after inflation */
	HUFU_TBS_MAX = 4224,
	HUFU_CHIP_HASH_LEN = 16,
	HUFU_CLOCK_LEEWAY_S = 300, /* a terminal's clock may be this slow */
};

/* UTF-8, no final NUL; data is NULL when absent. */
struct hufu_text {
	const char *data;
	size_t len;
};

struct hufu_bytes {
	const uint8_t *data;
	size_t len;
};

struct hufu_verifier {
	const struct sigcheck *sigs;
	const struct trust_list *trust;
	const struct status_list *lists;
	size_t list_count;
	int64_t status_limit_s; /* an older list is stale; 0: by its exp only */
	int64_t time_floor_s; /* newest signed time ever seen, or 0 */
	/* work space; not to be touched */
	uint8_t packed[HUFU_QR_TEXT_MAX / 3 * 2];
	uint8_t plain[HUFU_PLAIN_MAX];
	uint8_t tbs[HUFU_TBS_MAX];
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

/* Wipes the work space and sets what is not an option to zero. */
void hufu_verifier_init(struct hufu_verifier *v, const struct sigcheck *sigs,
        const struct trust_list *trust);

/*
 * The lowest time that can be believed: the newest signed time of the lists
 * in hand, or v->time_floor_s. Keep it, and hand it in again as that.
 */
int64_t hufu_verifier_floor(const struct hufu_verifier *v);

/*
 * HUFU_OK with a verdict, whatever the text is; an error only if the back
 * end cannot work (HUFU_ERR_CRYPTO, HUFU_ERR_MEMORY).
 */
HUFU_MUST_USE int hufu_verify_qr(struct hufu_verifier *v, struct hufu_text text,
        int64_t now_s, struct hufu_result *ret);

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

/*
 * As hufu_verify_qr(). An element or answer that does not verify, and a face
 * of another card, is HUFU_WRONG_SIGNATURE. `chip` must stay while the
 * result is used.
 */
HUFU_MUST_USE int hufu_verify_chip(struct hufu_verifier *v,
        const struct hufu_chip *chip, int64_t now_s, struct hufu_result *ret);

/* "有效 Valid" and so on: word of a verdict, for screens and reports. */
const char *hufu_verdict_name(enum hufu_verdict verdict);

#endif
