/*
 * Elementary files: two of the card itself, made up when read, and those of
 * the application, which lie in the stream of STORE DATA.
 */
#ifndef CARD_FILE_H
#define CARD_FILE_H

#include "card/core/core.h"

struct file {
	uint16_t id;
	bool application; /* reached only while the application is selected */
	bool protected; /* asks for the channel (later: PACE) */
	size_t len;
	uint32_t at; /* in the stream, where it lies there */
};

/*
 * Finds by identifier what can be reached now. HUFU_ERR_NOT_FOUND, or
 * HUFU_ERR_STATE for a file of the application that is not SECURED.
 */
HUFU_MUST_USE int file_find(struct card *c, uint16_t id, struct file *ret);

/* Identifier for a short one (1 to 30) in what is selected; 0 for none. */
uint16_t file_of_short_id(const struct card *c, uint8_t short_id);

/* The range lies within the file. */
HUFU_MUST_USE int file_read(struct card *c, const struct file *f, size_t at,
        uint8_t *ret, size_t len);

/* What the stream must be before ACTIVATE. */
struct file_summary {
	bool object_present, can_present, status_present;
	struct file object; /* EF.SO */
	struct file status;
};

/*
 * Walks the whole stream: known identifiers, each once, lengths that end
 * where the stream ends, a CAN of six digits. HUFU_ERR_MALFORMED.
 */
HUFU_MUST_USE int file_check_stream(struct card *c, struct file_summary *ret);

#endif
