#include "host/signer/wire.h"

#include <string.h>

#include "crypto/core/cbor.h"
#include "crypto/core/compact_list.h"

enum key {
	K_VERSION = 0,
	K_TYPE = 1,
	K_SIZE = 2,
	K_ROOT = 3,
	K_PATH = 4,
	K_INDEX = 5,
	K_ENTRY = 6,
	K_NOTE = 7,
	K_SALT = 8,
	K_QR_TBS = 9,
	K_CHIP_TBS = 10,
	K_TOKEN_LIST = 11,
	K_SERIAL = 12,
	K_KEY_VERSION = 13,
	K_HOST_CHALLENGE = 14,
	K_CARD_CHALLENGE = 15,
	K_CARD_CRYPTOGRAM = 16,
	K_SEQUENCE = 17,
	K_FROM = 18,
	K_TODAY = 19,
	K_SNAPSHOT = 20,
	K_CLOSED = 21,
	K_COUNT = 22,
};

#define HAS(key) (1u << (key))
#define LOGGED   (HAS(K_PATH) | HAS(K_INDEX) | HAS(K_ENTRY) | HAS(K_NOTE))

static const uint32_t wanted[] = {
        [WIRE_HEALTH] = 0,
        [WIRE_KEYS] = 0,
        [WIRE_LAST] = 0,
        [WIRE_CHECKPOINT] = HAS(K_SIZE) | HAS(K_ROOT) | HAS(K_PATH),
        [WIRE_CARD] = LOGGED | HAS(K_SALT) | HAS(K_QR_TBS) | HAS(K_CHIP_TBS),
        [WIRE_LIST] = LOGGED | HAS(K_TOKEN_LIST) | HAS(K_TODAY) |
                      HAS(K_SNAPSHOT) | HAS(K_CLOSED),
        [WIRE_SESSION] = LOGGED | HAS(K_SALT) | HAS(K_SERIAL) |
                         HAS(K_KEY_VERSION) | HAS(K_HOST_CHALLENGE) |
                         HAS(K_CARD_CHALLENGE) | HAS(K_CARD_CRYPTOGRAM) |
                         HAS(K_SEQUENCE),
        [WIRE_SIGNED] = HAS(K_FROM),
};

/* Where a key's value lies in the request, by its kind. */
enum kind { KIND_UINT, KIND_FIXED, KIND_SPAN, KIND_TEXT, KIND_PATH };

struct field {
	enum kind kind;
	size_t offset;
	size_t len; /* exact, or the most */
};

#define AT(member) offsetof(struct wire_request, member)

static const struct field fields[K_COUNT] = {
        [K_SIZE] = {KIND_UINT, AT(size), 0},
        [K_ROOT] = {KIND_FIXED, AT(root), MERKLE_HASH_LEN},
        [K_PATH] = {KIND_PATH, AT(path), 0},
        [K_INDEX] = {KIND_UINT, AT(index), 0},
        [K_ENTRY] = {KIND_SPAN, AT(entry), LOG_ENTRY_MAX},
        [K_NOTE] = {KIND_TEXT, AT(note), SIGNER_NOTE_MAX},
        [K_SALT] = {KIND_FIXED, AT(salt), LOG_SALT_LEN},
        [K_QR_TBS] = {KIND_SPAN, AT(qr_tbs), SIGNER_TBS_MAX},
        [K_CHIP_TBS] = {KIND_SPAN, AT(chip_tbs), SIGNER_TBS_MAX},
        [K_TOKEN_LIST] = {KIND_SPAN, AT(files[SIGNER_TOKEN_LIST]),
                SIGNER_LIST_TBS_MAX},
        [K_SERIAL] = {KIND_FIXED, AT(serial), SIGNER_SERIAL_LEN},
        [K_KEY_VERSION] = {KIND_UINT, AT(key_version), 0},
        [K_HOST_CHALLENGE] = {KIND_FIXED, AT(host_challenge), 8},
        [K_CARD_CHALLENGE] = {KIND_FIXED, AT(card_challenge), 8},
        [K_CARD_CRYPTOGRAM] = {KIND_FIXED, AT(card_cryptogram), 8},
        [K_SEQUENCE] = {KIND_FIXED, AT(sequence), 3},
        [K_FROM] = {KIND_UINT, AT(from), 0},
        [K_TODAY] = {KIND_SPAN, AT(files[SIGNER_TODAY]), COMPACT_LIST_SPACE},
        [K_SNAPSHOT] = {KIND_SPAN, AT(files[SIGNER_SNAPSHOT]),
                COMPACT_LIST_SPACE},
        [K_CLOSED] = {KIND_SPAN, AT(files[SIGNER_CLOSED]), COMPACT_LIST_SPACE},
};

