#include "host/api/photo_intake.h"

#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/photo/ask.h"
#include "host/policy/policy.h"

enum { PHOTO_BODY_MAX = 4 << 20 };

/* Words of ours, so that nothing about a person can stand in the log. */
static const char *const overrides[] = {
        "covering", "medical", "age", "checker-wrong", "other"};

static int read_override(struct api_call *call, const char **ret)
{
	json_t *object = json_get_object(&call->in, "override", false);
	struct json_reader in;
	*ret = NULL;
	if (!object)
		return call->in.error;
	json_reader_init(&in, object);
	const char *reason = json_get_text(&in, "reason", 32, true);
	int r = json_reader_done(&in, &call->problem);
	for (size_t i = 0; r == HUFU_OK && !*ret &&
	                   i < sizeof overrides / sizeof *overrides;
	        i++)
		if (strcmp(reason, overrides[i]) == 0)
			*ret = overrides[i];
	if (r || *ret)
		return r;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "unknown-word",
	        "放行理由须为 covering、medical、age、checker-wrong 或 other。",
	        "The reason of an override is covering, medical, age, "
	        "checker-wrong or other.");
}

static int ask(
        struct api_call *call, struct span photo, struct photo_answer **ret)
{
	const struct policy *policy =
	        policy_book_at(call->services->policies, clock_today());
	bool file = policy && policy->photo_check == POLICY_PHOTO_FILE;
	if (!call->services->photo)
		return problem_set(&call->problem, HUFU_ERR_LINK,
		        "photo-checker", "本机没有照片检查程序。",
		        "This office has no photo checker.");
	return photo_ask(call->services->photo, file ? PHOTO_FILE : PHOTO_FACE,
	        photo, ret, &call->problem);
}

static int judge(struct api_call *call, struct photo_intake *intake)
{
	struct photo_answer *answer = NULL;
	int r = ask(call, intake->photo, &answer);
	if (r)
		return r;
	int fault = answer->reply.fault;
	free(answer);
	if (fault == 0)
		return HUFU_OK;
	bool may = photo_may_override((enum photo_fault)fault);
	if (may && intake->override) {
		intake->fault = fault;
		return HUFU_OK;
	}
	if (may)
		call->reply = json_pack("{s:b}", "may_override", 1);
	/* its reasons are numbers of its own */
	(void)photo_explain((enum photo_fault)fault, &call->problem);
	return HUFU_ERR_ARGUMENT;
}

int photo_intake_read(
        struct api_call *call, bool required, struct photo_intake *ret)
{
	size_t len = 0;
	*ret = (struct photo_intake){0};
	int r = call_get_base64(
	        call, "photo", PHOTO_BODY_MAX, &ret->bytes, &len);
	if (r == HUFU_OK)
		r = read_override(call, &ret->override);
	if (r == HUFU_OK)
		r = call_input_done(call);
	ret->photo = span_of(ret->bytes, len);
	return r || (!required && len == 0) ? r : judge(call, ret);
}

void photo_intake_done(struct photo_intake *intake)
{
	free(intake->bytes);
}

static json_t *measures_json(const struct photo_reply *reply)
{
	json_t *json = json_object();
	for (int i = 0; i < PHOTO_MEASURES; i++)
		json_object_set_new(json,
		        photo_measure_name((enum photo_measure)i),
		        reply->measure[i] == PHOTO_UNMEASURED
		                ? json_null()
		                : json_integer(reply->measure[i]));
	return json;
}

static json_t *verdict_json(const struct photo_reply *reply)
{
	json_t *reason = json_null();
	bool may = false;
	if (reply->fault) {
		enum photo_fault fault = (enum photo_fault)reply->fault;
		struct problem p;
		(void)photo_explain(fault, &p); /* = fault */
		reason = json_pack("{s:s, s:s, s:s}", "code", p.type, "zh",
		        p.zh, "en", p.en);
		may = photo_may_override(fault);
	}
	return json_pack("{s:b, s:o, s:b, s:o, s:o}", "ok", reply->fault == 0,
	        "reason", reason, "may_override", may, "measures",
	        measures_json(reply), "picture", call_base64(reply->picture));
}

int api_check_photo(struct api_call *call)
{
	struct photo_answer *answer = NULL;
	uint8_t *bytes = NULL;
	size_t len = 0;
	int r = call_get_base64(call, "photo", PHOTO_BODY_MAX, &bytes, &len);
	if (r == HUFU_OK)
		r = call_input_done(call);
	if (r == HUFU_OK)
		r = ask(call, span_of(bytes, len), &answer);
	if (r == HUFU_OK)
		call->reply = verdict_json(&answer->reply);
	free(answer);
	free(bytes);
	return r;
}
