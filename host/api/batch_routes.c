#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/base/cleanup.h"
#include "host/issue/batch.h"

struct look {
	struct api_call *call;
	int64_t id;
	struct batch batch;
};

static int read_batch(struct store_tx *tx, void *arg)
{
	struct look *look = arg;
	return batch_read(tx, look->id, look->call->staff.id, &look->batch,
	        &look->call->problem);
}

static json_t *case_json(const struct batch_case *c)
{
	static const char *const outcomes[] = {
	        [BATCH_WAITS] = "waits",
	        [BATCH_CASE_ACCEPTED] = "accepted",
	        [BATCH_CASE_REFUSED] = "refused",
	};
	return json_pack("{s:I, s:I, s:b, s:I, s:s, s:s}", "application",
	        (json_int_t)c->application, "step", (json_int_t)c->step,
	        "sampled", c->sampled, "confirmed_at",
	        (json_int_t)c->confirmed_at_s, "outcome", outcomes[c->outcome],
	        "refusal", c->refusal);
}

static json_t *batch_json(const struct batch *b)
{
	static const char *const states[] = {
	        [BATCH_DRAWN] = "drawn",
	        [BATCH_ACCEPTED] = "accepted",
	        [BATCH_DROPPED] = "dropped",
	};
	json_t *cases = json_array();
	for (size_t i = 0; i < b->count; i++)
		json_array_append_new(cases, case_json(&b->cases[i]));
	return json_pack("{s:I, s:I, s:s, s:o}", "id", (json_int_t)b->id, "at",
	        (json_int_t)b->at_s, "state", states[b->state], "cases", cases);
}

static int answer(struct api_call *call, int64_t id)
{
	_free_ struct look *look = calloc(1, sizeof *look);
	if (!look)
		return HUFU_ERR_MEMORY;
	look->call = call;
	look->id = id;
	int r = store_read(call->services->store, read_batch, look);
	if (r == HUFU_OK)
		call->reply = batch_json(&look->batch);
	return r;
}

struct drawing {
	struct api_call *call;
	int64_t cases[BATCH_CASES_MAX];
	size_t count;
};

/* One case out of reach, and there is none. */
static int see_all(struct store_tx *tx, void *arg)
{
	struct drawing *d = arg;
	struct application application;
	int r = HUFU_OK;
	for (size_t i = 0; r == HUFU_OK && i < d->count; i++)
		r = sight_application(tx, d->call, d->cases[i], &application);
	return r;
}

int api_draw_batch(struct api_call *call)
{
	struct drawing d = {.call = call};
	int64_t id = 0;
	json_t *list = json_get_array(
	        &call->in, "applications", BATCH_CASES_MAX, true);
	int r = call_input_done(call);
	if (r)
		return r;
	for (; d.count < json_array_size(list); d.count++)
		d.cases[d.count] =
		        json_integer_value(json_array_get(list, d.count));
	r = store_read(call->services->store, see_all, &d);
	if (r == HUFU_OK)
		r = batch_draw(call->services->issue, call->staff.id, d.cases,
		        d.count, &id, &call->problem);
	if (r == HUFU_OK)
		r = answer(call, id);
	if (r == HUFU_OK)
		call->status = 201;
	return r;
}

int api_show_batch(struct api_call *call)
{
	return answer(call, call->id);
}

struct open_batches {
	int64_t staff;
	int64_t id[BATCH_OPEN_MAX];
	size_t count;
};

static int read_open(struct store_tx *tx, void *arg)
{
	struct open_batches *open = arg;
	return batch_list_open(tx, open->staff, open->id, &open->count);
}

int api_list_batches(struct api_call *call)
{
	struct open_batches open = {.staff = call->staff.id};
	int r = store_read(call->services->store, read_open, &open);
	json_t *list = json_array();
	for (size_t i = 0; r == HUFU_OK && i < open.count; i++)
		json_array_append_new(list, json_integer(open.id[i]));
	call->reply = json_pack("{s:o}", "batches", list);
	return r;
}

int api_act_on_batch(struct api_call *call)
{
	struct issue *issue = call->services->issue;
	struct batch_act act = {.batch = call->id, .staff = call->staff.id};
	const char *word = json_get_text(&call->in, "act", 16, true);
	act.application =
	        json_get_int(&call->in, "application", 1, INT64_MAX, 0);
	int r = call_input_done(call);
	if (r)
		return r;
	if (strcmp(word, "confirm") == 0)
		r = batch_confirm(issue, &act, &call->problem);
	else if (strcmp(word, "accept") == 0)
		r = batch_accept(issue, &act, &call->problem);
	else if (strcmp(word, "drop") == 0)
		r = batch_drop(issue, &act, &call->problem);
	else
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word", "act 须为 confirm、accept 或 drop。",
		        "act must be confirm, accept or drop.");
	return r ? r : answer(call, call->id);
}
