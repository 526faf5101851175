/*
 * The trust list: which issuer keys a verifier believes. A COSE_Sign1
 * (61(18)) with type TRUST_LIST_TYPE, signed by the offline root key, whose
 * payload is a deterministic map:
 *
 * {0: version 1, 1: sequence, 4: exp, 6: iat, 2: [issuer...], 3: next root
 * (COSE_Key, only while the root changes)}; an issuer is {0: kid, 1: alg,
 * 2: COSE_Key, 3: valid from, 4: valid to, 5: purpose, 6: iss, 7: display
 * name, 8: area prefix, 9: [status list address...], 10: log vkey}.
 */
#ifndef CORE_TRUST_LIST_H
#define CORE_TRUST_LIST_H

#include "crypto/core/bytes.h"
#include "crypto/core/cose_key.h"
#include "crypto/core/sigcheck.h"

#define TRUST_LIST_TYPE "application/hufu-trust-list+cbor"

enum {
	TRUST_LIST_VERSION = 1,
	TRUST_LIST_ISSUERS_MAX = 64,
	TRUST_LIST_ADDRESSES_MAX = 4,
	TRUST_LIST_TEXT_MAX = 256,
	TRUST_LIST_MAX = 65536, /* bytes of the whole file */
};

/* One purpose a key. */
enum trust_purpose {
	TRUST_CARD = 1, /* QR credentials and chip objects */
	TRUST_STATUS_LIST = 2,
};

struct trust_issuer {
	uint8_t kid[COSE_KEY_ID_LEN];
	int32_t alg;
	struct cose_key key;
	int64_t valid_from_s; /* what it signed in this time is believed */
	int64_t valid_to_s;
	enum trust_purpose purpose;
	struct span iss; /* https URI */
	struct span display_name; /* for people, Chinese */
	struct span area_prefix; /* digits that card numbers start with */
	size_t address_count;
	struct span addresses[TRUST_LIST_ADDRESSES_MAX];
	struct span log_vkey; /* note.h; may be empty */
};

struct trust_list {
	uint64_t sequence;
	int64_t issued_s;
	int64_t expires_s;
	bool has_next_root;
	struct cose_key next_root;
	size_t issuer_count;
	struct trust_issuer issuers[TRUST_LIST_ISSUERS_MAX];
};

/*
 * The payload only; spans point into it. alg must fit the key. A list that is
 * refused leaves *ret without issuers: it is too large to be decoded aside.
 */
void trust_list_encode(struct writer *w, const struct trust_list *t);
HUFU_MUST_USE int trust_list_decode(
        struct span payload, struct trust_list *ret);

/*
 * The whole signed file, checked against the pinned root; `space` holds the
 * Sig_structure (file + COSE_TBS_OVERHEAD). Spans point into `file`.
 */
HUFU_MUST_USE int trust_list_open(struct span file, const struct cose_key *root,
        const struct sigcheck *sigs, struct writer *space,
        struct trust_list *ret);

/*
 * Whether a list may follow the one in hand: HUFU_ERR_STALE for a lower
 * sequence, HUFU_ERR_CONFLICT for the same sequence with other bytes (the
 * SHA-256 of both files).
 */
HUFU_MUST_USE int trust_list_check_newer(uint64_t seen_sequence,
        const uint8_t seen_hash[32], uint64_t sequence, const uint8_t hash[32]);

/* NULL if no key of that purpose has this kid. */
const struct trust_issuer *trust_list_find(const struct trust_list *t,
        enum trust_purpose purpose, struct span kid);
/* Of those valid at that time the one that became so last, or NULL. */
const struct trust_issuer *trust_list_find_current(const struct trust_list *t,
        enum trust_purpose purpose, struct span iss, int32_t alg,
        int64_t time_s);
/* The only key of that purpose, issuer and algorithm, or NULL. */
const struct trust_issuer *trust_list_find_iss(const struct trust_list *t,
        enum trust_purpose purpose, struct span iss, int32_t alg);

#endif
