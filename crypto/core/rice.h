/*
 * Ascending indices as Rice codes of their gaps: index − (last + 1), the
 * first one from 0; gap >> k zero bits, a one, then the k low bits, most
 * significant first. The last byte is filled with zeros.
 */
#ifndef CORE_RICE_H
#define CORE_RICE_H

#include "crypto/core/bytes.h"

enum { RICE_K_MAX = 26 };

struct rice_codes {
	struct span bits;
	size_t len; /* bytes; bits.len once they are in hand */
	uint32_t count;
	unsigned k;
};

/* The k that is best for `count` indices spread evenly below `end`. */
unsigned rice_best_k(uint32_t end, uint32_t count);
/* The most bytes that so many codes of indices below `end` take. */
size_t rice_len_max(uint32_t end, uint32_t count, unsigned k);

struct rice_reader {
	struct rice_codes codes;
	uint32_t end; /* every index is below */
	uint32_t left; /* codes not read yet */
	uint32_t next; /* smallest index that the next code can be */
	uint64_t bit;
	int error;
};

void rice_reader_init(
        struct rice_reader *r, const struct rice_codes *codes, uint32_t end);
/* False at the end and after HUFU_ERR_MALFORMED or HUFU_ERR_TRUNCATED. */
bool rice_get(struct rice_reader *r, uint32_t *ret);
/* After the last one: HUFU_ERR_TRAILING if bits are left that are no fill. */
HUFU_MUST_USE int rice_done(const struct rice_reader *r);

struct rice_writer {
	struct writer *out; /* its sticky error is this one's */
	/* takes what is in `out` when that is full; NULL: an error then */
	int (*drain)(void *ctx, struct span bytes);
	void *ctx;
	uint64_t held; /* bits not put yet, at the low end */
	unsigned held_bits;
	uint32_t next;
	uint32_t count;
	unsigned k;
};

void rice_writer_init(struct rice_writer *w, struct writer *out, unsigned k);
/* Ascending; HUFU_ERR_ARGUMENT otherwise. */
void rice_put(struct rice_writer *w, uint32_t index);
void rice_flush(struct rice_writer *w); /* fills the last byte */

#endif
