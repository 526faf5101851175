#include "crypto/core/mso.h"

#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "crypto/core/mem.h"
#include "crypto/core/timestamp.h"

enum {
	TAG_DATE_TIME = 0,
	/* 40 bytes a digest, a key, three dates, the names of the members */
	INNER_MAX = 40 * MSO_ELEMENTS_MAX + 1024,
};

/* Member names of ISO/IEC 18013-5 section 9.1.2.4. */
#define NAME_VERSION       "version"
#define NAME_DOC_TYPE      "docType"
#define NAME_VALIDITY      "validityInfo"
#define NAME_SIGNED        "signed"
#define NAME_VALID_FROM    "validFrom"
#define NAME_VALID_UNTIL   "validUntil"
#define NAME_DIGESTS       "valueDigests"
#define NAME_DIGEST_ALG    "digestAlgorithm"
#define NAME_KEY_INFO      "deviceKeyInfo"
#define NAME_KEY           "deviceKey"
#define NAME_RANDOM        "random"
#define NAME_DIGEST_ID     "digestID"
#define NAME_ELEMENT_VALUE "elementValue"
#define NAME_ELEMENT       "elementIdentifier"

static void put_name(struct writer *w, const char *name)
{
	cbor_put_text(w, span_of_text(name));
}

static void put_date(struct writer *w, const char *name, int64_t time_s)
{
	uint8_t space[TIMESTAMP_LEN];
	struct writer text;
	writer_init(&text, space, sizeof space);
	timestamp_encode(&text, time_s);
	if (text.error)
		writer_fail(w, text.error);
	put_name(w, name);
	cbor_put_tag(w, TAG_DATE_TIME);
	cbor_put_text(w, writer_span(&text));
}

/* The digest with the lowest number from `least` on. */
static const struct mso_digest *find_next(const struct mso *m, uint32_t least)
{
	const struct mso_digest *best = NULL;
	for (size_t i = 0; i < m->digest_count; i++) {
		const struct mso_digest *d = &m->digests[i];
		if (d->id >= least && (!best || d->id < best->id))
			best = d;
	}
	return best;
}

static void put_digests(struct writer *w, const struct mso *m)
{
	uint32_t least = 0;
	if (m->digest_count > MSO_ELEMENTS_MAX) {
		writer_fail(w, HUFU_ERR_LIMIT);
		return;
	}
	put_name(w, NAME_DIGESTS);
	cbor_put_map(w, 1);
	put_name(w, MSO_NAMESPACE);
	cbor_put_map(w, m->digest_count);
	for (size_t i = 0; i < m->digest_count; i++) {
		const struct mso_digest *d = find_next(m, least);
		if (!d || d->id > MSO_ID_MAX) {
			/* a number stands twice, or is too large */
			writer_fail(w, HUFU_ERR_ARGUMENT);
			return;
		}
		cbor_put_uint(w, d->id);
		cbor_put_bytes(w, span_of(d->digest, sizeof d->digest));
		least = d->id + 1;
	}
}

/* Names go shortest first, then bytewise: the order of their encodings. */
static void put_mso(struct writer *w, const struct mso *m)
{
	cbor_put_map(w, 6);
	put_name(w, NAME_DOC_TYPE);
	cbor_put_text(w, m->doc_type);
	put_name(w, NAME_VERSION);
	put_name(w, MSO_VERSION);
	put_name(w, NAME_VALIDITY);
	cbor_put_map(w, 3);
	put_date(w, NAME_SIGNED, m->signed_s);
	put_date(w, NAME_VALID_FROM, m->valid_from_s);
	put_date(w, NAME_VALID_UNTIL, m->valid_until_s);
	put_digests(w, m);
	put_name(w, NAME_KEY_INFO);
	cbor_put_map(w, 1);
	put_name(w, NAME_KEY);
	cose_key_encode(w, &m->chip_key);
	put_name(w, NAME_DIGEST_ALG);
	put_name(w, m->suite == SUITE_SM ? MSO_DIGEST_SM3 : MSO_DIGEST_SHA256);
}

