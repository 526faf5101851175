/*
 * Lists of every sequence and content, signed by a sample's keys.
 */
#ifndef TEST_PRESS_H
#define TEST_PRESS_H

#include <hufu/hufu.h>

#include "crypto/issuer/compact_build.h"
#include "tests/unit/crypto-issuer/sample.h"

enum { PRESS_SHEET_MAX = 1 << 16 };

struct sheet {
	uint8_t bytes[PRESS_SHEET_MAX];
	size_t len;
};

/* All fail the test if anything fails. */
void press_pem(const struct signing_key *key, struct sheet *ret);
void press_trust(const struct trust_list *t, const struct signing_key *root,
        struct sheet *ret);
/* The sample's own list with this sequence and time; may name a next root. */
void press_trust_as(const struct sample *s, uint64_t sequence, int64_t issued_s,
        const struct signing_key *next, struct sheet *ret);
/* A Token Status List of s->map. */
void press_status(struct sample *s, uint64_t sequence, int64_t issued_s,
        struct sheet *ret);
/* Compact; issued `sequence` seconds after SAMPLE_NOW_S. */
void press_snapshot(
        const struct sample *s, uint64_t sequence, struct sheet *ret);
void press_delta(const struct sample *s, struct compact_change change,
        uint64_t base, uint64_t sequence, struct sheet *ret);

/* A handle that holds the sample's root and trust list. */
struct hufu *press_handle(const struct sample *s);
/* Its verdict of the sample's card. */
struct hufu_result press_check(
        struct hufu *h, const struct sample *s, int64_t now_s);

int press_load_trust(struct hufu *h, const struct sheet *sheet);
int press_load_status(struct hufu *h, const struct sheet *sheet);

#endif
