/* What a change in the registry of persons does to the person's card and
 * application. */
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
 * it, or resumes it when the registry was wrong. An open application of the
 * dead lapses, unless its card is in the making or made: that one is not
 * handed over. 1: a card was suspended, 0: none.
 */
HUFU_MUST_USE int card_holder_changed(
        struct store_tx *tx, const struct card_holder_change *change);

/* What it would touch; 0: nothing. */
struct card_holder_things {
	int64_t card; /* to be suspended */
	int64_t application; /* to lapse */
	int64_t pending; /* not to be handed over */
};
HUFU_MUST_USE int card_holder_look(
        struct store_tx *tx, int64_t person, struct card_holder_things *ret);

#endif
