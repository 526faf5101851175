#include "host/staff/access.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include "crypto/openssl/random.h"
#include "host/base/clock.h"
#include "host/log/entry.h"
#include "host/staff/session_row.h"
#include "host/store/sealed.h"

enum { READ, FAIL, SUCCEED, UNLOCK, INVITE, ACCEPT, PASSWORD };

static const char *const sql[] = {
        [READ] = "SELECT s.id, a.password, a.sealed_totp, a.confirmed,"
                 " a.last_step, a.failures, a.locked_until, a.invite,"
                 " a.invite_until FROM staff s"
                 " JOIN staff_access a ON a.staff = s.id"
                 " WHERE s.active = 1 AND (s.login = ?1 OR s.id = ?2)",
        [FAIL] = "UPDATE staff_access SET failures = failures + 1,"
                 " locked_until = ?2 WHERE staff = ?1",
        [SUCCEED] = "UPDATE staff_access SET failures = 0, locked_until = 0,"
                    " last_step = ?2, confirmed = 1, invite = NULL,"
                    " invite_until = 0"
                    " WHERE staff = ?1 AND last_step < ?2"
                    " AND password = ?3",
        [UNLOCK] = "UPDATE staff_access SET failures = 0, locked_until = 0"
                   " WHERE staff = ?1",
        [INVITE] = "INSERT INTO staff_access (staff, invite, invite_until)"
                   " VALUES (?1, ?2, ?3) ON CONFLICT (staff) DO UPDATE SET"
                   " password = NULL, sealed_totp = NULL, confirmed = 0,"
                   " last_step = 0, failures = 0, locked_until = 0,"
                   " invite = ?2, invite_until = ?3",
        [ACCEPT] = "UPDATE staff_access SET password = ?2, sealed_totp = ?3,"
                   " confirmed = 0, last_step = 0, failures = 0,"
                   " locked_until = 0"
                   " WHERE staff = ?1 AND invite = ?4",
        [PASSWORD] = "UPDATE staff_access SET password = ?2, failures = 0,"
                     " locked_until = 0 WHERE staff = ?1 AND password = ?3",
};
static const struct statements table = {
        "access", sql, sizeof sql / sizeof *sql};

struct row {
	int64_t staff;
	char password[PASSWORD_HASH_MAX];
	bool has_password, has_secret, confirmed, has_invite;
	uint8_t secret[TOTP_SECRET_LEN];
	int64_t last_step, failures, locked_until, invite_until;
	uint8_t invite[SHA256_DIGEST_LENGTH];
};

static struct sealed_at place_of(int64_t staff)
{
	return (struct sealed_at){"staff_access", "totp", staff};
}

static int take_row(struct query *q, struct row *ret)
{
	const char *password = query_text(q, 1);
	struct span invite = query_blob(q, 7);
	struct writer w;
	*ret = (struct row){.staff = query_int(q, 0),
	        .has_password = password != NULL,
	        .has_secret = !query_is_null(q, 2),
	        .confirmed = query_int(q, 3) != 0,
	        .last_step = query_int(q, 4),
	        .failures = query_int(q, 5),
	        .locked_until = query_int(q, 6),
	        .has_invite = !query_is_null(q, 7),
	        .invite_until = query_int(q, 8)};
	if (password && strlen(password) < sizeof ret->password)
		memcpy(ret->password, password, strlen(password) + 1);
	if (ret->has_invite)
		memcpy(ret->invite, invite.data, sizeof ret->invite);
	struct sealed_at at = place_of(ret->staff);
	writer_init(&w, ret->secret, sizeof ret->secret);
	return ret->has_secret ? sealed_get(q, 2, &at, &w) : HUFU_OK;
}

/* By login, or by id when it is not 0. */
static int read_row(
        struct store_tx *tx, const char *login, int64_t id, struct row *ret)
{
	struct query *q = query_begin(tx, &table, READ);
	query_bind_text(q, 1, login);
	query_bind_int(q, 2, id);
	int r = query_step(q), taken = HUFU_OK;
	if (r == STORE_ROW)
		taken = take_row(q, ret);
	int end = query_end_one(q, r);
	return end ? end : taken;
}

