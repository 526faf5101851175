/*
 * What the functions of this folder work on: the store, the rules in force,
 * how numbers are given out, and a clock. Every function that changes
 * something takes the staff member who does it; 0 is the system itself
 * (deadlines, stations), which may never review or hand over.
 */
#ifndef HOST_ISSUE_H
#define HOST_ISSUE_H

#include "crypto/core/bytes.h"
#include "host/base/problem.h"
#include "host/store/store.h"

enum { ISSUE_STATUS_KEY_LEN = 32 };

struct calendar; /* host/policy/calendar.h */
struct policy_book; /* host/policy/policy.h */
struct issue;

typedef int64_t (*issue_clock)(void *arg); /* seconds since 1970, UTC */

struct issue_options {
	struct store *store;
	const struct policy_book *policies; /* must outlive the issue */
	const struct calendar *calendar; /* NULL: calendar_builtin() */
	uint32_t status_list; /* number of the list in use */
	unsigned status_bits; /* 2^bits indices, 8 to 26 */
	uint8_t status_key[ISSUE_STATUS_KEY_LEN];
	int64_t lease_s; /* of a job without a heartbeat */
	int64_t back_off_s; /* first pause; doubles with each attempt */
	int64_t attempts_max; /* then the job waits for a person */
	issue_clock clock; /* NULL: the system's clock */
	void *clock_arg;
};

HUFU_MUST_USE int issue_open(const struct issue_options *options,
        struct issue **ret, struct problem *ret_problem);
void issue_close(struct issue *issue);

/* Other rules from the next application or step on; the caller logs it. */
void issue_set_policies(
        struct issue *issue, const struct policy_book *policies);

int64_t issue_now_s(const struct issue *issue);
const struct calendar *issue_calendar(const struct issue *issue);

#endif
