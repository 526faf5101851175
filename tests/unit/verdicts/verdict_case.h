/*
 * One line of tests/vectors/verdicts/cases.tsv.
 */
#ifndef VERDICT_CASE_H
#define VERDICT_CASE_H

#include <hufu/verify.h>

enum { VERDICT_LINE_MAX = 1 << 16 };

struct verdict_case {
	const char *id;
	int64_t time_s;
	enum hufu_verdict verdict;
	bool stale; /* of a valid one */
	struct hufu_text text;
};

/* Takes the line apart, writing into it; 0, or -1 if it is no case. */
int verdict_case_parse(char *line, struct verdict_case *ret);

/* "valid", "valid-stale" ... */
const char *verdict_case_token(enum hufu_verdict verdict, bool stale);

#endif
