/*
 * The chip's signed object and elements, shaped like ISO/IEC 18013-5
 * section 9.1.2: a MobileSecurityObject in #6.24(bstr), which is the payload
 * of a COSE_Sign1, and per element one #6.24(bstr .cbor IssuerSignedItem).
 */
#ifndef CORE_MSO_H
#define CORE_MSO_H

#include "crypto/core/bytes.h"
#include "crypto/core/cose_key.h"
#include "crypto/core/suite.h"

#define MSO_DOC_TYPE      "org.hufu.card.1"
#define MSO_NAMESPACE     "org.hufu.card.1"
#define MSO_VERSION       "1.0"
#define MSO_DIGEST_SHA256 "SHA-256"
#define MSO_DIGEST_SM3    "SM3" /* private name */

/* Element identifiers, with the type of the value. */
#define MSO_CARD_NUMBER      "card_number" /* tstr */
#define MSO_CARD_KIND        "card_kind" /* uint */
#define MSO_BENEFIT_CLASSES  "benefit_classes" /* uint, bit map */
#define MSO_VALID_FROM       "valid_from" /* tstr, 2026-08-01 */
#define MSO_VALID_TO         "valid_to" /* tstr, last valid day */
#define MSO_AUTHORITY        "authority" /* tstr */
#define MSO_STATUS_REFERENCE "status_reference" /* [list, index] */
#define MSO_NAME             "name" /* tstr */
#define MSO_SEX              "sex" /* uint, GB/T 2261.1 */
#define MSO_PORTRAIT         "portrait" /* bstr, JPEG */
#define MSO_IDENTITY_CLASSES "identity_classes" /* [uint] */
#define MSO_SERVICE_FACTS    "service_facts" /* {tstr: tstr} */

enum {
	MSO_ELEMENTS_MAX = 32,
	MSO_DIGEST_LEN = 32,
	MSO_RANDOM_LEN = 16, /* of our own items; 16 to 64 are read */
	MSO_RANDOM_MAX = 64,
	MSO_ID_MAX = 0x7fffffff,
	MSO_MAX = 4096, /* bytes of a signed object */
};

struct mso_digest {
	uint32_t id; /* random, unique within the card, up to MSO_ID_MAX */
	uint8_t digest[MSO_DIGEST_LEN];
};

struct mso {
	enum suite suite; /* says the digest algorithm */
	struct span doc_type;
	struct cose_key chip_key; /* deviceKeyInfo.deviceKey */
	int64_t signed_s; /* seconds since 1970 */
	int64_t valid_from_s;
	int64_t valid_until_s;
	size_t digest_count; /* of MSO_NAMESPACE */
	struct mso_digest digests[MSO_ELEMENTS_MAX];
};

struct mso_item {
	uint32_t digest_id;
	struct span random;
	struct span identifier; /* text */
	struct span value; /* one encoded CBOR item */
};

/* The payload to sign: #6.24(bstr MSO), deterministic. */
void mso_encode(struct writer *w, const struct mso *m);
HUFU_MUST_USE int mso_decode(struct span payload, struct mso *ret);

/* One element file: #6.24(bstr .cbor IssuerSignedItem), deterministic. */
void mso_encode_item(struct writer *w, const struct mso_item *item);
HUFU_MUST_USE int mso_decode_item(struct span file, struct mso_item *ret);

/* Digest of one element file, tag and byte string head included. */
void mso_digest_item(
        enum suite suite, struct span file, uint8_t ret[MSO_DIGEST_LEN]);

/*
 * Decodes one element file and holds it against the signed digests.
 * HUFU_ERR_SIGNATURE: its digest is not the one signed; HUFU_ERR_NOT_FOUND:
 * no digest of that number.
 */
HUFU_MUST_USE int mso_check_item(
        const struct mso *m, struct span file, struct mso_item *ret);

/* Items are told apart by identifier: mso_item_is(&item, MSO_NAME). */
bool mso_item_is(const struct mso_item *item, const char *identifier);

/*
 * What INTERNAL AUTHENTICATE signs, as the message for struct sigcheck:
 * "hufu-ia-1" ‖ suite ‖ H(signed object) ‖ challenge ‖ nonce.
 */
enum {
	MSO_CHALLENGE_LEN = 32,
	MSO_NONCE_LEN = 16,
	MSO_ANSWER_LEN = MSO_NONCE_LEN + SIGCHECK_SIG_LEN,
	MSO_IA_TBS_LEN =
	        9 + 1 + SUITE_HASH_LEN + MSO_CHALLENGE_LEN + MSO_NONCE_LEN,
};
void mso_encode_ia_tbs(struct writer *w, enum suite suite,
        struct span signed_object, struct span challenge, struct span nonce);
/* answer: nonce[16] ‖ signature[64]. HUFU_ERR_SIGNATURE. */
HUFU_MUST_USE int mso_check_answer(const struct mso *m,
        struct span signed_object, struct span challenge, struct span answer,
        const struct sigcheck *sigs);

#endif
