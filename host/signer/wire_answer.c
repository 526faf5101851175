/* The answer's half of wire.h: {0: code, 1: why} or {0: 0, fields}. */
#include <string.h>

#include "crypto/core/cbor.h"
#include "crypto/core/sigcheck.h"
#include "host/signer/wire.h"

enum {
	A_CODE = 0,
	A_WHY = 1,
	A_SIZE = 2,
	A_ROOT = 3,
	A_NOTE = 7,
	A_QR = 20,
	A_CHIP = 21,
	A_FILES = 22,
	A_HOST_CRYPTOGRAM = 23,
	A_S_ENC = 24,
	A_S_MAC = 25,
	A_S_RMAC = 26,
	A_PUT_KEY = 27,
	A_RECORDS = 28,
	A_KEYS = 29,
	A_ORIGIN = 30,
	A_VKEY = 31,
	A_HEALTH = 32,
	HEALTH_NUMBERS = 7,
};

static void put_bytes(
        struct writer *w, uint64_t key, const uint8_t *data, size_t len)
{
	cbor_put_uint(w, key);
	cbor_put_bytes(w, span_of(data, len));
}

static void put_text(struct writer *w, uint64_t key, const char *text)
{
	cbor_put_uint(w, key);
	cbor_put_text(w, span_of_text(text));
}

static void begin(struct writer *w, size_t fields)
{
	cbor_put_map(w, 1 + fields);
	cbor_put_uint(w, A_CODE);
	cbor_put_uint(w, 0);
}

static void put_checkpoint(struct writer *w, const struct signer_checkpoint *c)
{
	begin(w, 3);
	cbor_put_uint(w, A_SIZE);
	cbor_put_uint(w, c->size);
	put_bytes(w, A_ROOT, c->root, sizeof(c->root));
	put_text(w, A_NOTE, c->note);
}

static void put_session(struct writer *w, const struct signer_session *s)
{
	begin(w, 5);
	put_bytes(w, A_HOST_CRYPTOGRAM, s->host_cryptogram,
	        sizeof(s->host_cryptogram));
	put_bytes(w, A_S_ENC, s->s_enc, sizeof(s->s_enc));
	put_bytes(w, A_S_MAC, s->s_mac, sizeof(s->s_mac));
	put_bytes(w, A_S_RMAC, s->s_rmac, sizeof(s->s_rmac));
	put_bytes(w, A_PUT_KEY, s->put_key, s->put_key_len);
}

static void put_records(struct writer *w, const struct wire_answer *a)
{
	begin(w, 1);
	cbor_put_uint(w, A_RECORDS);
	cbor_put_array(w, a->record_count);
	for (size_t i = 0; i < a->record_count; i++) {
		cbor_put_array(w, 3);
		cbor_put_uint(w, a->records[i].index);
		cbor_put_uint(w, a->records[i].list);
		cbor_put_uint(w, a->records[i].status_index);
	}
}

static size_t point_len(int alg)
{
	return alg == SIGCHECK_EDDSA ? SIGCHECK_ED25519_LEN : SIGNER_POINT_LEN;
}

static void put_keys(struct writer *w, const struct signer_keys *k)
{
	begin(w, 3);
	cbor_put_uint(w, A_KEYS);
	cbor_put_array(w, k->count);
	for (size_t i = 0; i < k->count; i++) {
		const struct signer_key *key = &k->key[i];

		cbor_put_array(w, 4);
		cbor_put_uint(w, key->purpose);
		cbor_put_int(w, key->alg);
		cbor_put_bytes(w, span_of(key->kid, sizeof(key->kid)));
		cbor_put_bytes(w, span_of(key->point, point_len(key->alg)));
	}
	put_text(w, A_ORIGIN, k->origin);
	put_text(w, A_VKEY, k->vkey);
}

static void put_health(struct writer *w, const struct signer_health *h)
{
	begin(w, 1);
	cbor_put_uint(w, A_HEALTH);
	cbor_put_array(w, HEALTH_NUMBERS);
	cbor_put_uint(w, h->journal_records);
	cbor_put_uint(w, h->checkpoint_size);
	cbor_put_uint(w, h->cards_signed);
	cbor_put_uint(w, h->lists_signed);
	cbor_put_uint(w, h->sessions_opened);
	cbor_put_uint(w, h->serials_refused);
	cbor_put_bool(w, h->locked);
}

