/*
 * A verdict with everything that may be shown of the card: the name masked
 * and the number cut to its last four digits, unless all is asked for.
 */
#ifndef CLI_REPORT_FACTS_H
#define CLI_REPORT_FACTS_H

#include <stdio.h>

#include <hufu/hufu.h>

#include "crypto/core/credential.h"
#include "crypto/core/timestamp.h"

struct report_facts {
	const struct hufu_result *result;
	char name[CREDENTIAL_NAME_MAX + 1];
	char number[CREDENTIAL_NUMBER_MAX + 1];
	char issuer[257];
	char issued[TIMESTAMP_DATE_LEN + 1]; /* "" if absent */
	char expires[TIMESTAMP_DATE_LEN + 1];
};

void report_facts_take(
        struct report_facts *ret, const struct hufu_result *r, bool full);
void report_facts_print(const struct report_facts *f, const char *source);
/* "valid", TAB, last four digits, TAB, name; "valid-stale" if so. */
void report_facts_print_line(FILE *out, const struct report_facts *f);
void report_facts_print_json(
        FILE *out, const struct report_facts *f, const char *source);
/* "not-a-credential" and so on, for machines. */
const char *report_facts_word(enum hufu_verdict verdict);

#endif
