/*
 * A pair of stretches in flash, one in use and one spare. What is new is
 * written into the spare one; its head, a single page with a generation, the
 * contents' hash and a CRC, is written last and makes it the one in use. A
 * power cut at any point leaves the old one or the new one.
 */
#ifndef TERMINAL_SLOT_H
#define TERMINAL_SLOT_H

#include "merchant/terminal/area.h"

#include "crypto/core/sha256.h"

enum {
	SLOT_PARTS = 3,
	SLOT_EXTRA_LEN = 100,
	SLOT_DATA_AT = FLASH_PAGE, /* rest of the head's sector */
	SLOT_NONE = -1,
};

/* A piece of the contents, from the slot's start. */
struct slot_part {
	uint32_t at;
	uint32_t len;
};

struct slot_head {
	uint64_t generation;
	struct slot_part parts[SLOT_PARTS];
	uint8_t extra[SLOT_EXTRA_LEN]; /* the owner's */
	uint8_t hash[SHA256_LEN]; /* over the parts in order */
};

struct slot_pair {
	uint32_t at;
	uint32_t len; /* of each, whole sectors */
	int current; /* 0, 1 or SLOT_NONE */
	struct slot_head head; /* of the current one */
};

/* Finds the newest whose head and contents are whole. */
void slot_open(struct slot_pair *p, uint32_t at, uint32_t len);
/* Of the current one. */
struct span slot_read(const struct slot_pair *p, unsigned part);

/* Where the spare one starts; its head is gone after slot_prepare(). */
uint32_t slot_spare(const struct slot_pair *p);
HUFU_MUST_USE int slot_prepare(const struct slot_pair *p);
/* For `at` in the spare one up to its end. */
void slot_spare_area(const struct slot_pair *p, uint32_t at, struct area *ret);
/*
 * Makes the spare one current; `head` gives parts and extra. HUFU_ERR_IO:
 * not written, or not as it was meant.
 */
HUFU_MUST_USE int slot_commit(struct slot_pair *p, struct slot_head *head);

#endif
