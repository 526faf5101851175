#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/issue/card_holder.h"
#include "host/person/import.h"
#include "host/staff/area.h"

enum { IMPORT_ISSUES_MAX = 10000 }; /* told of; all are counted */

static int check_importer(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	uint32_t roles = 1u << STAFF_COUNTY_BUREAU | 1u << STAFF_CITY |
	                 1u << STAFF_PROVINCE;
	return staff_check_any(tx, call->staff.id, roles,
	        call->services->office_area, &call->problem);
}

struct importing {
	struct api_call *call;
	json_t *issues;
	size_t suspended;
	char code[AREA_CODE_MAX + 1]; /* asked last; rows of a place follow */
	bool known;
};

static void note_issue(void *arg, const struct import_issue *issue)
{
	struct importing *in = arg;
	if (json_array_size(in->issues) >= IMPORT_ISSUES_MAX)
		return;
	json_t *row = json_pack("{s:I, s:b, s:s, s:s, s:s, s:s}", "line",
	        (json_int_t)issue->line, "warning", issue->warning, "column",
	        issue->column, "code", issue->code, "zh", issue->zh, "en",
	        issue->en);
	json_array_append_new(in->issues, row);
}

static int find_place(struct store_tx *tx, void *arg)
{
	struct importing *in = arg;
	return area_find_place(tx, in->code);
}

/* A store that cannot answer says so when the row is saved. */
static bool knows_area(void *arg, const char *code)
{
	struct importing *in = arg;
	if (strcmp(in->code, code) != 0) {
		(void)snprintf(in->code, sizeof in->code, "%s", code);
		in->known = store_read(in->call->services->store, find_place,
		                    in) != HUFU_ERR_NOT_FOUND;
	}
	return in->known;
}

static int note_saved(struct store_tx *tx, void *arg, int64_t person,
        const struct eligibility_person *facts)
{
	struct importing *in = arg;
	const struct card_holder_change change = {.person = person,
	        .facts = facts,
	        .staff = in->call->staff.id,
	        .at_s = clock_now_s()};
	int r = card_holder_changed(tx, &change);
	in->suspended += r == 1;
	return r;
}

int api_import_persons(struct api_call *call)
{
	int64_t check_only = 0;
	int r = call_query_number(call, "check_only", 0, &check_only);
	if (r == HUFU_OK)
		r = store_read(call->services->store, check_importer, call);
	if (r)
		return r;
	struct importing in = {.call = call, .issues = json_array()};
	struct import_options options = {
	        .store = call->services->store,
	        .policy =
	                policy_book_at(call->services->policies, clock_today()),
	        .today = clock_today(),
	        .staff = call->staff.id,
	        .check_only = check_only != 0,
	        .report = note_issue,
	        .knows_area = knows_area,
	        .saved = note_saved,
	        .arg = &in,
	};
	struct import_result result = {0};
	r = options.policy ? import_bytes(&options, call->body, &result,
	                             &call->problem)
	                   : HUFU_ERR_CONFIG;
	if (in.suspended > 0)
		call_wake_lists(call);
	call->reply = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:o}",
	        "rows", (json_int_t)result.rows, "added",
	        (json_int_t)result.added, "changed", (json_int_t)result.changed,
	        "unchanged", (json_int_t)result.unchanged, "refused",
	        (json_int_t)result.refused, "warnings",
	        (json_int_t)result.warnings, "suspended",
	        (json_int_t)in.suspended, "encoding", result.encoding, "issues",
	        in.issues);
	return r;
}

struct find {
	struct application open[1];
	size_t open_count;
	struct card_record cards[16]; /* all that one person ever had */
	size_t card_count;
	struct api_call *call;
	const char *id_number;
	struct person *person;
};

static int find_open(struct store_tx *tx, struct find *find, int64_t person)
{
	struct application_filter open = {.person = person};
	struct card_filter any = {.person = person};
	int r = application_list(tx, &open, find->open, 1, &find->open_count);
	return r ? r
	         : card_book_list(tx, &any, find->cards, 16, &find->card_count);
}

/* What a new application would run into. */
static json_t *standing_json(const struct find *find)
{
	json_t *json = json_object();
	for (size_t i = 0; i < find->card_count; i++) {
		const struct card_record *c = &find->cards[i];
		if (c->phase > CARD_SUSPENDED)
			continue;
		json_object_set_new(json, "card",
		        json_pack("{s:I, s:s, s:s, s:s}", "id",
		                (json_int_t)c->id, "valid_to", c->valid_to,
		                "phase_zh", card_phase_zh(c->phase), "phase_en",
		                card_phase_en(c->phase)));
	}
	if (find->open_count > 0) {
		const struct application *a = &find->open[0];
		json_object_set_new(json, "application",
		        json_pack("{s:I, s:s, s:s}", "id", (json_int_t)a->id,
		                "state_zh", application_state_zh(a->state),
		                "state_en", application_state_en(a->state)));
	}
	return json;
}

static int find_person(struct store_tx *tx, void *arg)
{
	struct find *find = arg;
	int64_t id = 0;
	int r = person_find(tx, find->id_number, &id);
	if (r == HUFU_OK)
		r = person_load(tx, id, find->person);
	if (r == HUFU_OK)
		r = call_check_reach(
		        tx, find->call, find->person->facts.residence);
	if (r == HUFU_ERR_DENIED || r == HUFU_ERR_NOT_FOUND)
		return problem_set(&find->call->problem, HUFU_ERR_NOT_FOUND,
		        "no-such-person",
		        "本辖区的登记册中没有此人，请先建档立卡；"
		        "户籍不在本辖区的，请向户籍地查询。",
		        "Nobody in the registry of your area has this ID "
		        "number: register the person first, or ask where the "
		        "person is registered.");
	return r ? r : find_open(tx, find, id);
}

static json_t *words_of(const struct policy *policy, uint32_t classes)
{
	json_t *list = json_array();
	for (unsigned i = 1; policy && i < POLICY_CLASSES_MAX; i++)
		if (classes & 1u << i && policy->class[i].present)
			json_array_append_new(
			        list, json_string(policy->class[i].label.zh));
	return list;
}

int api_find_person(struct api_call *call)
{
	struct find find = {.call = call};
	find.id_number = json_get_text(
	        &call->in, "id_number", PERSON_ID_NUMBER_LEN, true);
	int r = call_input_done(call);
	if (r)
		return r;
	find.person = calloc(1, sizeof *find.person);
	if (!find.person)
		return HUFU_ERR_MEMORY;
	r = store_read(call->services->store, find_person, &find);
	if (r == HUFU_OK) {
		char name[PERSON_NAME_MAX + 1];
		char number[PERSON_ID_NUMBER_LEN + 1];
		const struct policy *policy =
		        policy_book_at(call->services->policies, clock_today());
		person_mask_name(find.person->name, name);
		person_mask_id_number(find.person->id_number, number);
		call->reply = json_pack(
		        "{s:I, s:s, s:s, s:i, s:s, s:b, s:b, s:o, s:o}", "id",
		        (json_int_t)find.person->id, "name", name, "id_number",
		        number, "sex", (int)find.person->sex, "residence",
		        find.person->facts.residence, "registered",
		        find.person->facts.registered, "dead",
		        find.person->facts.dead, "classes",
		        words_of(policy, find.person->facts.classes),
		        "standing", standing_json(&find));
		person_done(find.person);
	}
	free(find.person);
	return r;
}
