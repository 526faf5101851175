/*
 * How many cases are late, by step and by the areas that lie right below
 * one: a county sees its townships, a province its cities.
 */
#ifndef HOST_OVERDUE_H
#define HOST_OVERDUE_H

#include "host/issue/application.h"

enum {
	OVERDUE_NAME_MAX = 192, /* bytes */
	OVERDUE_ROWS_MAX = 1000,
};

struct overdue_row {
	char area[AREA_CODE_MAX + 1];
	char name[OVERDUE_NAME_MAX + 1]; /* "": the tree has no such area */
	int64_t step;
	int64_t count;
	int64_t oldest_due_s;
};

/* Due before `now_s` within `area` ("00", NULL: everywhere), by area, step. */
HUFU_MUST_USE int overdue_count(struct store_tx *tx, const char *area,
        int64_t now_s, struct overdue_row ret[OVERDUE_ROWS_MAX],
        size_t *ret_count);

#endif
