/*
 * What a case was returned for: fields, each with its ground. Stands in a
 * row as "photo:photo-unfit,kind:kind-wrong"; a ground may be missing.
 */
#ifndef HOST_RETURNED_H
#define HOST_RETURNED_H

#include "host/issue/application.h"

enum returned_field {
	RETURNED_KIND = 0,
	RETURNED_MATERIALS = 1,
	RETURNED_PHOTO = 2,
	RETURNED_OTHER = 3, /* nothing that is kept here */
	RETURNED_FIELDS = 4,
};

struct returned {
	bool named[RETURNED_FIELDS];
	char ground[RETURNED_FIELDS][APPLICATION_RETURN_GROUND_MAX + 1];
};

/* HUFU_ERR_MALFORMED: an unknown field, one twice, or a bad ground. NULL and
 * "" name none. */
HUFU_MUST_USE int returned_parse(const char *text, struct returned *ret);
void returned_format(
        const struct returned *r, char ret[APPLICATION_FIELD_MAX + 1]);
bool returned_is_empty(const struct returned *r);
/* The one ground of all, "several-grounds", or "". */
const char *returned_ground(const struct returned *r);
const char *returned_word(enum returned_field field);

#endif
