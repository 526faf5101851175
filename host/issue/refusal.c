#include "host/issue/refusal.h"

#include <stdio.h>
#include <string.h>

struct refusal {
	const char *constraint; /* found in the engine's message */
	int code;
	const char *type;
	const char *zh;
	const char *en;
};

static const struct refusal refusals[] = {
        {"who-entered-does-not-decide", HUFU_ERR_DENIED,
                "who-entered-does-not-decide",
                "录入或更正过这份申请的人不能审核它，请换一位工作人员。",
                "Whoever entered or corrected an application may not decide "
                "on it; ask a colleague."},
        {"one-person-one-step", HUFU_ERR_DENIED, "one-person-one-step",
                "您已经办过这份申请的另一个环节，请换一位工作人员。",
                "You have taken another step of this application; ask a "
                "colleague."},
        {"who-decided-does-not-enter", HUFU_ERR_DENIED,
                "who-decided-does-not-enter",
                "审核过这份申请的人不能更正它，请换一位工作人员。",
                "Whoever decided on an application may not correct it; ask a "
                "colleague."},
        {"who-decided-does-not-make", HUFU_ERR_DENIED,
                "who-decided-does-not-make",
                "审核过这份申请的人不能制这张卡，请换一位制卡员。",
                "Whoever decided on an application may not make its card; "
                "ask a colleague."},
        {"application.person", HUFU_ERR_CONFLICT, "application-open",
                "此人已有一份未办结的申请，请先办完或撤回那一份。",
                "This person has an application that is still open; finish "
                "or withdraw that one first."},
        {"application.request_key", HUFU_ERR_CONFLICT, "request-repeated",
                "这份申请已经提交过，请查询它的进度。",
                "This application was sent before; look up its progress."},
        {"application_act.application", HUFU_ERR_STATE, "step-accepted",
                "这个环节已经通过，请刷新待办列表。",
                "This step has been accepted already; refresh the list."},
        {"card.person", HUFU_ERR_CONFLICT, "card-second",
                "一人只能有一张有效卡和一张待发卡，请先处理已有的卡。",
                "A person has one live card and one pending card at most; "
                "settle the existing one first."},
        {"card.blank", HUFU_ERR_CONFLICT, "blank-used",
                "这张白卡已经用在另一张卡上，请换一张白卡。",
                "This blank belongs to another card; take another blank."},
        {"blank.serial", HUFU_ERR_CONFLICT, "blank-used",
                "这个芯片号已经登记在另一张白卡上，请换一张白卡。",
                "This chip serial belongs to another blank; take another."},
        {"card-without-blank", HUFU_ERR_STATE, "card-without-blank",
                "账上没有这张卡的白卡，不能确认有效，请注销后重新申领。",
                "The books have no blank behind this card, so it cannot be "
                "confirmed; cancel it and apply again."},
        {"card-in-parcel", HUFU_ERR_STATE, "card-in-parcel",
                "这张卡在一个包裹里，请先签收或拆开那个包裹。",
                "This card is in a parcel; sign for that parcel or unpack it "
                "first."},
        {"parcel_card.card", HUFU_ERR_CONFLICT, "card-in-parcel",
                "这张卡已在一个包裹里，请从清单中去掉它。",
                "This card is in a parcel already; take it off the list."},
        {"parcel_card.parcel", HUFU_ERR_ARGUMENT, "card-twice",
                "清单上有重复的卡，请去掉重复的一张。",
                "A card stands on the list twice; take one off."},
        {"status-final", HUFU_ERR_STATE, "status-final",
                "这张卡已永久失效，不能再恢复，请办理补领。",
                "This card is invalid for good; apply for a new one."},
        {"card_serial", HUFU_ERR_FULL, "card-numbers-used-up",
                "本地区今年的卡号已用完，请联系管理员。",
                "This area's card numbers of the year are used up; call the "
                "administrator."},
};

static int fill(const struct refusal *r, struct problem *p)
{
	if (p) {
		p->code = r->code;
		(void)snprintf(p->type, sizeof(p->type), "%s", r->type);
		(void)snprintf(p->zh, sizeof(p->zh), "%s", r->zh);
		(void)snprintf(p->en, sizeof(p->en), "%s", r->en);
	}
	return r->code;
}

int refusal_of_constraint(
        struct store_tx *tx, int code, struct problem *ret_problem)
{
	if (code != HUFU_ERR_CONFLICT)
		return code;

	const char *message = store_tx_error(tx);
	for (size_t i = 0; message && i < sizeof(refusals) / sizeof(*refusals);
	        i++)
		if (strstr(message, refusals[i].constraint))
			return fill(&refusals[i], ret_problem);
	return code;
}

int refusal_of_application(
        enum application_state state, struct problem *ret_problem)
{
	return problem_set(ret_problem, HUFU_ERR_STATE, "application-state",
	        "这份申请现在是“%s”（%s），不能这样办理，请刷新后再看。",
	        "This application is %2$s (%1$s) now, which does not allow "
	        "it; refresh and look again.",
	        application_state_zh(state), application_state_en(state));
}

int refusal_of_card(enum card_phase phase, struct problem *ret_problem)
{
	return problem_set(ret_problem, HUFU_ERR_STATE, "card-state",
	        "这张卡现在是“%s”（%s），不能这样办理，请核对后再试。",
	        "This card is %2$s (%1$s) now, which does not allow it; check "
	        "and try again.",
	        card_phase_zh(phase), card_phase_en(phase));
}

int refusal_no_application(struct problem *ret_problem)
{
	return problem_set(ret_problem, HUFU_ERR_NOT_FOUND, "no-application",
	        "没有这个受理编号，请核对后再输入。",
	        "There is no application of this number; check the number.");
}

int refusal_no_card(struct problem *ret_problem)
{
	return problem_set(ret_problem, HUFU_ERR_NOT_FOUND, "no-such-card",
	        "没有这张卡，请核对卡号后再输入。",
	        "There is no such card; check the number.");
}

int refusal_no_ground(struct problem *ret_problem)
{
	return problem_set(ret_problem, HUFU_ERR_ARGUMENT, "ground-missing",
	        "请写明理由代码（小写字母、数字和连字符，最多 %d 个字符）。",
	        "Give a ground (lower-case letters, digits and hyphens, %d "
	        "characters at most).",
	        LOG_GROUND_MAX);
}

int refusal_finish(int code, struct problem *ret_problem)
{
	if (code < 0 && ret_problem && ret_problem->code != code)
		return problem_from_code(ret_problem, code);
	return code;
}
