#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/issue/parcel.h"

enum { PARCELS_PAGE = 100 };

static const char *const states[PARCEL_STATES] = {
        "", "packed", "sent", "received", "unpacked"};

/* ---- as JSON ---- */

struct people {
	char packed[STAFF_LOGIN_MAX + 1];
	char sent[STAFF_LOGIN_MAX + 1];
	char received[STAFF_LOGIN_MAX + 1];
};

struct shown {
	struct parcel parcel;
	struct people people;
};

static int put_login(
        struct store_tx *tx, int64_t id, char ret[STAFF_LOGIN_MAX + 1])
{
	struct staff staff;
	int r = id ? staff_find(tx, id, &staff) : HUFU_ERR_NOT_FOUND;
	if (r == HUFU_OK)
		memcpy(ret, staff.login, sizeof staff.login);
	return r == HUFU_ERR_NOT_FOUND ? HUFU_OK : r;
}

static int name_people(struct store_tx *tx, struct shown *s)
{
	memset(&s->people, 0, sizeof s->people);
	int r = put_login(tx, s->parcel.packed_by, s->people.packed);
	if (r == HUFU_OK)
		r = put_login(tx, s->parcel.sent_by, s->people.sent);
	if (r == HUFU_OK)
		r = put_login(tx, s->parcel.received_by, s->people.received);
	return r;
}

static json_t *parcel_json(const struct shown *s)
{
	const struct parcel *p = &s->parcel;
	json_t *json = json_pack(
	        "{s:I, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "id",
	        (json_int_t)p->id, "area", p->area, "destination",
	        p->destination, "state", states[p->state], "ground", p->ground,
	        "difference", p->difference, "cards", (int)p->cards, "missing",
	        (int)p->missing, "surplus", (int)p->surplus);
	json_t *more = json_pack("{s:s, s:I, s:s, s:I, s:s, s:I}", "packed_by",
	        s->people.packed, "packed_at", (json_int_t)p->packed_at_s,
	        "sent_by", s->people.sent, "sent_at", (json_int_t)p->sent_at_s,
	        "received_by", s->people.received, "received_at",
	        (json_int_t)p->received_at_s);
	json_object_update(json, more);
	json_decref(more);
	return json;
}

static json_t *cards_json(const struct parcel_card *cards, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		const struct parcel_card *c = &cards[i];
		json_t *row = json_pack(
		        "{s:I, s:s, s:i, s:s, s:s, s:s, s:s, s:I, s:I}", "id",
		        (json_int_t)c->card, "number", c->number, "kind",
		        (int)c->kind, "area", c->area, "delivery_area",
		        c->delivery_area, "phase_zh", card_phase_zh(c->phase),
		        "phase_en", card_phase_en(c->phase), "made_at",
		        (json_int_t)c->made_at_s, "delivered_at",
		        (json_int_t)c->delivered_at_s);
		if (c->looked)
			json_object_set_new(
			        row, "found", json_boolean(c->found));
		json_array_append_new(list, row);
	}
	return list;
}

/* ---- lists ---- */

struct parcels_look {
	struct api_call *call;
	struct parcel_filter filter;
	struct parcel parcels[PARCELS_PAGE];
	struct shown rows[PARCELS_PAGE];
	size_t count;
	char own_area[AREA_CODE_MAX + 1];
};

static int look_at_parcels(struct store_tx *tx, void *arg)
{
	struct parcels_look *look = arg;
	int r = call_settle_area(
	        tx, look->call, &look->filter.area, look->own_area);
	if (r == HUFU_OK)
		r = parcel_list(tx, &look->filter, look->parcels, PARCELS_PAGE,
		        &look->count);
	for (size_t i = 0; r == HUFU_OK && i < look->count; i++) {
		look->rows[i].parcel = look->parcels[i];
		r = name_people(tx, &look->rows[i]);
	}
	return r;
}

