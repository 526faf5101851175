/*
 * A name as a merchant may see it: the surname, then a star for each further
 * character (欧阳**, 张*). In a name with a middle dot, and in any other
 * script, only the first character stays; dots and spaces stay.
 */
#ifndef CORE_NAME_MASK_H
#define CORE_NAME_MASK_H

#include "crypto/core/bytes.h"

/* HUFU_ERR_MALFORMED in the writer if `name` is not UTF-8. */
void name_mask_encode(struct writer *w, struct span name);

#endif
