/*
 * The photo with what was found drawn over it: the head's band, crown and
 * chin, the face's box and the line through the eyes, as JPEG.
 */
#ifndef PHOTO_PICTURE_H
#define PHOTO_PICTURE_H

#include "host/photo/measure.h"

/* Draws into the scene's dots themselves. The caller frees. */
HUFU_MUST_USE int picture_draw(struct photo_dots *dots,
        const struct measure_scene *scene, bool good, uint8_t **ret,
        size_t *ret_len);

#endif
