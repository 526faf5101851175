#include "host/issue/case_table.h"

#include <stddef.h>

static const struct case_move moves[] = {
        {APPLICATION_IN_REVIEW, APPLICATION_ACCEPT, APPLICATION_DECIDED,
                LOG_DECIDED, CASE_BY_STEP, false},
        {APPLICATION_IN_REVIEW, APPLICATION_RETURN, APPLICATION_RETURNED,
                LOG_RETURNED, CASE_BY_STEP, true},
        {APPLICATION_IN_REVIEW, APPLICATION_REJECT, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_STEP, true},
        {APPLICATION_IN_REVIEW, APPLICATION_REFER, APPLICATION_REFERRED,
                LOG_REFERRED, CASE_BY_STEP, true},
        {APPLICATION_IN_REVIEW, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, CASE_BY_DESK, false},

        {APPLICATION_IN_REVIEW, APPLICATION_LAPSE, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_SYSTEM, true},

        {APPLICATION_RETURNED, APPLICATION_LAPSE, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_SYSTEM, true},
        {APPLICATION_RETURNED, APPLICATION_CORRECT, APPLICATION_IN_REVIEW,
                LOG_CORRECTED, CASE_BY_DESK, false},
        {APPLICATION_RETURNED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, CASE_BY_DESK, false},

        {APPLICATION_REFERRED, APPLICATION_OPINION_FOR, APPLICATION_IN_REVIEW,
                LOG_DECIDED, CASE_BY_PROVINCE, false},
        {APPLICATION_REFERRED, APPLICATION_OPINION_AGAINST,
                APPLICATION_REJECTED, LOG_REJECTED, CASE_BY_PROVINCE, true},
        {APPLICATION_REFERRED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, CASE_BY_DESK, false},

        {APPLICATION_REFERRED, APPLICATION_LAPSE, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_SYSTEM, true},

        {APPLICATION_DECIDED, APPLICATION_QUEUE, APPLICATION_QUEUED, 0,
                CASE_BY_SYSTEM, false},
        {APPLICATION_DECIDED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, CASE_BY_DESK, false},

        {APPLICATION_QUEUED, APPLICATION_MAKE, APPLICATION_MADE, 0,
                CASE_BY_SYSTEM, false},
        {APPLICATION_QUEUED, APPLICATION_LAPSE, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_SYSTEM, true},
        {APPLICATION_QUEUED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, CASE_BY_DESK, false},

        {APPLICATION_MADE, APPLICATION_HAND_OVER, APPLICATION_HANDED_OVER, 0,
                CASE_BY_SYSTEM, false},
        {APPLICATION_MADE, APPLICATION_LAPSE, APPLICATION_REJECTED,
                LOG_REJECTED, CASE_BY_SYSTEM, true},
};

const struct case_move *case_table_find(
        enum application_state from, enum application_event event)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
		if (moves[i].from == from && moves[i].event == event)
			return &moves[i];
	return NULL;
}

static const char *const names[APPLICATION_STATES][2] = {
        [APPLICATION_IN_REVIEW] = {"审核中", "in review"},
        [APPLICATION_RETURNED] = {"退回更正", "returned for correction"},
        [APPLICATION_REFERRED] = {"上报请示", "referred upward"},
        [APPLICATION_DECIDED] = {"审核通过", "decided"},
        [APPLICATION_QUEUED] = {"等待制卡", "queued for making"},
        [APPLICATION_MADE] = {"已制卡", "made"},
        [APPLICATION_HANDED_OVER] = {"已领卡", "handed over"},
        [APPLICATION_REJECTED] = {"不予通过", "rejected"},
        [APPLICATION_WITHDRAWN] = {"已撤回", "withdrawn"},
};

const char *application_state_zh(enum application_state state)
{
	return (unsigned)state < APPLICATION_STATES ? names[state][0] : NULL;
}

const char *application_state_en(enum application_state state)
{
	return (unsigned)state < APPLICATION_STATES ? names[state][1] : NULL;
}
