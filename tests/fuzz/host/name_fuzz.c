#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/utf8.h"
#include "host/person/id_number.h"
#include "host/person/name_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name that was taken is UTF-8, and is taken again as it stands. */
static void try_name(const uint8_t *data, size_t size)
{
	char name[PERSON_NAME_MAX + 1], again[PERSON_NAME_MAX + 1];
	struct name_report report;

	if (name_normalise(span_of(data, size), name, &report) != 0)
		return;
	if (!utf8_is_valid(span_of_text(name)))
		abort();
	if (name_normalise(span_of_text(name), again, &report) != 0 ||
	        strcmp(name, again) != 0 || report.mapped || report.dots)
		abort();
	person_mask_name(name, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[64], id[PERSON_ID_NUMBER_LEN + 1];
	enum person_sex sex;
	struct date born;

	try_name(data, size);
	if (size < sizeof text && !memchr(data, 0, size)) {
		memcpy(text, data, size);
		text[size] = '\0';
		if (id_number_parse(text, (struct date){2026, 8, 1}, id, &born,
		            &sex) == 0 &&
		        id_number_check_digit(id) != id[17])
			abort();
	}
	return 0;
}
