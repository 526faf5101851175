#include <string.h>

#include "crypto/core/name_mask.h"
#include "host/person/person.h"

enum { SHOWN_FRONT = 4, SHOWN_BACK = 4 };

void person_mask_name(const char *name, char ret[PERSON_NAME_MAX + 1])
{
	struct writer w;

	writer_init(&w, ret, PERSON_NAME_MAX);
	name_mask_encode(&w, span_of_text(name));
	if (w.error) {
		memcpy(ret, "***", 4);
		return;
	}
	ret[w.len] = '\0';
}

void person_mask_id_number(
        const char *id_number, char ret[PERSON_ID_NUMBER_LEN + 1])
{
	size_t len = strnlen(id_number, PERSON_ID_NUMBER_LEN);

	for (size_t i = 0; i < len; i++)
		ret[i] = i < SHOWN_FRONT || i + SHOWN_BACK >= len ? id_number[i]
		                                                  : '*';
	ret[len] = '\0';
}
