#include "host/issue/parcel.h"

#include "host/base/area_code.h"
#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/parcel_row.h"
#include "host/issue/refusal.h"
#include "host/log/entry.h"
#include "host/staff/staff.h"

enum {
	RECEIVING_ROLES = 1 << STAFF_TOWNSHIP | 1 << STAFF_COUNTY_CENTRE,
	/* who makes the cards also sends them off */
	SENDING_ROLES = RECEIVING_ROLES | 1 << STAFF_PERSONALISER,
};

struct moving {
	struct issue *issue;
	int64_t id; /* of the parcel; 0: yet to be packed */
	int64_t staff;
	int64_t at_s;
	const struct parcel_order *order;
	const struct parcel_receipt *receipt;
	struct parcel parcel; /* before, then after */
	struct problem *problem;
};

static int finish(struct moving *m, store_work work, struct parcel *ret)
{
	m->at_s = issue_now_s(m->issue);
	if (m->problem)
		m->problem->code = 0;
	int rc = store_write(m->issue->options.store, work, m);
	if (rc < 0)
		return refusal_finish(rc, m->problem);
	*ret = m->parcel;
	return 0;
}

static int read_parcel(
        struct store_tx *tx, struct moving *m, enum parcel_state state)
{
	int rc = parcel_read(tx, m->id, &m->parcel);

	if (rc == HUFU_ERR_NOT_FOUND)
		return problem_set(m->problem, rc, "no-parcel",
		        "没有这个包裹，请核对编号。",
		        "There is no such parcel; check its number.");
	if (rc == 0 && m->parcel.state != state)
		return problem_set(m->problem, HUFU_ERR_STATE, "parcel-state",
		        "这个包裹已经办过这一步，请刷新后再看。",
		        "This parcel has moved on already; refresh and look "
		        "again.");
	return rc;
}

/* ---- packing ---- */

int parcel_uncollected_until(
        struct issue *issue, int64_t *ret_s, struct problem *ret_problem)
{
	const struct policy *policy = NULL;
	struct date today = clock_date_of(issue_now_s(issue));
	int rc = issue_policy_today(issue, &policy, ret_problem);

	if (rc == 0)
		*ret_s = clock_start_of(date_add_months(
		        today, -(int)policy->unreachable_months));
	return rc;
}

static int check_reach(struct store_tx *tx, const struct moving *m,
        const struct card_record *card, const char *delivery_area)
{
	int rc = staff_check_any(
	        tx, m->staff, SENDING_ROLES, delivery_area, NULL);

	if (rc == HUFU_ERR_DENIED)
		rc = staff_check_any(
		        tx, m->staff, SENDING_ROLES, card->area, NULL);
	return rc == HUFU_ERR_DENIED ? refusal_no_card(m->problem) : rc;
}

static int check_uncollected(
        struct store_tx *tx, const struct moving *m, int64_t card)
{
	int64_t until_s = 0;
	bool waits = false;

	int rc = parcel_uncollected_until(m->issue, &until_s, m->problem);
	if (rc == 0)
		rc = parcel_row_is_uncollected(tx, card, until_s, &waits);
	if (rc == 0 && !waits)
		return problem_set(m->problem, HUFU_ERR_STATE,
		        "not-uncollected",
		        "只有逾期未领的卡可以上交，请从未领名单中选。",
		        "Only cards that nobody collected in time go up; "
		        "choose from that list.");
	return rc;
}

static int put_card(struct store_tx *tx, const struct moving *m, int64_t id)
{
	struct card_record card;
	struct application application;

	int rc = card_book_read(tx, id, &card);
	if (rc == HUFU_ERR_NOT_FOUND)
		return refusal_no_card(m->problem);
	if (rc == 0)
		rc = application_read(tx, card.application, &application);
	if (rc == 0)
		rc = check_reach(tx, m, &card, application.delivery_area);
	if (rc < 0)
		return rc;
	if (card.phase != CARD_MADE && card.phase != CARD_DELIVERED)
		return refusal_of_card(card.phase, m->problem);
	if (!area_code_within(application.delivery_area, m->parcel.destination))
		return problem_set(m->problem, HUFU_ERR_ARGUMENT,
		        "parcel-destination",
		        "卡 %s 不在 %s 领取，请另装一个包裹。",
		        "Card %s is not collected in %s; put it in another "
		        "parcel.",
		        card.number, m->parcel.destination);
	if (m->order->uncollected)
		rc = check_uncollected(tx, m, id);
	if (rc == 0)
		rc = parcel_row_put_card(tx, m->parcel.id, id, m->problem);
	return rc;
}