void mso_encode(struct writer *w, const struct mso *m)
{
	uint8_t space[INNER_MAX];
	struct writer inner;
	if (m->suite != cose_key_suite(&m->chip_key))
		writer_fail(w, HUFU_ERR_ARGUMENT);
	writer_init(&inner, space, sizeof space);
	put_mso(&inner, m);
	if (inner.error)
		writer_fail(w, inner.error);
	cbor_put_tag(w, COSE_TAG_ENCODED);
	cbor_put_bytes(w, writer_span(&inner));
}

/* #6.24(bstr .cbor item): the item, itself checked. */
static int unwrap(struct span in, struct span *ret)
{
	struct reader r;
	int rc = cbor_check(in, CBOR_ANY);
	if (rc)
		return rc;
	reader_init(&r, in);
	if (cbor_get_tag(&r) != COSE_TAG_ENCODED)
		reader_fail(&r, HUFU_ERR_MALFORMED);
	struct span inner = cbor_get_bytes(&r);
	if (r.error)
		return r.error;
	rc = cbor_check(inner, CBOR_ANY);
	if (rc)
		return rc;
	*ret = inner;
	return HUFU_OK;
}

static int64_t get_date(struct reader *r)
{
	int64_t time_s = 0;
	if (cbor_get_tag(r) != TAG_DATE_TIME)
		reader_fail(r, HUFU_ERR_MALFORMED);
	int rc = timestamp_decode(cbor_get_text(r), &time_s);
	if (rc)
		reader_fail(r, rc);
	return time_s;
}

/* Which members were there; all are required. */
enum seen {
	SEEN_VERSION = 1u << 0,
	SEEN_DOC_TYPE = 1u << 1,
	SEEN_SIGNED = 1u << 2,
	SEEN_VALID_FROM = 1u << 3,
	SEEN_VALID_UNTIL = 1u << 4,
	SEEN_DIGESTS = 1u << 5,
	SEEN_DIGEST_ALG = 1u << 6,
	SEEN_KEY = 1u << 7,
	SEEN_MSO = (1u << 8) - 1,
	SEEN_RANDOM = 1u << 8,
	SEEN_DIGEST_ID = 1u << 9,
	SEEN_VALUE = 1u << 10,
	SEEN_ELEMENT = 1u << 11,
	SEEN_ITEM = SEEN_RANDOM | SEEN_DIGEST_ID | SEEN_VALUE | SEEN_ELEMENT,
};

static unsigned get_validity(struct reader *r, struct mso *m)
{
	unsigned seen = 0;
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left)) {
		struct span name = cbor_get_name(r);
		if (span_is_text(name, NAME_SIGNED)) {
			m->signed_s = get_date(r);
			seen |= SEEN_SIGNED;
		} else if (span_is_text(name, NAME_VALID_FROM)) {
			m->valid_from_s = get_date(r);
			seen |= SEEN_VALID_FROM;
		} else if (span_is_text(name, NAME_VALID_UNTIL)) {
			m->valid_until_s = get_date(r);
			seen |= SEEN_VALID_UNTIL;
		} else {
			(void)cbor_get_item(r);
		}
	}
	return seen;
}

static void get_digest(struct reader *r, struct mso *m)
{
	uint64_t id = cbor_get_uint(r);
	struct span digest = cbor_get_bytes(r);
	if (id > MSO_ID_MAX || digest.len != MSO_DIGEST_LEN)
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (m->digest_count == MSO_ELEMENTS_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	if (r->error)
		return;
	struct mso_digest *d = &m->digests[m->digest_count++];
	d->id = (uint32_t)id;
	memcpy(d->digest, digest.data, sizeof d->digest);
}

static unsigned get_digests(struct reader *r, struct mso *m)
{
	unsigned seen = 0;
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left)) {
		if (!span_is_text(cbor_get_name(r), MSO_NAMESPACE)) {
			(void)cbor_get_item(r);
			continue;
		}
		size_t digests = cbor_get_map(r);
		while (cbor_next(r, &digests))
			get_digest(r, m);
		seen = SEEN_DIGESTS;
	}
	return seen;
}

