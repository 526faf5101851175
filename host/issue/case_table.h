/*
 * The state table of applications: state × event → next state, log entry,
 * and who may. What is not in the table is refused.
 */
#ifndef HOST_CASE_TABLE_H
#define HOST_CASE_TABLE_H

#include "crypto/core/log_entry.h"
#include "host/issue/application.h"

enum case_by {
	CASE_BY_STEP = 1, /* the role of the step that it waits for */
	CASE_BY_PROVINCE = 2, /* an opinion from above */
	CASE_BY_DESK = 3, /* the applicant, or the desk for him */
	CASE_BY_SYSTEM = 4,
};

struct case_move {
	enum application_state from;
	enum application_event event;
	enum application_state to; /* ACCEPT: before the last step it stays */
	enum log_type log; /* 0: the event behind it is logged */
	enum case_by by;
	bool needs_ground;
};

/* NULL: refused. */
const struct case_move *case_table_find(
        enum application_state from, enum application_event event);

/* An opinion's step number; one person's step like any other. */
enum { CASE_OPINION_STEP = 100 };

#endif
