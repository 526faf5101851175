/*
 * Comb tables for P-256 and SM2: every multiple that a scalar's digits can
 * ask for, so that k·P is one addition a digit and no doubling. In variable
 * time, for verifying public data only; never for a secret scalar.
 *
 * A table is plain bytes, the same on every machine and at any address, so
 * it may stand in flash: for each window i of `window` bits, from the lowest,
 * the points d·2^(window·i)·P for d = 1 to 2^window − 1, each x ‖ y, 32
 * bytes little-endian, times 2^256 mod p.
 */
#ifndef CORE_EC_TABLE_H
#define CORE_EC_TABLE_H

#include "crypto/core/bytes.h"
#include "crypto/core/sigcheck.h"

/* The two window widths there are, in bits. */
enum { EC_TABLE_SMALL = 4, EC_TABLE_FAST = 8 };

enum {
	EC_TABLE_POINT_LEN = 64,
	EC_TABLE_SMALL_LEN = 64 * 15 * EC_TABLE_POINT_LEN, /* 61,440 */
	EC_TABLE_FAST_LEN = 32 * 255 * EC_TABLE_POINT_LEN, /* 522,240 */
	EC_TABLE_SMALL_STEPS = 64,
	EC_TABLE_SMALL_STEP_LEN = 15 * EC_TABLE_POINT_LEN,
	EC_TABLE_SMALL_SPACE_LEN = 16 * EC_TABLE_POINT_LEN,
};

struct ec_table {
	enum sigcheck_alg alg;
	unsigned window; /* 0: no table */
	const uint8_t *data;
};

/* Bytes of a whole table; 0 if there is no such window. */
size_t ec_table_len(unsigned window);

/*
 * For 04 ‖ X ‖ Y, or the generator if `point` is empty. `space` outlives
 * *ret. Takes as long as about 60 (window 4) or 150 (8) verifications.
 * HUFU_ERR_MALFORMED: not on the curve; HUFU_ERR_SPACE; HUFU_ERR_ARGUMENT:
 * no such window; HUFU_ERR_UNSUPPORTED: alg.
 */
HUFU_MUST_USE int ec_table_build(enum sigcheck_alg alg, struct span point,
        unsigned window, void *space, size_t cap, struct ec_table *ret);

/*
 * The small table piece by piece, for a machine that writes it to flash and
 * has no memory for all of it: begin, then 64 times next, each of which
 * leaves the 15 points of one window in the first EC_TABLE_SMALL_STEP_LEN
 * bytes of `space`; what stands behind them is for the next call.
 */
HUFU_MUST_USE int ec_table_begin(enum sigcheck_alg alg, struct span point,
        uint8_t space[EC_TABLE_SMALL_SPACE_LEN]);
void ec_table_next(
        enum sigcheck_alg alg, uint8_t space[EC_TABLE_SMALL_SPACE_LEN]);

/*
 * Takes bytes that were built before and come from a trusted place (an own
 * build, a signed update): only their first point is checked.
 * HUFU_ERR_ARGUMENT: length or window; HUFU_ERR_CORRUPT.
 */
HUFU_MUST_USE int ec_table_use(enum sigcheck_alg alg, struct span data,
        unsigned window, struct ec_table *ret);

/* p += k·P (ec_point.h, field.h); k below the order. */
struct ec_point;
struct fe;
void ec_table_add_multiple(
        const struct ec_table *t, const struct fe *k, struct ec_point *p);

/* Whether it is a table of this point (empty: of the generator). */
bool ec_table_is_of(const struct ec_table *t, struct span point);

#endif
