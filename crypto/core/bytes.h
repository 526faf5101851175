/*
 * Bounded reading and writing of byte strings, with a sticky error.
 *
 * After the first failure every further call does nothing and answers
 * zero or an empty span; the caller checks `error` once at the end.
 * No memory is allocated; spans point into the caller's buffers.
 */
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

struct span {
	const uint8_t *data; /* may be NULL only when len is 0 */
	size_t len;
};

struct reader {
	const uint8_t *data;
	size_t len;
	size_t pos;
	int error; /* HUFU_OK or the first HUFU_ERR_* */
};

struct writer {
	uint8_t *data;
	size_t cap;
	size_t len;
	int error; /* HUFU_OK or the first HUFU_ERR_* */
};

struct span span_of(const void *data, size_t len);
struct span span_of_text(const char *text); /* without the final NUL */
bool span_equal(struct span a, struct span b);
bool span_is_text(struct span s, const char *text);

/* Compares in time that depends on len alone. */
bool bytes_equal_secret(const uint8_t *a, const uint8_t *b, size_t len);

/* Overwrites, in a way that the compiler keeps. */
void bytes_wipe(void *data, size_t len);

void reader_init(struct reader *r, struct span in);
size_t reader_left(const struct reader *r);
uint8_t reader_get_u8(struct reader *r);
uint16_t reader_get_u16(struct reader *r); /* big-endian, as all below */
uint32_t reader_get_u32(struct reader *r);
uint64_t reader_get_u64(struct reader *r);
struct span reader_get_span(struct reader *r, size_t len);
void reader_fail(struct reader *r, int error); /* keeps the first error */

/* HUFU_OK, the sticky error, or HUFU_ERR_TRAILING if bytes are left. */
HUFU_MUST_USE int reader_done(const struct reader *r);

void writer_init(struct writer *w, void *data, size_t cap);
void writer_put_u8(struct writer *w, uint8_t v);
void writer_put_u16(struct writer *w, uint16_t v); /* big-endian */
void writer_put_u32(struct writer *w, uint32_t v);
void writer_put_u64(struct writer *w, uint64_t v);
void writer_put(struct writer *w, const void *data, size_t len);
void writer_put_span(struct writer *w, struct span s);
void writer_put_text(struct writer *w, const char *text);
void writer_fail(struct writer *w, int error);
struct span writer_span(const struct writer *w); /* what was written */

#endif