static int pack_work(struct store_tx *tx, void *arg)
{
	struct moving *m = arg;
	const struct parcel_order *order = m->order;

	m->parcel = (struct parcel){
	        .state = PARCEL_PACKED,
	        .cards = (uint32_t)order->count,
	        .packed_by = m->staff,
	        .packed_at_s = m->at_s,
	};
	issue_copy_text(m->parcel.area, sizeof(m->parcel.area), order->area);
	issue_copy_text(m->parcel.destination, sizeof(m->parcel.destination),
	        order->destination);
	if (order->uncollected)
		issue_copy_text(m->parcel.ground, sizeof(m->parcel.ground),
		        PARCEL_UNCOLLECTED);
	int rc = staff_check_any(
	        tx, m->staff, SENDING_ROLES, order->area, m->problem);
	if (rc == 0)
		rc = parcel_row_add(tx, &m->parcel, m->problem);
	for (size_t i = 0; rc == 0 && i < order->count; i++)
		rc = put_card(tx, m, order->cards[i]);
	return rc;
}

static int check_order(const struct parcel_order *order, struct problem *p)
{
	if (order->count == 0 || order->count > PARCEL_CARDS_MAX)
		return problem_set(p, HUFU_ERR_ARGUMENT, "parcel-size",
		        "一个包裹装 1 到 %d 张卡，请改正。",
		        "A parcel holds 1 to %d cards; correct it.",
		        PARCEL_CARDS_MAX);
	if (area_code_level(order->area) < AREA_COUNTY ||
	        area_code_level(order->destination) < AREA_COUNTY)
		return problem_set(p, HUFU_ERR_ARGUMENT, "parcel-place",
		        "包裹在县级服务中心和服务站之间寄送，请填其区划代码。",
		        "Parcels go between county centres and stations; give "
		        "their area codes.");
	if (order->uncollected && area_code_level(order->destination) >=
	                                  area_code_level(order->area))
		return problem_set(p, HUFU_ERR_ARGUMENT, "parcel-upward",
		        "逾期未领的卡只能上交上级，请改正目的地。",
		        "Cards that nobody collected go up a level; correct "
		        "the destination.");
	return 0;
}

int parcel_pack(struct issue *issue, const struct parcel_order *order,
        struct parcel *ret, struct problem *ret_problem)
{
	struct moving m = {
	        .issue = issue,
	        .staff = order->staff,
	        .order = order,
	        .problem = ret_problem,
	};

	int rc = check_order(order, ret_problem);
	return rc < 0 ? rc : finish(&m, pack_work, ret);
}

/* ---- sending ---- */

struct contents {
	struct parcel_card cards[PARCEL_CARDS_MAX];
	size_t count;
};

static int change_card(struct store_tx *tx, const struct moving *m,
        int64_t card, enum card_event event)
{
	bool sends = event == CARD_SEND;
	const struct card_change change = {
	        .card = card,
	        .event = event,
	        .staff = m->staff,
	        .at_s = m->at_s,
	        .ground = sends ? m->parcel.ground : NULL,
	};

	return card_row_change(tx, &change, NULL, m->problem);
}

static int send_work(struct store_tx *tx, void *arg)
{
	struct moving *m = arg;
	struct contents in;

	int rc = read_parcel(tx, m, PARCEL_PACKED);
	if (rc == 0)
		rc = staff_check_any(tx, m->staff, SENDING_ROLES,
		        m->parcel.area, m->problem);
	if (rc == 0)
		rc = parcel_list_cards(
		        tx, m->id, in.cards, PARCEL_CARDS_MAX, &in.count);
	if (rc < 0)
		return rc;
	m->parcel.state = PARCEL_SENT;
	m->parcel.sent_by = m->staff;
	m->parcel.sent_at_s = m->at_s;
	rc = parcel_row_change(tx, PARCEL_PACKED, &m->parcel, m->problem);
	for (size_t i = 0; rc == 0 && i < in.count; i++)
		rc = change_card(tx, m, in.cards[i].card, CARD_SEND);
	return rc;
}

int parcel_send(struct issue *issue, int64_t parcel, int64_t staff,
        struct parcel *ret, struct problem *ret_problem)
{
	struct moving m = {
	        .issue = issue,
	        .id = parcel,
	        .staff = staff,
	        .problem = ret_problem,
	};

	return finish(&m, send_work, ret);
}

static int unpack_work(struct store_tx *tx, void *arg)
{
	struct moving *m = arg;

	int rc = read_parcel(tx, m, PARCEL_PACKED);
	if (rc == 0)
		rc = staff_check_any(tx, m->staff, SENDING_ROLES,
		        m->parcel.area, m->problem);
	if (rc < 0)
		return rc;
	m->parcel.state = PARCEL_UNPACKED;
	return parcel_row_change(tx, PARCEL_PACKED, &m->parcel, m->problem);
}

int parcel_unpack(struct issue *issue, int64_t parcel, int64_t staff,
        struct parcel *ret, struct problem *ret_problem)
{
	struct moving m = {
	        .issue = issue,
	        .id = parcel,
	        .staff = staff,
	        .problem = ret_problem,
	};

	return finish(&m, unpack_work, ret);
}

/* ---- signing for ---- */

static bool is_missing(const struct parcel_receipt *receipt, int64_t card)
{
	for (size_t i = 0; i < receipt->missing_count; i++)
		if (receipt->missing[i] == card)
			return true;
	return false;
}