static int read_state(struct api_call *call, enum parcel_state *ret)
{
	const char *word = call_query_text(call, "state");
	for (int i = 1; word && i < PARCEL_STATES; i++) {
		if (strcmp(word, states[i]) == 0) {
			*ret = (enum parcel_state)i;
			return HUFU_OK;
		}
	}
	if (!word)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "unknown-word",
	        "没有这种包裹状态。", "There is no such state of a parcel.");
}

int api_list_parcels(struct api_call *call)
{
	struct parcels_look *look = calloc(1, sizeof *look);
	if (!look)
		return HUFU_ERR_MEMORY;
	look->call = call;
	look->filter.area = call_query_text(call, "area");
	int r = read_state(call, &look->filter.state);
	if (r == HUFU_OK)
		r = call_query_number(call, "before", 0, &look->filter.before);
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_parcels, look);
	if (r == HUFU_OK) {
		json_t *list = json_array();
		for (size_t i = 0; i < look->count; i++)
			json_array_append_new(
			        list, parcel_json(&look->rows[i]));
		call->reply = json_pack("{s:o}", "parcels", list);
	}
	free(look);
	return r;
}

struct cards_look {
	struct api_call *call;
	bool uncollected;
	struct parcel_waiting waiting;
	struct parcel_card cards[PARCEL_CARDS_MAX];
	size_t count;
	char own_area[AREA_CODE_MAX + 1];
};

static int look_at_waiting(struct store_tx *tx, void *arg)
{
	struct cards_look *look = arg;
	int r = call_settle_area(
	        tx, look->call, &look->waiting.area, look->own_area);
	if (r)
		return r;
	return look->uncollected
	               ? parcel_list_uncollected(tx, &look->waiting,
	                         look->cards, PARCEL_CARDS_MAX, &look->count)
	               : parcel_list_ready(tx, &look->waiting, look->cards,
	                         PARCEL_CARDS_MAX, &look->count);
}

static int list_waiting(struct api_call *call, bool uncollected)
{
	struct cards_look *look = calloc(1, sizeof *look);
	if (!look)
		return HUFU_ERR_MEMORY;
	look->call = call;
	look->uncollected = uncollected;
	look->waiting.area = call_query_text(call, "area");
	int r = call_query_number(call, "after", 0, &look->waiting.after);
	if (r == HUFU_OK)
		r = parcel_uncollected_until(call->services->issue,
		        &look->waiting.until_s, &call->problem);
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_waiting, look);
	if (r == HUFU_OK)
		call->reply = json_pack("{s:o, s:I}", "cards",
		        cards_json(look->cards, look->count), "until",
		        (json_int_t)look->waiting.until_s);
	free(look);
	return r;
}

int api_list_ready(struct api_call *call)
{
	return list_waiting(call, false);
}

int api_list_uncollected(struct api_call *call)
{
	return list_waiting(call, true);
}

/* ---- one parcel ---- */

struct parcel_look {
	struct api_call *call;
	int64_t id;
	struct shown shown;
	struct parcel_card cards[PARCEL_CARDS_MAX];
	size_t count;
};

static int look_at_parcel(struct store_tx *tx, void *arg)
{
	struct parcel_look *look = arg;
	int r = sight_parcel(tx, look->call, look->id, &look->shown.parcel);
	if (r == HUFU_OK)
		r = name_people(tx, &look->shown);
	if (r == HUFU_OK)
		r = parcel_list_cards(tx, look->id, look->cards,
		        PARCEL_CARDS_MAX, &look->count);
	return r;
}

static int reply_with_parcel(struct api_call *call, int64_t id)
{
	struct parcel_look *look = calloc(1, sizeof *look);
	if (!look)
		return HUFU_ERR_MEMORY;
	look->call = call;
	look->id = id;
	int r = store_read(call->services->store, look_at_parcel, look);
	if (r == HUFU_OK) {
		call->reply = parcel_json(&look->shown);
		json_object_set_new(call->reply, "list",
		        cards_json(look->cards, look->count));
	}
	free(look);
	return r;
}

