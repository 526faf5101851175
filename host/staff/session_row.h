/* Rows of sessions, inside the transactions of access.c. */
#ifndef HOST_SESSION_ROW_H
#define HOST_SESSION_ROW_H

#include "host/staff/access.h"

/* ret->token and ret->staff are given; the rest is filled in. */
HUFU_MUST_USE int session_begin(struct store_tx *tx, int64_t staff,
        const char *certificate, int64_t now_s, struct session *ret);
/* `before` goes on as *ret, fresh. HUFU_ERR_NOT_FOUND: it is over. */
HUFU_MUST_USE int session_renew(struct store_tx *tx,
        const struct session *before, int64_t now_s, struct session *ret);
HUFU_MUST_USE int session_end_others(
        struct store_tx *tx, const struct session *session);
HUFU_MUST_USE int session_end_all(struct store_tx *tx, int64_t staff);

#endif
