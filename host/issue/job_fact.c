#include "host/issue/job.h"

#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/issue/job_row.h"
#include "host/staff/area.h"

struct writing {
	const struct job_lease *lease;
	enum job_fact fact;
	struct span value;
};

static int write_work(struct store_tx *tx, void *arg)
{
	const struct writing *w = arg;
	struct job_row row;
	int rc = job_row_load_leased(tx, w->lease, &row);

	if (rc == 0)
		rc = job_row_put_fact(tx, row.card, w->fact, w->value);
	return rc;
}

int job_write_fact(struct issue *issue, const struct job_lease *lease,
        enum job_fact fact, struct span value)
{
	struct writing w = {lease, fact, value};

	return store_write(issue->options.store, write_work, &w);
}

struct reading {
	int64_t card;
	enum job_fact fact;
	struct writer *ret;
};

static int read_work(struct store_tx *tx, void *arg)
{
	const struct reading *r = arg;

	return job_row_get_fact(tx, r->card, r->fact, r->ret);
}

int job_read_fact(struct issue *issue, const struct job_lease *lease,
        enum job_fact fact, struct writer *ret)
{
	struct reading r = {lease->card, fact, ret};

	return store_read(issue->options.store, read_work, &r);
}

/* ---- what the card shall say ---- */

struct subject_reading {
	const struct job_lease *lease;
	struct job_subject *subject;
};

static int read_card(struct store_tx *tx, int64_t id, struct job_subject *s)
{
	struct card_record card;
	struct job_card_facts facts;
	struct date from, to;
	struct writer can;

	int rc = card_book_read(tx, id, &card);
	if (rc == 0)
		rc = job_row_get_card(tx, id, &facts);
	if (rc == 0)
		rc = date_parse(facts.valid_from, &from);
	if (rc == 0)
		rc = date_parse(facts.valid_to, &to);
	writer_init(&can, s->can, CARD_CAN_LEN);
	if (rc == 0)
		rc = job_row_get_fact(tx, id, JOB_FACT_CAN, &can);
	if (rc < 0)
		return rc;
	memcpy(s->card_number, card.number, sizeof(s->card_number));
	s->kind = card.kind;
	s->benefit_classes = facts.benefits;
	s->identity_classes = facts.classes;
	s->status_list = card.status_list;
	s->status_index = card.status_index;
	memcpy(s->valid_from, facts.valid_from, sizeof(s->valid_from));
	memcpy(s->valid_to, facts.valid_to, sizeof(s->valid_to));
	issue_copy_text(s->area, sizeof(s->area), card.area);
	s->issued_at_s = clock_start_of(from);
	s->expires_at_s = clock_start_of(date_add_days(to, 1)) - 1;
	return 0;
}

static int read_person(struct store_tx *tx, int64_t id, struct job_subject *s)
{
	struct person person;
	int rc = person_load(tx, id, &person);

	if (rc < 0)
		return rc;
	memcpy(s->name, person.name, sizeof(s->name));
	s->sex = (uint32_t)person.sex;
	s->service_count = person.service_count;
	memcpy(s->service, person.service, sizeof(s->service));
	person_done(&person);
	return 0;
}

/* The county's bureau, or the level above that took the application in. */
static int read_authority(struct store_tx *tx, struct job_subject *s)
{
	char code[AREA_CODE_MAX + 1];
	struct area area;

	if (!area_code_at(s->area, AREA_COUNTY, code))
		issue_copy_text(code, sizeof(code), s->area);
	int rc = area_find(tx, code, &area);
	if (rc < 0)
		return rc;
	(void)snprintf(s->authority, sizeof(s->authority), "%s退役军人事务局",
	        area.name);
	return 0;
}

int job_row_read_subject(
        struct store_tx *tx, const struct job_row *row, struct job_subject *s)
{
	struct writer photo;

	int rc = row->state < JOB_RESERVED ? HUFU_ERR_STATE
	                                   : read_card(tx, row->card, s);
	if (rc == 0)
		rc = read_person(tx, row->person, s);
	if (rc == 0)
		rc = read_authority(tx, s);
	writer_init(&photo, s->portrait, sizeof(s->portrait));
	if (rc == 0)
		rc = application_read_photo(tx, row->application, &photo);
	s->portrait_len = photo.len;
	return rc;
}

static int subject_work(struct store_tx *tx, void *arg)
{
	struct subject_reading *r = arg;
	struct job_row row;
	int rc = job_row_load_leased(tx, r->lease, &row);

	return rc ? rc : job_row_read_subject(tx, &row, r->subject);
}

int job_read_subject(struct issue *issue, const struct job_lease *lease,
        struct job_subject *ret)
{
	struct subject_reading r = {lease, ret};

	memset(ret, 0, sizeof(*ret));
	int rc = store_read(issue->options.store, subject_work, &r);
	if (rc != 0)
		bytes_wipe(ret, sizeof(*ret));
	return rc;
}
