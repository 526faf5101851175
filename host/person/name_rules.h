/*
 * What a name may be made of. Private-use codes of older systems become
 * the character they stand for, look-alikes of the middle dot become
 * U+00B7; each change is told. No normalisation: NFKC is unsafe for names.
 */
#ifndef HOST_NAME_RULES_H
#define HOST_NAME_RULES_H

#include "crypto/core/bytes.h"
#include "host/person/person.h"

enum name_fault {
	NAME_EMPTY = 1,
	NAME_TOO_LONG = 2,
	NAME_BAD_UTF8 = 3,
	NAME_PRIVATE_USE = 4, /* no known meaning */
	NAME_BAD_CHARACTER = 5, /* control, digit, emoji, box, "?" ... */
	NAME_BAD_DOT = 6, /* at an end, or doubled */
	NAME_BAD_SPACE = 7, /* at an end, doubled, or between Han */
};

struct name_report {
	unsigned mapped; /* private-use characters */
	unsigned dots;
	uint32_t first_mapped; /* code point as it came, 0: none */
	uint32_t offender; /* code point refused, 0: none */
};

/* 0 or a name_fault; ret_name is written on 0 only, *ret_report always. */
HUFU_MUST_USE int name_normalise(struct span text,
        char ret_name[PERSON_NAME_MAX + 1], struct name_report *ret_report);

#endif
