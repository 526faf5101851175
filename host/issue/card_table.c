#include "host/issue/card_table.h"

#include <stddef.h>

/* Sets of phases that a rule is for. */
enum {
	RESERVED = 1 << CARD_RESERVED,
	MADE = 1 << CARD_MADE,
	IN_TRANSIT = 1 << CARD_IN_TRANSIT,
	DELIVERED = 1 << CARD_DELIVERED,
	HANDED_OVER = 1 << CARD_HANDED_OVER,
	TEMPORARY_LOSS = 1 << CARD_TEMPORARY_LOSS,
	SUSPENDED = 1 << CARD_SUSPENDED,
	LOST = 1 << CARD_LOST,
	REPLACED = 1 << CARD_REPLACED,
	WITHDRAWN = 1 << CARD_WITHDRAWN,
	CANCELLED = 1 << CARD_CANCELLED,
	EXPIRED = 1 << CARD_EXPIRED,
	UNRESOLVED = 1 << CARD_UNRESOLVED,

	WITH_HOLDER = HANDED_OVER | TEMPORARY_LOSS | SUSPENDED,
	ON_ITS_WAY = MADE | IN_TRANSIT | DELIVERED,
	ENDED_OUTSIDE = REPLACED | WITHDRAWN | CANCELLED | EXPIRED,
};

static const struct {
	unsigned from; /* set of phases */
	struct card_move move;
} rules[] = {
        {RESERVED, {CARD_MAKE, CARD_MADE, LOG_ISSUED, CARD_BY_SYSTEM, 0}},
        {RESERVED, {CARD_SPOIL, CARD_SPOILED, LOG_SPOILED, CARD_BY_SYSTEM,
                           CARD_NEEDS_GROUND}},
        {MADE | DELIVERED,
                {CARD_SEND, CARD_IN_TRANSIT, LOG_PARCEL_SENT, CARD_BY_DESK, 0}},
        {MADE, {CARD_REJECT, CARD_WITHDRAWN, LOG_WITHDRAWN, CARD_BY_MAKER,
                       CARD_NEEDS_GROUND | CARD_SURRENDERS}},
        {IN_TRANSIT, {CARD_RECEIVE, CARD_DELIVERED, LOG_PARCEL_RECEIVED,
                             CARD_BY_DESK, 0}},
        {MADE | DELIVERED, {CARD_HAND_OVER, CARD_HANDED_OVER, LOG_HANDED_OVER,
                                   CARD_BY_DESK, 0}},
        {HANDED_OVER,
                {CARD_LOSE_TEMPORARY, CARD_TEMPORARY_LOSS, LOG_TEMPORARY_LOSS,
                        CARD_BY_DESK, CARD_SETS_LIFT}},
        {WITH_HOLDER, {CARD_LOSE_FORMAL, CARD_LOST, LOG_FORMAL_LOSS,
                              CARD_BY_DESK, 0}},
        {TEMPORARY_LOSS,
                {CARD_FIND, CARD_HANDED_OVER, LOG_FOUND, CARD_BY_DESK, 0}},
        {LOST, {CARD_FIND, CARD_STAYS, LOG_FOUND, CARD_BY_DESK,
                       CARD_SURRENDERS | CARD_NOT_SURRENDERED}},
        {TEMPORARY_LOSS | SUSPENDED,
                {CARD_LIFT, CARD_HANDED_OVER, LOG_RESUMED, CARD_BY_SYSTEM, 0}},
        /* suspended again: another ground, another term */
        {WITH_HOLDER,
                {CARD_SUSPEND, CARD_SUSPENDED, LOG_SUSPENDED, CARD_BY_BUREAU,
                        CARD_NEEDS_GROUND | CARD_SETS_LIFT}},
        {SUSPENDED, {CARD_RESUME, CARD_HANDED_OVER, LOG_RESUMED, CARD_BY_BUREAU,
                            0}},
        {WITH_HOLDER,
                {CARD_REPLACE, CARD_REPLACED, LOG_REPLACED, CARD_BY_SYSTEM, 0}},
        {ON_ITS_WAY | WITH_HOLDER | UNRESOLVED,
                {CARD_REVOKE, CARD_WITHDRAWN, LOG_WITHDRAWN, CARD_BY_BUREAU,
                        CARD_NEEDS_GROUND}},
        {MADE | DELIVERED | WITH_HOLDER | UNRESOLVED,
                {CARD_WITHDRAW, CARD_WITHDRAWN, LOG_WITHDRAWN, CARD_BY_DESK,
                        CARD_SURRENDERS}},
        {ENDED_OUTSIDE, {CARD_WITHDRAW, CARD_STAYS, LOG_WITHDRAWN, CARD_BY_DESK,
                                CARD_SURRENDERS | CARD_NOT_SURRENDERED}},
        {RESERVED, {CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED, CARD_BY_SYSTEM,
                           CARD_NEEDS_GROUND}},
        {ON_ITS_WAY | WITH_HOLDER | LOST | REPLACED | WITHDRAWN | EXPIRED |
                        UNRESOLVED,
                {CARD_CANCEL, CARD_CANCELLED, LOG_CANCELLED, CARD_BY_BUREAU,
                        CARD_NEEDS_GROUND}},
        {WITH_HOLDER,
                {CARD_EXPIRE, CARD_EXPIRED, LOG_CANCELLED, CARD_BY_SYSTEM, 0}},
        {RESERVED | ON_ITS_WAY | WITH_HOLDER,
                {CARD_UNRESOLVE, CARD_UNRESOLVED, LOG_UNRESOLVED,
                        CARD_BY_SYSTEM, 0}},
        {RESERVED | ON_ITS_WAY | WITH_HOLDER,
                {CARD_VOID, CARD_CANCELLED, LOG_UNRESOLVED, CARD_BY_SYSTEM,
                        CARD_NEEDS_GROUND}},
        {UNRESOLVED, {CARD_CONFIRM, CARD_HANDED_OVER, LOG_OVERRIDE,
                             CARD_BY_BUREAU, CARD_NEEDS_GROUND}},
};

