/*
 * Strict reading of JSON objects: what nobody asked for is refused, as are
 * duplicates. The first error sticks and names the member.
 */
#ifndef HOST_JSON_H
#define HOST_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "crypto/core/bytes.h"
#include "host/base/date.h"
#include "host/base/problem.h"

enum {
	JSON_MEMBERS_MAX = 64,
	JSON_DEPTH_MAX = 32,
};

struct json_reader {
	json_t *object; /* borrowed */
	int error; /* HUFU_OK or HUFU_ERR_ARGUMENT */
	struct problem problem;
	int asked_count;
	const char *asked[JSON_MEMBERS_MAX];
};

/* One object, UTF-8, no NUL; the caller json_decref()s. */
HUFU_MUST_USE int json_parse(
        struct span text, json_t **ret, struct problem *ret_problem);
void json_cleanup(json_t **j);

void json_reader_init(struct json_reader *r, json_t *object);
/* max_len in bytes; NULL when absent and not required. */
const char *json_get_text(
        struct json_reader *r, const char *name, size_t max_len, bool required);
int64_t json_get_int(struct json_reader *r, const char *name, int64_t min,
        int64_t max, int64_t fallback); /* absent: fallback */
bool json_get_bool(struct json_reader *r, const char *name, bool fallback);
struct date json_get_date(
        struct json_reader *r, const char *name, bool required);
json_t *json_get_array(struct json_reader *r, const char *name,
        size_t max_items, bool required);
json_t *json_get_object(struct json_reader *r, const char *name, bool required);
HUFU_MUST_USE int json_reader_done(
        struct json_reader *r, struct problem *ret_problem);

#endif
