#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/issue/application.h"
#include "host/person/person.h"
#include "host/print/photo.h"

struct word {
	const char *text;
	int value;
};

static const struct word reasons[] = {{"first", APPLICATION_FIRST},
        {"renewal", APPLICATION_RENEWAL},
        {"replacement", APPLICATION_REPLACEMENT}, {NULL, 0}};
static const struct word grounds[] = {{"none", APPLICATION_GROUND_NONE},
        {"lost", APPLICATION_LOST},
        {"chip-unreadable", APPLICATION_CHIP_UNREADABLE},
        {"face-illegible", APPLICATION_FACE_ILLEGIBLE},
        {"face-changed", APPLICATION_FACE_CHANGED},
        {"province-changed", APPLICATION_PROVINCE_CHANGED},
        {"kind-changed", APPLICATION_KIND_CHANGED},
        {"other", APPLICATION_OTHER}, {NULL, 0}};
static const struct word actings[] = {{"self", ELIGIBILITY_SELF},
        {"guardian", ELIGIBILITY_GUARDIAN}, {"proxy", ELIGIBILITY_PROXY},
        {"home-visit", ELIGIBILITY_HOME_VISIT}, {NULL, 0}};
static const struct word events[] = {{"accept", APPLICATION_ACCEPT},
        {"return", APPLICATION_RETURN}, {"correct", APPLICATION_CORRECT},
        {"reject", APPLICATION_REJECT}, {"refer", APPLICATION_REFER},
        {"opinion-for", APPLICATION_OPINION_FOR},
        {"opinion-against", APPLICATION_OPINION_AGAINST},
        {"withdraw", APPLICATION_WITHDRAW}, {NULL, 0}};
static const struct word states[] = {{"in-review", APPLICATION_IN_REVIEW},
        {"returned", APPLICATION_RETURNED}, {"referred", APPLICATION_REFERRED},
        {"decided", APPLICATION_DECIDED}, {"queued", APPLICATION_QUEUED},
        {"made", APPLICATION_MADE}, {"handed-over", APPLICATION_HANDED_OVER},
        {"rejected", APPLICATION_REJECTED},
        {"withdrawn", APPLICATION_WITHDRAWN}, {NULL, 0}};

static int value_of(struct api_call *call, const struct word *words,
        const char *text, const char *member, int *ret)
{
	for (; words->text; words++) {
		if (text && strcmp(words->text, text) == 0) {
			*ret = words->value;
			return HUFU_OK;
		}
	}
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "unknown-word",
	        "字段 %s 的值无法识别，请对照接口说明。",
	        "Member %s has an unknown value; see the API description.",
	        member);
}

static const char *word_of(const struct word *words, int value)
{
	for (; words->text; words++)
		if (words->value == value)
			return words->text;
	return "";
}

/* A word among the body's members; the first word when it is absent. */
static int get_word(struct api_call *call, const char *member,
        const struct word *words, int *ret)
{
	const char *text = json_get_text(&call->in, member, 32, false);
	return value_of(call, words, text ? text : words[0].text, member, ret);
}

static int get_materials(struct api_call *call, uint32_t *ret)
{
	const struct policy *policy =
	        policy_book_at(call->services->policies, clock_today());
	json_t *list = json_get_array(
	        &call->in, "materials", POLICY_MATERIALS_MAX, false);
	*ret = 0;
	for (size_t i = 0; list && i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		unsigned n =
		        word && policy ? policy_find_material(policy, word) : 0;
		if (n == 0)
			return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
			        "unknown-material",
			        "第 %zu 项材料不在政策文件中。",
			        "Material no. %zu is not in the policy.",
			        i + 1);
		*ret |= 1u << n;
	}
	return HUFU_OK;
}

