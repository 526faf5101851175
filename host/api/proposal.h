/*
 * Acts that take two people, at the API: a call that proposes leaves the
 * proposal, POST /v1/proposals/{id}/acts has it confirmed, and the act's own
 * module does it from the words that were proposed.
 */
#ifndef API_PROPOSAL_H
#define API_PROPOSAL_H

#include "host/api/call.h"
#include "host/staff/witness.h"

/* `body` as the proposal's text; HUFU_ERR_LIMIT: longer than may be. */
HUFU_MUST_USE int proposal_set_body(
        struct witness_proposal *proposal, json_t *body);

/* Answers 202 with what was proposed. */
void proposal_answer(
        struct api_call *call, const struct witness_proposal *proposal);

/* Does what was proposed, call->staff being the second; leaves the reply. */
typedef int (*proposal_act)(struct api_call *call,
        const struct witness_proposal *proposal, struct json_reader *in);

int stock_act_confirmed(struct api_call *call,
        const struct witness_proposal *proposal, struct json_reader *in);
int unrecorded_act_confirmed(struct api_call *call,
        const struct witness_proposal *proposal, struct json_reader *in);

#endif
