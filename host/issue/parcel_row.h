/* The rows behind parcels. All inside the caller's transaction. */
#ifndef HOST_PARCEL_ROW_H
#define HOST_PARCEL_ROW_H

#include "host/issue/parcel.h"

HUFU_MUST_USE int parcel_row_add(struct store_tx *tx, struct parcel *parcel,
        struct problem *ret_problem); /* fills in its id */
HUFU_MUST_USE int parcel_row_put_card(struct store_tx *tx, int64_t parcel,
        int64_t card, struct problem *ret_problem);

/* State, who and when of sending and signing for; from `before` alone. */
HUFU_MUST_USE int parcel_row_change(struct store_tx *tx,
        enum parcel_state before, const struct parcel *parcel,
        struct problem *ret_problem);
HUFU_MUST_USE int parcel_row_set_found(
        struct store_tx *tx, int64_t parcel, int64_t card, bool found);

/* Is the card one of those that wait in vain? */
HUFU_MUST_USE int parcel_row_is_uncollected(
        struct store_tx *tx, int64_t card, int64_t until_s, bool *ret);

#endif
