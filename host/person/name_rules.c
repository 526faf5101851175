#include "host/person/name_rules.h"

#include "crypto/core/utf8.h"
#include "host/person/name_private.h"

enum { MIDDLE_DOT = 0x00B7, SPACE = 0x20 };

enum sort {
	HAN,
	LATIN,
	JOINER, /* hyphen, apostrophe: between letters */
	DOT,
	BLANK,
	PRIVATE,
	BAD,
};

struct range {
	uint32_t first, last;
	enum sort sort;
};

/* Han as of Unicode 15.1, in order. Radicals and variation selectors do not
 * stand in names. */
static const struct range ranges[] = {
        {0x0020, 0x0020, BLANK},
        {0x0027, 0x0027, JOINER},
        {0x002D, 0x002D, JOINER},
        {0x002E, 0x002E, DOT},
        {0x0041, 0x005A, LATIN},
        {0x0061, 0x007A, LATIN},
        {0x00A0, 0x00A0, BLANK},
        {0x00B7, 0x00B7, DOT},
        {0x00C0, 0x00D6, LATIN},
        {0x00D8, 0x00F6, LATIN},
        {0x00F8, 0x024F, LATIN},
        {0x0387, 0x0387, DOT},
        {0x16EB, 0x16EB, DOT},
        {0x1E00, 0x1EFF, LATIN},
        {0x2019, 0x2019, JOINER},
        {0x2022, 0x2022, DOT},
        {0x2027, 0x2027, DOT},
        {0x2219, 0x2219, DOT},
        {0x22C5, 0x22C5, DOT},
        {0x2E31, 0x2E31, DOT},
        {0x3000, 0x3000, BLANK},
        {0x3007, 0x3007, HAN},
        {0x30FB, 0x30FB, DOT},
        {0x3400, 0x4DBF, HAN},
        {0x4E00, 0x9FFF, HAN},
        {0xE000, 0xF8FF, PRIVATE},
        {0xF900, 0xFA6D, HAN},
        {0xFA70, 0xFAD9, HAN},
        {0xFF0E, 0xFF0E, DOT},
        {0xFF65, 0xFF65, DOT},
        {0x20000, 0x2A6DF, HAN},
        {0x2A700, 0x2EBE0, HAN},
        {0x2EBF0, 0x2EE5D, HAN},
        {0x2F800, 0x2FA1D, HAN},
        {0x30000, 0x323AF, HAN},
        {0xF0000, 0x10FFFD, PRIVATE},
};

static enum sort sort_of(uint32_t point)
{
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return ranges[i].sort;
	return BAD;
}

/* Maps what must be mapped; answers a fault, or 0 and the sort. */
static int map(uint32_t *point, enum sort *ret, struct name_report *report)
{
	uint32_t known;

	*ret = sort_of(*point);
	switch (*ret) {
	case PRIVATE:
		known = name_private_find(*point);
		if (!known)
			return NAME_PRIVATE_USE;
		if (report->mapped++ == 0)
			report->first_mapped = *point;
		*point = known;
		*ret = HAN;
		return 0;
	case DOT:
		report->dots += *point != MIDDLE_DOT;
		*point = MIDDLE_DOT;
		return 0;
	case BLANK:
		*point = SPACE;
		return 0;
	case BAD:
		return NAME_BAD_CHARACTER;
	default:
		return 0;
	}
}

static bool is_letter(enum sort s)
{
	return s == HAN || s == LATIN;
}

/* Whether `now` may follow `before`; BAD stands for the beginning. */
static int follow(enum sort before, enum sort now)
{
	if (now == DOT)
		return is_letter(before) ? 0 : NAME_BAD_DOT;
	if (now == BLANK)
		return before == LATIN ? 0 : NAME_BAD_SPACE;
	if (now == JOINER)
		return before == LATIN ? 0 : NAME_BAD_CHARACTER;
	if (before == BLANK && now != LATIN)
		return NAME_BAD_SPACE;
	if (before == JOINER && now != LATIN)
		return NAME_BAD_CHARACTER;
	return 0;
}

static int end(enum sort last)
{
	switch (last) {
	case DOT:
		return NAME_BAD_DOT;
	case BLANK:
		return NAME_BAD_SPACE;
	case JOINER:
		return NAME_BAD_CHARACTER;
	case BAD:
		return NAME_EMPTY;
	default:
		return 0;
	}
}

int name_normalise(struct span text, char ret_name[PERSON_NAME_MAX + 1],
        struct name_report *ret_report)
{
	char name[PERSON_NAME_MAX + 1];
	enum sort before = BAD, now;
	struct reader r;
	struct writer w;
	int fault;

	*ret_report = (struct name_report){0};
	reader_init(&r, text);
	writer_init(&w, name, PERSON_NAME_MAX);
	while (reader_left(&r) > 0) {
		uint32_t point = utf8_get(&r), came = point;
		if (r.error)
			return NAME_BAD_UTF8;
		fault = map(&point, &now, ret_report);
		if (fault == 0)
			fault = follow(before, now);
		if (fault != 0) {
			ret_report->offender = came;
			return fault;
		}
		utf8_put(&w, point);
		before = now;
	}
	fault = end(before);
	if (fault != 0)
		return fault;
	if (w.error)
		return NAME_TOO_LONG;
	for (size_t i = 0; i < w.len; i++)
		ret_name[i] = name[i];
	ret_name[w.len] = '\0';
	return 0;
}
