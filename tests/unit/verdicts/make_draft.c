#include "make_draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "crypto/core/base45.h"
#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "make_case.h"

static struct span take(struct draft *d, size_t start)
{
	if (d->arena.error)
		world_fail("a value: the arena is full");
	return span_of(d->arena.data + start, d->arena.len - start);
}

struct span draft_int(struct draft *d, int64_t v)
{
	size_t start = d->arena.len;
	cbor_put_int(&d->arena, v);
	return take(d, start);
}

struct span draft_text(struct draft *d, struct span utf8)
{
	size_t start = d->arena.len;
	cbor_put_text(&d->arena, utf8);
	return take(d, start);
}

struct span draft_bytes(struct draft *d, struct span bytes)
{
	size_t start = d->arena.len;
	cbor_put_bytes(&d->arena, bytes);
	return take(d, start);
}

struct span draft_status(struct draft *d, uint64_t list, uint64_t index)
{
	size_t start = d->arena.len;
	cbor_put_array(&d->arena, 2);
	cbor_put_uint(&d->arena, list);
	cbor_put_uint(&d->arena, index);
	return take(d, start);
}

struct span draft_kid(struct draft *d, const struct signing_key *key)
{
	size_t start = d->arena.len;
	uint8_t kid[COSE_KEY_ID_LEN];
	cose_key_id(signing_key_public(key), kid);
	writer_put(&d->arena, kid, sizeof kid);
	return take(d, start);
}

void claims_add_raw(struct claims *c, struct span key, struct span value)
{
	if (c->count == CLAIMS_MAX)
		world_fail("a claim: too many");
	c->list[c->count].key = key;
	c->list[c->count].value = value;
	c->count++;
}

void claims_add(
        struct draft *d, struct claims *c, int64_t key, struct span value)
{
	claims_add_raw(c, draft_int(d, key), value);
}

void claims_set(
        struct draft *d, struct claims *c, int64_t key, struct span value)
{
	struct span raw = draft_int(d, key);
	for (size_t i = 0; i < c->count; i++)
		if (span_equal(c->list[i].key, raw)) {
			c->list[i].value = value;
			return;
		}
	claims_add_raw(c, raw, value);
}

void claims_drop(struct draft *d, struct claims *c, int64_t key)
{
	struct span raw = draft_int(d, key);
	size_t kept = 0;
	for (size_t i = 0; i < c->count; i++)
		if (!span_equal(c->list[i].key, raw))
			c->list[kept++] = c->list[i];
	c->count = kept;
}

void draft_replace(struct writer *layer, struct span with)
{
	layer->len = 0;
	writer_put_span(layer, with);
}

void draft_set_header(struct draft *d, int32_t alg, struct span kid)
{
	d->protected.len = 0;
	cose_encode_protected(&d->protected, alg, kid, span_of("", 0));
}

static void begin_claims(struct draft *d)
{
	static const uint8_t chip_hash[] = {0x5A, 0x17, 0xC3, 0x08, 0x9E, 0x44,
	        0xB1, 0x6D, 0x20, 0xF5, 0x73, 0x8C, 0xDA, 0x31, 0x66, 0xEB};
	struct claims *c = &d->claims;
	claims_add(d, c, CWT_ISS, draft_text(d, span_of_text(d->by->iss)));
	claims_add(d, c, CWT_EXP, draft_int(d, WORLD_EXP_S));
	claims_add(d, c, CWT_IAT, draft_int(d, WORLD_IAT_S));
	c = &d->card;
	claims_add(d, c, CARD_NUMBER,
	        draft_text(d, span_of_text(d->by->card_number)));
	claims_add(d, c, CARD_NAME, draft_text(d, span_of_text("生成样本")));
	claims_add(d, c, CARD_KIND, draft_int(d, 1));
	claims_add(d, c, CARD_BENEFITS, draft_int(d, 37));
	claims_add(d, c, CARD_STATUS, draft_status(d, WORLD_LIST_NUMBER, 0));
	claims_add(d, c, CARD_CHIP,
	        draft_bytes(d, span_of(chip_hash, sizeof chip_hash)));
}

void draft_begin(struct draft *d, const struct world_issuer *by)
{
	struct writer *const layers[] = {&d->arena, &d->protected,
	        &d->unprotected, &d->payload, &d->sig, &d->plain, &d->packed,
	        &d->text};
	for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
		writer_init(layers[i], d->space[i], sizeof d->space[i]);
	d->by = by;
	d->signs = by->card;
	d->time_s = WORLD_NOW_S;
	d->card_as_map = false;
	d->form = FORM_CWT_SIGN1;
	d->wide_cose = false;
	d->claims = (struct claims){.style = CLAIMS_SORTED};
	d->card = (struct claims){.style = CLAIMS_SORTED};
	d->sig_item = d->payload_item = span_of("", 0);
	draft_set_header(d, (int32_t)cose_key_alg(signing_key_public(by->card)),
	        draft_kid(d, by->card));
	cbor_put_map(&d->unprotected, 0);
	begin_claims(d);
}

