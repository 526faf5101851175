/* The rows behind a batch, inside the caller's transaction. */
#ifndef HOST_BATCH_ROW_H
#define HOST_BATCH_ROW_H

#include "host/issue/batch.h"

/* The batch and all its cases; fills in its id. */
HUFU_MUST_USE int batch_row_add(struct store_tx *tx, struct batch *batch);
/* Was in a sample of theirs at this step and has not been confirmed. */
HUFU_MUST_USE int batch_row_owes(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c, bool *ret);
HUFU_MUST_USE int batch_row_confirm(struct store_tx *tx,
        const struct batch *batch, const struct batch_case *c);
HUFU_MUST_USE int batch_row_end(
        struct store_tx *tx, const struct batch *batch, enum batch_state state);
/* Outcome and refusal of one case. */
HUFU_MUST_USE int batch_row_note(struct store_tx *tx, const struct batch *batch,
        const struct batch_case *c);
/* The drawer accepted the case at that step since the draw. */
HUFU_MUST_USE int batch_row_was_accepted(struct store_tx *tx,
        const struct batch *batch, const struct batch_case *c, bool *ret);

#endif
