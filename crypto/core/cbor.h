/*
 * CBOR (RFC 8949): writing deterministic items, and reading them one by one
 * from a bounded reader.
 *
 * Reading is in two steps: cbor_check() walks a whole document once and
 * refuses what breaks the rules below; cbor_get_*() then pull typed items.
 * A wrong type, a missing item or a value out of range sets the reader's
 * sticky error to HUFU_ERR_MALFORMED.
 *
 * Refused always: nesting deeper than CBOR_MAX_DEPTH, duplicate map keys,
 * text that is not UTF-8, reserved additional information, lone breaks,
 * trailing bytes. Map keys are integers or definite strings; any other key
 * is HUFU_ERR_UNSUPPORTED. CBOR_DETERMINISTIC refuses floating point as
 * well, which no format here uses.
 */
#ifndef CORE_CBOR_H
#define CORE_CBOR_H

#include "crypto/core/bytes.h"

enum {
	CBOR_MAX_DEPTH = 16,
	CBOR_MAX_MAP_PAIRS = 256,
	CBOR_MAX_OPEN_KEYS = 320, /* of a map and those around it */
};

enum cbor_major {
	CBOR_UINT = 0,
	CBOR_NEGATIVE = 1,
	CBOR_BYTES = 2,
	CBOR_TEXT = 3,
	CBOR_ARRAY = 4,
	CBOR_MAP = 5,
	CBOR_TAG = 6,
	CBOR_SIMPLE = 7,
	CBOR_END = 8, /* nothing left, or the reader has failed */
};

enum cbor_rules {
	CBOR_ANY = 0, /* any well-formed encoding */
	CBOR_DETERMINISTIC = 1, /* RFC 8949 section 4.2.1: shortest, sorted */
};

/* Length of an array or map of indefinite length: items up to a break. */
#define CBOR_INDEFINITE SIZE_MAX

void cbor_put_uint(struct writer *w, uint64_t v);
void cbor_put_int(struct writer *w, int64_t v);
void cbor_put_bytes(struct writer *w, struct span s);
void cbor_put_bytes_head(struct writer *w, size_t len); /* bytes follow */
void cbor_put_text(struct writer *w, struct span utf8);
void cbor_put_array(struct writer *w, size_t items);
void cbor_put_map(struct writer *w, size_t pairs);
void cbor_put_tag(struct writer *w, uint64_t tag);
void cbor_put_bool(struct writer *w, bool v);
void cbor_put_null(struct writer *w);

/* HUFU_OK, or why `in` is not exactly one item by these rules. */
HUFU_MUST_USE int cbor_check(struct span in, enum cbor_rules rules);

enum cbor_major cbor_peek(const struct reader *r); /* moves nothing */
uint64_t cbor_get_uint(struct reader *r);
int64_t cbor_get_int(struct reader *r); /* unsigned or negative, in range */
struct span cbor_get_bytes(struct reader *r); /* definite length only */
struct span cbor_get_text(struct reader *r); /* definite length only */
size_t cbor_get_array(struct reader *r); /* items, or CBOR_INDEFINITE */
size_t cbor_get_map(struct reader *r); /* pairs, or CBOR_INDEFINITE */
uint64_t cbor_get_tag(struct reader *r);
bool cbor_get_bool(struct reader *r);
void cbor_get_null(struct reader *r);

/* Answered by cbor_get_label() for a key that is not an integer. */
#define CBOR_NO_LABEL INT64_MIN

/* A key of a map of integer keys, or of text keys; any other is passed over
 * and answers CBOR_NO_LABEL, or an empty span. */
int64_t cbor_get_label(struct reader *r);
struct span cbor_get_name(struct reader *r);

/*
 * For loops over an array or map: `*left` starts as its length and is
 * counted down. False at the end, at an indefinite length's break (which is
 * eaten), and when the reader has failed.
 */
bool cbor_next(struct reader *r, size_t *left);

/* Passes over one whole item of a checked document; answers its bytes. */
struct span cbor_get_item(struct reader *r);

#endif
