#include <stdio.h>
#include <string.h>

#include "host/api/proposal.h"
#include "host/api/routes.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/issue/card_unrecorded.h"
#include "host/stock/stock.h"

static const struct {
	const char *act;
	proposal_act confirmed;
} acts[] = {
        {STOCK_ACT_COUNT, stock_act_confirmed},
        {STOCK_ACT_DESTROY, stock_act_confirmed},
        {CARD_UNRECORDED_ACT, unrecorded_act_confirmed},
};

int proposal_set_body(struct witness_proposal *proposal, json_t *body)
{
	_free_ char *text = json_dumps(body, JSON_COMPACT);
	if (!text)
		return HUFU_ERR_MEMORY;
	if (strlen(text) > WITNESS_BODY_MAX)
		return HUFU_ERR_LIMIT;
	memcpy(proposal->body, text, strlen(text) + 1);
	return HUFU_OK;
}

static json_t *proposal_json(const struct witness_proposal *p)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:I, s:I, s:o}", "id",
	        (json_int_t)p->id, "act", p->act, "area", p->area, "proposer",
	        p->proposer_login, "at", (json_int_t)p->at_s, "expires",
	        (json_int_t)p->expires_s, "body", json_loads(p->body, 0, NULL));
}

void proposal_answer(
        struct api_call *call, const struct witness_proposal *proposal)
{
	struct witness_proposal p = *proposal;
	(void)snprintf(p.proposer_login, sizeof p.proposer_login, "%s",
	        call->staff.login);
	json_decref(call->reply);
	call->reply = json_pack("{s:o}", "proposal", proposal_json(&p));
	call->status = 202;
}

struct proposal_look {
	struct api_call *call;
	const char *area;
	int64_t after;
	int64_t now_s;
	struct witness_proposal one;
	struct witness_proposal *rows;
	size_t count;
};

static int look_at_proposals(struct store_tx *tx, void *arg)
{
	struct proposal_look *look = arg;
	char space[AREA_CODE_MAX + 1];
	int r = call_settle_area(tx, look->call, &look->area, space);
	struct witness_page page = {look->area, look->after, look->now_s};
	return r ? r
	         : witness_list(
	                   tx, &page, look->rows, API_LIST_MAX, &look->count);
}

int api_list_proposals(struct api_call *call)
{
	struct proposal_look look = {.call = call,
	        .area = call_query_text(call, "area"),
	        .now_s = clock_now_s()};
	int r = call_query_number(call, "after", 0, &look.after);
	_free_ struct witness_proposal *rows =
	        calloc(API_LIST_MAX, sizeof *rows);
	if (r == HUFU_OK && !rows)
		r = HUFU_ERR_MEMORY;
	look.rows = rows;
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_proposals, &look);
	if (r)
		return r;
	json_t *list = json_array();
	for (size_t i = 0; i < look.count; i++)
		json_array_append_new(list, proposal_json(&rows[i]));
	call->reply = json_pack("{s:o}", "proposals", list);
	return HUFU_OK;
}

static int refuse_unknown(struct api_call *call)
{
	call->problem.code = 0;
	return problem_set(&call->problem, HUFU_ERR_NOT_FOUND,
	        "no-such-proposal", "没有这项待确认的业务，请刷新列表。",
	        "No such act waits to be confirmed; refresh the list.");
}

/* Out of reach is as if it were not there: decision 0124. */
static int look_at_proposal(struct store_tx *tx, void *arg)
{
	struct proposal_look *look = arg;
	int r = witness_find(tx, look->call->id, &look->one);
	if (r == HUFU_OK)
		r = call_check_reach(tx, look->call, look->one.area);
	if (r == HUFU_ERR_NOT_FOUND || r == HUFU_ERR_DENIED)
		return refuse_unknown(look->call);
	return r;
}

static int drop(struct store_tx *tx, void *arg)
{
	struct proposal_look *look = arg;
	int r = witness_drop(
	        tx, look->one.id, look->call->staff.id, look->now_s);
	return r == HUFU_ERR_NOT_FOUND ? refuse_unknown(look->call) : r;
}

static int confirm(struct api_call *call, const struct witness_proposal *p)
{
	struct span text = span_of((const uint8_t *)p->body, strlen(p->body));
	_cleanup_(json_cleanup) json_t *body = NULL;
	struct json_reader in;
	int r = json_parse(text, &body, &call->problem);
	if (r)
		return r;
	json_reader_init(&in, body);
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i].act, p->act) == 0)
			return acts[i].confirmed(call, p, &in);
	return refuse_unknown(call);
}

int api_act_on_proposal(struct api_call *call)
{
	struct proposal_look look = {.call = call, .now_s = clock_now_s()};
	const char *event = json_get_text(&call->in, "event", 16, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_proposal, &look);
	if (r)
		return r;
	if (strcmp(event, "confirm") == 0)
		return confirm(call, &look.one);
	if (strcmp(event, "refuse") != 0)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word",
		        "只能确认（confirm）或不同意（refuse）。",
		        "A proposal is confirmed or refused.");
	r = store_write(call->services->store, drop, &look);
	if (r == HUFU_OK)
		call->reply =
		        json_pack("{s:I}", "refused", (json_int_t)look.one.id);
	return r;
}
