/*
 * CSV (RFC 4180) record by record from memory, in any encoding whose
 * trailing bytes never look like a separator, quote or line end (UTF-8 and
 * GB 18030). A broken record ends at its line's end, and reading goes on.
 */
#ifndef HOST_CSV_H
#define HOST_CSV_H

#include "crypto/core/bytes.h"

enum {
	CSV_FIELDS_MAX = 64,
	CSV_RECORD_MAX = 16384, /* bytes */
};

struct csv {
	struct span in;
	size_t pos;
	size_t next_line;
	char separator;
	/* the record that csv_next() found */
	size_t line; /* where it begins, from 1 */
	size_t count;
	struct span field[CSV_FIELDS_MAX]; /* into `bytes` */
	uint8_t bytes[CSV_RECORD_MAX];
};

enum csv_outcome {
	CSV_END = 0,
	CSV_RECORD = 1,
	CSV_BAD_QUOTE = 2, /* inside a field, or never closed */
	CSV_TOO_LONG = 3,
	CSV_TOO_MANY = 4, /* fields */
};

void csv_init(struct csv *csv, struct span in);
/* Empty lines are passed over. */
HUFU_MUST_USE int csv_next(struct csv *csv);

#endif
