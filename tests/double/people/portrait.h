/*
 * A drawn portrait of nobody: 352×440 dots, pure white behind, with the
 * word 生成 (generated) on the chest, as a JPEG of 20 to 50 KB.
 */
#ifndef DOUBLE_PEOPLE_PORTRAIT_H
#define DOUBLE_PEOPLE_PORTRAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct portrait {
	bool female;
	unsigned age; /* years: colour of the hair, lines of the face */
	uint64_t seed; /* everything else; the same seed, the same bytes */
};

enum { PORTRAIT_WIDTH = 352, PORTRAIT_HEIGHT = 440 };

/* Other dots 0x00RRGGBB of that size as such a JPEG. */
uint8_t *portrait_encode(const uint32_t *dots, size_t *ret_len);

/* NULL on failure; the caller frees. */
uint8_t *portrait_draw(const struct portrait *who, size_t *ret_len);

#endif
