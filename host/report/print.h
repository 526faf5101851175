/* A report as a file: printed A4 pages, or rows for a spreadsheet. */
#ifndef HOST_REPORT_PRINT_H
#define HOST_REPORT_PRINT_H

#include "host/policy/policy.h"
#include "host/report/report.h"

struct report_cover {
	const struct policy *policy; /* names of steps and kinds */
	const char *office;
	const char *area; /* code and name as one text */
	struct date from, to;
	struct date printed;
	size_t differences; /* before the report was folded */
};

/* PDF; *ret for free(). */
HUFU_MUST_USE int report_print(const struct report *report,
        const struct report_cover *cover, uint8_t **ret, size_t *ret_len);

/* CSV (RFC 4180) in UTF-8 with a byte order mark; *ret for free(). */
HUFU_MUST_USE int report_spread(const struct report *report,
        const struct report_cover *cover, uint8_t **ret, size_t *ret_len);

#endif
