/*
 * What a caller may know of: a thing that no role for this call reaches is
 * answered exactly as one that is not there, so that guessing numbers tells
 * nothing. See docs/decisions/0124.
 */
#ifndef API_SIGHT_H
#define API_SIGHT_H

#include "host/api/call.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/issue/parcel.h"

HUFU_MUST_USE int sight_application(struct store_tx *tx, struct api_call *call,
        int64_t id, struct application *ret);

/* `found` is what looking `card` up came to; it is seen where it was applied
 * for and where it is handed over. */
HUFU_MUST_USE int sight_card(struct store_tx *tx, struct api_call *call,
        int found, const struct card_record *card);

/* A parcel is seen where it was packed and where it goes. */
HUFU_MUST_USE int sight_parcel(struct store_tx *tx, struct api_call *call,
        int64_t id, struct parcel *ret);

/* Transactions over a call: what {id} of its path names is in sight. */
int sight_check_application(struct store_tx *tx, void *call);
int sight_check_job(struct store_tx *tx, void *call);
int sight_check_parcel(struct store_tx *tx, void *call);

HUFU_MUST_USE int sight_check_unrecorded(
        struct api_call *call, uint32_t list, uint32_t index);

/* A person who lives in reach, or has applied there. */
HUFU_MUST_USE int sight_person(
        struct store_tx *tx, struct api_call *call, int64_t id);

#endif
