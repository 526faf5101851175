#include "host/log/rows.h"

#include <string.h>

#include "host/store/sealed.h"

enum statement {
	GET_STATE,
	SET_BEHIND,
	PUT_ENTRY,
	GET_ENTRY,
	EACH_ENTRY,
	PUT_SALT,
	GET_SALT,
	PUT_CHECKPOINT,
	SAME_CHECKPOINT,
	LAST_CHECKPOINT,
	NEXT_CHECKPOINT,
	STATEMENTS,
};

static const char *const sql[STATEMENTS] = {
        [GET_STATE] = "SELECT behind,"
                      " (SELECT coalesce(max(idx) + 1, 0) FROM log_entry)"
                      " FROM log_state",
        [SET_BEHIND] = "UPDATE log_state SET behind = ?1",
        [PUT_ENTRY] = "INSERT INTO log_entry (idx, entry) VALUES (?1, ?2)",
        [GET_ENTRY] = "SELECT entry FROM log_entry WHERE idx = ?1",
        [EACH_ENTRY] = "SELECT idx, entry FROM log_entry WHERE idx >= ?1"
                       " ORDER BY idx LIMIT ?2",
        [PUT_SALT] = "INSERT INTO log_salt (idx, field, sealed_salt)"
                     " VALUES (?1, ?2, ?3)",
        [GET_SALT] = "SELECT sealed_salt FROM log_salt"
                     " WHERE idx = ?1 AND field = ?2",
        [PUT_CHECKPOINT] = "INSERT INTO log_checkpoint (size, root, note)"
                           " VALUES (?1, ?2, ?3)",
        [SAME_CHECKPOINT] = "SELECT 1 FROM log_checkpoint"
                            " WHERE size = ?1 AND root = ?2",
        [LAST_CHECKPOINT] = "SELECT size, root, note FROM log_checkpoint"
                            " ORDER BY size DESC LIMIT 1",
        [NEXT_CHECKPOINT] = "SELECT size, root, note FROM log_checkpoint"
                            " WHERE size > ?1 ORDER BY size LIMIT 1",
};

static const struct statements table = {"log", sql, STATEMENTS};

int rows_get_state(struct store_tx *tx, struct rows_state *ret)
{
	struct query *q = query_begin(tx, &table, GET_STATE);
	struct rows_state state = {0};
	int rc = query_step(q), end;

	if (rc == STORE_ROW) {
		state.behind = query_int(q, 0) != 0;
		state.size = (uint64_t)query_int(q, 1);
	}
	end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	if (rc != STORE_ROW)
		return HUFU_ERR_CORRUPT;
	*ret = state;
	return 0;
}

int rows_set_behind(struct store_tx *tx, bool behind)
{
	struct query *q = query_begin(tx, &table, SET_BEHIND);

	query_bind_int(q, 1, behind);
	return query_run(q);
}

int rows_put_entry(struct store_tx *tx, uint64_t index, struct span entry)
{
	struct query *q = query_begin(tx, &table, PUT_ENTRY);

	query_bind_int(q, 1, (int64_t)index);
	query_bind_blob(q, 2, entry);
	return query_run(q);
}

int rows_get_entry(struct store_tx *tx, uint64_t index, struct writer *ret)
{
	struct query *q = query_begin(tx, &table, GET_ENTRY);
	int rc, end;

	query_bind_int(q, 1, (int64_t)index);
	rc = query_step(q);
	if (rc == STORE_ROW)
		writer_put_span(ret, query_blob(q, 0));
	end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	return rc == STORE_ROW ? ret->error : HUFU_ERR_NOT_FOUND;
}

int rows_each_entry(struct store_tx *tx, uint64_t from, uint64_t count,
        rows_entry_fn fn, void *arg)
{
	struct query *q = query_begin(tx, &table, EACH_ENTRY);
	int rc, end;

	query_bind_int(q, 1, (int64_t)from);
	query_bind_int(q, 2, (int64_t)count);
	while ((rc = query_step(q)) == STORE_ROW) {
		rc = fn(arg, (uint64_t)query_int(q, 0), query_blob(q, 1));
		if (rc)
			break;
	}
	end = query_end(q);
	return rc ? rc : end;
}

/* Each field is sealed to a place of its own in the row. */
static const char *salt_column(int field)
{
	switch (field) {
	case LOG_PERSON:
		return "salt_person";
	case LOG_CARD:
		return "salt_card";
	case LOG_ACTOR:
		return "salt_actor";
	case LOG_STATION:
		return "salt_station";
	case LOG_BINDING:
		return "salt_binding";
	default:
		return NULL;
	}
}

