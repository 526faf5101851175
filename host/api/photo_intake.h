/*
 * A photo on its way in: taken out of a body, judged by the checker's
 * process, and taken in although a rule of the face fails when a member of
 * staff gives the reason.
 */
#ifndef API_PHOTO_INTAKE_H
#define API_PHOTO_INTAKE_H

#include "host/api/call.h"

struct photo_intake {
	uint8_t *bytes; /* owned */
	struct span photo;
	const char *override; /* "covering" and the like; NULL: none */
	int fault; /* overridden; 0: none */
};

/*
 * Members `photo` and `override` {reason}, then call_input_done() and the
 * check. HUFU_ERR_ARGUMENT with the one plain reason; HUFU_ERR_LINK: try
 * again. Without a photo that is not required: HUFU_OK and none.
 */
HUFU_MUST_USE int photo_intake_read(
        struct api_call *call, bool required, struct photo_intake *ret);
void photo_intake_done(struct photo_intake *intake);

#endif
