/*
 * Asking the rules about a case as it stands now: gathers what the registry
 * and the card book know, judges, and keeps the verdict.
 */
#ifndef HOST_JUDGING_H
#define HOST_JUDGING_H

#include "host/issue/case_row.h"

struct judging {
	struct issue *issue;
	enum case_stage stage;
	int64_t at_s;
};

/* What the card book knows of a person. */
struct judging_cards {
	bool live;
	bool pending;
	bool ended; /* one that was handed over and is lost, expired ... */
	bool unresolved;
};

HUFU_MUST_USE int judging_look_up_cards(
        struct store_tx *tx, int64_t person, struct judging_cards *ret);

/* Judges `application` (its id may still be 0); writes nothing. */
HUFU_MUST_USE int judging_run(struct store_tx *tx,
        const struct judging *judging, const struct application *application,
        struct eligibility_verdict *ret, struct problem *ret_problem);

/* All reasons in words, as many as fit. Answers `code`. */
int judging_explain(const struct eligibility_verdict *verdict, int code,
        struct problem *ret_problem);

#endif
