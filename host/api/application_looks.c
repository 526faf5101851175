#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/api/word.h"
#include "host/base/clock.h"
#include "host/base/number.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/person/person.h"
#include "host/policy/calendar.h"

/* In working days; of a year without a calendar nobody can be sure. */
static void put_deadline(
        const struct api_call *call, const struct application *a, json_t *json)
{
	const struct calendar *c = issue_calendar(call->services->issue);
	if (a->due_s == 0)
		return;
	json_object_set_new(json, "days_left",
	        json_integer(calendar_days_left(
	                c, issue_now_s(call->services->issue), a->due_s)));
	json_object_set_new(json, "due_certain",
	        json_boolean(calendar_knows(c, clock_date_of(a->due_s).year)));
}

static json_t *application_json(
        const struct api_call *call, const struct application *a)
{
	json_t *json = json_pack(
	        "{s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "id",
	        (json_int_t)a->id, "kind", (int)a->kind, "reason",
	        word_text(application_reasons, (int)a->reason), "acting",
	        word_text(application_actings, (int)a->acting), "state",
	        word_text(application_states, (int)a->state), "state_zh",
	        application_state_zh(a->state), "state_en",
	        application_state_en(a->state), "step", (json_int_t)a->step,
	        "steps", (json_int_t)a->steps, "area", a->area, "delivery_area",
	        a->delivery_area);
	json_t *more = json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:I, s:b}",
	        "rule_version", a->rule_version, "entered_at",
	        (json_int_t)a->entered_at_s, "step_since",
	        (json_int_t)a->step_since_s, "due", (json_int_t)a->due_s,
	        "last_ground", a->last_ground, "last_field", a->last_field,
	        "card", (json_int_t)a->card, "habitual", a->habitual);
	json_object_update(json, more);
	json_decref(more);
	put_deadline(call, a, json);
	return json;
}

struct listing {
	struct api_call *call;
	struct application_filter filter;
	struct application *rows;
	size_t limit;
	size_t count;
	char own_area[AREA_CODE_MAX + 1];
};

static int list_applications(struct store_tx *tx, void *arg)
{
	struct listing *listing = arg;
	int r = call_settle_area(
	        tx, listing->call, &listing->filter.area, listing->own_area);
	if (r)
		return r;
	return application_list(tx, &listing->filter, listing->rows,
	        listing->limit + 1, &listing->count);
}

/* "due.id", as the page before named its end. */
static int read_place(struct api_call *call, struct application_place *ret)
{
	const char *text = call_query_text(call, "after");
	const struct number_range due = {0, INT64_MAX}, id = {1, INT64_MAX};
	if (!text)
		return HUFU_OK;
	size_t len = strcspn(text, ".");
	if (text[len] == '.' &&
	        number_parse(text, len, due, &ret->due_order_s) == HUFU_OK &&
	        number_parse_text(text + len + 1, id, &ret->id) == HUFU_OK)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "list-place",
	        "after 须为上一页给出的 next。",
	        "after must be the `next` of the page before.");
}

static int read_listing(struct api_call *call, struct listing *listing)
{
	struct application_filter *filter = &listing->filter;
	const char *state = call_query_text(call, "state");
	int64_t mine = 0, overdue = 0, limit = 0;
	int number = 0;
	int r = state ? word_value(call, application_states, state, "state",
	                        &number)
	              : HUFU_OK;
	filter->state = (enum application_state)number;
	filter->area = call_query_text(call, "area");
	if (r == HUFU_OK)
		r = call_query_number(call, "step", 0, &filter->step);
	if (r == HUFU_OK)
		r = read_place(call, &filter->after);
	if (r == HUFU_OK)
		r = call_query_number(call, "mine", 0, &mine);
	if (r == HUFU_OK)
		r = call_query_number(call, "overdue", 0, &overdue);
	if (r == HUFU_OK)
		r = call_query_number(call, "limit", API_LIST_MAX, &limit);
	filter->staff = mine ? call->staff.id : 0;
	filter->deciding = mine ? call->services->policies : NULL;
	filter->overdue_at_s = overdue ? issue_now_s(call->services->issue) : 0;
	listing->limit = limit < 1              ? 1
	                 : limit > API_LIST_MAX ? API_LIST_MAX
	                                        : (size_t)limit;
	return r;
}

static json_t *page_json(const struct listing *listing)
{
	size_t count = listing->count;
	json_t *list = json_array();
	if (count > listing->limit)
		count = listing->limit;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list,
		        application_json(listing->call, &listing->rows[i]));
	json_t *page = json_pack("{s:o}", "applications", list);
	if (listing->count > count) {
		struct application_place end =
		        application_place_of(&listing->rows[count - 1]);
		json_object_set_new(page, "next",
		        json_sprintf("%lld.%lld", (long long)end.due_order_s,
		                (long long)end.id));
	}
	return page;
}

int api_list_applications(struct api_call *call)
{
	struct listing listing = {.call = call};
	int r = read_listing(call, &listing);
	if (r)
		return r;
	listing.rows = calloc(listing.limit + 1, sizeof *listing.rows);
	if (!listing.rows)
		return HUFU_ERR_MEMORY;
	r = store_read(call->services->store, list_applications, &listing);
	if (r == HUFU_OK)
		call->reply = page_json(&listing);
	free(listing.rows);
	return r;
}

struct dossier {
	struct api_call *call;
	struct application application;
	struct application_history history[64];
	size_t history_count;
	struct application_verdict verdicts[16];
	size_t verdict_count;
	struct person person;
	struct card_record cards[16];
	size_t card_count;
	char by[64][STAFF_TITLE_MAX + 1]; /* who did it, for the history */
};