int rows_put_salt(struct store_tx *tx, uint64_t index, int field,
        const uint8_t salt[LOG_SALT_LEN])
{
	struct sealed_at at = {"log_salt", salt_column(field), (int64_t)index};
	struct query *q;

	if (!at.column)
		return HUFU_ERR_ARGUMENT;
	q = query_begin(tx, &table, PUT_SALT);
	query_bind_int(q, 1, (int64_t)index);
	query_bind_int(q, 2, field);
	sealed_bind(q, 3, &at, span_of(salt, LOG_SALT_LEN));
	return query_run(q);
}

int rows_get_salt(struct store_tx *tx, uint64_t index, int field,
        uint8_t ret_salt[LOG_SALT_LEN])
{
	struct sealed_at at = {"log_salt", salt_column(field), (int64_t)index};
	uint8_t salt[LOG_SALT_LEN];
	struct writer w;
	struct query *q;
	int rc, end;

	if (!at.column)
		return HUFU_ERR_ARGUMENT;
	writer_init(&w, salt, sizeof(salt));
	q = query_begin(tx, &table, GET_SALT);
	query_bind_int(q, 1, (int64_t)index);
	query_bind_int(q, 2, field);
	rc = query_step(q);
	if (rc == STORE_ROW)
		rc = sealed_get(q, 0, &at, &w);
	else if (rc == 0)
		rc = HUFU_ERR_NOT_FOUND;
	end = query_end(q);
	if (rc || end)
		return rc ? rc : end;
	if (w.len != LOG_SALT_LEN)
		return HUFU_ERR_CORRUPT;
	memcpy(ret_salt, salt, sizeof(salt));
	return 0;
}

static int same_checkpoint(
        struct store_tx *tx, const struct log_checkpoint *c, bool *ret)
{
	struct query *q = query_begin(tx, &table, SAME_CHECKPOINT);
	int rc, end;

	query_bind_int(q, 1, (int64_t)c->size);
	query_bind_blob(q, 2, span_of(c->root, sizeof(c->root)));
	rc = query_step(q);
	end = query_end(q);
	if (rc < 0 || end < 0)
		return rc < 0 ? rc : end;
	*ret = rc == STORE_ROW;
	return 0;
}

int rows_put_checkpoint(struct store_tx *tx, const struct log_checkpoint *c)
{
	bool same = false;
	int rc = same_checkpoint(tx, c, &same);
	struct query *q;

	if (rc || same)
		return rc;
	q = query_begin(tx, &table, PUT_CHECKPOINT);
	query_bind_int(q, 1, (int64_t)c->size);
	query_bind_blob(q, 2, span_of(c->root, sizeof(c->root)));
	query_bind_text(q, 3, c->note);
	return query_run(q);
}

static int take_checkpoint(struct query *q, struct log_checkpoint *ret)
{
	struct span root = query_blob(q, 1);
	const char *note = query_text(q, 2);
	size_t len = note ? strlen(note) : 0;

	if (root.len != sizeof(ret->root) || len >= sizeof(ret->note))
		return HUFU_ERR_CORRUPT;
	*ret = (struct log_checkpoint){.size = (uint64_t)query_int(q, 0)};
	memcpy(ret->root, root.data, root.len);
	if (len)
		memcpy(ret->note, note, len);
	return 0;
}

static int read_checkpoint(struct query *q, struct log_checkpoint *ret)
{
	struct log_checkpoint c;
	int rc = query_step(q), end;

	if (rc == STORE_ROW)
		rc = take_checkpoint(q, &c);
	else if (rc == 0)
		rc = HUFU_ERR_NOT_FOUND;
	end = query_end(q);
	if (rc || end)
		return rc ? rc : end;
	*ret = c;
	return 0;
}

int rows_last_checkpoint(struct store_tx *tx, struct log_checkpoint *ret)
{
	return read_checkpoint(query_begin(tx, &table, LAST_CHECKPOINT), ret);
}

int rows_next_checkpoint(
        struct store_tx *tx, uint64_t size, struct log_checkpoint *ret)
{
	struct query *q = query_begin(tx, &table, NEXT_CHECKPOINT);

	query_bind_int(q, 1, (int64_t)size);
	return read_checkpoint(q, ret);
}
