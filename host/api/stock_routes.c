#include <stdio.h>
#include <string.h>

#include "host/api/proposal.h"
#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/issue/job.h"
#include "host/stock/stock.h"

enum { STATIONS_MAX = 64 };

struct stock_look {
	struct api_call *call;
	const char *area;
	struct stock_balance office;
	struct stock_closed closed;
	struct job_station stations[STATIONS_MAX];
	struct stock_balance at[STATIONS_MAX];
	size_t count;
};

static int look_at_stock(struct store_tx *tx, void *arg)
{
	struct stock_look *look = arg;
	int r = call_check_reach(tx, look->call, look->area);
	if (r == HUFU_OK)
		r = stock_read_balance(tx, look->area, &look->office);
	if (r == HUFU_OK)
		r = stock_read_closed(tx, look->area, &look->closed);
	if (r == HUFU_OK)
		r = job_list_stations(
		        tx, look->stations, STATIONS_MAX, &look->count);
	for (size_t i = 0; r == HUFU_OK && i < look->count; i++)
		r = stock_read_station(tx, look->stations[i].id, &look->at[i]);
	return r;
}

static json_t *balance_json(const struct stock_balance *b)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "received",
	        (json_int_t)b->received, "in_stock",
	        (json_int_t)b->count[STOCK_IN_STOCK], "reserved",
	        (json_int_t)b->count[STOCK_RESERVED], "issued",
	        (json_int_t)b->count[STOCK_ISSUED], "spoiled",
	        (json_int_t)b->count[STOCK_SPOILED], "missing",
	        (json_int_t)b->count[STOCK_MISSING], "destroyed",
	        (json_int_t)b->destroyed, "difference",
	        (json_int_t)b->difference);
}

static int show_stock(struct api_call *call, const char *area)
{
	struct stock_look look = {.call = call, .area = area};
	int r = store_read(call->services->store, look_at_stock, &look);
	if (r)
		return r;
	call->reply = balance_json(&look.office);
	json_t *list = json_array();
	for (size_t i = 0; i < look.count; i++) {
		json_t *row = balance_json(&look.at[i]);
		json_object_set_new(
		        row, "station", json_string(look.stations[i].name));
		json_array_append_new(list, row);
	}
	json_object_set_new(call->reply, "stations", list);
	json_object_set_new(
	        call->reply, "closed_day", json_string(look.closed.day));
	json_object_set_new(
	        call->reply, "day_open", json_boolean(look.closed.open));
	return HUFU_OK;
}

int api_show_stock(struct api_call *call)
{
	const char *area = call_query_text(call, "area");
	return show_stock(call, area ? area : call->services->office_area);
}

struct stock_request {
	struct api_call *call;
	const char *act, *area, *reference, *station, *to_station;
	uint32_t count;
	struct stock_by by;
	int64_t station_id, to_station_id;
};

static int resolve_station(struct store_tx *tx, const char *name, int64_t *ret)
{
	struct job_station stations[STATIONS_MAX];
	size_t count = 0;
	if (!name)
		return HUFU_OK;
	int r = job_list_stations(tx, stations, STATIONS_MAX, &count);
	for (size_t i = 0; r == HUFU_OK && i < count; i++) {
		if (strcmp(stations[i].name, name) == 0) {
			*ret = stations[i].id;
			return HUFU_OK;
		}
	}
	return r ? r : HUFU_ERR_NOT_FOUND;
}

static int resolve_request(struct store_tx *tx, void *arg)
{
	struct stock_request *q = arg;
	int r = resolve_station(tx, q->station, &q->station_id);
	if (r == HUFU_OK)
		r = resolve_station(tx, q->to_station, &q->to_station_id);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&q->call->problem, r, "no-such-station",
		        "没有这个制证台。", "There is no such station.");
	return r;
}

struct booked_look {
	const char *area;
	struct stock_balance b;
};

static int look_at_booked(struct store_tx *tx, void *arg)
{
	struct booked_look *look = arg;
	return stock_read_balance(tx, look->area, &look->b);
}