static void get_agent(struct api_call *call, struct application_agent *ret,
        struct json_reader *in)
{
	json_t *agent = json_get_object(&call->in, "agent", false);
	*in = (struct json_reader){0};
	if (!agent)
		return;
	json_reader_init(in, agent);
	ret->name = json_get_text(in, "name", PERSON_NAME_MAX, true);
	ret->id_number =
	        json_get_text(in, "id_number", PERSON_ID_NUMBER_LEN, true);
	ret->phone = json_get_text(in, "phone", PERSON_PHONE_MAX, false);
	ret->relation = json_get_text(in, "relation", 48, false);
}

static json_t *receipt_json(const struct application_receipt *receipt)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:I}", "id",
	        (json_int_t)receipt->id, "state",
	        word_of(states, (int)receipt->state), "state_zh",
	        application_state_zh(receipt->state), "state_en",
	        application_state_en(receipt->state), "log_index",
	        (json_int_t)receipt->log_index);
}

static int key_of(struct api_call *call, const char *hex,
        uint8_t key[APPLICATION_KEY_LEN])
{
	static const char digits[] = "0123456789abcdef";
	size_t len = hex ? strlen(hex) : 0;
	for (size_t i = 0; i < len; i++) {
		const char *at = strchr(digits, hex[i]);
		if (!at || len != 2 * APPLICATION_KEY_LEN)
			return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
			        "request-key",
			        "request_key 须为 32 位小写十六进制。",
			        "request_key must be 32 lower-case hex "
			        "digits.");
		key[i / 2] = (uint8_t)(key[i / 2] << 4 | (at - digits));
	}
	return HUFU_OK;
}

static int read_request(struct api_call *call,
        struct application_request *request, uint8_t *key)
{
	int kind = 0, reason = 0, ground = 0, acting = 0;
	struct json_reader agent = {0};
	request->id_number = json_get_text(
	        &call->in, "id_number", PERSON_ID_NUMBER_LEN, true);
	kind = (int)json_get_int(&call->in, "kind", 1, POLICY_KINDS_MAX, 0);
	request->area = json_get_text(&call->in, "area", AREA_CODE_MAX, true);
	request->delivery_area =
	        json_get_text(&call->in, "delivery_area", AREA_CODE_MAX, false);
	request->gravely_ill = json_get_bool(&call->in, "gravely_ill", false);
	request->habitual = json_get_bool(&call->in, "habitual", false);
	const char *hex = json_get_text(&call->in, "request_key", 32, false);
	get_agent(call, &request->agent, &agent);
	int r = get_word(call, "reason", reasons, &reason);
	if (r == HUFU_OK)
		r = get_word(call, "ground", grounds, &ground);
	if (r == HUFU_OK)
		r = get_word(call, "acting", actings, &acting);
	if (r == HUFU_OK)
		r = get_materials(call, &request->materials);
	if (r == HUFU_OK && agent.object)
		r = json_reader_done(&agent, &call->problem);
	if (r == HUFU_OK)
		r = key_of(call, hex, key);
	request->kind = (unsigned)kind;
	request->reason = (enum application_reason)reason;
	request->ground = (enum application_ground)ground;
	request->acting = (enum eligibility_acting)acting;
	request->request_key = hex ? key : NULL;
	request->entered_by = call->staff.id;
	return r;
}

static int read_photo(struct api_call *call, bool required, uint8_t **ret,
        struct span *ret_photo)
{
	size_t len = 0;
	int r = call_get_base64(call, "photo", 4 << 20, ret, &len);
	if (r == HUFU_OK)
		r = call_input_done(call);
	*ret_photo = span_of(*ret, len);
	if (r == HUFU_OK && (required || len > 0)) {
		r = photo_check(*ret_photo, &call->problem);
		/* its reasons are numbers of its own */
		r = r > 0 ? HUFU_ERR_ARGUMENT : r;
	}
	return r;
}

