/*
 * Acts that take two people. The first proposes, the second confirms in a
 * session of his own; the act is done in the transaction that settles the
 * proposal. What was proposed stays on record, whatever came of it.
 */
#ifndef HOST_WITNESS_H
#define HOST_WITNESS_H

#include "host/staff/staff.h"

enum {
	WITNESS_ACT_MAX = 24, /* "stock-count" */
	WITNESS_BODY_MAX = 1023, /* JSON of the act; nothing personal */
	WITNESS_OPEN_S = 8 * 3600, /* a working day; then it is void */
	/* Who may be the second; the administrators do no office work. */
	WITNESS_ROLES =
	        ((1u << (STAFF_ROLE_MAX + 1)) - 2) &
	        ~(1u << STAFF_SYSTEM_ADMIN | 1u << STAFF_SECURITY_ADMIN |
	                1u << STAFF_AUDIT_ADMIN),
};

struct witness_proposal {
	int64_t id;
	char act[WITNESS_ACT_MAX + 1];
	char area[AREA_CODE_MAX + 1]; /* "": of no area */
	char body[WITNESS_BODY_MAX + 1];
	int64_t proposer;
	char proposer_login[STAFF_LOGIN_MAX + 1];
	int64_t at_s;
	int64_t expires_s;
};

/* Sets id and expires_s. HUFU_ERR_ARGUMENT: no act or body. */
HUFU_MUST_USE int witness_propose(
        struct store_tx *tx, struct witness_proposal *proposal);

/* An open one, expired or not. HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int witness_find(
        struct store_tx *tx, int64_t id, struct witness_proposal *ret);

/* Open at now_s in the area and below, after the id `after`, oldest first. */
struct witness_page {
	const char *area;
	int64_t after;
	int64_t now_s;
};
HUFU_MUST_USE int witness_list(struct store_tx *tx,
        const struct witness_page *page, struct witness_proposal *ret,
        size_t cap, size_t *ret_count);

struct witness_hands {
	const char *act;
	const char *area;
	int64_t proposal;
	int64_t first; /* who proposed */
	int64_t second; /* who confirms */
	int64_t at_s;
};

/*
 * Inside the act's own transaction: the proposal is used up. HUFU_ERR_DENIED
 * unless two different people stand behind an open proposal of this act.
 */
HUFU_MUST_USE int witness_confirm(struct store_tx *tx,
        const struct witness_hands *hands, struct problem *ret_problem);

/* Refused by another, or taken back by the proposer himself.
 * HUFU_ERR_NOT_FOUND: none is open. */
HUFU_MUST_USE int witness_drop(
        struct store_tx *tx, int64_t id, int64_t staff, int64_t at_s);

#endif
