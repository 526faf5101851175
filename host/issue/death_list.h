/*
 * A list of the dead, from the registry office: CSV (UTF-8 or GB 18030)
 * with the columns 公民身份号码 and 死亡日期, in any order, others not read.
 * Every row stands for itself, and the same file again changes nothing. Who
 * is on file is marked as dead, logged (LOG_PERSON_CHANGED), with what
 * card_holder_changed() does to card and application.
 */
#ifndef HOST_DEATH_LIST_H
#define HOST_DEATH_LIST_H

#include "host/base/date.h"
#include "host/base/problem.h"
#include "host/issue/card_holder.h"

enum death_outcome {
	DEATH_NOTED = 1,
	DEATH_KNOWN = 2, /* marked before: nothing changed */
	DEATH_NOT_ON_FILE = 3,
	DEATH_BAD_ROW = 4, /* cannot be read as a row */
	DEATH_BAD_NUMBER = 5,
	DEATH_BAD_DATE = 6, /* no date, before birth, or not yet come */
	DEATH_REPEATED = 7, /* an earlier row has this number */
	DEATH_OUTCOMES = 8,
};

enum { DEATH_LIST_ROWS_MAX = 20000 };

struct death_row {
	size_t line; /* in the file, from 1 */
	enum death_outcome outcome;
	struct card_holder_things things; /* touched, or would be */
};

typedef void (*death_report)(void *arg, const struct death_row *row);

struct death_list_options {
	struct store *store;
	int64_t staff;
	int64_t at_s;
	bool check_only; /* write nothing, say what would be */
	death_report report; /* each row, in order, once it is in the store */
	void *arg;
};

/* HUFU_ERR_ARGUMENT: the head; HUFU_ERR_LIMIT: too long; or the store's. */
HUFU_MUST_USE int death_list_import(const struct death_list_options *options,
        struct span csv, struct problem *ret_problem);

const char *death_outcome_zh(enum death_outcome outcome);
const char *death_outcome_en(enum death_outcome outcome);

#endif