/* What takes two people: the first half. */
static int propose(struct stock_request *q, const char *act)
{
	struct api_call *call = q->call;
	struct booked_look look = {.area = q->area};
	struct witness_proposal proposal = {0};
	int r = store_read(q->by.store, look_at_booked, &look);
	if (r)
		return r;
	uint32_t booked = (uint32_t)look.b.count[STOCK_IN_STOCK];
	json_t *body = json_pack("{s:s, s:s, s:I, s:I, s:s*}", "act", q->act,
	        "area", q->area, "count", (json_int_t)q->count, "booked",
	        (json_int_t)booked, "station", q->station);
	r = proposal_set_body(&proposal, body);
	json_decref(body);
	(void)snprintf(proposal.act, sizeof proposal.act, "%s", act);
	struct stock_place_count n = {q->area, q->station_id, q->count, booked};
	if (r == HUFU_OK)
		r = stock_propose(&q->by, &n, &proposal, &call->problem);
	if (r == HUFU_OK)
		proposal_answer(call, &proposal);
	return r;
}

int stock_act_confirmed(struct api_call *call,
        const struct witness_proposal *proposal, struct json_reader *in)
{
	struct stock_request q = {.call = call};
	uint32_t missing = 0;
	q.by = (struct stock_by){call->services->store, proposal->proposer,
	        call->staff.id, proposal->id, clock_now_s()};
	q.act = json_get_text(in, "act", 16, true);
	q.area = json_get_text(in, "area", AREA_CODE_MAX, true);
	q.station = json_get_text(in, "station", JOB_STATION_NAME_MAX, false);
	q.count = (uint32_t)json_get_int(in, "count", 0, STOCK_BATCH_MAX, 0);
	uint32_t booked =
	        (uint32_t)json_get_int(in, "booked", 0, UINT32_MAX, 0);
	int r = json_reader_done(in, &call->problem);
	if (r == HUFU_OK)
		r = store_read(q.by.store, resolve_request, &q);
	if (r)
		return r;
	struct stock_place_count n = {q.area, q.station_id, q.count, booked};
	r = strcmp(q.act, "count") == 0
	            ? stock_count(&q.by, &n, &missing, &call->problem)
	            : stock_destroy(&q.by, q.area, q.count, &call->problem);
	return r ? r : show_stock(call, q.area);
}

static int act_on_stock(struct stock_request *q)
{
	struct problem *p = &q->call->problem;
	int64_t batch = 0;
	if (strcmp(q->act, "receive") == 0) {
		struct stock_batch in = {q->area,
		        q->reference ? q->reference : "", q->station_id,
		        q->count};
		return stock_receive(&q->by, &in, &batch, p);
	}
	if (strcmp(q->act, "move") == 0) {
		struct stock_move move = {
		        q->area, q->station_id, q->to_station_id, q->count};
		return stock_move(&q->by, &move, p);
	}
	struct stock_place_count place = {q->area, q->station_id, q->count, 0};
	if (strcmp(q->act, "spoil") == 0)
		return stock_spoil(&q->by, &place, p);
	if (strcmp(q->act, "close") == 0)
		return stock_close_day(&q->by, q->area, p);
	return problem_set(p, HUFU_ERR_ARGUMENT, "unknown-word",
	        "库存业务须为 receive、move、count、spoil、destroy 或 close。",
	        "Stock acts are receive, move, count, spoil, destroy and "
	        "close.");
}

int api_act_on_stock(struct api_call *call)
{
	struct stock_request q = {.call = call};
	q.act = json_get_text(&call->in, "act", 16, true);
	q.area = json_get_text(&call->in, "area", AREA_CODE_MAX, false);
	q.reference = json_get_text(
	        &call->in, "reference", STOCK_REFERENCE_MAX, false);
	q.station = json_get_text(
	        &call->in, "station", JOB_STATION_NAME_MAX, false);
	q.to_station = json_get_text(
	        &call->in, "to_station", JOB_STATION_NAME_MAX, false);
	q.count = (uint32_t)json_get_int(
	        &call->in, "count", 0, STOCK_BATCH_MAX, 0);
	int r = call_input_done(call);
	if (r)
		return r;
	if (!q.area)
		q.area = call->services->office_area;
	q.by = (struct stock_by){.store = call->services->store,
	        .staff = call->staff.id,
	        .at_s = clock_now_s()};
	r = store_read(call->services->store, resolve_request, &q);
	if (r)
		return r;
	if (strcmp(q.act, "count") == 0)
		return propose(&q, STOCK_ACT_COUNT);
	if (strcmp(q.act, "destroy") == 0)
		return propose(&q, STOCK_ACT_DESTROY);
	r = act_on_stock(&q);
	return r ? r : show_stock(call, q.area);
}
