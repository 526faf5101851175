#include "host/issue/application.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"
#include "host/staff/staff.h"

enum { RIGHTS_MAX = 64 };

enum { OF_STEP, OF_STATE, OF_PERSON, AREAS, STATEMENTS };

/* ?6: whom to leave out as having entered or taken another step */
#define SELECTED                                                               \
	"SELECT a.due_order, a.id, a.state, a.step, a.area,"                   \
	" a.rule_version FROM application a "
#define ON_THE_WAY                                                             \
	" AND (a.due_order, a.id) > (?3, ?4) AND a.due_order <= ?5"            \
	" AND (?6 = 0 OR (a.entered_by IS NOT ?6 AND NOT EXISTS"               \
	" (SELECT 1 FROM application_act t"                                    \
	" WHERE t.application = a.id AND t.staff = ?6"                         \
	" AND (t.event = 3 OR t.step <> a.step))))"                            \
	" AND substr(a.area, 1, length(?7)) = ?7"                              \
	" ORDER BY a.due_order, a.id"

static const char *const sql[] = {
        [OF_STEP] = SELECTED "INDEXED BY application_work"
                             " WHERE a.state = ?1 AND a.step = ?2"
                             " AND a.county = substr(?7, 1, 6)" ON_THE_WAY,
        [OF_STATE] = SELECTED "INDEXED BY application_due"
                              " WHERE a.state = ?1"
                              " AND (?2 = 0 OR a.step = ?2)" ON_THE_WAY,
        [OF_PERSON] = "SELECT due_order, id, state, step, area, rule_version"
                      " FROM application WHERE person = ?1 AND state < 7"
                      " AND (?2 = 0 OR state = ?2) UNION ALL"
                      " SELECT due_order, id, state, step, area,"
                      " rule_version FROM application"
                      " WHERE person = ?1 AND state >= 7 AND state = ?2"
                      " ORDER BY 1, 2",
        [AREAS] = "SELECT area FROM application WHERE person = ?1"
                  " AND state < 7 UNION SELECT area FROM application"
                  " WHERE person = ?1 AND state >= 7 LIMIT ?2",
};
static const struct statements statements = {
        "application_list", sql, STATEMENTS};

struct listing {
	const struct application_filter *filter;
	struct store_tx *tx;
	char prefix[AREA_CODE_MAX + 1];
	struct staff_right right[RIGHTS_MAX];
	size_t right_count;
	struct application_place *found; /* in order within a stream */
	size_t cap; /* of a page */
	size_t count;
};

/* ---- what somebody may decide ---- */

static bool holds(const struct listing *l, unsigned role, enum area_level level,
        const char *of)
{
	char area[AREA_CODE_MAX + 1];

	if (!area_code_at(of, level, area))
		return false;
	for (size_t i = 0; i < l->right_count; i++)
		if (l->right[i].role == role &&
		        area_code_within(area, l->right[i].area))
			return true;
	return false;
}

static bool may_decide(const struct listing *l, struct query *q)
{
	int64_t state = query_int(q, 2), step = query_int(q, 3);
	const char *area = query_text(q, 4);

	if (!l->filter->deciding)
		return true;
	if (state == APPLICATION_REFERRED)
		return holds(l, STAFF_PROVINCE, AREA_PROVINCE, area);
	const struct policy *policy =
	        policy_book_version(l->filter->deciding, query_text(q, 5));
	if (!policy || step < 1 || step > policy->step_count)
		return false;
	const struct policy_step *s = &policy->step[step - 1];
	return holds(l, s->role, s->level, area);
}

/* The step is one of theirs under any version of the rules. */
static bool takes_step(const struct listing *l, size_t step)
{
	const struct policy *p;

	for (size_t i = 0; (p = policy_book_get(l->filter->deciding, i)); i++)
		for (size_t n = 0; n < l->right_count; n++)
			if (step <= p->step_count &&
			        p->step[step - 1].role == l->right[n].role)
				return true;
	return false;
}

/* ---- streams, each in the order of an index ---- */

static int collect(struct listing *l, struct query *q)
{
	size_t n = 0;

	while (n < l->cap && query_step(q) == STORE_ROW)
		if (may_decide(l, q))
			l->found[l->count + n++] = (struct application_place){
			        query_int(q, 0), query_int(q, 1)};
	l->count += n;
	return query_end(q);
}