static int note(struct store_tx *tx, int64_t actor, const char *ground)
{
	struct entry e = {.type = LOG_RIGHTS,
	        .at_s = clock_now_s(),
	        .ground = ground,
	        .actor = actor};
	uint64_t index;
	return entry_append(tx, &e, &index);
}

/* ---- an attempt ---- */

struct trial {
	const char *login; /* NULL: by id */
	int64_t id, now;
	struct row row; /* as it was before */
	bool known;
};

static int64_t lock_after(const struct row *row, int64_t now)
{
	int64_t over = row->failures + 1 - ACCESS_FAILURES_MAX;
	int64_t length = ACCESS_LOCK_S;
	if (over < 0)
		return 0;
	while (over-- > 0 && length < ACCESS_LOCK_MAX_S)
		length *= 2;
	return now + (length < ACCESS_LOCK_MAX_S ? length : ACCESS_LOCK_MAX_S);
}

/* Books a failure first; who is right takes it back. */
static int book(struct store_tx *tx, void *arg)
{
	struct trial *t = arg;
	int r = read_row(tx, t->login, t->id, &t->row);
	t->known = r == HUFU_OK;
	if (r == HUFU_ERR_NOT_FOUND)
		return HUFU_OK; /* goes on as if there were somebody */
	if (r || t->row.locked_until > t->now)
		return r;
	int64_t until = lock_after(&t->row, t->now);
	struct query *q = query_begin(tx, &table, FAIL);
	query_bind_int(q, 1, t->row.staff);
	query_bind_int(q, 2, until);
	r = query_run(q);
	return r || until == 0 ? r : note(tx, t->row.staff, "sign-in-locked");
}

static int refuse(struct problem *p)
{
	return problem_set(p, HUFU_ERR_SIGNATURE, "sign-in",
	        "登录名、密码或动态码不正确。动态码每 30 秒换一次，"
	        "用过的不能再用。",
	        "Login, password or code is wrong. A code lasts 30 seconds "
	        "and counts once.");
}

static int begin(struct store *store, struct trial *t, struct problem *p)
{
	int r = store_write(store, book, t);
	if (r || !t->known || t->row.locked_until <= t->now)
		return r;
	int64_t left = t->row.locked_until - t->now;
	return problem_set(p, HUFU_ERR_BUSY, "sign-in-locked",
	        "错误次数过多，请 %lld 秒后再试，或请安全管理员解锁。",
	        "Too many wrong attempts: try again in %lld seconds, or ask "
	        "the security administrator to unlock.",
	        (long long)left);
}

struct success {
	const struct trial *trial;
	int64_t step;
	const char *certificate;
	const struct session *before; /* proved again: goes away */
	struct session session;
};

static int succeed(struct store_tx *tx, void *arg)
{
	struct success *s = arg;
	const struct row *row = &s->trial->row;
	struct query *q = query_begin(tx, &table, SUCCEED);
	query_bind_int(q, 1, row->staff);
	query_bind_int(q, 2, s->step);
	query_bind_text(q, 3, row->password);
	int r = query_run(q);
	/* somebody was faster with the same code, or the password changed */
	if (r == HUFU_OK && store_tx_changes(tx) != 1)
		r = HUFU_ERR_SIGNATURE;
	if (r)
		return r;
	return s->before ? session_renew(
	                           tx, s->before, s->trial->now, &s->session)
	                 : session_begin(tx, row->staff, s->certificate,
	                           s->trial->now, &s->session);
}

static int finish(struct store *store, struct success *s, struct session *ret,
        struct problem *p)
{
	s->session.staff = s->trial->row.staff;
	int r = random_fill(s->session.token, sizeof s->session.token);
	if (r == HUFU_OK)
		r = store_write(store, succeed, s);
	if (r == HUFU_ERR_SIGNATURE)
		return refuse(p);
	if (r == HUFU_OK)
		*ret = s->session;
	return r;
}

