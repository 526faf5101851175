/*
 * The work report: what was done in a span of days, by area and kind. Each
 * figure is counted twice, once from the records (applications, acts,
 * cards) and once from the log's entries; where both can tell, they must be
 * equal. What happens to a card afterwards only the log remembers.
 */
#ifndef HOST_REPORT_H
#define HOST_REPORT_H

#include "host/base/area_code.h"
#include "host/base/date.h"
#include "host/store/store.h"

enum report_figure {
	REPORT_APPLIED,
	REPORT_ACCEPTED, /* detail: the step */
	REPORT_RETURNED, /* detail: the ground */
	REPORT_REJECTED, /* detail: the ground */
	REPORT_MADE,
	REPORT_SPOILED,
	REPORT_HANDED_OVER,
	REPORT_LOG_ONLY, /* from here on the log alone can tell */
	REPORT_TEMPORARY_LOSS = REPORT_LOG_ONLY,
	REPORT_FORMAL_LOSS,
	REPORT_FOUND,
	REPORT_SUSPENDED,
	REPORT_RESUMED,
	REPORT_RENEWED,
	REPORT_REPLACED,
	REPORT_WITHDRAWN,
	REPORT_CANCELLED,
	REPORT_FIGURES,
};

enum { REPORT_DETAIL_MAX = 48, REPORT_STEPS_MAX = 16 };

struct report_cell {
	enum report_figure figure;
	char detail[REPORT_DETAIL_MAX + 1];
	char area[AREA_CODE_MAX + 1];
	uint32_t kind;
	int64_t records;
	int64_t log;
};

/* Of those who ended their step in the span; the clock runs from when the
 * case came to the step. */
struct report_step {
	int64_t acts;
	int64_t sum_s;
	int64_t worst_s;
	int64_t overdue; /* of those waiting now */
};

struct report_span {
	const char *area; /* and all below; NULL: everything */
	struct date from; /* days in China, both included */
	struct date to;
	int64_t now_s; /* of what is overdue */
};

struct report {
	struct report_cell *cells; /* by figure, detail, area, kind */
	size_t count;
	struct report_step steps[REPORT_STEPS_MAX + 1]; /* by step, from 1 */
	int64_t log_entries; /* read */
};

/* One transaction reads it all. report_done() afterwards. */
HUFU_MUST_USE int report_make(struct store_tx *tx,
        const struct report_span *span, struct report *ret);
void report_done(struct report *report);

/* Cells of a figure, detail and area that differ; kinds are taken together,
 * as a correction may change one. */
size_t report_count_differences(const struct report *report);

/* Takes the cells below each area right under `area` together. */
HUFU_MUST_USE int report_fold(struct report *report, const char *area);

/* The rows behind a figure that records can tell. */
struct report_row {
	int64_t application;
	int64_t card; /* 0: the figure is of applications */
	int64_t at_s;
};

struct report_rows {
	enum report_figure figure; /* below REPORT_LOG_ONLY */
	const char *detail; /* NULL: every one */
	int64_t after; /* row of the page before; 0 */
};

/* `ret_next` is 0 when no more follow. */
HUFU_MUST_USE int report_list_rows(struct store_tx *tx,
        const struct report_span *span, const struct report_rows *which,
        struct report_row *ret, size_t cap, size_t *ret_count,
        int64_t *ret_next);

const char *report_figure_word(enum report_figure figure); /* "handed-over" */
const char *report_figure_zh(enum report_figure figure);
enum report_figure report_figure_of(const char *word); /* REPORT_FIGURES */

#endif
