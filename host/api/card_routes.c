#include <stdlib.h>
#include <string.h>

#include "host/api/hand_over_intake.h"
#include "host/api/proposal.h"
#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/issue/card_unrecorded.h"
#include "host/log/proof.h"

static const struct {
	const char *word;
	enum card_event event;
} card_events[] = {{"send", CARD_SEND}, {"receive", CARD_RECEIVE},
        {"hand-over", CARD_HAND_OVER}, {"lose-temporary", CARD_LOSE_TEMPORARY},
        {"lose-formal", CARD_LOSE_FORMAL}, {"find", CARD_FIND},
        {"suspend", CARD_SUSPEND}, {"resume", CARD_RESUME},
        {"revoke", CARD_REVOKE}, {"withdraw", CARD_WITHDRAW},
        {"cancel", CARD_CANCEL}, {"confirm", CARD_CONFIRM},
        {"reject", CARD_REJECT}};

static const char *const phases[CARD_PHASES] = {"", "reserved", "made",
        "in-transit", "delivered", "handed-over", "temporary-loss", "suspended",
        "lost", "replaced", "withdrawn", "cancelled", "expired", "spoiled",
        "unresolved"};

static const char *const statuses[] = {"valid", "invalid", "suspended"};

static json_t *card_json(const struct card_record *c)
{
	json_t *json = json_pack(
	        "{s:I, s:I, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "id",
	        (json_int_t)c->id, "application", (json_int_t)c->application,
	        "number", c->number, "kind", (int)c->kind, "area", c->area,
	        "phase", phases[c->phase], "phase_zh", card_phase_zh(c->phase),
	        "phase_en", card_phase_en(c->phase), "status",
	        statuses[card_book_status(c->phase)], "status_list",
	        (json_int_t)c->status_list, "status_index",
	        (json_int_t)c->status_index);
	json_t *more = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:I}",
	        "valid_from", c->valid_from, "valid_to", c->valid_to, "made_at",
	        (json_int_t)c->made_at_s, "handed_over_at",
	        (json_int_t)c->handed_over_at_s, "ended_at",
	        (json_int_t)c->ended_at_s, "lift_at", (json_int_t)c->lift_at_s,
	        "ground", c->ground, "log_index", (json_int_t)c->log_index);
	json_object_update(json, more);
	json_decref(more);
	return json;
}

static json_t *unrecorded_json(const struct card_unrecorded *c)
{
	char reference[24];
	(void)snprintf(reference, sizeof reference, "%u/%u", c->status_list,
	        c->status_index);
	bool open = c->settled_at_s == 0;
	return json_pack("{s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:i, s:s, s:I, "
	                 "s:b, s:s}",
	        "reference", reference, "status_list",
	        (json_int_t)c->status_list, "status_index",
	        (json_int_t)c->status_index, "status",
	        statuses[open ? CARD_STATUS_SUSPENDED : CARD_STATUS_INVALID],
	        "area", c->area, "log_index", (json_int_t)c->log_index,
	        "signed_at", (json_int_t)c->at_s, "kind", (int)c->kind,
	        "ground", c->ground, "settled_at", (json_int_t)c->settled_at_s,
	        "surrendered", c->surrendered, "phase",
	        open ? "unresolved" : "withdrawn");
}

struct card_listing {
	struct api_call *call;
	struct card_filter filter;
	struct card_record *rows;
	size_t count;
	struct card_unrecorded *unrecorded; /* when asked for unresolved */
	size_t unrecorded_count;
	char own_area[AREA_CODE_MAX + 1];
};

static int list_cards(struct store_tx *tx, void *arg)
{
	struct card_listing *listing = arg;
	int r = call_settle_area(
	        tx, listing->call, &listing->filter.area, listing->own_area);
	if (r)
		return r;
	r = card_book_list(tx, &listing->filter, listing->rows, API_LIST_MAX,
	        &listing->count);
	if (r == HUFU_OK && listing->unrecorded)
		r = card_unrecorded_list(tx, listing->filter.area,
		        listing->unrecorded, API_LIST_MAX,
		        &listing->unrecorded_count);
	return r;
}

/* Cards without a row have no id to go on from: first page only. */
static int read_cards(struct card_listing *listing)
{
	struct api_call *call = listing->call;
	bool unrecorded = listing->filter.phase == CARD_UNRESOLVED &&
	                  listing->filter.after == 0;
	listing->rows = calloc(API_LIST_MAX, sizeof *listing->rows);
	if (unrecorded)
		listing->unrecorded =
		        calloc(API_LIST_MAX, sizeof *listing->unrecorded);
	if (!listing->rows || (unrecorded && !listing->unrecorded))
		return HUFU_ERR_MEMORY;
	int r = store_read(call->services->store, list_cards, listing);
	if (r)
		return r;
	json_t *list = json_array(), *without = json_array();
	for (size_t i = 0; i < listing->count; i++)
		json_array_append_new(list, card_json(&listing->rows[i]));
	for (size_t i = 0; i < listing->unrecorded_count; i++)
		json_array_append_new(
		        without, unrecorded_json(&listing->unrecorded[i]));
	call->reply = json_pack("{s:o}", "cards", list);
	if (unrecorded)
		json_object_set(call->reply, "unrecorded", without);
	json_decref(without);
	return HUFU_OK;
}