int api_show_parcel(struct api_call *call)
{
	return reply_with_parcel(call, call->id);
}

/* ---- acts ---- */

static int get_ids(struct api_call *call, const char *name, bool required,
        int64_t ret[PARCEL_CARDS_MAX], size_t *ret_count)
{
	json_t *list =
	        json_get_array(&call->in, name, PARCEL_CARDS_MAX, required);
	size_t n = list ? json_array_size(list) : 0;
	for (size_t i = 0; i < n; i++) {
		const json_t *item = json_array_get(list, i);
		ret[i] = json_integer_value(item);
		if (!json_is_integer(item) || ret[i] < 1)
			return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
			        "card-list", "清单上第 %zu 项不是卡的编号。",
			        "No. %zu of the list is not the id of a card.",
			        i + 1);
	}
	*ret_count = n;
	return HUFU_OK;
}

struct place {
	struct api_call *call;
	const char *area;
	char own_area[AREA_CODE_MAX + 1];
};

static int settle_place(struct store_tx *tx, void *arg)
{
	struct place *place = arg;
	return call_settle_area(tx, place->call, &place->area, place->own_area);
}

int api_pack_parcel(struct api_call *call)
{
	int64_t cards[PARCEL_CARDS_MAX];
	struct parcel_order order = {.cards = cards, .staff = call->staff.id};
	struct place place = {.call = call};
	struct parcel parcel = {0};
	place.area = json_get_text(&call->in, "area", AREA_CODE_MAX, false);
	order.destination =
	        json_get_text(&call->in, "destination", AREA_CODE_MAX, true);
	order.uncollected = json_get_bool(&call->in, "uncollected", false);
	int listed = get_ids(call, "cards", true, cards, &order.count);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = listed;
	if (r == HUFU_OK)
		r = store_read(call->services->store, settle_place, &place);
	if (r)
		return r;
	order.area = place.area;
	r = parcel_pack(call->services->issue, &order, &parcel, &call->problem);
	return r ? r : reply_with_parcel(call, parcel.id);
}

static int run_act(struct api_call *call, const char *event,
        const struct parcel_receipt *receipt)
{
	struct issue *issue = call->services->issue;
	struct parcel parcel;
	if (strcmp(event, "send") == 0)
		return parcel_send(issue, call->id, call->staff.id, &parcel,
		        &call->problem);
	if (strcmp(event, "unpack") == 0)
		return parcel_unpack(issue, call->id, call->staff.id, &parcel,
		        &call->problem);
	if (strcmp(event, "receive") == 0)
		return parcel_receive(issue, receipt, &parcel, &call->problem);
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "unknown-word",
	        "包裹业务须为 send、unpack 或 receive。",
	        "Acts on a parcel are send, unpack and receive.");
}

int api_act_on_parcel(struct api_call *call)
{
	int64_t missing[PARCEL_CARDS_MAX];
	struct parcel_receipt receipt = {.parcel = call->id,
	        .staff = call->staff.id,
	        .missing = missing};
	const char *event = json_get_text(&call->in, "event", 16, true);
	receipt.counted = (uint32_t)json_get_int(
	        &call->in, "count", 0, 2 * PARCEL_CARDS_MAX, 0);
	receipt.ground =
	        json_get_text(&call->in, "ground", CARD_GROUND_MAX, false);
	int listed = get_ids(
	        call, "missing", false, missing, &receipt.missing_count);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = listed;
	if (r == HUFU_OK)
		r = store_read(call->services->store, sight_check_parcel, call);
	if (r == HUFU_OK)
		r = run_act(call, event, &receipt);
	if (r == HUFU_OK)
		call_wake_lists(call);
	return r ? r : reply_with_parcel(call, call->id);
}
