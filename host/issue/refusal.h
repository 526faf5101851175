/*
 * Refusals in words: what the schema's constraints and the state tables say
 * no to, and what the person at the desk should do about it.
 */
#ifndef HOST_REFUSAL_H
#define HOST_REFUSAL_H

#include "crypto/core/log_entry.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"

/*
 * Turns HUFU_ERR_CONFLICT of the last query into the constraint's own code
 * and words; hands every other code on unchanged.
 */
int refusal_of_constraint(
        struct store_tx *tx, int code, struct problem *ret_problem);

/* HUFU_ERR_STATE: the table has no such move from here. */
int refusal_of_application(
        enum application_state state, struct problem *ret_problem);
int refusal_of_card(enum card_phase phase, struct problem *ret_problem);

/* HUFU_ERR_NOT_FOUND, for what the caller named. */
int refusal_no_application(struct problem *ret_problem);
int refusal_no_card(struct problem *ret_problem);

/* HUFU_ERR_ARGUMENT: a ground is needed, a slug. */
int refusal_no_ground(struct problem *ret_problem);

/* The last word of a function: a negative code without words gets some. */
int refusal_finish(int code, struct problem *ret_problem);

#endif
