/*
 * Times as seconds since 1970 (UTC, no leap seconds) and as the text of
 * RFC 3339, "2026-08-01T00:00:00Z". Years 1970 to 9999.
 */
#ifndef CORE_TIMESTAMP_H
#define CORE_TIMESTAMP_H

#include "crypto/core/bytes.h"

enum {
	TIMESTAMP_LEN = 20, /* characters of a time */
	TIMESTAMP_DATE_LEN = 10, /* characters of a date, "2026-08-01" */
	TIMESTAMP_DAY_S = 86400,
};

#define TIMESTAMP_MAX_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* HUFU_ERR_ARGUMENT in the writer if out of range. */
void timestamp_encode(struct writer *w, int64_t time_s);
void timestamp_encode_date(struct writer *w, int64_t time_s);

/* Only the form with "Z" and whole seconds. HUFU_ERR_MALFORMED. */
HUFU_MUST_USE int timestamp_decode(struct span text, int64_t *ret_time_s);
/* Midnight UTC at the start of that day. HUFU_ERR_MALFORMED. */
HUFU_MUST_USE int timestamp_decode_date(struct span text, int64_t *ret_time_s);

#endif
