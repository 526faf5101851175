#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/photo_intake.h"
#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/api/word.h"
#include "host/base/clock.h"
#include "host/issue/application.h"
#include "host/issue/returned.h"
#include "host/person/person.h"

/* A word among the body's members; the first word when it is absent. */
static int get_word(struct api_call *call, const char *member,
        const struct word *words, int *ret)
{
	const char *text = json_get_text(&call->in, member, 32, false);
	return word_value(
	        call, words, text ? text : words[0].text, member, ret);
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
	        word_text(application_states, (int)receipt->state), "state_zh",
	        application_state_zh(receipt->state), "state_en",
	        application_state_en(receipt->state), "log_index",
	        (json_int_t)receipt->log_index);
}

static int key_of(struct api_call *call, const char *hex,
        uint8_t key[APPLICATION_KEY_LEN])
{
	static const char digits[] = "0123456789abcdef";
	size_t len = hex ? strlen(hex) : 0;
	for (size_t i = 0; hex && i < 2 * APPLICATION_KEY_LEN; i++) {
		const char *at = i < len ? strchr(digits, hex[i]) : NULL;
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
	int r = get_word(call, "reason", application_reasons, &reason);
	if (r == HUFU_OK)
		r = get_word(call, "ground", application_grounds, &ground);
	if (r == HUFU_OK)
		r = get_word(call, "acting", application_actings, &acting);
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

static struct application_override photo_override_of(
        const struct photo_intake *photo)
{
	return (struct application_override){
	        photo->fault ? photo->override : NULL, photo->fault};
}

struct entering {
	struct api_call *call;
	const char *area;
};

/* Foreign bytes are looked at for those alone who may hand them in. */
static int check_entering(struct store_tx *tx, void *arg)
{
	const struct entering *in = arg;
	return staff_check_any(tx, in->call->staff.id, ROLES_DESK, in->area,
	        &in->call->problem);
}

int api_apply(struct api_call *call)
{
	struct application_request request = {0};
	uint8_t key[APPLICATION_KEY_LEN] = {0};
	struct photo_intake photo = {0};
	int r = read_request(call, &request, key);
	struct entering entering = {call, request.area};
	if (r == HUFU_OK && request.area)
		r = store_read(
		        call->services->store, check_entering, &entering);
	if (r == HUFU_OK)
		r = photo_intake_read(call, true, &photo);
	request.photo = photo.photo;
	request.photo_override = photo_override_of(&photo);
	struct application_receipt receipt = {0};
	if (r == HUFU_OK)
		r = application_apply(call->services->issue, &request, &receipt,
		        &call->problem);
	photo_intake_done(&photo);
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

/* `fields`, each with its ground, as the row keeps them. */
static int read_fields(struct api_call *call, struct returned *ret)
{
	char text[APPLICATION_FIELD_MAX + 1] = "";
	size_t len = 0;
	json_t *list =
	        json_get_array(&call->in, "fields", RETURNED_FIELDS, false);
	for (size_t i = 0; list && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *field =
		        json_string_value(json_object_get(item, "field"));
		const char *ground =
		        json_string_value(json_object_get(item, "ground"));
		int n = snprintf(text + len, sizeof text - len, "%s%s%s%s",
		        i ? "," : "", field ? field : "?", ground ? ":" : "",
		        ground ? ground : "");
		if (n < 0 || (size_t)n >= sizeof text - len)
			return HUFU_ERR_ARGUMENT;
		len += (size_t)n;
	}
	if (returned_parse(text, ret) == HUFU_OK)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "return-field",
	        "可以退回更正的有卡种、材料、照片和其他，每项一次。",
	        "What can be returned is kind, materials, photo and other, "
	        "each once.");
}

struct returning {
	struct returned returned;
	char fields[APPLICATION_FIELD_MAX + 1];
};

/* What is to be corrected, or how it is: one field by `field` and `value`,
 * or several by `fields`, `kind` and `materials`. */
static int read_return(struct api_call *call, struct application_act *act,
        struct returning *ret)
{
	act->field =
	        json_get_text(&call->in, "field", APPLICATION_FIELD_MAX, false);
	act->materials =
	        (uint32_t)json_get_int(&call->in, "value", 0, UINT32_MAX, 0);
	act->kind = act->materials;
	int r = read_fields(call, &ret->returned);
	if (r || returned_is_empty(&ret->returned))
		return r;
	returned_format(&ret->returned, ret->fields);
	act->field = ret->fields;
	if (!act->ground)
		act->ground = returned_ground(&ret->returned);
	act->kind = (unsigned)json_get_int(
	        &call->in, "kind", 1, POLICY_KINDS_MAX, 0);
	return get_materials(call, &act->materials);
}

int api_act_on_application(struct api_call *call)
{
	struct application_act act = {
	        .application = call->id, .staff = call->staff.id};
	struct photo_intake photo = {0};
	const char *event = json_get_text(&call->in, "event", 32, true);
	act.ground = json_get_text(&call->in, "ground", 32, false);
	act.note =
	        json_get_text(&call->in, "note", APPLICATION_NOTE_MAX, false);
	struct returning returning = {0};
	int number = 0;
	int r = read_return(call, &act, &returning);
	if (r == HUFU_OK)
		r = call->in.error ? call_input_done(call)
		                   : word_value(call, application_events, event,
		                             "event", &number);
	if (r == HUFU_OK)
		r = store_read(
		        call->services->store, sight_check_application, call);
	if (r == HUFU_OK)
		r = photo_intake_read(call, false, &photo);
	act.photo = photo.photo;
	act.photo_override = photo_override_of(&photo);
	act.event = (enum application_event)number;
	struct application_receipt receipt = {0};
	if (r == HUFU_OK)
		r = application_act(
		        call->services->issue, &act, &receipt, &call->problem);
	photo_intake_done(&photo);
	if (receipt.id)
		call->reply = receipt_json(&receipt);
	return r;
}