int api_apply(struct api_call *call)
{
	struct application_request request = {0};
	uint8_t key[APPLICATION_KEY_LEN] = {0};
	uint8_t *photo = NULL;
	int r = read_request(call, &request, key);
	if (r == HUFU_OK)
		r = read_photo(call, true, &photo, &request.photo);
	struct application_receipt receipt = {0};
	if (r == HUFU_OK)
		r = application_apply(call->services->issue, &request, &receipt,
		        &call->problem);
	free(photo);
	if (receipt.id)
		call->reply = receipt_json(&receipt);
	if (r == APPLICATION_REPEATED) {
		json_object_set_new(call->reply, "repeated", json_true());
		return HUFU_OK;
	}
	if (r == HUFU_OK)
		call->status = 201;
	return r;
}

int api_act_on_application(struct api_call *call)
{
	struct application_act act = {
	        .application = call->id, .staff = call->staff.id};
	uint8_t *photo = NULL;
	const char *event = json_get_text(&call->in, "event", 32, true);
	act.ground = json_get_text(&call->in, "ground", 32, false);
	act.field =
	        json_get_text(&call->in, "field", APPLICATION_FIELD_MAX, false);
	act.note =
	        json_get_text(&call->in, "note", APPLICATION_NOTE_MAX, false);
	act.value =
	        (uint32_t)json_get_int(&call->in, "value", 0, UINT32_MAX, 0);
	int number = 0;
	int r = call->in.error
	                ? call_input_done(call)
	                : value_of(call, events, event, "event", &number);
	if (r == HUFU_OK)
		r = read_photo(call, false, &photo, &act.photo);
	act.event = (enum application_event)number;
	struct application_receipt receipt = {0};
	if (r == HUFU_OK)
		r = application_act(
		        call->services->issue, &act, &receipt, &call->problem);
	free(photo);
	if (receipt.id)
		call->reply = receipt_json(&receipt);
	return r;
}

static json_t *application_json(const struct application *a)
{
	json_t *json = json_pack(
	        "{s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "id",
	        (json_int_t)a->id, "kind", (int)a->kind, "reason",
	        word_of(reasons, (int)a->reason), "acting",
	        word_of(actings, (int)a->acting), "state",
	        word_of(states, (int)a->state), "state_zh",
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
	int r = HUFU_OK;
	if (listing->filter.area)
		r = call_check_reach(tx, listing->call, listing->filter.area);
	else
		r = call_own_area(tx, listing->call, listing->own_area);
	if (r)
		return r;
	if (!listing->filter.area)
		listing->filter.area = listing->own_area;
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
	int r = state ? value_of(call, states, state, "state", &number)
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
		json_array_append_new(list, application_json(&listing.rows[i]));
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
};

static int read_dossier(struct store_tx *tx, void *arg)
{
	struct dossier *d = arg;
	int64_t id = d->call->id;
	int r = application_read(tx, id, &d->application);
	if (r == HUFU_OK)
		r = call_check_reach(tx, d->call, d->application.area);
	if (r == HUFU_OK)
		r = application_list_history(
		        tx, id, d->history, 64, &d->history_count);
	if (r == HUFU_OK)
		r = application_list_verdicts(
		        tx, id, d->verdicts, 16, &d->verdict_count);
	return r;
}

static json_t *dossier_json(const struct dossier *d)
{
	json_t *json = application_json(&d->application);
	json_t *history = json_array(), *verdicts = json_array();
	for (size_t i = 0; i < d->history_count; i++) {
		const struct application_history *h = &d->history[i];
		json_array_append_new(history,
		        json_pack("{s:I, s:I, s:s, s:I, s:s, s:s, s:s, s:I}",
		                "at", (json_int_t)h->at_s, "staff",
		                (json_int_t)h->staff, "event",
		                h->event ? word_of(events, (int)h->event)
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
	bytes_wipe(d, sizeof *d);
	free(d);
	return r;
}

static int read_stored_photo(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	struct application application;
	int r = application_read(tx, call->id, &application);
	if (r == HUFU_OK)
		r = call_check_reach(tx, call, application.area);
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