static unsigned get_key_info(struct reader *r, struct mso *m)
{
	unsigned seen = 0;
	size_t left = cbor_get_map(r);
	while (cbor_next(r, &left)) {
		if (!span_is_text(cbor_get_name(r), NAME_KEY))
			(void)cbor_get_item(r);
		else if (cose_key_get(r, &m->chip_key) == HUFU_OK)
			seen = SEEN_KEY; /* a failure is the reader's too */
	}
	return seen;
}

static void get_digest_alg(struct reader *r, struct mso *m)
{
	struct span name = cbor_get_text(r);
	if (span_is_text(name, MSO_DIGEST_SHA256))
		m->suite = SUITE_INTL;
	else if (span_is_text(name, MSO_DIGEST_SM3))
		m->suite = SUITE_SM;
	else
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
}

static unsigned get_member(struct reader *r, struct mso *m)
{
	struct span name = cbor_get_name(r);
	if (span_is_text(name, NAME_VALIDITY))
		return get_validity(r, m);
	if (span_is_text(name, NAME_DIGESTS))
		return get_digests(r, m);
	if (span_is_text(name, NAME_KEY_INFO))
		return get_key_info(r, m);
	if (span_is_text(name, NAME_DOC_TYPE)) {
		m->doc_type = cbor_get_text(r);
		return SEEN_DOC_TYPE;
	}
	if (span_is_text(name, NAME_VERSION)) {
		if (!span_is_text(cbor_get_text(r), MSO_VERSION))
			reader_fail(r, HUFU_ERR_UNSUPPORTED);
		return SEEN_VERSION;
	}
	if (span_is_text(name, NAME_DIGEST_ALG)) {
		get_digest_alg(r, m);
		return SEEN_DIGEST_ALG;
	}
	(void)cbor_get_item(r);
	return 0;
}

int mso_decode(struct span payload, struct mso *ret)
{
	struct reader r;
	struct span inner;
	struct mso m = {0};
	unsigned seen = 0;

	int rc = unwrap(payload, &inner);
	if (rc)
		return rc;
	reader_init(&r, inner);
	size_t left = cbor_get_map(&r);
	while (cbor_next(&r, &left))
		seen |= get_member(&r, &m);
	if (r.error)
		return r.error;
	if ((seen & SEEN_MSO) != SEEN_MSO ||
	        m.suite != cose_key_suite(&m.chip_key))
		return HUFU_ERR_MALFORMED;
	*ret = m;
	return HUFU_OK;
}

static size_t item_head_len(const struct mso_item *item, struct writer *w)
{
	cbor_put_map(w, 4);
	put_name(w, NAME_RANDOM);
	cbor_put_bytes(w, item->random);
	put_name(w, NAME_DIGEST_ID);
	cbor_put_uint(w, item->digest_id);
	put_name(w, NAME_ELEMENT_VALUE);
	return w->len;
}

void mso_encode_item(struct writer *w, const struct mso_item *item)
{
	uint8_t head[MSO_RANDOM_MAX + 64], tail[160];
	struct writer hw, tw;
	if (item->random.len < MSO_RANDOM_LEN ||
	        item->random.len > MSO_RANDOM_MAX ||
	        item->identifier.len > 64 || item->digest_id > MSO_ID_MAX) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	/* the value may be a whole portrait: only what is around it is
	 * built aside, to learn the length */
	writer_init(&hw, head, sizeof head);
	size_t len = item_head_len(item, &hw);
	writer_init(&tw, tail, sizeof tail);
	put_name(&tw, NAME_ELEMENT);
	cbor_put_text(&tw, item->identifier);
	len += item->value.len + tw.len;
	cbor_put_tag(w, COSE_TAG_ENCODED);
	cbor_put_bytes_head(w, len);
	writer_put_span(w, writer_span(&hw));
	writer_put_span(w, item->value);
	writer_put_span(w, writer_span(&tw));
	if (hw.error || tw.error)
		writer_fail(w, HUFU_ERR_ARGUMENT);
}

