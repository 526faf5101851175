/*
 * A COSE message field by field, as far as its bytes go: nothing is believed
 * and nothing is checked, so a broken one shows where it breaks.
 */
#ifndef CLI_ANATOMY_H
#define CLI_ANATOMY_H

#include <jansson.h>

#include "crypto/core/bytes.h"

enum anatomy_part {
	ANATOMY_OTHER,
	ANATOMY_HEADER, /* labels of COSE headers */
	ANATOMY_CLAIMS, /* of CWT claims */
	ANATOMY_169, /* of Claim 169 */
};

/*
 * Appends {at, path, type, value, zh, en, meaning} for each item to `fields`;
 * `at` counts bytes of `message`. 0; -1: no memory; 1: broken at *ret_at.
 * Without `full` what names a person is masked.
 */
int anatomy_take(
        struct span message, bool full, json_t *fields, size_t *ret_at);

/* What a label means, as two strings; NULL if it has no name here. */
const char *const *anatomy_name(enum anatomy_part part, int64_t label);
/* Whether that label's value names or describes a person. */
bool anatomy_is_private(enum anatomy_part part, int64_t label);
/* A number in words, "" if there is nothing to say. */
void anatomy_meaning(enum anatomy_part part, int64_t label, int64_t value,
        char *ret, size_t cap);

#endif
