/* Cells of a report while they are being counted. */
#ifndef HOST_REPORT_CELLS_H
#define HOST_REPORT_CELLS_H

#include "host/report/report.h"

struct cells {
	void *tree; /* tsearch(3) */
	size_t count;
	int error; /* HUFU_OK or HUFU_ERR_MEMORY */
};

/* The cell of this key, made when it is new. NULL: c->error says why. */
struct report_cell *cells_at(struct cells *c, const struct report_cell *key);

/* Frees the tree; *ret in order, for free(). */
HUFU_MUST_USE int cells_end(
        struct cells *c, struct report_cell **ret, size_t *ret_count);

/* Seconds since 1970 of the span: from the first, before the second. */
void report_bounds(const struct report_span *span, int64_t ret[2]);

int report_count_records(struct store_tx *tx, const struct report_span *span,
        struct cells *cells);
int report_count_log(struct store_tx *tx, const struct report_span *span,
        struct cells *cells, int64_t *ret_entries);
int report_time_steps(struct store_tx *tx, const struct report_span *span,
        struct report_step steps[REPORT_STEPS_MAX + 1]);

#endif