int access_sign_in(struct store *store, const struct access_attempt *attempt,
        struct session *ret, struct problem *p)
{
	struct trial t = {.login = attempt->login, .now = clock_now_s()};
	struct success s = {.trial = &t, .certificate = attempt->certificate};
	int r = begin(store, &t, p);
	if (r)
		return r;
	bool ready = t.known && t.row.has_password && t.row.has_secret;
	r = password_check(attempt->password, ready ? t.row.password : NULL);
	if (r == HUFU_OK)
		r = totp_check(t.row.secret, attempt->code, t.now,
		        t.row.last_step, &s.step);
	bytes_wipe(t.row.secret, sizeof t.row.secret);
	if (r == HUFU_ERR_SIGNATURE)
		return refuse(p);
	return r ? r : finish(store, &s, ret, p);
}

int access_prove(struct store *store, const struct session *session,
        const char *code, struct session *ret, struct problem *p)
{
	struct trial t = {.id = session->staff, .now = clock_now_s()};
	struct success s = {.trial = &t, .before = session};
	int r = begin(store, &t, p);
	if (r)
		return r;
	if (!t.known || !t.row.confirmed)
		return refuse(p);
	r = totp_check(t.row.secret, code, t.now, t.row.last_step, &s.step);
	bytes_wipe(t.row.secret, sizeof t.row.secret);
	if (r == HUFU_ERR_SIGNATURE)
		return refuse(p);
	return r ? r : finish(store, &s, ret, p);
}

/* ---- passwords ---- */

static int check_new(const char *password, const char *login, struct problem *p)
{
	size_t len = strlen(password);
	if (len >= PASSWORD_MIN && len <= PASSWORD_MAX &&
	        (!login || !strstr(password, login)))
		return HUFU_OK;
	return problem_set(p, HUFU_ERR_ARGUMENT, "weak-password",
	        "密码须为 %d 到 %d 个字节，且不含登录名。",
	        "A password has %d to %d bytes and does not contain the "
	        "login.",
	        PASSWORD_MIN, PASSWORD_MAX);
}

struct change {
	const struct session *session;
	const struct row *row;
	const char *hash;
};

static int change(struct store_tx *tx, void *arg)
{
	const struct change *c = arg;
	struct query *q = query_begin(tx, &table, PASSWORD);
	query_bind_int(q, 1, c->row->staff);
	query_bind_text(q, 2, c->hash);
	query_bind_text(q, 3, c->row->password);
	int r = query_run(q);
	if (r == HUFU_OK && store_tx_changes(tx) != 1)
		r = HUFU_ERR_CONFLICT;
	if (r == HUFU_OK)
		r = session_end_others(tx, c->session);
	return r ? r : note(tx, c->row->staff, "password-changed");
}

int access_change_password(struct store *store, const struct session *session,
        const char *old_password, const char *new_password, struct problem *p)
{
	struct trial t = {.id = session->staff, .now = clock_now_s()};
	char hash[PASSWORD_HASH_MAX];
	int r = check_new(new_password, NULL, p);
	if (r == HUFU_OK)
		r = begin(store, &t, p);
	if (r)
		return r;
	r = password_check(old_password, t.known ? t.row.password : NULL);
	bytes_wipe(t.row.secret, sizeof t.row.secret);
	if (r == HUFU_ERR_SIGNATURE)
		return refuse(p);
	if (r == HUFU_OK)
		r = password_hash(new_password, hash);
	struct change c = {session, &t.row, hash};
	return r ? r : store_write(store, change, &c);
}

/* ---- invitations ---- */

/* Letters that nobody takes for digits. */
static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

static void hash_code(const char *code, uint8_t ret[SHA256_DIGEST_LENGTH])
{
	SHA256((const unsigned char *)code, strlen(code), ret);
}