/* A head of eight bytes' argument, whatever the number is. */
static void put_wide(struct writer *w, enum cbor_major major, uint64_t arg)
{
	writer_put_u8(w, (uint8_t)((unsigned)major << 5 | 27));
	writer_put_u64(w, arg);
}

static void put_claims(struct writer *w, const struct claims *c)
{
	if (c->style == CLAIMS_INDEFINITE)
		writer_put_u8(w, 0xBF);
	else if (c->style == CLAIMS_WIDE)
		put_wide(w, CBOR_MAP, c->count);
	else
		cbor_put_map(w, c->count);
	for (size_t n = 0; n < c->count; n++) {
		size_t i = c->style == CLAIMS_REVERSED ? c->count - 1 - n : n;
		struct span key = c->list[i].key;
		if (c->style == CLAIMS_WIDE && key.data[0] < 24)
			put_wide(w, CBOR_UINT, key.data[0]);
		else
			writer_put_span(w, key);
		writer_put_span(w, c->list[i].value);
	}
	if (c->style == CLAIMS_INDEFINITE)
		writer_put_u8(w, 0xFF);
}

static void build_payload(struct draft *d)
{
	static uint8_t space[DRAFT_MAX];
	struct claims all = d->claims;
	struct writer card;
	writer_init(&card, space, sizeof space);
	put_claims(&card, &d->card);
	claims_add(d, &all, CWT_169,
	        d->card_as_map ? writer_span(&card)
	                       : draft_bytes(d, writer_span(&card)));
	d->payload.len = 0;
	put_claims(&d->payload, &all);
}

static void build_sig(struct draft *d)
{
	static uint8_t space[DRAFT_MAX];
	uint8_t sig[SIGNING_KEY_SIG_LEN];
	struct writer tbs;
	writer_init(&tbs, space, sizeof space);
	cose_encode_tbs(
	        &tbs, writer_span(&d->protected), writer_span(&d->payload));
	if (tbs.error || signing_key_sign(d->signs, writer_span(&tbs), sig))
		world_fail("a signature");
	draft_replace(&d->sig, span_of(sig, sizeof sig));
}

static void put_string(struct draft *d, struct span s)
{
	if (d->wide_cose) {
		put_wide(&d->plain, CBOR_BYTES, s.len);
		writer_put_span(&d->plain, s);
	} else {
		cbor_put_bytes(&d->plain, s);
	}
}

static void build_plain(struct draft *d)
{
	struct writer *w = &d->plain;
	w->len = 0;
	if (d->form == FORM_CWT_SIGN1 || d->form == FORM_CWT_ONLY)
		cbor_put_tag(w, COSE_TAG_CWT);
	if (d->form == FORM_CWT_SIGN1 || d->form == FORM_SIGN1)
		cbor_put_tag(w, COSE_TAG_SIGN1);
	cbor_put_array(w, 4);
	put_string(d, writer_span(&d->protected));
	writer_put_span(w, writer_span(&d->unprotected));
	if (d->payload_item.len > 0)
		writer_put_span(w, d->payload_item);
	else
		put_string(d, writer_span(&d->payload));
	if (d->sig_item.len > 0)
		writer_put_span(w, d->sig_item);
	else
		put_string(d, writer_span(&d->sig));
}

static void build_packed(struct draft *d)
{
	uLongf len = DRAFT_MAX;
	if (compress2(d->packed.data, &len, d->plain.data, d->plain.len, 9) !=
	        Z_OK)
		world_fail("a zlib stream");
	d->packed.len = len;
}

void draft_run(struct draft *d, enum draft_step from)
{
	if (from <= FROM_CLAIMS)
		build_payload(d);
	if (from <= FROM_PAYLOAD)
		build_sig(d);
	if (from <= FROM_SIGNATURE)
		build_plain(d);
	if (from <= FROM_PLAIN)
		build_packed(d);
	if (from <= FROM_PACKED) {
		d->text.len = 0;
		base45_encode(&d->text, writer_span(&d->packed));
	}
	if (d->payload.error || d->plain.error || d->text.error)
		world_fail("a layer: too long");
}

void draft_put(struct draft *d, const char *verdict, const char *id, ...)
{
	char name[CASE_ID_MAX];
	va_list args;
	va_start(args, id);
	(void)vsnprintf(name, sizeof name, id, args);
	va_end(args);
	case_put(name, d->time_s, verdict, writer_span(&d->text));
}

void draft_finish(struct draft *d, enum draft_step from, const char *verdict,
        const char *id)
{
	draft_run(d, from);
	draft_put(d, verdict, "%s-%s", id, d->by->label);
}
