#include "host/api/hand_over_intake.h"

#include <stdlib.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/api/word.h"

static const struct word collectors[] = {{"holder", HAND_OVER_HOLDER},
        {"guardian", HAND_OVER_GUARDIAN}, {"agent", HAND_OVER_AGENT},
        {NULL, 0}};
static const struct word signings[] = {
        {"paper", HAND_OVER_ON_PAPER}, {"drawn", HAND_OVER_DRAWN}, {NULL, 0}};

int hand_over_intake(struct api_call *call, struct hand_over *ret)
{
	json_t *collected = json_get_object(&call->in, "collected", false);
	struct json_reader in;
	int by = 0, how = 0;
	if (!collected)
		return HUFU_OK;
	json_reader_init(&in, collected);
	const char *by_text = json_get_text(&in, "by", 32, true);
	const char *how_text = json_get_text(&in, "signed", 32, true);
	ret->id_number =
	        json_get_text(&in, "id_number", PERSON_ID_NUMBER_LEN, true);
	ret->name = json_get_text(&in, "name", PERSON_NAME_MAX, false);
	ret->collector_id =
	        json_get_text(&in, "collector_id", PERSON_ID_NUMBER_LEN, false);
	ret->signature =
	        json_get_text(&in, "signature", HAND_OVER_SIGNATURE_MAX, false);
	int r = json_reader_done(&in, &call->problem);
	if (r == HUFU_OK)
		r = word_value(call, collectors, by_text, "by", &by);
	if (r == HUFU_OK)
		r = word_value(call, signings, how_text, "signed", &how);
	ret->collector = (enum hand_over_collector)by;
	ret->how = (enum hand_over_signed)how;
	return r;
}

struct look {
	struct api_call *call;
	struct hand_over_record record;
	struct staff by;
};

static int look_at_hand_over(struct store_tx *tx, void *arg)
{
	struct look *look = arg;
	struct api_call *call = look->call;
	struct card_record card;
	int r = card_book_read(tx, call->id, &card);
	r = sight_card(tx, call, r, &card);
	if (r)
		return r;
	r = hand_over_read(tx, call->id, &look->record);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&call->problem, HUFU_ERR_STATE,
		        "no-hand-over", "这张卡没有领取登记：还没有发放。",
		        "Nobody has signed for this card: it was not handed "
		        "over.");
	if (r == HUFU_OK)
		r = staff_find(tx, look->record.staff, &look->by);
	return r;
}

/* Who does casework sees whom he gave it to; an auditor sees it masked. */
static json_t *hand_over_json(struct look *look)
{
	struct hand_over_record *h = &look->record;
	bool all = look->call->roles & ROLES_CASE;
	char name[PERSON_NAME_MAX + 1], number[PERSON_ID_NUMBER_LEN + 1];
	person_mask_name(h->name, name);
	person_mask_id_number(h->collector_id, number);
	return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "by",
	        word_text(collectors, (int)h->collector), "signed",
	        word_text(signings, (int)h->how), "at", (json_int_t)h->at_s,
	        "staff", look->by.title, "name", all ? h->name : name,
	        "collector_id", all ? h->collector_id : number, "signature",
	        all ? h->signature : "");
}

int api_show_hand_over(struct api_call *call)
{
	struct look *look = calloc(1, sizeof *look);
	if (!look)
		return HUFU_ERR_MEMORY;
	look->call = call;
	int r = store_read(call->services->store, look_at_hand_over, look);
	if (r == HUFU_OK)
		call->reply = hand_over_json(look);
	bytes_wipe(look, sizeof *look);
	free(look);
	return r;
}