/* Room for one page more. */
static int grow(struct listing *l)
{
	struct application_place *grown =
	        reallocarray(l->found, l->count + l->cap, sizeof(*grown));

	if (!grown)
		return HUFU_ERR_MEMORY;
	l->found = grown;
	return 0;
}

static int follow(struct listing *l, enum application_state state, int64_t step)
{
	const struct application_filter *f = l->filter;
	bool narrow = step != 0 && strlen(l->prefix) >= 6;
	int rc = grow(l);

	if (rc < 0)
		return rc;
	struct query *q =
	        query_begin(l->tx, &statements, narrow ? OF_STEP : OF_STATE);
	query_bind_int(q, 1, state);
	query_bind_int(q, 2, step);
	query_bind_int(q, 3, f->after.due_order_s);
	query_bind_int(q, 4, f->after.id);
	query_bind_int(q, 5, f->overdue_at_s ? f->overdue_at_s - 1 : INT64_MAX);
	query_bind_int(q, 6, f->staff);
	query_bind_text(q, 7, l->prefix);
	return collect(l, q);
}

static int follow_steps(struct listing *l)
{
	int rc = 0;

	for (size_t s = 1; rc == 0 && s <= POLICY_STEPS_MAX; s++)
		if (takes_step(l, s))
			rc = follow(l, APPLICATION_IN_REVIEW, (int64_t)s);
	return rc;
}

static int follow_state(struct listing *l, enum application_state state)
{
	const struct application_filter *f = l->filter;

	if (f->deciding && state == APPLICATION_IN_REVIEW && f->step == 0)
		return follow_steps(l);
	if (f->deciding && state != APPLICATION_IN_REVIEW &&
	        state != APPLICATION_REFERRED)
		return 0;
	return follow(l, state, f->step);
}

static int follow_person(struct listing *l)
{
	int rc = grow(l);

	if (rc < 0)
		return rc;
	struct query *q = query_begin(l->tx, &statements, OF_PERSON);
	query_bind_int(q, 1, l->filter->person);
	query_bind_int(q, 2, l->filter->state);
	return collect(l, q);
}

static int follow_all(struct listing *l)
{
	int rc = 0;

	if (l->filter->person)
		return follow_person(l);
	if (l->filter->state)
		return follow_state(l, l->filter->state);
	for (int s = APPLICATION_IN_REVIEW; rc == 0 && s <= APPLICATION_MADE;
	        s++)
		rc = follow_state(l, (enum application_state)s);
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct application_place *x = a, *y = b;

	if (x->due_order_s != y->due_order_s)
		return x->due_order_s < y->due_order_s ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

int application_list(struct store_tx *tx,
        const struct application_filter *filter, struct application *ret,
        size_t cap, size_t *ret_count)
{
	_free_ struct application_place *found = NULL;
	struct listing l = {.filter = filter, .tx = tx, .cap = cap};
	int rc = 0;

	card_row_area_prefix(filter->area, l.prefix);
	if (filter->deciding)
		rc = staff_list_rights(
		        tx, filter->staff, l.right, RIGHTS_MAX, &l.right_count);
	if (rc == 0)
		rc = follow_all(&l);
	found = l.found;
	if (rc == 0 && l.count > 0)
		qsort(found, l.count, sizeof(*found), by_place);
	if (l.count > cap)
		l.count = cap;
	for (size_t i = 0; rc == 0 && i < l.count; i++)
		rc = application_read(tx, found[i].id, &ret[i]);
	if (rc == 0)
		*ret_count = l.count;
	return rc;
}

struct application_place application_place_of(const struct application *a)
{
	return (struct application_place){
	        a->due_s ? a->due_s : INT64_MAX, a->id};
}

int application_list_areas(struct store_tx *tx, int64_t person,
        char ret[APPLICATION_AREAS_MAX][AREA_CODE_MAX + 1], size_t *ret_count)
{
	struct query *q = query_begin(tx, &statements, AREAS);
	size_t n = 0;

	query_bind_int(q, 1, person);
	query_bind_int(q, 2, APPLICATION_AREAS_MAX);
	for (; n < APPLICATION_AREAS_MAX && query_step(q) == STORE_ROW; n++)
		issue_copy_text(ret[n], sizeof(ret[n]), query_text(q, 0));
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}
