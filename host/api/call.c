#include "host/api/call.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/number.h"
#include "host/issue/status_publish.h"

int call_input_done(struct api_call *call)
{
	return json_reader_done(&call->in, &call->problem);
}

const char *call_query_text(struct api_call *call, const char *key)
{
	return evhttp_find_header(&call->query, key);
}

int call_query_number(
        struct api_call *call, const char *key, int64_t fallback, int64_t *ret)
{
	const char *text = call_query_text(call, key);
	if (!text) {
		*ret = fallback;
		return HUFU_OK;
	}
	struct number_range range = {0, INT64_MAX};
	if (number_parse_text(text, range, ret) == HUFU_OK)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "query-number",
	        "查询参数 %s 须为非负整数。",
	        "Query parameter %s must be a whole number of 0 or more.", key);
}

int call_get_base64(struct api_call *call, const char *name, size_t max_len,
        uint8_t **ret, size_t *ret_len)
{
	size_t text_max = (max_len + 2) / 3 * 4;
	const char *text = json_get_text(&call->in, name, text_max, false);
	size_t len = text ? strlen(text) : 0;
	if (len == 0) {
		*ret = NULL;
		*ret_len = 0;
		return call->in.error;
	}
	uint8_t *bytes = malloc(len / 4 * 3 + 3);
	if (!bytes)
		return HUFU_ERR_MEMORY;
	int got = len % 4 ? -1
	                  : EVP_DecodeBlock(bytes, (const unsigned char *)text,
	                            (int)len);
	if (got < 0) {
		free(bytes);
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "base64",
		        "字段 %s 不是有效的 Base64。",
		        "Member %s is not valid Base64.", name);
	}
	size_t padding =
	        (size_t)(text[len - 1] == '=') + (size_t)(text[len - 2] == '=');
	*ret = bytes;
	*ret_len = (size_t)got - padding;
	return HUFU_OK;
}

json_t *call_base64(struct span bytes)
{
	size_t len = (bytes.len + 2) / 3 * 4;
	unsigned char *text = bytes.len ? malloc(len + 1) : NULL;
	if (!text)
		return json_null();
	(void)EVP_EncodeBlock(text, bytes.data, (int)bytes.len); /* = len */
	json_t *json = json_stringn((const char *)text, len);
	free(text);
	return json;
}

int call_check_reach(
        struct store_tx *tx, struct api_call *call, const char *area)
{
	int r = staff_check_any(
	        tx, call->staff.id, call->route->roles, area, NULL);
	if (r != HUFU_ERR_DENIED)
		return r;
	return problem_set(&call->problem, r, "out-of-reach",
	        "您在区划 %s 没有岗位，不能查看或办理。",
	        "You have no role that reaches area %s.", area);
}

int call_check_office(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	return call_check_reach(tx, call, call->services->office_area);
}

static int own_area(struct store_tx *tx, struct api_call *call,
        char ret_area[AREA_CODE_MAX + 1])
{
	int r = staff_find_home(
	        tx, call->staff.id, call->route->roles, ret_area);
	if (r == HUFU_ERR_NOT_FOUND)
		return call_check_reach(tx, call, call->services->office_area);
	/* who reaches farther sees what this office has */
	if (r == HUFU_OK &&
	        area_code_within(call->services->office_area, ret_area))
		(void)snprintf(ret_area, AREA_CODE_MAX + 1, "%s",
		        call->services->office_area);
	return r;
}

int call_settle_area(struct store_tx *tx, struct api_call *call,
        const char **area, char space[AREA_CODE_MAX + 1])
{
	if (*area)
		return call_check_reach(tx, call, *area);
	int r = own_area(tx, call, space);
	if (r == HUFU_OK)
		*area = space;
	return r;
}

void call_wake_lists(struct api_call *call)
{
	if (call->services->publish)
		status_publish_wake(call->services->publish);
}

int call_http_status(int code)
{
	switch (code) {
	case HUFU_OK:
		return 200;
	case HUFU_ERR_DENIED:
		return 403;
	case HUFU_ERR_NOT_FOUND:
		return 404;
	case HUFU_ERR_STATE:
	case HUFU_ERR_CONFLICT:
	case HUFU_ERR_DUPLICATE:
		return 409;
	case HUFU_ERR_LIMIT:
		return 413;
	case HUFU_ERR_FULL:
		return 507;
	case HUFU_ERR_BUSY:
	case HUFU_ERR_LINK:
	case HUFU_ERR_TIMEOUT:
	case HUFU_ERR_READONLY:
		return 503;
	case HUFU_ERR_ARGUMENT:
	case HUFU_ERR_MALFORMED:
	case HUFU_ERR_TRUNCATED:
	case HUFU_ERR_TRAILING:
	case HUFU_ERR_UNSUPPORTED:
		return 400;
	default:
		return code > 0 ? 422 : 500;
	}
}

void call_settle(struct api_call *call, int code)
{
	if (code == HUFU_OK)
		return;
	if (!call->problem.zh[0])
		(void)problem_from_code(&call->problem, code); /* = code */
	if (call->status == 0)
		call->status = call_http_status(code);
}

void call_done(struct api_call *call)
{
	evhttp_clear_headers(&call->query);
	json_decref(call->json);
	json_decref(call->reply);
	free(call->raw);
}