int access_invite(struct store_tx *tx, int64_t staff, int64_t until_s,
        char ret_code[ACCESS_INVITE_LEN + 1])
{
	uint8_t raw[ACCESS_INVITE_LEN], hash[SHA256_DIGEST_LENGTH];
	char code[ACCESS_INVITE_LEN + 1] = {0};
	int r = random_fill(raw, sizeof raw);
	if (r)
		return r;
	for (size_t i = 0; i < sizeof raw; i++)
		code[i] = alphabet[raw[i] & 31];
	hash_code(code, hash);
	struct query *q = query_begin(tx, &table, INVITE);
	query_bind_int(q, 1, staff);
	query_bind_blob(q, 2, span_of(hash, sizeof hash));
	query_bind_int(q, 3, until_s);
	r = query_run(q);
	if (r == HUFU_OK)
		r = session_end_all(tx, staff);
	if (r == HUFU_OK)
		memcpy(ret_code, code, sizeof code);
	bytes_wipe(code, sizeof code);
	return r;
}

struct acceptance {
	const struct row *row;
	const char *hash;
	uint8_t secret[TOTP_SECRET_LEN];
};

static int accept_invite(struct store_tx *tx, void *arg)
{
	struct acceptance *a = arg;
	struct sealed_at at = place_of(a->row->staff);
	struct query *q = query_begin(tx, &table, ACCEPT);
	query_bind_int(q, 1, a->row->staff);
	query_bind_text(q, 2, a->hash);
	sealed_bind(q, 3, &at, span_of(a->secret, sizeof a->secret));
	query_bind_blob(q, 4, span_of(a->row->invite, sizeof a->row->invite));
	int r = query_run(q);
	if (r == HUFU_OK && store_tx_changes(tx) != 1)
		r = HUFU_ERR_SIGNATURE;
	return r ? r : note(tx, a->row->staff, "password-set");
}

static int refuse_invite(struct problem *p)
{
	return problem_set(p, HUFU_ERR_SIGNATURE, "invitation",
	        "登录名或邀请码不正确，或邀请码已过期、已用过。"
	        "请安全管理员重新邀请。",
	        "Login or invitation is wrong, or the invitation is over or "
	        "used: ask the security administrator for another.");
}

static bool invite_fits(const struct trial *t, const char *code)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	hash_code(code, hash);
	return t->known && t->row.has_invite && t->row.invite_until > t->now &&
	       CRYPTO_memcmp(hash, t->row.invite, sizeof hash) == 0;
}

int access_accept(struct store *store, const char *login, const char *code,
        const char *password, char ret_secret[TOTP_TEXT_LEN + 1],
        struct problem *p)
{
	struct trial t = {.login = login, .now = clock_now_s()};
	char hash[PASSWORD_HASH_MAX];
	struct acceptance a = {.row = &t.row, .hash = hash};
	int r = check_new(password, login, p);
	if (r == HUFU_OK)
		r = begin(store, &t, p);
	if (r)
		return r;
	bytes_wipe(t.row.secret, sizeof t.row.secret);
	if (!invite_fits(&t, code))
		return refuse_invite(p);
	r = password_hash(password, hash);
	if (r == HUFU_OK)
		r = random_fill(a.secret, sizeof a.secret);
	if (r == HUFU_OK)
		r = store_write(store, accept_invite, &a);
	if (r == HUFU_OK)
		totp_text(a.secret, ret_secret);
	bytes_wipe(a.secret, sizeof a.secret);
	return r == HUFU_ERR_SIGNATURE ? refuse_invite(p) : r;
}

int access_unlock(struct store_tx *tx, int64_t staff)
{
	struct query *q = query_begin(tx, &table, UNLOCK);
	query_bind_int(q, 1, staff);
	int r = query_run(q);
	return r || store_tx_changes(tx) == 1 ? r : HUFU_ERR_NOT_FOUND;
}

int access_read(struct store_tx *tx, int64_t staff, struct access_state *ret)
{
	struct row row;
	int r = read_row(tx, NULL, staff, &row);
	if (r)
		return r;
	bytes_wipe(row.secret, sizeof row.secret);
	*ret = (struct access_state){.ready = row.confirmed,
	        .failures = row.failures,
	        .locked_until_s = row.locked_until,
	        .invite_until_s = row.has_invite ? row.invite_until : 0};
	return HUFU_OK;
}