static bool type_known(uint64_t type)
{
	return type >= WIRE_HEALTH && type <= WIRE_SIGNED;
}

static void put_field(
        struct writer *w, const struct wire_request *r, const struct field *f)
{
	const uint8_t *at = (const uint8_t *)r + f->offset;
	struct span s;
	uint64_t v;

	switch (f->kind) {
	case KIND_UINT:
		memcpy(&v, at, sizeof(v));
		cbor_put_uint(w, v);
		break;
	case KIND_FIXED:
		cbor_put_bytes(w, span_of(at, f->len));
		break;
	case KIND_SPAN:
		memcpy(&s, at, sizeof(s));
		cbor_put_bytes(w, s);
		break;
	case KIND_TEXT:
		memcpy(&s, at, sizeof(s));
		cbor_put_text(w, s);
		break;
	case KIND_PATH:
		cbor_put_bytes(w,
		        span_of(r->path.hash, r->path.count * MERKLE_HASH_LEN));
		break;
	}
}

void wire_encode_request(struct writer *w, const struct wire_request *r)
{
	uint32_t want;

	if (!type_known(r->type) || r->path.count > MERKLE_PROOF_MAX) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	want = wanted[r->type];
	cbor_put_map(w, 2 + (size_t)__builtin_popcount(want));
	cbor_put_uint(w, K_VERSION);
	cbor_put_uint(w, WIRE_VERSION);
	cbor_put_uint(w, K_TYPE);
	cbor_put_uint(w, r->type);
	for (unsigned key = K_SIZE; key < K_COUNT; key++) {
		if (!(want & HAS(key)))
			continue;
		cbor_put_uint(w, key);
		put_field(w, r, &fields[key]);
	}
}

static void get_path(struct reader *r, struct merkle_proof *ret)
{
	struct span s = cbor_get_bytes(r);

	if (s.len % MERKLE_HASH_LEN || s.len > sizeof(ret->hash)) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return;
	}
	ret->count = s.len / MERKLE_HASH_LEN;
	if (s.len)
		memcpy(ret->hash, s.data, s.len);
}

static void get_span(
        struct reader *r, const struct field *f, struct wire_request *ret)
{
	struct span s =
	        f->kind == KIND_TEXT ? cbor_get_text(r) : cbor_get_bytes(r);
	uint8_t *at = (uint8_t *)ret + f->offset;

	if (r->error)
		return;
	if (s.len > f->len || (f->kind == KIND_FIXED && s.len != f->len))
		reader_fail(r, f->kind == KIND_FIXED ? HUFU_ERR_MALFORMED
		                                     : HUFU_ERR_LIMIT);
	else if (f->kind == KIND_FIXED)
		memcpy(at, s.data, s.len);
	else
		memcpy(at, &s, sizeof(s));
}

static void get_field(
        struct reader *r, const struct field *f, struct wire_request *ret)
{
	uint64_t v;

	switch (f->kind) {
	case KIND_UINT:
		v = cbor_get_uint(r);
		memcpy((uint8_t *)ret + f->offset, &v, sizeof(v));
		break;
	case KIND_PATH:
		get_path(r, &ret->path);
		break;
	case KIND_FIXED:
	case KIND_SPAN:
	case KIND_TEXT:
		get_span(r, f, ret);
		break;
	}
}

static bool get_expected(struct reader *r, uint64_t key)
{
	if (cbor_get_uint(r) != key)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return !r->error;
}

int wire_decode_request(struct span frame, struct wire_request *ret)
{
	struct wire_request req = {0};
	struct reader r;
	uint64_t type;
	size_t pairs;
	uint32_t want;
	int rc = cbor_check(frame, CBOR_DETERMINISTIC);

	if (rc)
		return rc;
	reader_init(&r, frame);
	pairs = cbor_get_map(&r);
	if (!get_expected(&r, K_VERSION))
		return r.error;
	if (cbor_get_uint(&r) != WIRE_VERSION)
		return HUFU_ERR_UNSUPPORTED;
	if (!get_expected(&r, K_TYPE))
		return r.error;
	type = cbor_get_uint(&r);
	if (!type_known(type))
		return HUFU_ERR_UNSUPPORTED;
	req.type = (enum wire_type)type;
	want = wanted[type];
	if (pairs != 2 + (size_t)__builtin_popcount(want))
		return HUFU_ERR_MALFORMED;
	for (unsigned key = K_SIZE; key < K_COUNT; key++) {
		if (!(want & HAS(key)))
			continue;
		if (!get_expected(&r, key))
			break;
		get_field(&r, &fields[key], &req);
	}
	rc = reader_done(&r);
	if (!rc)
		*ret = req;
	return rc;
}
