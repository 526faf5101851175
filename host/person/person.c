#include "host/person/person.h"

#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/person/person_row.h"
#include "host/store/sealed.h"

enum {
	FIND,
	NEXT_ID,
	LOAD,
	FACTS,
	GROUNDS,
	INSERT,
	UPDATE,
	GROUND_CLEAR,
	GROUND_ADD,
};

#define FACT_COLUMNS                                                           \
	"sealed_born, residence, classes, registered, chinese_household, dead"

static const char *const sql[] = {
        [FIND] = "SELECT id, content FROM person WHERE id_index = ?1",
        [NEXT_ID] = "SELECT coalesce(max(id), 0) + 1 FROM person",
        [LOAD] = "SELECT " FACT_COLUMNS ", sealed_name, sealed_id_number,"
                 " sealed_phone, sealed_address, sealed_service, sex,"
                 " ethnicity FROM person WHERE id = ?1",
        [FACTS] = "SELECT " FACT_COLUMNS " FROM person WHERE id = ?1",
        [GROUNDS] = "SELECT ground, ended FROM person_ground"
                    " WHERE person = ?1",
        [INSERT] = "INSERT INTO person (id, id_index, sealed_id_number,"
                   " sealed_name, sealed_born, sealed_phone,"
                   " sealed_address, sealed_service, sex, ethnicity,"
                   " residence, classes, registered, chinese_household,"
                   " dead, content, changed_s) VALUES (?1, ?2, ?3, ?4, ?5,"
                   " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                   " ?17)",
        [UPDATE] = "UPDATE person SET sealed_id_number = ?3,"
                   " sealed_name = ?4, sealed_born = ?5, sealed_phone = ?6,"
                   " sealed_address = ?7, sealed_service = ?8, sex = ?9,"
                   " ethnicity = ?10, residence = ?11, classes = ?12,"
                   " registered = ?13, chinese_household = ?14, dead = ?15,"
                   " content = ?16, changed_s = ?17"
                   " WHERE id = ?1 AND id_index = ?2",
        [GROUND_CLEAR] = "DELETE FROM person_ground WHERE person = ?1",
        [GROUND_ADD] = "INSERT INTO person_ground (person, ground, ended)"
                       " VALUES (?1, ?2, ?3)",
};
static const struct statements table = {
        "person", sql, sizeof sql / sizeof *sql};

static const char index_purpose[] = "person.id_number";
static const char content_purpose[] = "person.content";

void person_done(struct person *p)
{
	bytes_wipe(p, sizeof *p);
}

/* Row of this ID number: 0 and its id and content, or NOT_FOUND. */
static int look_up(struct store_tx *tx, const uint8_t index[SEALED_INDEX_LEN],
        int64_t *ret_id, uint8_t ret_content[SEALED_INDEX_LEN])
{
	struct query *q = query_begin(tx, &table, FIND);
	int r;

	query_bind_blob(q, 1, span_of(index, SEALED_INDEX_LEN));
	r = query_step(q);
	if (r == STORE_ROW) {
		*ret_id = query_int(q, 0);
		memcpy(ret_content, query_blob(q, 1).data, SEALED_INDEX_LEN);
	}
	return query_end_one(q, r);
}

int person_find(struct store_tx *tx, const char *id_number, int64_t *ret_id)
{
	uint8_t index[SEALED_INDEX_LEN], content[SEALED_INDEX_LEN];
	int r = sealed_index(tx, index_purpose, span_of_text(id_number), index);

	return r < 0 ? r : look_up(tx, index, ret_id, content);
}

static int load_grounds(
        struct store_tx *tx, int64_t id, struct eligibility_person *f)
{
	struct query *q = query_begin(tx, &table, GROUNDS);

	query_bind_int(q, 1, id);
	while (query_step(q) == STORE_ROW) {
		int64_t n = query_int(q, 0);
		const char *ended = query_text(q, 1);

		if (n < 1 || n >= POLICY_GROUNDS_MAX)
			continue; /* the schema allows none */
		f->grounds |= 1U << n;
		/* Unreadable: as if it lasted, which refuses. */
		if (ended && date_parse(ended, &f->ground_ended[n]) < 0)
			f->ground_ended[n] = (struct date){0};
	}
	return query_end(q);
}

static int take_facts(struct query *q, int64_t id, struct eligibility_person *f)
{
	struct sealed_at at = {PERSON_TABLE, "sealed_born", id};
	char born[DATE_TEXT_LEN + 1];
	int r = sealed_get_text(q, 0, &at, born, sizeof born);

	if (r == 0 && date_parse(born, &f->born) < 0)
		r = HUFU_ERR_CORRUPT;
	(void)snprintf(
	        f->residence, sizeof f->residence, "%s", query_text(q, 1));
	f->classes = (uint32_t)query_int(q, 2);
	f->registered = query_int(q, 3) != 0;
	f->chinese_household = query_int(q, 4) != 0;
	f->dead = query_int(q, 5) != 0;
	return r;
}

