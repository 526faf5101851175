/*
 * Signing in at the edge: password and one-time code, lock-out, invitations
 * and sessions. Each attempt is booked as a failure before it is judged, so
 * that many at once cannot guess more often than one after another. What is
 * changed is logged (LOG_RIGHTS), never with a login in it.
 */
#ifndef HOST_ACCESS_H
#define HOST_ACCESS_H

#include "host/staff/password.h"
#include "host/staff/staff.h"
#include "host/staff/totp.h"

enum {
	ACCESS_FAILURES_MAX = 5, /* then locked, each time twice as long */
	ACCESS_LOCK_S = 60, /* the first time */
	ACCESS_LOCK_MAX_S = 3600,
	ACCESS_INVITE_LEN = 16, /* letters and digits, 80 bits */
	ACCESS_INVITE_S = 72 * 3600,
	SESSION_TOKEN_LEN = 32,
	SESSION_IDLE_S = 15 * 60,
	SESSION_LONGEST_S = 12 * 3600,
	SESSION_FRESH_S = 10 * 60, /* after proving who one is */
	SESSION_CERTIFICATE_LEN = 40, /* SHA-1 fingerprint in hex, as nginx
	                               * gives it */
};

struct access_attempt {
	const char *login;
	const char *password;
	const char *code; /* of TOTP_DIGITS */
	const char *certificate; /* fingerprint in hex, or "" */
};

struct session {
	uint8_t token[SESSION_TOKEN_LEN]; /* only who holds it knows it */
	int64_t staff;
	int64_t fresh_until_s;
};

/*
 * A new session. HUFU_ERR_SIGNATURE: login, password or code is wrong,
 * which one is not said; HUFU_ERR_BUSY: locked, the problem says how long.
 */
HUFU_MUST_USE int access_sign_in(struct store *store,
        const struct access_attempt *attempt, struct session *ret,
        struct problem *ret_problem);

/*
 * Proves again who one is, by code: the session goes on under a new token
 * and is fresh. Errors as above; a locked or wrong one ends nothing.
 */
HUFU_MUST_USE int access_prove(struct store *store,
        const struct session *session, const char *code, struct session *ret,
        struct problem *ret_problem);

/* With the old password; other sessions of theirs end. */
HUFU_MUST_USE int access_change_password(struct store *store,
        const struct session *session, const char *old_password,
        const char *new_password, struct problem *ret_problem);

/*
 * The session of this token, which is used hereby. HUFU_ERR_NOT_FOUND: none,
 * over, or begun with another certificate.
 */
HUFU_MUST_USE int session_find(struct store *store,
        const uint8_t token[SESSION_TOKEN_LEN], const char *certificate,
        struct session *ret);
HUFU_MUST_USE int session_end(
        struct store *store, const struct session *session);
/* Rows of sessions that are over go; one that stays is refused anyway. */
void session_sweep(struct store *store);

/*
 * A one-time code by which a member sets password and device; what was set
 * before no longer counts, and sessions end. The caller judges who invites.
 */
HUFU_MUST_USE int access_invite(struct store_tx *tx, int64_t staff,
        int64_t until_s, char ret_code[ACCESS_INVITE_LEN + 1]);

/*
 * Sets the password and a new secret for codes. It holds once a code has
 * been used with it; until then the invitation may be used again.
 * HUFU_ERR_SIGNATURE, HUFU_ERR_BUSY, HUFU_ERR_ARGUMENT (bad password).
 */
HUFU_MUST_USE int access_accept(struct store *store, const char *login,
        const char *code, const char *password,
        char ret_secret[TOTP_TEXT_LEN + 1], struct problem *ret_problem);

/* HUFU_ERR_NOT_FOUND: never invited. */
HUFU_MUST_USE int access_unlock(struct store_tx *tx, int64_t staff);

struct access_state {
	bool ready; /* password and device are set */
	int64_t failures;
	int64_t locked_until_s;
	int64_t invite_until_s; /* 0: no invitation is open */
};

HUFU_MUST_USE int access_read(
        struct store_tx *tx, int64_t staff, struct access_state *ret);

#endif
