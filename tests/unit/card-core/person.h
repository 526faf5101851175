/*
 * A whole personalisation of a generated test person, one command a step,
 * which can be gone on with after a lost link as docs/card-profile.md says.
 */
#ifndef TEST_PERSON_H
#define TEST_PERSON_H

#include "tests/unit/card-core/desk.h"

enum { PERSON_STREAM_MAX = 60416 };

struct person {
	enum card_suite suite;
	uint8_t job;
	uint64_t fencing;
	size_t block_len; /* stream bytes in a block */
	size_t stream_len;
	uint8_t hash[32];
	uint8_t stream[PERSON_STREAM_MAX];
	uint8_t point[CARD_POINT_LEN]; /* the chip's, once it is known */
};

/* All elements; the portrait has `portrait_len` bytes. */
void person_init(struct person *p, enum card_suite suite, size_t portrait_len);

/* The value that stands in the stream for this file. */
struct span person_file(const struct person *p, uint16_t id);

size_t person_blocks(const struct person *p);
/* Sends block n; answers the status word. */
uint16_t person_store(struct desk *d, const struct person *p, size_t n);
uint16_t person_generate(struct desk *d, struct person *p);
uint16_t person_activate(struct desk *d, const struct person *p);

/*
 * From wherever the card is to SECURED. Answers the first status word that
 * is not 9000 (0: the card went away), or 9000.
 */
uint16_t person_go_on(struct desk *d, struct person *p);

/* Reads everything as a terminal does and checks it; the chip signs. */
void person_check(struct desk *d, const struct person *p);

/* True if the chip's signature over a fresh challenge is right. */
bool person_chip_signs(struct desk *d, const struct person *p);

#endif
