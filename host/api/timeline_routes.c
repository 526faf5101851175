#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/base/cleanup.h"
#include "host/log/person_log.h"
#include "host/staff/staff.h"

struct timeline {
	struct api_call *call;
	uint64_t before;
	struct person_log rows[PERSON_LOG_MAX];
	char by[PERSON_LOG_MAX][STAFF_TITLE_MAX + 1];
	size_t count;
};

static int read_timeline(struct store_tx *tx, void *arg)
{
	struct timeline *t = arg;
	int r = sight_person(tx, t->call, t->call->id);
	if (r == HUFU_OK)
		r = person_log_list(
		        tx, t->call->id, t->before, t->rows, &t->count);
	for (size_t i = 0; r == HUFU_OK && i < t->count; i++) {
		struct staff who;
		if (t->rows[i].actor == 0)
			continue;
		r = staff_find(tx, t->rows[i].actor, &who);
		if (r == HUFU_OK)
			memcpy(t->by[i], who.title, sizeof t->by[i]);
	}
	return r;
}

static json_t *row_json(const struct timeline *t, size_t i)
{
	const struct person_log *row = &t->rows[i];
	const struct log_entry *e = &row->entry;
	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:I}",
	        "log_index", (json_int_t)row->index, "at",
	        (json_int_t)e->time_s, "event", log_type_name(e->type),
	        "ground", e->ground, "area", e->area, "by", t->by[i], "card",
	        row->card, "number",
	        (json_int_t)(e->present & LOG_HAS(LOG_NUMBER) ? e->number : 0));
}

int api_show_timeline(struct api_call *call)
{
	int64_t before = 0;
	int r = call_query_number(call, "before", 0, &before);
	if (r)
		return r;
	_free_ struct timeline *t = calloc(1, sizeof *t);
	if (!t)
		return HUFU_ERR_MEMORY;
	t->call = call;
	t->before = (uint64_t)before;
	r = store_read(call->services->store, read_timeline, t);
	if (r)
		return r;
	json_t *list = json_array();
	for (size_t i = 0; i < t->count; i++)
		json_array_append_new(list, row_json(t, i));
	call->reply = json_pack("{s:o}", "timeline", list);
	if (t->count == PERSON_LOG_MAX)
		json_object_set_new(call->reply, "next",
		        json_integer((json_int_t)t->rows[t->count - 1].index));
	return HUFU_OK;
}