/* Every card named as missing is on the list, and the count agrees. */
static int compare(const struct moving *m, const struct contents *in,
        uint32_t *ret_missing)
{
	const struct parcel_receipt *receipt = m->receipt;
	uint32_t missing = 0;

	for (size_t i = 0; i < in->count; i++)
		missing += is_missing(receipt, in->cards[i].card);
	if (missing != receipt->missing_count)
		return problem_set(m->problem, HUFU_ERR_ARGUMENT,
		        "parcel-missing",
		        "标为短少的卡不在这个包裹的清单上，请逐张核对。",
		        "A card said to be missing is not on this parcel's "
		        "list; check them one by one.");
	if (receipt->counted < in->count - missing)
		return problem_set(m->problem, HUFU_ERR_ARGUMENT,
		        "parcel-count",
		        "清点 %u 张，清单除短少外有 %u 张：请重新清点，"
		        "并标出短少的卡。",
		        "You counted %u cards and the list has %u besides "
		        "those missing: count again and mark what is missing.",
		        receipt->counted, (unsigned)in->count - missing);
	*ret_missing = missing;
	return 0;
}

static int log_difference(struct store_tx *tx, const struct moving *m,
        const struct parcel_card *missing)
{
	const struct entry e = {
	        .type = missing ? LOG_PARCEL_MISSING : LOG_PARCEL_SURPLUS,
	        .at_s = m->at_s,
	        .area = missing ? missing->area : m->parcel.destination,
	        .ground = m->receipt->ground,
	        .kind = missing ? missing->kind : 0,
	        .count = m->parcel.surplus,
	        .counted = !missing,
	        .card = missing ? missing->number : NULL,
	        .actor = m->staff,
	};
	uint64_t index;

	return entry_append(tx, &e, &index);
}

/* A card that was revoked or cancelled on the way is found as plastic. */
static int take_card(struct store_tx *tx, const struct moving *m,
        const struct parcel_card *card)
{
	bool found = !is_missing(m->receipt, card->card);

	int rc = parcel_row_set_found(tx, m->id, card->card, found);
	if (rc < 0)
		return rc;
	if (!found)
		return log_difference(tx, m, card);
	if (card->phase != CARD_IN_TRANSIT)
		return 0;
	return change_card(tx, m, card->card, CARD_RECEIVE);
}

static int check_signer(struct store_tx *tx, const struct moving *m)
{
	int rc = staff_check_any(tx, m->staff, RECEIVING_ROLES,
	        m->parcel.destination, m->problem);

	if (rc == 0 && m->staff == m->parcel.sent_by)
		return problem_set(m->problem, HUFU_ERR_DENIED,
		        "parcel-two-people",
		        "寄出包裹的人不能签收它，请换一位工作人员清点签收。",
		        "Whoever sent a parcel does not sign for it; ask a "
		        "colleague to count and sign.");
	return rc;
}

static int sign_for(struct store_tx *tx, struct moving *m,
        const struct contents *in, uint32_t missing)
{
	struct parcel *p = &m->parcel;
	uint32_t surplus = m->receipt->counted - (p->cards - missing);

	if ((missing > 0 || surplus > 0) &&
	        (!m->receipt->ground ||
	                !entry_ground_is_valid(m->receipt->ground)))
		return refusal_no_ground(m->problem);
	p->state = PARCEL_RECEIVED;
	p->received_by = m->staff;
	p->received_at_s = m->at_s;
	p->missing = missing;
	p->surplus = surplus;
	if (missing > 0 || surplus > 0)
		issue_copy_text(p->difference, sizeof(p->difference),
		        m->receipt->ground);
	int rc = parcel_row_change(tx, PARCEL_SENT, p, m->problem);
	for (size_t i = 0; rc == 0 && i < in->count; i++)
		rc = take_card(tx, m, &in->cards[i]);
	if (rc == 0 && surplus > 0)
		rc = log_difference(tx, m, NULL);
	return rc;
}

static int receive_work(struct store_tx *tx, void *arg)
{
	struct moving *m = arg;
	struct contents in;
	uint32_t missing = 0;

	int rc = read_parcel(tx, m, PARCEL_SENT);
	if (rc == 0)
		rc = check_signer(tx, m);
	if (rc == 0)
		rc = parcel_list_cards(
		        tx, m->id, in.cards, PARCEL_CARDS_MAX, &in.count);
	if (rc == 0)
		rc = compare(m, &in, &missing);
	if (rc == 0)
		rc = sign_for(tx, m, &in, missing);
	return rc;
}

int parcel_receive(struct issue *issue, const struct parcel_receipt *receipt,
        struct parcel *ret, struct problem *ret_problem)
{
	struct moving m = {
	        .issue = issue,
	        .id = receipt->parcel,
	        .staff = receipt->staff,
	        .receipt = receipt,
	        .problem = ret_problem,
	};

	return finish(&m, receive_work, ret);
}