int person_load_facts(
        struct store_tx *tx, int64_t id, struct eligibility_person *ret)
{
	struct query *q = query_begin(tx, &table, FACTS);
	struct eligibility_person f = {0};
	int r, end;

	query_bind_int(q, 1, id);
	r = query_step(q);
	if (r == STORE_ROW)
		r = take_facts(q, id, &f);
	else if (r == 0)
		r = HUFU_ERR_NOT_FOUND;
	end = query_end(q);
	if (r == 0)
		r = end < 0 ? end : load_grounds(tx, id, &f);
	if (r == 0)
		*ret = f;
	return r;
}

static int take_person(struct query *q, int64_t id, struct person *p)
{
	int r = take_facts(q, id, &p->facts);

	p->id = id;
	if (r == 0)
		r = person_row_take(q, 6, p);
	p->sex = (enum person_sex)query_int(q, 11);
	p->ethnicity = (unsigned)query_int(q, 12);
	return r;
}

int person_load(struct store_tx *tx, int64_t id, struct person *ret)
{
	struct query *q = query_begin(tx, &table, LOAD);
	__attribute__((cleanup(person_done))) struct person p = {0};
	int r, end;

	query_bind_int(q, 1, id);
	r = query_step(q);
	if (r == STORE_ROW)
		r = take_person(q, id, &p);
	else if (r == 0)
		r = HUFU_ERR_NOT_FOUND;
	end = query_end(q);
	if (r == 0)
		r = end < 0 ? end : load_grounds(tx, id, &p.facts);
	if (r == 0)
		*ret = p;
	return r;
}

static int next_id(struct store_tx *tx, int64_t *ret)
{
	struct query *q = query_begin(tx, &table, NEXT_ID);

	if (query_step(q) == STORE_ROW)
		*ret = query_int(q, 0);
	return query_end(q);
}

static int write_grounds(
        struct store_tx *tx, const struct person *p, int64_t id, bool is_new)
{
	int r = 0;

	if (!is_new) {
		struct query *q = query_begin(tx, &table, GROUND_CLEAR);
		query_bind_int(q, 1, id);
		r = query_run(q);
	}
	for (int n = 1; n < POLICY_GROUNDS_MAX && r == 0; n++) {
		char ended[DATE_TEXT_LEN + 1];
		struct query *q;

		if (!(p->facts.grounds >> n & 1U))
			continue;
		date_format(p->facts.ground_ended[n], ended);
		q = query_begin(tx, &table, GROUND_ADD);
		query_bind_int(q, 1, id);
		query_bind_int(q, 2, n);
		query_bind_text(q, 3, *ended ? ended : NULL);
		r = query_run(q);
	}
	return r;
}

static void bind_facts(struct query *q, const struct person *p)
{
	query_bind_int(q, 9, p->sex);
	query_bind_int(q, 10, p->ethnicity);
	query_bind_text(q, 11, p->facts.residence);
	query_bind_int(q, 12, p->facts.classes);
	query_bind_int(q, 13, p->facts.registered);
	query_bind_int(q, 14, p->facts.chinese_household);
	query_bind_int(q, 15, p->facts.dead);
}

int person_save(struct store_tx *tx, const struct person *p, int64_t *ret_id)
{
	uint8_t index[SEALED_INDEX_LEN], content[SEALED_INDEX_LEN];
	uint8_t old_content[SEALED_INDEX_LEN];
	struct query *q;
	int64_t id = 0;
	bool is_new;
	int r = sealed_index(
	        tx, index_purpose, span_of_text(p->id_number), index);

	if (r == 0)
		r = person_row_hash(tx, content_purpose, p, content);
	if (r < 0)
		return r;
	r = look_up(tx, index, &id, old_content);
	if (r < 0 && r != HUFU_ERR_NOT_FOUND)
		return r;
	is_new = r != 0;
	if (!is_new && memcmp(content, old_content, sizeof content) == 0) {
		*ret_id = id;
		return PERSON_UNCHANGED;
	}
	r = is_new ? next_id(tx, &id) : 0;
	if (r < 0)
		return r;
	q = query_begin(tx, &table, is_new ? INSERT : UPDATE);
	query_bind_int(q, 1, id);
	query_bind_blob(q, 2, span_of(index, sizeof index));
	person_row_bind(q, 3, id, p);
	bind_facts(q, p);
	query_bind_blob(q, 16, span_of(content, sizeof content));
	query_bind_int(q, 17, clock_now_s());
	r = query_run(q);
	if (r == 0)
		r = write_grounds(tx, p, id, is_new);
	if (r < 0)
		return r;
	*ret_id = id;
	return is_new ? PERSON_ADDED : PERSON_CHANGED;
}
