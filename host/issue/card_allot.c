#include "host/issue/card_allot.h"

#include <string.h>

#include "crypto/openssl/random.h"
#include "host/base/clock.h"
#include "host/issue/card_number.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job.h"
#include "host/issue/job_row.h"
#include "host/issue/refusal.h"
#include "host/issue/status_index.h"

enum {
	NEXT_SERIAL,
	NEXT_COUNTER,
	ADD_STATUS,
	ADD_CARD,
	STATEMENTS,
};

static const char *const sql[] = {
        [NEXT_SERIAL] = "INSERT INTO card_serial (area, year, last)"
                        " VALUES (?1, ?2, (SELECT serial_floor + 1"
                        " FROM issue_counter)) ON CONFLICT (area, year)"
                        " DO UPDATE SET last = 1 + max(last,"
                        " (SELECT serial_floor FROM issue_counter))"
                        " RETURNING last",
        [NEXT_COUNTER] = "UPDATE status_list SET counter = counter + 1"
                         " WHERE list = ?1 RETURNING counter - 1",
        [ADD_STATUS] = "INSERT OR IGNORE INTO status_entry (list, idx)"
                       " VALUES (?1, ?2)",
        [ADD_CARD] = "INSERT INTO card (application, round, person, number,"
                     " kind, area, phase, list, idx, making_key, log_index)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9, ?10)",
};
static const struct statements statements = {"card_allot", sql, STATEMENTS};

static int next_number(struct store_tx *tx, const struct card_allotment *a,
        char ret[CARD_NUMBER_LEN + 1], struct problem *p)
{
	struct card_number n = {.kind = a->application->kind};
	int64_t serial = 0;

	memcpy(n.area, a->application->area, sizeof(n.area) - 1);
	n.year = (uint32_t)clock_date_of(a->at_s).year % 100;
	struct query *q = query_begin(tx, &statements, NEXT_SERIAL);
	query_bind_text(q, 1, n.area);
	query_bind_int(q, 2, n.year);
	if (query_step(q) == STORE_ROW)
		serial = query_int(q, 0);
	int rc = refusal_of_constraint(tx, query_end(q), p);
	if (rc < 0)
		return rc;
	n.serial = (uint32_t)serial;
	return card_number_format(&n, ret);
}

static int next_counter(
        struct store_tx *tx, const struct issue *issue, uint32_t *ret)
{
	struct query *q = query_begin(tx, &statements, NEXT_COUNTER);
	int64_t counter = -1;

	query_bind_int(q, 1, issue->options.status_list);
	if (query_step(q) == STORE_ROW)
		counter = query_int(q, 0);
	int rc = query_end(q);
	if (rc < 0)
		return rc;
	if (counter < 0 || counter >> issue->options.status_bits)
		return HUFU_ERR_FULL;
	*ret = (uint32_t)counter;
	return 0;
}

/* Indices that a restore noted are taken already: go on to the next. */
static int next_index(struct store_tx *tx, const struct issue *issue,
        uint32_t *ret, struct problem *p)
{
	const struct issue_options *o = &issue->options;
	bool added = false;
	uint32_t counter = 0, index = 0;
	int rc = 0;

	while (rc == 0 && !added) {
		rc = next_counter(tx, issue, &counter);
		if (rc == 0)
			rc = status_index_permute(o->status_key, o->status_list,
			        o->status_bits, counter, &index);
		if (rc < 0)
			break;
		struct query *q = query_begin(tx, &statements, ADD_STATUS);
		query_bind_int(q, 1, o->status_list);
		query_bind_int(q, 2, index);
		rc = query_run(q);
		added = rc == 0 && store_tx_changes(tx) == 1;
	}
	if (rc == HUFU_ERR_FULL)
		return problem_set(p, rc, "status-list-full",
		        "状态列表的位置已用完，请管理员启用下一个列表。",
		        "The status list is full; the administrator must open "
		        "the next one.");
	if (rc == 0)
		*ret = index;
	return rc;
}

struct new_card {
	char number[CARD_NUMBER_LEN + 1];
	uint32_t index;
	uint8_t key[JOB_KEY_LEN];
	char can[CARD_CAN_LEN + 1];
};

static int add_card(struct store_tx *tx, const struct issue *issue,
        const struct card_allotment *a, const struct new_card *c,
        struct problem *p)
{
	struct query *q = query_begin(tx, &statements, ADD_CARD);

	query_bind_int(q, 1, a->application->id);
	query_bind_int(q, 2, a->round);
	query_bind_int(q, 3, a->application->person);
	query_bind_text(q, 4, c->number);
	query_bind_int(q, 5, a->application->kind);
	query_bind_text(q, 6, a->application->area);
	query_bind_int(q, 7, issue->options.status_list);
	query_bind_int(q, 8, c->index);
	query_bind_blob(q, 9, span_of(c->key, sizeof(c->key)));
	query_bind_int(q, 10, (int64_t)a->log_index);
	return refusal_of_constraint(tx, query_run(q), p);
}

int card_allot(struct store_tx *tx, const struct issue *issue,
        const struct card_allotment *allotment, int64_t *ret_card,
        struct problem *ret_problem)
{
	struct new_card c = {0};

	int rc = random_fill(c.key, sizeof(c.key));
	if (rc == 0)
		rc = random_digits(c.can, CARD_CAN_LEN);
	if (rc == 0)
		rc = next_number(tx, allotment, c.number, ret_problem);
	if (rc == 0)
		rc = next_index(tx, issue, &c.index, ret_problem);
	if (rc == 0)
		rc = add_card(tx, issue, allotment, &c, ret_problem);
	int64_t card = store_tx_last_id(tx);
	if (rc == 0)
		rc = job_row_put_fact(
		        tx, card, JOB_FACT_CAN, span_of(c.can, CARD_CAN_LEN));
	bytes_wipe(&c, sizeof(c));
	if (rc == 0)
		*ret_card = card;
	return rc;
}