static void put_refusal(struct writer *w, const struct wire_answer *a)
{
	cbor_put_map(w, 2);
	cbor_put_uint(w, A_CODE);
	cbor_put_int(w, a->code);
	put_text(w, A_WHY, a->why);
}

void wire_encode_answer(
        struct writer *w, enum wire_type type, const struct wire_answer *a)
{
	if (a->code) {
		put_refusal(w, a);
		return;
	}
	switch (type) {
	case WIRE_HEALTH:
		put_health(w, &a->health);
		break;
	case WIRE_KEYS:
		put_keys(w, &a->keys);
		break;
	case WIRE_LAST:
	case WIRE_CHECKPOINT:
		put_checkpoint(w, &a->checkpoint);
		break;
	case WIRE_CARD:
		begin(w, 2);
		put_bytes(w, A_QR, a->card.qr, sizeof(a->card.qr));
		put_bytes(w, A_CHIP, a->card.chip, sizeof(a->card.chip));
		break;
	case WIRE_LIST:
		begin(w, 1);
		put_bytes(w, A_FILES, a->files[0], sizeof(a->files));
		break;
	case WIRE_SESSION:
		put_session(w, &a->session);
		break;
	case WIRE_SIGNED:
		put_records(w, a);
		break;
	}
}

static bool expect(struct reader *r, uint64_t key)
{
	if (cbor_get_uint(r) != key)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return !r->error;
}

static void get_bytes(struct reader *r, uint64_t key, uint8_t *ret, size_t len)
{
	struct span s;

	if (!expect(r, key))
		return;
	s = cbor_get_bytes(r);
	if (s.len != len)
		reader_fail(r, HUFU_ERR_MALFORMED);
	else if (len)
		memcpy(ret, s.data, len);
}

static void get_text(struct reader *r, uint64_t key, char *ret, size_t max)
{
	struct span s;

	if (!expect(r, key))
		return;
	s = cbor_get_text(r);
	if (s.len > max || (s.len && memchr(s.data, 0, s.len))) {
		reader_fail(r, HUFU_ERR_MALFORMED);
		return;
	}
	if (s.len)
		memcpy(ret, s.data, s.len);
	ret[s.len] = 0;
}

static uint32_t get_u32(struct reader *r)
{
	uint64_t v = cbor_get_uint(r);

	if (v > UINT32_MAX)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return (uint32_t)v;
}

static void get_checkpoint(struct reader *r, struct signer_checkpoint *ret)
{
	if (!expect(r, A_SIZE))
		return;
	ret->size = cbor_get_uint(r);
	get_bytes(r, A_ROOT, ret->root, sizeof(ret->root));
	get_text(r, A_NOTE, ret->note, SIGNER_NOTE_MAX);
}

static void get_session(struct reader *r, struct signer_session *ret)
{
	struct span s;

	get_bytes(r, A_HOST_CRYPTOGRAM, ret->host_cryptogram,
	        sizeof(ret->host_cryptogram));
	get_bytes(r, A_S_ENC, ret->s_enc, sizeof(ret->s_enc));
	get_bytes(r, A_S_MAC, ret->s_mac, sizeof(ret->s_mac));
	get_bytes(r, A_S_RMAC, ret->s_rmac, sizeof(ret->s_rmac));
	if (!expect(r, A_PUT_KEY))
		return;
	s = cbor_get_bytes(r);
	if (s.len && s.len != SIGNER_PUT_KEY_LEN)
		reader_fail(r, HUFU_ERR_MALFORMED);
	else if (s.len)
		memcpy(ret->put_key, s.data, s.len);
	ret->put_key_len = s.len;
}

