#include "host/base/json.h"

#include <string.h>

int json_parse(struct span text, json_t **ret, struct problem *ret_problem)
{
	json_error_t error;
	json_t *j = json_loadb((const char *)text.data, text.len,
	        JSON_REJECT_DUPLICATES, &error);

	if (!j)
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT, "json",
		        "请求不是正确的 JSON（第 %d 行第 %d 列）。",
		        "The request is not valid JSON (line %d, column %d).",
		        error.line, error.column);
	if (!json_is_object(j)) {
		json_decref(j);
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT, "json",
		        "请求应为一个 JSON 对象。",
		        "The request must be a JSON object.");
	}
	*ret = j;
	return 0;
}

void json_cleanup(json_t **j)
{
	json_decref(*j);
}

void json_reader_init(struct json_reader *r, json_t *object)
{
	memset(r, 0, sizeof *r);
	r->object = object;
}

static void refuse(
        struct json_reader *r, const char *name, const char *zh, const char *en)
{
	if (r->error)
		return;
	r->error = HUFU_ERR_ARGUMENT;
	(void)problem_set(&r->problem, HUFU_ERR_ARGUMENT, "json-member",
	        "“%s”%s", "\"%s\" %s", name, zh);
	(void)snprintf(
	        r->problem.en, sizeof r->problem.en, "\"%s\" %s.", name, en);
}

static json_t *ask(struct json_reader *r, const char *name, bool required)
{
	json_t *v = json_object_get(r->object, name);

	if (r->asked_count < JSON_MEMBERS_MAX)
		r->asked[r->asked_count++] = name;
	if (!v && required)
		refuse(r, name, "没有填写，请补上。", "is missing");
	return v;
}

const char *json_get_text(
        struct json_reader *r, const char *name, size_t max_len, bool required)
{
	const json_t *v = ask(r, name, required);

	if (!v)
		return NULL;
	if (!json_is_string(v)) {
		refuse(r, name, "应为文字。", "must be a string");
		return NULL;
	}
	if (json_string_length(v) > max_len) {
		refuse(r, name, "太长，请缩短。", "is too long");
		return NULL;
	}
	return json_string_value(v);
}

int64_t json_get_int(struct json_reader *r, const char *name, int64_t min,
        int64_t max, int64_t fallback)
{
	const json_t *v = ask(r, name, false);

	if (!v)
		return fallback;
	if (!json_is_integer(v) || json_integer_value(v) < min ||
	        json_integer_value(v) > max) {
		refuse(r, name, "应为允许范围内的整数。",
		        "must be a whole number within its range");
		return fallback;
	}
	return json_integer_value(v);
}

bool json_get_bool(struct json_reader *r, const char *name, bool fallback)
{
	const json_t *v = ask(r, name, false);

	if (!v)
		return fallback;
	if (!json_is_boolean(v))
		refuse(r, name, "应为 true 或 false。",
		        "must be true or false");
	return json_is_true(v);
}

struct date json_get_date(
        struct json_reader *r, const char *name, bool required)
{
	const char *text = json_get_text(r, name, DATE_TEXT_LEN, required);
	struct date d = {0};

	if (text && date_parse(text, &d) < 0)
		refuse(r, name, "应为日期，如 2026-01-31。",
		        "must be a date like 2026-01-31");
	return d;
}

json_t *json_get_array(struct json_reader *r, const char *name,
        size_t max_items, bool required)
{
	json_t *v = ask(r, name, required);

	if (!v)
		return NULL;
	if (!json_is_array(v) || json_array_size(v) > max_items) {
		refuse(r, name, "应为列表，且不超过允许的项数。",
		        "must be an array within its limit");
		return NULL;
	}
	return v;
}

json_t *json_get_object(struct json_reader *r, const char *name, bool required)
{
	json_t *v = ask(r, name, required);

	if (v && !json_is_object(v)) {
		refuse(r, name, "应为对象。", "must be an object");
		return NULL;
	}
	return v;
}

static bool was_asked(const struct json_reader *r, const char *name)
{
	for (int i = 0; i < r->asked_count; i++)
		if (strcmp(r->asked[i], name) == 0)
			return true;
	return false;
}

int json_reader_done(struct json_reader *r, struct problem *ret_problem)
{
	const char *name;
	json_t *value;

	json_object_foreach(r->object, name, value) if (!was_asked(r, name))
	        refuse(r, name, "不是已知的项目。", "is not a known member");
	if (r->error && ret_problem)
		*ret_problem = r->problem;
	return r->error;
}
