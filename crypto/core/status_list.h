/*
 * Token Status List (IETF draft-ietf-oauth-status-list, CWT form), two bits
 * an entry: a COSE_Sign1 (61(18)) with type STATUS_LIST_TYPE and payload
 *
 * {2: sub (address of the list), 4: exp, 6: iat, 65533: {"bits": 2, "lst":
 * zlib of the entries}, 65534: ttl, -65537: list number, -65538: sequence}.
 * The two private claims are ours: the number is the one that claim 77 names.
 */
#ifndef CORE_STATUS_LIST_H
#define CORE_STATUS_LIST_H

#include "crypto/core/bytes.h"
#include "crypto/core/sigcheck.h"
#include "crypto/core/trust_list.h"

#define STATUS_LIST_TYPE "application/statuslist+cwt"

enum {
	STATUS_LIST_BITS = 2,
	STATUS_LIST_ENTRIES_MAX = 1 << 26,
	/* room for the bit map of a full list */
	STATUS_LIST_MAP_MAX = STATUS_LIST_ENTRIES_MAX / 4,
	STATUS_LIST_ADDRESS_MAX = 256,
};

enum status_value {
	STATUS_VALID = 0,
	STATUS_INVALID = 1,
	STATUS_SUSPENDED = 2,
};

struct compact_list;

struct status_list {
	struct span address; /* sub */
	uint32_t number;
	uint64_t sequence;
	int64_t issued_s;
	int64_t expires_s;
	int64_t ttl_s;
	struct span iss; /* whose key signed it; from status_list_open() */
	struct span packed; /* lst as it stands in the file, zlib */
	struct span map; /* expanded; empty until status_list_expand() */
	const struct compact_list *coded; /* looked up in place of the map */
};

/* The payload only, with t->packed as it is. */
void status_list_encode(struct writer *w, const struct status_list *t);
HUFU_MUST_USE int status_list_decode(
        struct span payload, struct status_list *ret);

/*
 * The whole signed file, checked against the key of the trust list that its
 * kid names; `space` holds the Sig_structure (file + COSE_TBS_OVERHEAD).
 * HUFU_ERR_NOT_FOUND: no such key for status lists. A list speaks only of
 * cards whose issuer has the same iss as the list's key.
 */
HUFU_MUST_USE int status_list_open(struct span file,
        const struct trust_list *trust, const struct sigcheck *sigs,
        struct writer *space, struct status_list *ret);

/* Inflates t->packed into the caller's `map`, which must outlive *t. */
HUFU_MUST_USE int status_list_expand(
        struct status_list *t, uint8_t *map, size_t cap);

/* Of an expanded or coded list. HUFU_ERR_LIMIT: past its end; UNSUPPORTED:
 * value 3. */
HUFU_MUST_USE int status_list_find(
        const struct status_list *t, uint32_t index, enum status_value *ret);

/* For building: entry `index` of a bit map of ceil(entries / 4) bytes. */
void status_list_put(uint8_t *map, uint32_t index, enum status_value value);

#endif
