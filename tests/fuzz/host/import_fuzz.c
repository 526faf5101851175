#include <stdint.h>
#include <stdlib.h>

#include "host/person/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(void *arg, const struct import_issue *issue)
{
	size_t *refused = arg;

	if (issue->code[0] == '\0' || issue->line == 0)
		abort();
	*refused += !issue->warning;
}

/* Every row is either sound or refused with a reason; nothing is stored. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy policy = {
	        .class[1] = {.present = true,
	                .label = {"officer", "退役军官", "officer"},
	                .kind = 1},
	        .ground[1] = {.present = true,
	                .label = {"dismissed", "除名", "dismissed"}},
	};
	size_t refused = 0;
	struct import_options o = {
	        .policy = &policy,
	        .today = {2026, 8, 1},
	        .check_only = true,
	        .report = look,
	        .arg = &refused,
	};
	struct import_result result = {0};
	struct problem problem = {0};
	int r = import_bytes(&o, span_of(data, size), &result, &problem);

	if (r != 0 && problem.type[0] == '\0')
		abort();
	if (result.refused > result.rows || refused < result.refused)
		abort();
	return 0;
}
