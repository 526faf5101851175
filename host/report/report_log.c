#include <stdio.h>
#include <string.h>

#include "crypto/core/log_entry.h"
#include "host/log/rows.h"
#include "host/report/cells.h"

/* Clocks of writers may differ by this much: see host/log/audit.c. */
enum { SLACK_S = 300 };

struct counting {
	struct cells *cells;
	int64_t bounds[2];
	char prefix[AREA_CODE_MAX + 1];
	int64_t entries;
	bool past; /* an entry well after the span was met */
};

static const signed char figure_of[LOG_TYPE_MAX + 1] = {
        [LOG_APPLIED] = REPORT_APPLIED + 1,
        [LOG_DECIDED] = REPORT_ACCEPTED + 1,
        [LOG_RETURNED] = REPORT_RETURNED + 1,
        [LOG_REJECTED] = REPORT_REJECTED + 1,
        [LOG_ISSUED] = REPORT_MADE + 1,
        [LOG_SPOILED] = REPORT_SPOILED + 1,
        [LOG_HANDED_OVER] = REPORT_HANDED_OVER + 1,
        [LOG_TEMPORARY_LOSS] = REPORT_TEMPORARY_LOSS + 1,
        [LOG_FORMAL_LOSS] = REPORT_FORMAL_LOSS + 1,
        [LOG_FOUND] = REPORT_FOUND + 1,
        [LOG_SUSPENDED] = REPORT_SUSPENDED + 1,
        [LOG_RESUMED] = REPORT_RESUMED + 1,
        [LOG_RENEWED] = REPORT_RENEWED + 1,
        [LOG_REPLACED] = REPORT_REPLACED + 1,
        [LOG_WITHDRAWN] = REPORT_WITHDRAWN + 1,
        [LOG_CANCELLED] = REPORT_CANCELLED + 1,
};

static void count_entry(struct counting *c, const struct log_entry *e)
{
	struct report_cell key = {.kind = e->kind};
	if (figure_of[e->type] == 0 ||
	        strncmp(e->area, c->prefix, strlen(c->prefix)) != 0)
		return;
	/* blanks spoiled before any card was begun: that is stock */
	if (e->type == LOG_SPOILED && e->present & LOG_HAS(LOG_COUNT))
		return;
	key.figure = (enum report_figure)(figure_of[e->type] - 1);
	(void)snprintf(key.area, sizeof key.area, "%s", e->area);
	if (key.figure == REPORT_ACCEPTED)
		(void)snprintf(key.detail, sizeof key.detail, "%llu",
		        (unsigned long long)e->number);
	else if (key.figure == REPORT_RETURNED || key.figure == REPORT_REJECTED)
		(void)snprintf(key.detail, sizeof key.detail, "%s", e->ground);
	struct report_cell *cell = cells_at(c->cells, &key);
	if (cell)
		cell->log++;
}

static int take_entry(void *arg, uint64_t index, struct span entry)
{
	struct counting *c = arg;
	struct log_entry e;
	(void)index;
	int r = log_entry_decode(entry, &e);
	if (r)
		return r;
	c->entries++;
	c->past = e.time_s >= c->bounds[1] + SLACK_S;
	if (e.time_s >= c->bounds[0] && e.time_s < c->bounds[1])
		count_entry(c, &e);
	return c->cells->error;
}

static int time_of(struct store_tx *tx, uint64_t index, int64_t *ret)
{
	uint8_t bytes[LOG_ENTRY_MAX];
	struct log_entry e;
	struct writer w;
	writer_init(&w, bytes, sizeof bytes);
	int r = rows_get_entry(tx, index, &w);
	if (r == HUFU_OK)
		r = log_entry_decode(writer_span(&w), &e);
	if (r == HUFU_OK)
		*ret = e.time_s;
	return r;
}

/* The first entry that may lie in the span; entries stand in order. */
static int find_first(
        struct store_tx *tx, uint64_t size, int64_t from_s, uint64_t *ret)
{
	uint64_t low = 0, high = size;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2;
		int64_t at = 0;
		int r = time_of(tx, mid, &at);
		if (r)
			return r;
		if (at < from_s - SLACK_S)
			low = mid + 1;
		else
			high = mid;
	}
	*ret = low;
	return HUFU_OK;
}

int report_count_log(struct store_tx *tx, const struct report_span *span,
        struct cells *cells, int64_t *ret_entries)
{
	enum { AT_ONCE = 4096 };
	struct counting c = {.cells = cells};
	struct rows_state state;
	uint64_t at = 0;
	report_bounds(span, c.bounds);
	area_code_prefix(span->area, c.prefix);
	int r = rows_get_state(tx, &state);
	if (r == HUFU_OK)
		r = find_first(tx, state.size, c.bounds[0], &at);
	while (r == HUFU_OK && at < state.size && !c.past) {
		r = rows_each_entry(tx, at, AT_ONCE, take_entry, &c);
		at += AT_ONCE;
	}
	if (r == HUFU_OK)
		*ret_entries = c.entries;
	return r;
}
