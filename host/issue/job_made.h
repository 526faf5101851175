/*
 * What a printed card says, read again for a person who holds it beside the
 * record: the subject, the chip's serial and the text of its QR.
 */
#ifndef HOST_JOB_MADE_H
#define HOST_JOB_MADE_H

#include "host/issue/job.h"

enum { JOB_TEXT_MAX = 4296 };

struct job_made {
	struct job_subject subject;
	uint8_t serial[CARD_SERIAL_LEN];
	char text[JOB_TEXT_MAX + 1];
};

/*
 * From PRINT_INTENT on. HUFU_ERR_NOT_FOUND: no such card, or made before
 * texts were kept; HUFU_ERR_STATE: not so far, or another round's. Wipe.
 */
HUFU_MUST_USE int job_read_made(
        struct store_tx *tx, int64_t card, struct job_made *ret);

#endif
