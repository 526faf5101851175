/*
 * The one parser of numbers in text: decimal digits, a minus for signed
 * ones, no blanks, no plus, no superfluous zero, nothing after it.
 */
#ifndef HOST_NUMBER_H
#define HOST_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

struct number_range {
	int64_t min;
	int64_t max; /* included */
};

/* HUFU_ERR_MALFORMED: no number. HUFU_ERR_LIMIT: outside the range. */
HUFU_MUST_USE int number_parse(
        const char *text, size_t len, struct number_range range, int64_t *ret);
HUFU_MUST_USE int number_parse_text(
        const char *text, struct number_range range, int64_t *ret);

#endif
