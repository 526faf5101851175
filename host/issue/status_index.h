/*
 * Which index of the status list a card gets: a keyed permutation of a
 * counter (Feistel network over HMAC-SHA-256, cycle walking), so that the
 * index shows neither order nor time of issue.
 */
#ifndef HOST_STATUS_INDEX_H
#define HOST_STATUS_INDEX_H

#include <stdint.h>

#include <hufu/error.h>

enum {
	STATUS_INDEX_KEY_LEN = 32,
	STATUS_INDEX_BITS_MIN = 8,
	STATUS_INDEX_BITS_MAX = 26,
};

/* A bijection of [0, 2^bits); HUFU_ERR_ARGUMENT when out of that range. */
HUFU_MUST_USE int status_index_permute(const uint8_t key[STATUS_INDEX_KEY_LEN],
        uint32_t list, unsigned bits, uint32_t counter, uint32_t *ret);

#endif
