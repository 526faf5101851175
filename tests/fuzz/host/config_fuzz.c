#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A policy that is taken must name only what it defines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy *p = malloc(sizeof *p);
	char *text = malloc(size + 1);
	struct problem problem = {0};
	int r;

	if (!text || !p)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	r = policy_parse(text, "fuzz.ini", p, &problem);
	if (r == 0) {
		if (p->step_count == 0 || !date_is_valid(p->from))
			abort();
		for (int i = 1; i < POLICY_CLASSES_MAX; i++)
			if (p->class[i].present &&
			        !p->kind[p->class[i].kind].present)
				abort();
	} else if (problem.en[0] == '\0' || problem.zh[0] == '\0') {
		abort();
	}
	free(text);
	free(p);
	return 0;
}