static unsigned get_item_member(struct reader *r, struct mso_item *item)
{
	struct span name = cbor_get_name(r);
	if (span_is_text(name, NAME_RANDOM)) {
		item->random = cbor_get_bytes(r);
		if (item->random.len < MSO_RANDOM_LEN ||
		        item->random.len > MSO_RANDOM_MAX)
			reader_fail(r, HUFU_ERR_MALFORMED);
		return SEEN_RANDOM;
	}
	if (span_is_text(name, NAME_DIGEST_ID)) {
		uint64_t id = cbor_get_uint(r);
		if (id > MSO_ID_MAX)
			reader_fail(r, HUFU_ERR_MALFORMED);
		item->digest_id = (uint32_t)id;
		return SEEN_DIGEST_ID;
	}
	if (span_is_text(name, NAME_ELEMENT)) {
		item->identifier = cbor_get_text(r);
		return SEEN_ELEMENT;
	}
	struct span value = cbor_get_item(r);
	if (!span_is_text(name, NAME_ELEMENT_VALUE))
		return 0;
	item->value = value;
	return SEEN_VALUE;
}

int mso_decode_item(struct span file, struct mso_item *ret)
{
	struct reader r;
	struct span inner;
	struct mso_item item = {0};
	unsigned seen = 0;

	int rc = unwrap(file, &inner);
	if (rc)
		return rc;
	reader_init(&r, inner);
	size_t left = cbor_get_map(&r);
	while (cbor_next(&r, &left))
		seen |= get_item_member(&r, &item);
	if (r.error)
		return r.error;
	if (seen != SEEN_ITEM)
		return HUFU_ERR_MALFORMED;
	*ret = item;
	return HUFU_OK;
}

void mso_digest_item(
        enum suite suite, struct span file, uint8_t ret[MSO_DIGEST_LEN])
{
	suite_hash_of(suite, file, ret);
}

int mso_check_item(const struct mso *m, struct span file, struct mso_item *ret)
{
	struct mso_item item;
	uint8_t digest[MSO_DIGEST_LEN];
	int rc = mso_decode_item(file, &item);
	if (rc)
		return rc;
	const struct mso_digest *d = find_next(m, item.digest_id);
	if (!d || d->id != item.digest_id)
		return HUFU_ERR_NOT_FOUND;
	mso_digest_item(m->suite, file, digest);
	if (memcmp(digest, d->digest, sizeof digest) != 0)
		return HUFU_ERR_SIGNATURE;
	*ret = item;
	return HUFU_OK;
}

bool mso_item_is(const struct mso_item *item, const char *identifier)
{
	return span_is_text(item->identifier, identifier);
}

void mso_encode_ia_tbs(struct writer *w, enum suite suite,
        struct span signed_object, struct span challenge, struct span nonce)
{
	uint8_t digest[SUITE_HASH_LEN];
	suite_hash_of(suite, signed_object, digest);
	writer_put_text(w, "hufu-ia-1");
	writer_put_u8(w, (uint8_t)suite);
	writer_put(w, digest, sizeof digest);
	writer_put_span(w, challenge);
	writer_put_span(w, nonce);
}

int mso_check_answer(const struct mso *m, struct span signed_object,
        struct span challenge, struct span answer, const struct sigcheck *sigs)
{
	uint8_t tbs[MSO_IA_TBS_LEN], point[SIGCHECK_POINT_LEN];
	struct reader r;
	struct writer w;
	if (challenge.len != MSO_CHALLENGE_LEN || answer.len != MSO_ANSWER_LEN)
		return HUFU_ERR_SIGNATURE;
	reader_init(&r, answer);
	struct span nonce = reader_get_span(&r, MSO_NONCE_LEN);
	struct span sig = reader_get_span(&r, SIGCHECK_SIG_LEN);
	writer_init(&w, tbs, sizeof tbs);
	mso_encode_ia_tbs(&w, m->suite, signed_object, challenge, nonce);
	return sigs->verify(sigs->ctx, cose_key_alg(&m->chip_key),
	        cose_key_public(&m->chip_key, point), writer_span(&w), sig);
}
