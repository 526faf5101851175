/*
 * One look at one photo, inside the checker's process: from the bytes of a
 * request to the bytes of its reply.
 */
#ifndef PHOTO_LOOK_H
#define PHOTO_LOOK_H

#include "host/photo/faces.h"
#include "host/photo/reply.h"

/* `faces` may be NULL for PHOTO_FILE. HUFU_ERR_ARGUMENT: no such request. */
HUFU_MUST_USE int photo_look(
        struct faces *faces, struct span request, struct writer *ret_reply);

#endif
