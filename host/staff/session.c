#include <openssl/sha.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/staff/session_row.h"

/* A use is written down at most this often: reading stays reading. */
enum { USED_EVERY_S = 30 };

enum { BEGIN, FIND, USE, RENEW, END, END_OTHERS, END_ALL, SWEEP };

static const char *const sql[] = {
        [BEGIN] = "INSERT INTO session (token, staff, created, used,"
                  " fresh_until, certificate)"
                  " VALUES (?1, ?2, ?3, ?3, ?4, ?5)",
        [FIND] = "SELECT staff, created, used, fresh_until, certificate"
                 " FROM session WHERE token = ?1",
        [USE] = "UPDATE session SET used = ?2"
                " WHERE token = ?1 AND used < ?2",
        [RENEW] = "UPDATE session SET token = ?2, used = ?3,"
                  " fresh_until = ?4 WHERE token = ?1",
        [END] = "DELETE FROM session WHERE token = ?1",
        [END_OTHERS] = "DELETE FROM session WHERE staff = ?1 AND token != ?2",
        [END_ALL] = "DELETE FROM session WHERE staff = ?1",
        [SWEEP] = "DELETE FROM session WHERE used < ?1 OR created < ?2",
};
static const struct statements table = {
        "session", sql, sizeof sql / sizeof *sql};

struct digest {
	uint8_t bytes[SHA256_DIGEST_LENGTH];
};

static struct digest digest_of(const uint8_t token[SESSION_TOKEN_LEN])
{
	struct digest d;
	SHA256(token, SESSION_TOKEN_LEN, d.bytes);
	return d;
}

static struct span span_of_digest(const struct digest *d)
{
	return span_of(d->bytes, sizeof d->bytes);
}

int session_begin(struct store_tx *tx, int64_t staff, const char *certificate,
        int64_t now_s, struct session *ret)
{
	struct digest d = digest_of(ret->token);
	struct query *q = query_begin(tx, &table, BEGIN);
	ret->fresh_until_s = now_s + SESSION_FRESH_S;
	query_bind_blob(q, 1, span_of_digest(&d));
	query_bind_int(q, 2, staff);
	query_bind_int(q, 3, now_s);
	query_bind_int(q, 4, ret->fresh_until_s);
	query_bind_text(q, 5, certificate);
	return query_run(q);
}

int session_renew(struct store_tx *tx, const struct session *before,
        int64_t now_s, struct session *ret)
{
	struct digest old = digest_of(before->token);
	struct digest new = digest_of(ret->token);
	struct query *q = query_begin(tx, &table, RENEW);
	ret->fresh_until_s = now_s + SESSION_FRESH_S;
	query_bind_blob(q, 1, span_of_digest(&old));
	query_bind_blob(q, 2, span_of_digest(&new));
	query_bind_int(q, 3, now_s);
	query_bind_int(q, 4, ret->fresh_until_s);
	int r = query_run(q);
	return r || store_tx_changes(tx) == 1 ? r : HUFU_ERR_NOT_FOUND;
}

int session_end_others(struct store_tx *tx, const struct session *session)
{
	struct digest d = digest_of(session->token);
	struct query *q = query_begin(tx, &table, END_OTHERS);
	query_bind_int(q, 1, session->staff);
	query_bind_blob(q, 2, span_of_digest(&d));
	return query_run(q);
}

int session_end_all(struct store_tx *tx, int64_t staff)
{
	struct query *q = query_begin(tx, &table, END_ALL);
	query_bind_int(q, 1, staff);
	return query_run(q);
}

struct look {
	const uint8_t *token;
	const char *certificate;
	int64_t now, used;
	struct session session;
};

static int find(struct store_tx *tx, void *arg)
{
	struct look *look = arg;
	struct digest d = digest_of(look->token);
	struct query *q = query_begin(tx, &table, FIND);
	bool good = false;
	query_bind_blob(q, 1, span_of_digest(&d));
	int r = query_step(q);
	if (r == STORE_ROW) {
		look->session.staff = query_int(q, 0);
		look->used = query_int(q, 2);
		look->session.fresh_until_s = query_int(q, 3);
		good = look->used + SESSION_IDLE_S > look->now &&
		       query_int(q, 1) + SESSION_LONGEST_S > look->now &&
		       strcmp(query_text(q, 4), look->certificate) == 0;
	}
	r = query_end_one(q, r);
	return r || good ? r : HUFU_ERR_NOT_FOUND;
}

static int use(struct store_tx *tx, void *arg)
{
	const struct look *look = arg;
	struct digest d = digest_of(look->token);
	struct query *q = query_begin(tx, &table, USE);
	query_bind_blob(q, 1, span_of_digest(&d));
	query_bind_int(q, 2, look->now);
	return query_run(q);
}

int session_find(struct store *store, const uint8_t token[SESSION_TOKEN_LEN],
        const char *certificate, struct session *ret)
{
	struct look look = {.token = token,
	        .certificate = certificate,
	        .now = clock_now_s()};
	int r = store_read(store, find, &look);
	if (r == HUFU_OK && look.used + USED_EVERY_S <= look.now)
		r = store_write(store, use, &look);
	if (r)
		return r;
	*ret = look.session;
	memcpy(ret->token, token, sizeof ret->token);
	return HUFU_OK;
}

static int end(struct store_tx *tx, void *arg)
{
	const struct session *session = arg;
	struct digest d = digest_of(session->token);
	struct query *q = query_begin(tx, &table, END);
	query_bind_blob(q, 1, span_of_digest(&d));
	return query_run(q);
}

int session_end(struct store *store, const struct session *session)
{
	return store_write(store, end, (void *)(uintptr_t)session);
}

static int sweep(struct store_tx *tx, void *arg)
{
	int64_t now = *(int64_t *)arg;
	struct query *q = query_begin(tx, &table, SWEEP);
	query_bind_int(q, 1, now - SESSION_IDLE_S);
	query_bind_int(q, 2, now - SESSION_LONGEST_S);
	return query_run(q);
}

void session_sweep(struct store *store)
{
	int64_t now = clock_now_s();
	int r = store_write(store, sweep, &now);
	(void)r; /* tried again later */
}
