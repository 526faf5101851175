/* One row of an imported file: text in, a person or issues out. */
#ifndef HOST_IMPORT_ROW_H
#define HOST_IMPORT_ROW_H

#include "host/person/import.h"
#include "host/person/import_columns.h"

/* A row that is being read; issues go out as they are found. */
struct import_row {
	const struct import_options *options;
	const struct import_head *head;
	size_t line;
	const char *const *fields; /* UTF-8, trimmed */
	struct person *person;
	size_t errors, warnings;
};

/* Fills *row->person, which was zeroed. Sound when row->errors is 0. */
void import_read_row(struct import_row *row);

/* The field of a column; "" when the file has no such column. */
const char *import_field(
        const struct import_row *row, enum import_column column);

enum import_weight { IMPORT_ERROR, IMPORT_WARNING };

/* `column` may be IMPORT_COLUMNS: the whole row. */
void import_tell(struct import_row *row, enum import_weight weight,
        enum import_column column, const char *code, const char *both[2]);

/* Dates as people write them: 1990-01-02, 1990/1/2, 1990.1.2, 19900102,
 * 1990年1月2日. */
HUFU_MUST_USE int import_parse_date(const char *text, struct date *ret);

/* The texts of `both`: Chinese, English. */
#define IMPORT_SAY(zh, en) ((const char *[2]){zh, en})

void import_read_service(struct import_row *row);
void import_read_identity(struct import_row *row);

#endif
