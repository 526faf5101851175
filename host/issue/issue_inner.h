/*
 * The inside of struct issue, and which rules are in force. Only for the
 * files of this folder.
 */
#ifndef HOST_ISSUE_INNER_H
#define HOST_ISSUE_INNER_H

#include <stdatomic.h>

#include "host/issue/issue.h"
#include "host/policy/policy.h"

struct issue {
	struct issue_options options;
	_Atomic(const struct policy_book *) policies;
};

/* Today's rules; HUFU_ERR_CONFIG when none are in force yet. */
HUFU_MUST_USE int issue_policy_today(const struct issue *issue,
        const struct policy **ret, struct problem *ret_problem);
/* The rules that a case was begun under, else today's. */
HUFU_MUST_USE int issue_policy_of(const struct issue *issue,
        const char *version, const struct policy **ret,
        struct problem *ret_problem);

/* Pause after the nth failure: doubles, an hour at most. */
int64_t issue_back_off_s(const struct issue *issue, int64_t failures);

/* Copies a column's text, cut to fit; NULL gives "". */
void issue_copy_text(char *ret, size_t size, const char *text);

#endif
