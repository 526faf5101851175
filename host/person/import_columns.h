/* What the columns of an imported file are called, in both languages. */
#ifndef HOST_IMPORT_COLUMNS_H
#define HOST_IMPORT_COLUMNS_H

#include "host/base/problem.h"
#include "host/person/csv.h"

enum import_column {
	IMPORT_NAME,
	IMPORT_ID_NUMBER,
	IMPORT_SEX,
	IMPORT_ETHNICITY,
	IMPORT_BORN,
	IMPORT_PHONE,
	IMPORT_ADDRESS,
	IMPORT_RESIDENCE,
	IMPORT_CLASSES,
	IMPORT_REGISTERED,
	IMPORT_HOUSEHOLD,
	IMPORT_DEAD,
	IMPORT_GROUNDS,
	IMPORT_ENLISTED,
	IMPORT_DISCHARGED,
	IMPORT_RANK,
	IMPORT_BRANCH,
	IMPORT_MERIT,
	IMPORT_REMARK, /* read by nobody, may be there */
	IMPORT_COLUMNS,
};

/* Where each column stands in the file; -1: it does not. */
struct import_head {
	int at[IMPORT_COLUMNS];
	size_t count; /* of fields in a row */
};

/* Fields are UTF-8 text. HUFU_ERR_ARGUMENT names the column at fault. */
HUFU_MUST_USE int import_read_head(const char *const *fields, size_t count,
        struct import_head *ret, struct problem *ret_problem);

/* What problems call the column: its Chinese or its English name. */
const char *import_column_zh(enum import_column column);
const char *import_column_en(enum import_column column);

#endif