static int read_people(struct store_tx *tx, struct dossier *d)
{
	struct card_filter any = {.person = d->application.person};
	int r = person_load(tx, d->application.person, &d->person);
	if (r == HUFU_OK)
		r = card_book_list(tx, &any, d->cards, 16, &d->card_count);
	for (size_t i = 0; r == HUFU_OK && i < d->history_count; i++) {
		struct staff who;
		if (d->history[i].staff == 0)
			continue;
		r = staff_find(tx, d->history[i].staff, &who);
		if (r == HUFU_OK)
			memcpy(d->by[i], who.title, sizeof d->by[i]);
	}
	return r;
}

/* Who compares papers with the file needs all of it; nobody else does. */
static json_t *person_json(const struct dossier *d)
{
	const struct person *p = &d->person;
	char name[PERSON_NAME_MAX + 1], number[PERSON_ID_NUMBER_LEN + 1];
	char born[DATE_TEXT_LEN + 1];
	if (d->call->roles & ROLES_CASE) {
		date_format(p->facts.born, born);
		return json_pack("{s:I, s:s, s:s, s:i, s:s, s:s, s:s, s:s}",
		        "id", (json_int_t)p->id, "name", p->name, "id_number",
		        p->id_number, "sex", (int)p->sex, "born", born, "phone",
		        p->phone, "address", p->address, "residence",
		        p->facts.residence);
	}
	person_mask_name(p->name, name);
	person_mask_id_number(p->id_number, number);
	return json_pack("{s:I, s:s, s:s, s:i, s:s}", "id", (json_int_t)p->id,
	        "name", name, "id_number", number, "sex", (int)p->sex,
	        "residence", p->facts.residence);
}

static json_t *cards_json(const struct dossier *d)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->card_count; i++) {
		const struct card_record *c = &d->cards[i];
		json_array_append_new(list,
		        json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I}",
		                "id", (json_int_t)c->id, "number", c->number,
		                "phase_zh", card_phase_zh(c->phase), "phase_en",
		                card_phase_en(c->phase), "valid_from",
		                c->valid_from, "valid_to", c->valid_to,
		                "made_at", (json_int_t)c->made_at_s,
		                "handed_over_at",
		                (json_int_t)c->handed_over_at_s));
	}
	return list;
}

static int read_dossier(struct store_tx *tx, void *arg)
{
	struct dossier *d = arg;
	int64_t id = d->call->id;
	int r = sight_application(tx, d->call, id, &d->application);
	if (r == HUFU_OK)
		r = application_list_history(
		        tx, id, d->history, 64, &d->history_count);
	if (r == HUFU_OK)
		r = application_list_verdicts(
		        tx, id, d->verdicts, 16, &d->verdict_count);
	if (r == HUFU_OK)
		r = read_people(tx, d);
	return r;
}

static json_t *dossier_json(const struct dossier *d)
{
	json_t *json = application_json(d->call, &d->application);
	json_t *history = json_array(), *verdicts = json_array();
	for (size_t i = 0; i < d->history_count; i++) {
		const struct application_history *h = &d->history[i];
		json_array_append_new(history,
		        json_pack("{s:I, s:s, s:I, s:s, s:I, s:s, s:s, s:s, "
		                  "s:I}",
		                "at", (json_int_t)h->at_s, "by", d->by[i],
		                "staff", (json_int_t)h->staff, "event",
		                h->event ? word_text(application_events,
		                                   (int)h->event)
		                         : "applied",
		                "step", (json_int_t)h->step, "ground",
		                h->ground, "field", h->field, "note", h->note,
		                "log_index", (json_int_t)h->log_index));
	}
	for (size_t i = 0; i < d->verdict_count; i++) {
		const struct application_verdict *v = &d->verdicts[i];
		json_array_append_new(
		        verdicts, json_pack("{s:I, s:I, s:s, s:s, s:s}", "at",
		                          (json_int_t)v->at_s, "stage",
		                          (json_int_t)v->stage, "outcome",
		                          eligibility_outcome_word(v->outcome),
		                          "rule_version", v->rule_version,
		                          "reasons", v->codes));
	}
	json_object_set_new(json, "history", history);
	json_object_set_new(json, "verdicts", verdicts);
	json_object_set_new(json, "person", person_json(d));
	json_object_set_new(json, "cards", cards_json(d));
	return json;
}

int api_show_application(struct api_call *call)
{
	struct dossier *d = calloc(1, sizeof *d);
	if (!d)
		return HUFU_ERR_MEMORY;
	d->call = call;
	int r = store_read(call->services->store, read_dossier, d);
	if (r == HUFU_OK)
		call->reply = dossier_json(d);
	person_done(&d->person);
	bytes_wipe(d, sizeof *d);
	free(d);
	return r;
}

static int read_stored_photo(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	struct application application;
	int r = sight_application(tx, call, call->id, &application);
	if (r)
		return r;
	struct writer w;
	writer_init(&w, call->raw, APPLICATION_PHOTO_MAX);
	r = application_read_photo(tx, call->id, &w);
	call->raw_len = w.len;
	return r;
}

int api_show_photo(struct api_call *call)
{
	call->raw = malloc(APPLICATION_PHOTO_MAX);
	call->raw_type = "image/jpeg";
	if (!call->raw)
		return HUFU_ERR_MEMORY;
	return store_read(call->services->store, read_stored_photo, call);
}
