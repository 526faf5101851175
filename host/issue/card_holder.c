#include "host/issue/card_holder.h"

#include "host/issue/card_row.h"
#include "host/issue/case_move.h"
#include "host/issue/job_end.h"

#define DEAD "holder-dead"

enum {
	IN_USE = 1u << CARD_HANDED_OVER | 1u << CARD_TEMPORARY_LOSS,
};

/* The card in use, or one suspended for a term: death has none. */
static int find(struct store_tx *tx, int64_t person, int64_t *ret_card)
{
	struct card_record c;
	int rc = card_row_find_of(tx, person, IN_USE, ret_card);

	if (rc < 0 || *ret_card != 0)
		return rc;
	rc = card_row_find_of(tx, person, 1u << CARD_SUSPENDED, ret_card);
	if (rc < 0 || *ret_card == 0)
		return rc;
	rc = card_book_read(tx, *ret_card, &c);
	if (rc == 0 && c.lift_at_s == 0)
		*ret_card = 0;
	return rc;
}

static int look_at_job(struct store_tx *tx, const struct application *a,
        struct card_holder_things *ret)
{
	struct job_row row;
	int64_t job = 0;

	int rc = job_row_find_of(tx, a->id, &job);
	if (rc == 0)
		rc = job_row_load(tx, job, &row);
	if (rc < 0)
		return rc;
	if (row.state == JOB_WAITING && row.lease_until_s == 0)
		ret->application = a->id;
	else
		ret->pending = a->card;
	return 0;
}

/* Before a station has it in hand it ends here and now. */
static int look_at_case(
        struct store_tx *tx, int64_t person, struct card_holder_things *ret)
{
	const struct application_filter filter = {.person = person};
	struct application a;
	size_t count = 0;
	int rc = application_list(tx, &filter, &a, 1, &count);

	if (rc < 0 || count == 0)
		return rc;
	if (a.state <= APPLICATION_REFERRED)
		ret->application = a.id;
	else if (a.state == APPLICATION_QUEUED)
		rc = look_at_job(tx, &a, ret);
	else
		ret->pending = a.card;
	return rc;
}

int card_holder_look(
        struct store_tx *tx, int64_t person, struct card_holder_things *ret)
{
	*ret = (struct card_holder_things){0};
	int rc = find(tx, person, &ret->card);

	return rc < 0 ? rc : look_at_case(tx, person, ret);
}

static int lapse(struct store_tx *tx, const struct card_holder_change *change,
        int64_t id)
{
	const struct case_push push = {
	        .application = id,
	        .event = APPLICATION_LAPSE,
	        .at_s = change->at_s,
	        .staff = change->staff,
	        .ground = DEAD,
	};
	const struct job_ending ending = {
	        .staff = change->staff,
	        .at_s = change->at_s,
	        .ground = DEAD,
	};
	struct application a;

	int rc = application_read(tx, id, &a);
	if (rc == 0 && a.state == APPLICATION_QUEUED)
		rc = job_end_case(tx, id, &ending);
	return rc < 0 ? rc : case_move_push(tx, &push, NULL);
}

int card_holder_changed(
        struct store_tx *tx, const struct card_holder_change *change)
{
	struct card_holder_things things;

	if (!change->facts->dead)
		return 0;
	int rc = card_holder_look(tx, change->person, &things);
	if (rc == 0 && things.application)
		rc = lapse(tx, change, things.application);
	if (rc < 0 || things.card == 0)
		return rc;
	const struct card_change suspend = {
	        .card = things.card,
	        .event = CARD_SUSPEND,
	        .staff = change->staff,
	        .at_s = change->at_s,
	        .ground = DEAD,
	};
	rc = card_row_change(tx, &suspend, NULL, NULL);
	return rc < 0 ? rc : 1;
}