int api_list_cards(struct api_call *call)
{
	struct card_listing listing = {.call = call};
	const char *phase = call_query_text(call, "phase");
	const char *area = call_query_text(call, "area");
	for (int i = 1; phase && i < CARD_PHASES; i++)
		if (strcmp(phase, phases[i]) == 0)
			listing.filter.phase = (enum card_phase)i;
	if (phase && !listing.filter.phase)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word", "没有这种卡片状态。",
		        "There is no such state of a card.");
	listing.filter.area = area;
	int r = call_query_number(call, "after", 0, &listing.filter.after);
	if (r)
		return r;
	r = read_cards(&listing);
	free(listing.rows);
	free(listing.unrecorded);
	return r;
}

struct card_look {
	struct api_call *call;
	const char *number; /* or NULL: by id */
	struct card_record card;
};

static int look_at_card(struct store_tx *tx, void *arg)
{
	struct card_look *look = arg;
	int r = look->number ? card_book_find(tx, look->number, &look->card)
	                     : card_book_read(tx, look->call->id, &look->card);
	return sight_card(tx, look->call, r, &look->card);
}

int api_find_card(struct api_call *call)
{
	struct card_look look = {.call = call};
	look.number = json_get_text(&call->in, "number", CARD_NUMBER_LEN, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = store_read(call->services->store, look_at_card, &look);
	if (r == HUFU_OK)
		call->reply = card_json(&look.card);
	return r;
}

int api_show_card(struct api_call *call)
{
	struct card_look look = {.call = call};
	int r = store_read(call->services->store, look_at_card, &look);
	if (r == HUFU_OK)
		call->reply = card_json(&look.card);
	return r;
}

int api_act_on_card(struct api_call *call)
{
	struct card_act act = {.card = call->id, .staff = call->staff.id};
	struct hand_over collected = {0};
	const char *event = json_get_text(&call->in, "event", 32, true);
	act.ground = json_get_text(&call->in, "ground", CARD_GROUND_MAX, false);
	act.days = json_get_int(&call->in, "days", 1, 60, 0);
	act.until = json_get_date(&call->in, "until", false);
	int r = hand_over_intake(call, &collected);
	act.hand_over = &collected;
	if (r == HUFU_OK)
		r = call_input_done(call);
	if (r)
		return r;
	for (size_t i = 0; i < sizeof card_events / sizeof *card_events; i++)
		if (strcmp(card_events[i].word, event) == 0)
			act.event = card_events[i].event;
	if (!act.event)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word", "没有这种卡片业务。",
		        "There is no such event of a card.");
	struct card_look look = {.call = call};
	r = store_read(call->services->store, look_at_card, &look);
	if (r)
		return r;
	struct card_record card = {0};
	r = card_book_act(call->services->issue, &act, &card, &call->problem);
	if (r == HUFU_OK) {
		call_wake_lists(call);
		call->reply = card_json(&card);
	}
	return r;
}

static void read_unrecorded(
        struct json_reader *in, struct card_unrecorded_act *ret)
{
	ret->status_list =
	        (uint32_t)json_get_int(in, "status_list", 0, UINT32_MAX, 0);
	ret->status_index =
	        (uint32_t)json_get_int(in, "status_index", 0, UINT32_MAX, 0);
	const char *event = json_get_text(in, "event", 32, true);
	ret->ground = json_get_text(in, "ground", CARD_GROUND_MAX, true);
	for (size_t i = 0; i < sizeof card_events / sizeof *card_events; i++)
		if (event && strcmp(card_events[i].word, event) == 0)
			ret->event = card_events[i].event;
}

int api_settle_unrecorded(struct api_call *call)
{
	struct card_unrecorded_act act = {.staff = call->staff.id};
	struct witness_proposal proposal = {0};
	read_unrecorded(&call->in, &act);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = sight_check_unrecorded(
		        call, act.status_list, act.status_index);
	if (r == HUFU_OK)
		r = proposal_set_body(&proposal, call->json);
	if (r == HUFU_OK)
		r = card_unrecorded_propose(
		        call->services->issue, &act, &proposal, &call->problem);
	if (r == HUFU_OK)
		proposal_answer(call, &proposal);
	return r;
}

int unrecorded_act_confirmed(struct api_call *call,
        const struct witness_proposal *proposal, struct json_reader *in)
{
	struct card_unrecorded_act act = {.staff = proposal->proposer,
	        .witness = call->staff.id,
	        .proposal = proposal->id};
	struct card_unrecorded card = {0};
	read_unrecorded(in, &act);
	int r = json_reader_done(in, &call->problem);
	if (r == HUFU_OK)
		r = card_unrecorded_settle(
		        call->services->issue, &act, &card, &call->problem);
	if (r == HUFU_OK) {
		call_wake_lists(call);
		call->reply = unrecorded_json(&card);
	}
	return r;
}

int api_prove_card(struct api_call *call)
{
	struct card_look look = {.call = call};
	int r = store_read(call->services->store, look_at_card, &look);
	if (r)
		return r;
	if (look.card.signed_index == 0)
		return problem_set(&call->problem, HUFU_ERR_STATE, "not-signed",
		        "这张卡还没有签发，没有存证。",
		        "This card has not been signed; there is no proof.");
	uint8_t entry[LOG_ENTRY_MAX];
	struct writer w;
	writer_init(&w, entry, sizeof entry);
	struct log_proof proof;
	r = log_proof_make(
	        call->services->log, look.card.signed_index, &proof, &w);
	if (r)
		return r;
	call->raw = malloc(LOG_PROOF_TEXT_MAX);
	if (!call->raw)
		return HUFU_ERR_MEMORY;
	call->raw_type = "text/plain; charset=utf-8";
	struct writer text;
	writer_init(&text, call->raw, LOG_PROOF_TEXT_MAX);
	log_proof_encode(&text, &proof);
	call->raw_len = text.len;
	return text.error;
}
