#include "host/report/report.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/report/cells.h"

static int compare_cells(const void *a, const void *b)
{
	const struct report_cell *x = a, *y = b;
	if (x->figure != y->figure)
		return x->figure < y->figure ? -1 : 1;
	int by = strcmp(x->detail, y->detail);
	if (by == 0)
		by = strcmp(x->area, y->area);
	if (by == 0 && x->kind != y->kind)
		by = x->kind < y->kind ? -1 : 1;
	return by;
}

struct report_cell *cells_at(struct cells *c, const struct report_cell *key)
{
	struct report_cell **found = tsearch(key, &c->tree, compare_cells);
	if (!found) {
		c->error = HUFU_ERR_MEMORY;
		return NULL;
	}
	if (*found != key)
		return *found;
	struct report_cell *cell = malloc(sizeof *cell);
	if (!cell) {
		tdelete(key, &c->tree, compare_cells);
		c->error = HUFU_ERR_MEMORY;
		return NULL;
	}
	*cell = *key;
	cell->records = 0;
	cell->log = 0;
	*found = cell;
	c->count++;
	return cell;
}

struct listing {
	struct report_cell *cells;
	size_t count;
};

static void list_cell(const void *node, VISIT visit, void *arg)
{
	struct listing *l = arg;
	if (visit == postorder || visit == leaf)
		l->cells[l->count++] = **(struct report_cell *const *)node;
}

int cells_end(struct cells *c, struct report_cell **ret, size_t *ret_count)
{
	struct listing l = {0};
	if (c->error == HUFU_OK) {
		l.cells = calloc(c->count ? c->count : 1, sizeof *l.cells);
		if (!l.cells)
			c->error = HUFU_ERR_MEMORY;
		else
			twalk_r(c->tree, list_cell, &l);
	}
	tdestroy(c->tree, free);
	c->tree = NULL;
	if (c->error)
		return c->error;
	*ret = l.cells;
	*ret_count = l.count;
	return HUFU_OK;
}

void report_bounds(const struct report_span *span, int64_t ret[2])
{
	ret[0] = clock_start_of(span->from);
	ret[1] = clock_start_of(date_add_days(span->to, 1));
}

int report_make(
        struct store_tx *tx, const struct report_span *span, struct report *ret)
{
	struct report made = {0};
	struct cells cells = {0};
	struct report_cell *list = NULL;
	int r = report_count_records(tx, span, &cells);
	if (r == HUFU_OK)
		r = report_count_log(tx, span, &cells, &made.log_entries);
	if (r == HUFU_OK)
		r = report_time_steps(tx, span, made.steps);
	int ended = cells_end(&cells, &list, &made.count);
	if (r == HUFU_OK)
		r = ended;
	if (r) {
		free(list);
		return r;
	}
	made.cells = list;
	*ret = made;
	return HUFU_OK;
}

void report_done(struct report *report)
{
	free(report->cells);
	*report = (struct report){0};
}

static bool same_but_kind(
        const struct report_cell *a, const struct report_cell *b)
{
	return a->figure == b->figure && strcmp(a->detail, b->detail) == 0 &&
	       strcmp(a->area, b->area) == 0;
}

size_t report_count_differences(const struct report *report)
{
	size_t differ = 0;
	for (size_t i = 0, next; i < report->count; i = next) {
		const struct report_cell *first = &report->cells[i];
		int64_t off = 0;
		for (next = i; next < report->count &&
		               same_but_kind(first, &report->cells[next]);
		        next++)
			off += report->cells[next].records -
			       report->cells[next].log;
		differ += first->figure < REPORT_LOG_ONLY && off != 0;
	}
	return differ;
}

static void fold_area(const struct report_cell *cell, enum area_level below,
        struct report_cell *ret)
{
	*ret = *cell;
	if (!area_code_at(cell->area, below, ret->area))
		memcpy(ret->area, cell->area, sizeof ret->area);
}

int report_fold(struct report *report, const char *area)
{
	enum area_level level = area ? area_code_level(area) : AREA_NONE;
	struct cells cells = {0};
	struct report_cell *list = NULL;
	size_t count = 0;
	if (level == AREA_VILLAGE)
		return HUFU_OK;
	for (size_t i = 0; i < report->count; i++) {
		const struct report_cell *from = &report->cells[i];
		struct report_cell key;
		fold_area(from, (enum area_level)(level + 1), &key);
		struct report_cell *to = cells_at(&cells, &key);
		if (!to)
			break;
		to->records += from->records;
		to->log += from->log;
	}
	int r = cells_end(&cells, &list, &count);
	if (r)
		return r;
	free(report->cells);
	report->cells = list;
	report->count = count;
	return HUFU_OK;
}

static const struct {
	const char *word, *zh;
} figures[REPORT_FIGURES] = {
        [REPORT_APPLIED] = {"applied", "申请"},
        [REPORT_ACCEPTED] = {"accepted", "审核通过"},
        [REPORT_RETURNED] = {"returned", "退回更正"},
        [REPORT_REJECTED] = {"rejected", "不予通过"},
        [REPORT_MADE] = {"made", "制证"},
        [REPORT_SPOILED] = {"spoiled", "废证"},
        [REPORT_HANDED_OVER] = {"handed-over", "发放"},
        [REPORT_TEMPORARY_LOSS] = {"temporary-loss", "临时挂失"},
        [REPORT_FORMAL_LOSS] = {"formal-loss", "正式挂失"},
        [REPORT_FOUND] = {"found", "找回"},
        [REPORT_SUSPENDED] = {"suspended", "暂停"},
        [REPORT_RESUMED] = {"resumed", "恢复"},
        [REPORT_RENEWED] = {"renewed", "换领"},
        [REPORT_REPLACED] = {"replaced", "补换"},
        [REPORT_WITHDRAWN] = {"withdrawn", "收回"},
        [REPORT_CANCELLED] = {"cancelled", "注销"},
};

const char *report_figure_word(enum report_figure figure)
{
	return figures[figure].word;
}

const char *report_figure_zh(enum report_figure figure)
{
	return figures[figure].zh;
}

enum report_figure report_figure_of(const char *word)
{
	int i = 0;
	while (i < REPORT_FIGURES && strcmp(figures[i].word, word) != 0)
		i++;
	return (enum report_figure)i;
}