const struct card_move *card_table_find(
        enum card_phase from, enum card_event event)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].move.event == event && rules[i].from >> from & 1)
			return &rules[i].move;
	return NULL;
}

int card_book_next(
        enum card_phase phase, enum card_event event, enum card_phase *ret)
{
	const struct card_move *move = card_table_find(phase, event);

	if (!move)
		return HUFU_ERR_STATE;
	*ret = move->to == CARD_STAYS ? phase : move->to;
	return 0;
}

enum card_status card_book_status(enum card_phase phase)
{
	switch (phase) {
	case CARD_HANDED_OVER:
		return CARD_STATUS_VALID;
	case CARD_LOST:
	case CARD_REPLACED:
	case CARD_WITHDRAWN:
	case CARD_CANCELLED:
	case CARD_EXPIRED:
	case CARD_SPOILED:
		return CARD_STATUS_INVALID;
	case CARD_RESERVED:
	case CARD_MADE:
	case CARD_IN_TRANSIT:
	case CARD_DELIVERED:
	case CARD_TEMPORARY_LOSS:
	case CARD_SUSPENDED:
	case CARD_UNRESOLVED:
	case CARD_PHASES:
		break;
	}
	return CARD_STATUS_SUSPENDED;
}

static const char *const names[CARD_PHASES][2] = {
        [CARD_RESERVED] = {"制作中", "being made"},
        [CARD_MADE] = {"已制成", "made"},
        [CARD_IN_TRANSIT] = {"寄送中", "in transit"},
        [CARD_DELIVERED] = {"待领取", "waiting to be collected"},
        [CARD_HANDED_OVER] = {"有效", "valid"},
        [CARD_TEMPORARY_LOSS] = {"临时挂失", "temporary loss"},
        [CARD_SUSPENDED] = {"暂停使用", "suspended"},
        [CARD_LOST] = {"已挂失", "lost"},
        [CARD_REPLACED] = {"已被新卡取代", "replaced"},
        [CARD_WITHDRAWN] = {"已收回", "withdrawn"},
        [CARD_CANCELLED] = {"已注销", "cancelled"},
        [CARD_EXPIRED] = {"已过期", "expired"},
        [CARD_SPOILED] = {"废卡", "spoiled"},
        [CARD_UNRESOLVED] = {"待核实", "unresolved"},
};

const char *card_phase_zh(enum card_phase phase)
{
	return (unsigned)phase < CARD_PHASES ? names[phase][0] : NULL;
}

const char *card_phase_en(enum card_phase phase)
{
	return (unsigned)phase < CARD_PHASES ? names[phase][1] : NULL;
}