static void get_records(struct reader *r, struct wire_answer *ret)
{
	size_t left;

	if (!expect(r, A_RECORDS))
		return;
	left = cbor_get_array(r);
	if (left > SIGNER_RECORDS_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	while (!r->error && left-- > 0) {
		struct signer_record *at = &ret->records[ret->record_count++];

		if (cbor_get_array(r) != 3)
			reader_fail(r, HUFU_ERR_MALFORMED);
		at->index = cbor_get_uint(r);
		at->list = get_u32(r);
		at->status_index = get_u32(r);
	}
}

static void get_key(struct reader *r, struct signer_key *ret)
{
	struct span s;
	uint64_t purpose;

	if (cbor_get_array(r) != 4)
		reader_fail(r, HUFU_ERR_MALFORMED);
	purpose = cbor_get_uint(r);
	if (purpose < SIGNER_CARD || purpose > SIGNER_CHECKPOINT)
		reader_fail(r, HUFU_ERR_MALFORMED);
	ret->purpose = (enum signer_purpose)purpose;
	ret->alg = (int)cbor_get_int(r);
	s = cbor_get_bytes(r);
	if (s.len != sizeof(ret->kid))
		reader_fail(r, HUFU_ERR_MALFORMED);
	else
		memcpy(ret->kid, s.data, s.len);
	s = cbor_get_bytes(r);
	if (s.len != point_len(ret->alg))
		reader_fail(r, HUFU_ERR_MALFORMED);
	else
		memcpy(ret->point, s.data, s.len);
}

static void get_keys(struct reader *r, struct signer_keys *ret)
{
	size_t left;

	if (!expect(r, A_KEYS))
		return;
	left = cbor_get_array(r);
	if (left > SIGNER_KEYS_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	while (!r->error && left-- > 0)
		get_key(r, &ret->key[ret->count++]);
	get_text(r, A_ORIGIN, ret->origin, SIGNER_ORIGIN_MAX);
	get_text(r, A_VKEY, ret->vkey, SIGNER_VKEY_MAX);
}

static void get_health(struct reader *r, struct signer_health *ret)
{
	if (!expect(r, A_HEALTH))
		return;
	if (cbor_get_array(r) != HEALTH_NUMBERS)
		reader_fail(r, HUFU_ERR_MALFORMED);
	ret->journal_records = cbor_get_uint(r);
	ret->checkpoint_size = cbor_get_uint(r);
	ret->cards_signed = cbor_get_uint(r);
	ret->lists_signed = cbor_get_uint(r);
	ret->sessions_opened = cbor_get_uint(r);
	ret->serials_refused = cbor_get_uint(r);
	ret->locked = cbor_get_bool(r);
}

static void get_answer(
        struct reader *r, enum wire_type type, struct wire_answer *ret)
{
	switch (type) {
	case WIRE_HEALTH:
		get_health(r, &ret->health);
		break;
	case WIRE_KEYS:
		get_keys(r, &ret->keys);
		break;
	case WIRE_LAST:
	case WIRE_CHECKPOINT:
		get_checkpoint(r, &ret->checkpoint);
		break;
	case WIRE_CARD:
		get_bytes(r, A_QR, ret->card.qr, sizeof(ret->card.qr));
		get_bytes(r, A_CHIP, ret->card.chip, sizeof(ret->card.chip));
		break;
	case WIRE_LIST:
		get_bytes(r, A_FILES, ret->files[0], sizeof(ret->files));
		break;
	case WIRE_SESSION:
		get_session(r, &ret->session);
		break;
	case WIRE_SIGNED:
		get_records(r, ret);
		break;
	}
}

int wire_decode_answer(
        struct span frame, enum wire_type type, struct wire_answer *ret)
{
	struct reader r;
	int64_t code;
	int rc = cbor_check(frame, CBOR_DETERMINISTIC);

	if (rc)
		return rc;
	*ret = (struct wire_answer){0};
	reader_init(&r, frame);
	(void)cbor_get_map(&r); /* reader_done() sees too many or too few */
	if (!expect(&r, A_CODE))
		return r.error;
	code = cbor_get_int(&r);
	if (code > 0 || code < HUFU_ERR_STALE)
		reader_fail(&r, HUFU_ERR_MALFORMED);
	if (code < 0)
		get_text(&r, A_WHY, ret->why, WIRE_WHY_MAX);
	else
		get_answer(&r, type, ret);
	ret->code = (int)code;
	return reader_done(&r);
}
