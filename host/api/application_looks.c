#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/api/word.h"
#include "host/base/clock.h"
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
	size_t count;
	char own_area[AREA_CODE_MAX + 1];
};

/* Does whoever asks hold the role of the step that this one waits for? */
static int may_decide(struct store_tx *tx, const struct api_call *call,
        const struct application *a)
{
	const struct policy *policy =
	        policy_book_version(call->services->policies, a->rule_version);
	char area[AREA_CODE_MAX + 1];
	if (!policy)
		return HUFU_ERR_DENIED;
	if (a->state == APPLICATION_REFERRED)
		return area_code_at(a->area, AREA_PROVINCE, area)
		               ? staff_check(tx, call->staff.id, STAFF_PROVINCE,
		                         area, NULL)
		               : HUFU_ERR_DENIED;
	if (a->step < 1 || a->step > policy->step_count)
		return HUFU_ERR_DENIED;
	const struct policy_step *step = &policy->step[a->step - 1];
	if (!area_code_at(a->area, step->level, area))
		return HUFU_ERR_DENIED;
	return staff_check(
	        tx, call->staff.id, (enum staff_role)step->role, area, NULL);
}

static int keep_decidable(struct store_tx *tx, struct listing *listing)
{
	size_t kept = 0;
	for (size_t i = 0; i < listing->count; i++) {
		int r = may_decide(tx, listing->call, &listing->rows[i]);
		if (r && r != HUFU_ERR_DENIED)
			return r;
		if (r == HUFU_OK)
			listing->rows[kept++] = listing->rows[i];
	}
	listing->count = kept;
	return HUFU_OK;
}

static int list_applications(struct store_tx *tx, void *arg)
{
	struct listing *listing = arg;
	int r = call_settle_area(
	        tx, listing->call, &listing->filter.area, listing->own_area);
	if (r)
		return r;
	r = application_list(tx, &listing->filter, listing->rows, API_LIST_MAX,
	        &listing->count);
	return r || !listing->filter.staff ? r : keep_decidable(tx, listing);
}

int api_list_applications(struct api_call *call)
{
	struct listing listing = {.call = call};
	const char *state = call_query_text(call, "state");
	const char *area = call_query_text(call, "area");
	int64_t mine = 0, overdue = 0;
	int number = 0;
	int r = state ? word_value(call, application_states, state, "state",
	                        &number)
	              : HUFU_OK;
	listing.filter.state = (enum application_state)number;
	listing.filter.area = area;
	if (r == HUFU_OK)
		r = call_query_number(call, "step", 0, &listing.filter.step);
	if (r == HUFU_OK)
		r = call_query_number(call, "after", 0, &listing.filter.after);
	if (r == HUFU_OK)
		r = call_query_number(call, "mine", 0, &mine);
	if (r == HUFU_OK)
		r = call_query_number(call, "overdue", 0, &overdue);
	if (r)
		return r;
	listing.filter.staff = mine ? call->staff.id : 0;
	listing.filter.overdue_at_s = overdue ? clock_now_s() : 0;
	listing.rows = calloc(API_LIST_MAX, sizeof *listing.rows);
	if (!listing.rows)
		return HUFU_ERR_MEMORY;
	r = store_read(call->services->store, list_applications, &listing);
	json_t *list = json_array();
	for (size_t i = 0; r == HUFU_OK && i < listing.count; i++)
		json_array_append_new(
		        list, application_json(call, &listing.rows[i]));
	call->reply = json_pack("{s:o}", "applications", list);
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
