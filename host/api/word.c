#include "host/api/word.h"

#include <string.h>

#include "host/issue/application.h"

const struct word application_reasons[] = {{"first", APPLICATION_FIRST},
        {"renewal", APPLICATION_RENEWAL},
        {"replacement", APPLICATION_REPLACEMENT}, {NULL, 0}};
const struct word application_grounds[] = {{"none", APPLICATION_GROUND_NONE},
        {"lost", APPLICATION_LOST},
        {"chip-unreadable", APPLICATION_CHIP_UNREADABLE},
        {"face-illegible", APPLICATION_FACE_ILLEGIBLE},
        {"face-changed", APPLICATION_FACE_CHANGED},
        {"province-changed", APPLICATION_PROVINCE_CHANGED},
        {"kind-changed", APPLICATION_KIND_CHANGED},
        {"other", APPLICATION_OTHER}, {NULL, 0}};
const struct word application_actings[] = {{"self", ELIGIBILITY_SELF},
        {"guardian", ELIGIBILITY_GUARDIAN}, {"proxy", ELIGIBILITY_PROXY},
        {"home-visit", ELIGIBILITY_HOME_VISIT}, {NULL, 0}};
const struct word application_events[] = {{"accept", APPLICATION_ACCEPT},
        {"return", APPLICATION_RETURN}, {"correct", APPLICATION_CORRECT},
        {"reject", APPLICATION_REJECT}, {"refer", APPLICATION_REFER},
        {"opinion-for", APPLICATION_OPINION_FOR},
        {"opinion-against", APPLICATION_OPINION_AGAINST},
        {"withdraw", APPLICATION_WITHDRAW}, {NULL, 0}};
const struct word application_states[] = {{"in-review", APPLICATION_IN_REVIEW},
        {"returned", APPLICATION_RETURNED}, {"referred", APPLICATION_REFERRED},
        {"decided", APPLICATION_DECIDED}, {"queued", APPLICATION_QUEUED},
        {"made", APPLICATION_MADE}, {"handed-over", APPLICATION_HANDED_OVER},
        {"rejected", APPLICATION_REJECTED},
        {"withdrawn", APPLICATION_WITHDRAWN}, {NULL, 0}};

int word_value(struct api_call *call, const struct word *words,
        const char *text, const char *member, int *ret)
{
	for (; words->text; words++) {
		if (text && strcmp(words->text, text) == 0) {
			*ret = words->value;
			return HUFU_OK;
		}
	}
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "unknown-word",
	        "字段 %s 的值无法识别，请对照接口说明。",
	        "Member %s has an unknown value; see the API description.",
	        member);
}

const char *word_text(const struct word *words, int value)
{
	for (; words->text; words++)
		if (words->value == value)
			return words->text;
	return "";
}
