#include "tests/unit/crypto-lib/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/public_pem.h"

static void take(struct sheet *ret, struct span s)
{
	assert_true(s.len <= sizeof ret->bytes);
	memcpy(ret->bytes, s.data, s.len);
	ret->len = s.len;
}

void press_pem(const struct signing_key *key, struct sheet *ret)
{
	struct writer w;
	writer_init(&w, ret->bytes, sizeof ret->bytes);
	assert_int_equal(
	        public_pem_encode(signing_key_public(key), &w), HUFU_OK);
	ret->len = w.len;
}

void press_trust(const struct trust_list *t, const struct signing_key *root,
        struct sheet *ret)
{
	struct writer w;
	writer_init(&w, ret->bytes, sizeof ret->bytes);
	assert_int_equal(trust_build_file(t, root, &w), HUFU_OK);
	ret->len = w.len;
}

void press_trust_as(const struct sample *s, uint64_t sequence, int64_t issued_s,
        const struct signing_key *next, struct sheet *ret)
{
	struct trust_list *t = calloc(1, sizeof *t);
	assert_non_null(t);
	sample_fill_trust(s, t);
	t->sequence = sequence;
	t->issued_s = issued_s;
	t->has_next_root = next;
	if (next)
		t->next_root = *signing_key_public(next);
	press_trust(t, s->root, ret);
	free(t);
}

void press_status(struct sample *s, uint64_t sequence, int64_t issued_s,
        struct sheet *ret)
{
	sample_sign_status(s, sequence, issued_s);
	take(ret, s->status);
}

static struct compact_list head_of(const struct sample *s, uint64_t sequence)
{
	return (struct compact_list){
	        .suite = s->suite,
	        .iss = span_of_text(SAMPLE_ISS),
	        .number = SAMPLE_LIST,
	        .entries = SAMPLE_ENTRIES,
	        .sequence = sequence,
	        .issued_s = SAMPLE_NOW_S + (int64_t)sequence,
	        .expires_s = SAMPLE_NOW_S + 7 * 86400,
	};
}

static void seal(const struct sample *s, const struct compact_list *t,
        const uint8_t *body, struct sheet *ret)
{
	uint8_t space[COMPACT_LIST_SPACE], sig[SIGNING_KEY_SIG_LEN], *file;
	struct writer w;
	size_t len;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        compact_build_tbs(t, signing_key_public(s->list), &w), HUFU_OK);
	assert_int_equal(
	        signing_key_sign(s->list, writer_span(&w), sig), HUFU_OK);
	assert_int_equal(
	        compact_build_file(writer_span(&w), span_of(sig, sizeof sig),
	                span_of(body, compact_list_body_len(t)), &file, &len),
	        HUFU_OK);
	take(ret, span_of(file, len));
	free(file);
}

void press_snapshot(
        const struct sample *s, uint64_t sequence, struct sheet *ret)
{
	struct compact_list t = head_of(s, sequence);
	uint8_t *body;
	assert_int_equal(compact_build_snapshot(
	                         &t, span_of(s->map, sizeof s->map), &body),
	        HUFU_OK);
	seal(s, &t, body, ret);
	free(body);
}

void press_delta(const struct sample *s, struct compact_change change,
        uint64_t base, uint64_t sequence, struct sheet *ret)
{
	struct compact_list t = head_of(s, sequence);
	uint8_t *body;
	t.base = base;
	assert_int_equal(compact_build_delta(&t, &change, 1, &body), HUFU_OK);
	seal(s, &t, body, ret);
	free(body);
}

struct hufu *press_handle(const struct sample *s)
{
	struct sheet *pem = malloc(sizeof *pem);
	struct hufu *h;
	assert_non_null(pem);
	press_pem(s->root, pem);
	assert_int_equal(hufu_new(&h), HUFU_OK);
	assert_int_equal(hufu_set_root(h, pem->bytes, pem->len), HUFU_OK);
	assert_int_equal(
	        hufu_load_trust(h, s->trust.data, s->trust.len), HUFU_OK);
	free(pem);
	return h;
}

struct hufu_result press_check(
        struct hufu *h, const struct sample *s, int64_t now_s)
{
	struct hufu_result r;
	assert_int_equal(
	        hufu_check_qr(h, s->text_space, s->text.len, now_s, &r),
	        HUFU_OK);
	return r;
}

int press_load_trust(struct hufu *h, const struct sheet *sheet)
{
	return hufu_load_trust(h, sheet->bytes, sheet->len);
}

int press_load_status(struct hufu *h, const struct sheet *sheet)
{
	return hufu_load_status(h, sheet->bytes, sheet->len);
}
