/*
 * The rows behind the queue: jobs by lease, and the facts of a round. All
 * inside the caller's transaction.
 */
#ifndef HOST_JOB_ROW_H
#define HOST_JOB_ROW_H

#include "host/issue/application.h"
#include "host/issue/job.h"

/* A job with all that its steps need. */
struct job_row {
	int64_t id;
	int64_t application;
	int64_t card;
	int64_t blank; /* 0: none taken */
	int64_t person;
	enum job_state state;
	int64_t round;
	int64_t station; /* 0: none */
	int64_t maker; /* 0: none */
	int64_t fencing;
	int64_t lease_until_s;
	int64_t attempts;
	int64_t dead_at_s;
	uint32_t kind;
	char card_number[CARD_NUMBER_LEN + 1];
	char station_area[AREA_CODE_MAX + 1]; /* where its blank belongs */
	uint8_t key[JOB_KEY_LEN];
	uint8_t serial[CARD_SERIAL_LEN]; /* zero: none read */
	uint64_t reserved_index;
	uint64_t signed_index;
};

HUFU_MUST_USE int job_row_load(
        struct store_tx *tx, int64_t id, struct job_row *ret);

/* Everything that its card shall say; see job_read_subject(). */
HUFU_MUST_USE int job_row_read_subject(struct store_tx *tx,
        const struct job_row *row, struct job_subject *ret);

/* The row behind a lease that still holds, else JOB_STALE. */
HUFU_MUST_USE int job_row_load_leased(struct store_tx *tx,
        const struct job_lease *lease, struct job_row *ret);

void job_row_fill_lease(const struct job_row *row, struct job_lease *ret);

/* What an update of a job may change. */
struct job_update {
	enum job_state state;
	int64_t card;
	int64_t round;
	int64_t station;
	int64_t attempts;
	int64_t lease_until_s; /* 0: the lease is over */
	int64_t not_before_s;
	int64_t dead_at_s;
	const char *ground;
	int64_t issued_ms;
};

/* Everything as it is in `row`, no trouble, due at once. */
void job_row_start_update(const struct job_row *row, struct job_update *ret);

/* Compare-and-set on (id, fencing, state) of `row`; JOB_STALE. */
HUFU_MUST_USE int job_row_update(struct store_tx *tx, const struct job_row *row,
        const struct job_update *update);

HUFU_MUST_USE int job_row_add(struct store_tx *tx,
        const struct application *application, int64_t card, int64_t at_s);

/* The job of an application; HUFU_ERR_NOT_FOUND. */
HUFU_MUST_USE int job_row_find_of(
        struct store_tx *tx, int64_t application, int64_t *ret_id);

/* What a round knows of its card beyond the card book. */
struct job_card_facts {
	int64_t blank; /* 0: none */
	uint64_t reserved_index;
	uint64_t signed_index;
	char valid_from[DATE_TEXT_LEN + 1];
	char valid_to[DATE_TEXT_LEN + 1];
	uint32_t benefits;
	uint32_t classes;
};
HUFU_MUST_USE int job_row_get_card(
        struct store_tx *tx, int64_t card, struct job_card_facts *ret);
HUFU_MUST_USE int job_row_put_card(
        struct store_tx *tx, int64_t card, const struct job_card_facts *facts);

HUFU_MUST_USE int job_row_put_fact(struct store_tx *tx, int64_t card,
        enum job_fact fact, struct span value);
/* HUFU_ERR_NOT_FOUND when it was not written. */
HUFU_MUST_USE int job_row_get_fact(struct store_tx *tx, int64_t card,
        enum job_fact fact, struct writer *ret);
HUFU_MUST_USE int job_row_has_fact(
        struct store_tx *tx, int64_t card, enum job_fact fact, bool *ret);

#endif
