/* The words of the API for what are numbers within. */
#ifndef API_WORD_H
#define API_WORD_H

#include "host/api/call.h"

struct word {
	const char *text; /* NULL ends a list */
	int value;
};

extern const struct word application_reasons[];
extern const struct word application_grounds[];
extern const struct word application_actings[];
extern const struct word application_events[];
extern const struct word application_states[];

/* An unknown or missing word is HUFU_ERR_ARGUMENT; `member` is told. */
HUFU_MUST_USE int word_value(struct api_call *call, const struct word *words,
        const char *text, const char *member, int *ret);
/* "" for a value without a word. */
const char *word_text(const struct word *words, int value);

#endif
