/*
 * The one walk over CBOR items (RFC 8949) that cbor_check() and
 * cbor_get_item() share; not for use outside cbor.c.
 */
#ifndef CORE_CBOR_WALK_H
#define CORE_CBOR_WALK_H

#include "crypto/core/cbor.h"

enum {
	CBOR_INFO_ONE = 24,
	CBOR_INFO_EIGHT = 27,
	CBOR_INFO_INDEFINITE = 31,
	CBOR_SIMPLE_FALSE = 20,
	CBOR_SIMPLE_TRUE = 21,
	CBOR_SIMPLE_NULL = 22,
};

/* First byte and argument of an item. */
struct cbor_head {
	enum cbor_major major;
	uint8_t info;
	uint64_t arg; /* 0 if indefinite */
};

/* Reserved additional information is HUFU_ERR_MALFORMED. */
struct cbor_head cbor_get_head(struct reader *r);

/* Passes over one item by the rules; failures are the reader's. */
void cbor_walk(struct reader *r, enum cbor_rules rules);

/* Passes over one item of a document that was checked: no key is compared. */
void cbor_skip(struct reader *r);

#endif
