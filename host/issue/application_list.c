#include "host/issue/application.h"

#include "host/issue/card_row.h"

enum { LIST, STATEMENTS };

static const char *const sql[] = {
        /* ?5: whom to leave out as having entered or taken another step */
        [LIST] = "SELECT a.id FROM application a WHERE a.id > ?1"
                 " AND ((?2 = 0 AND a.state < 7) OR a.state = ?2)"
                 " AND (?3 = 0 OR a.step = ?3)"
                 " AND substr(a.area, 1, length(?4)) = ?4"
                 " AND (?5 = 0 OR (a.entered_by IS NOT ?5 AND NOT EXISTS"
                 " (SELECT 1 FROM application_act t"
                 " WHERE t.application = a.id AND t.staff = ?5"
                 " AND (t.event = 3 OR t.step <> a.step))))"
                 " AND (?6 = 0 OR (a.due > 0 AND a.due < ?6))"
                 " AND (?8 = 0 OR a.person = ?8)"
                 " ORDER BY a.id LIMIT ?7",
};
static const struct statements statements = {
        "application_list", sql, STATEMENTS};

static void bind(struct query *q, const struct application_filter *f,
        const char *prefix, size_t cap)
{
	query_bind_int(q, 1, f->after);
	query_bind_int(q, 2, f->state);
	query_bind_int(q, 3, f->step);
	query_bind_text(q, 4, prefix);
	query_bind_int(q, 5, f->staff);
	query_bind_int(q, 6, f->overdue_at_s);
	query_bind_int(q, 7, (int64_t)cap);
	query_bind_int(q, 8, f->person);
}

int application_list(struct store_tx *tx,
        const struct application_filter *filter, struct application *ret,
        size_t cap, size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	struct query *q = query_begin(tx, &statements, LIST);
	size_t n = 0;
	int rc = 0;

	card_row_area_prefix(filter->area, prefix);
	bind(q, filter, prefix, cap);
	while (n < cap && rc == 0 && query_step(q) == STORE_ROW)
		rc = application_read(tx, query_int(q, 0), &ret[n++]);
	int end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	*ret_count = n;
	return 0;
}
