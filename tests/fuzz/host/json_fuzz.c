#include <stdint.h>
#include <stdlib.h>

#include "host/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = {0};
	struct json_reader r;
	json_t *j = NULL;
	const char *name;
	int64_t n;

	if (json_parse(span_of(data, size), &j, &problem) < 0)
		return problem.en[0] ? 0 : (abort(), 0);
	json_reader_init(&r, j);
	name = json_get_text(&r, "name", 16, true);
	n = json_get_int(&r, "count", 1, 9, 1);
	(void)json_get_date(&r, "day", false);
	(void)json_get_array(&r, "list", 4, false);
	if (json_reader_done(&r, &problem) == 0 && (!name || n < 1 || n > 9))
		abort();
	json_decref(j);
	return 0;
}
