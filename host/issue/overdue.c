#include "host/issue/overdue.h"

#include <string.h>

#include "host/issue/card_row.h"
#include "host/issue/issue_inner.h"

enum { COUNT, STATEMENTS };

static const char *const sql[] = {
        [COUNT] = "SELECT l.code, n.name, l.step, l.late, l.oldest FROM"
                  " (SELECT substr(a.area, 1, ?2) ||"
                  " substr('0000', 1, 6 - min(?2, 6)) AS code,"
                  " a.step AS step, count(*) AS late,"
                  " min(a.due_order) AS oldest"
                  " FROM application a INDEXED BY application_due"
                  " WHERE a.state = 1 AND a.due_order < ?1"
                  " AND substr(a.area, 1, length(?3)) = ?3"
                  " GROUP BY 1, 2) l"
                  " LEFT JOIN area n ON n.code = l.code"
                  " ORDER BY l.code, l.step LIMIT ?4",
};
static const struct statements statements = {"overdue", sql, STATEMENTS};

/* Digits of the areas right below one of `len` digits. */
static int64_t digits_below(size_t len)
{
	switch (len) {
	case 0:
		return 2;
	case 2:
		return 4;
	case 4:
		return 6;
	case 6:
		return 9;
	default:
		return 12;
	}
}

static void fill(struct query *q, struct overdue_row *ret)
{
	*ret = (struct overdue_row){
	        .step = query_int(q, 2),
	        .count = query_int(q, 3),
	        .oldest_due_s = query_int(q, 4),
	};
	issue_copy_text(ret->area, sizeof(ret->area), query_text(q, 0));
	if (!query_is_null(q, 1))
		issue_copy_text(ret->name, sizeof(ret->name), query_text(q, 1));
}

int overdue_count(struct store_tx *tx, const char *area, int64_t now_s,
        struct overdue_row ret[OVERDUE_ROWS_MAX], size_t *ret_count)
{
	char prefix[AREA_CODE_MAX + 1];
	size_t n = 0;

	card_row_area_prefix(area, prefix);
	struct query *q = query_begin(tx, &statements, COUNT);
	query_bind_int(q, 1, now_s);
	query_bind_int(q, 2, digits_below(strlen(prefix)));
	query_bind_text(q, 3, prefix);
	query_bind_int(q, 4, OVERDUE_ROWS_MAX);
	while (n < OVERDUE_ROWS_MAX && query_step(q) == STORE_ROW)
		fill(q, &ret[n++]);
	int rc = query_end(q);
	if (rc == 0)
		*ret_count = n;
	return rc;
}
