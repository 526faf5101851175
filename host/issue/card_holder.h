/* What a change in the registry of persons does to the person's card. */
#ifndef HOST_CARD_HOLDER_H
#define HOST_CARD_HOLDER_H

#include "host/issue/issue.h"
#include "host/policy/eligibility.h"

struct card_holder_change {
	int64_t person;
	const struct eligibility_person *facts; /* as they are now */
	int64_t staff; /* who brought the news; 0: nobody of ours */
	int64_t at_s;
};

/*
 * In the transaction that changes the person. A card whose holder is now
 * registered as dead is suspended (ground holder-dead); the bureau cancels
 * it, or resumes it when the registry was wrong. 1: one was, 0: none.
 */
HUFU_MUST_USE int card_holder_changed(
        struct store_tx *tx, const struct card_holder_change *change);

#endif
