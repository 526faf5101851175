#include "host/stock/stock_replay.h"

enum {
	ADD_BATCH,
	ADD_BLANK,
	FIND,
	SET,
	DESTROY,
	UNCLAIMED,
	STATEMENTS,
};

static const char *const sql[] = {
        [ADD_BATCH] = "INSERT INTO blank_batch (area, reference, count, at,"
                      " log_index) VALUES (?1, 'restored', ?2, ?3, 0)",
        [ADD_BLANK] = "INSERT INTO blank (batch, number, area, since)"
                      " VALUES (?1, ?2, ?3, ?4)",
        /* those of cards that the restore noted, and unread ones, first */
        [FIND] = "SELECT b.id FROM blank b"
                 " LEFT JOIN card c ON c.blank = b.id"
                 " WHERE b.area = ?1 AND b.state = ?2"
                 " ORDER BY NOT EXISTS (SELECT 1 FROM card_noted n"
                 " WHERE n.list = c.list AND n.idx = c.idx),"
                 " c.id IS NOT NULL, b.serial IS NOT NULL, b.id LIMIT 1",
        [SET] = "UPDATE blank SET state = ?1, since = ?2 WHERE id = ?3",
        [DESTROY] = "UPDATE blank SET destroyed_at = ?1 WHERE id ="
                    " (SELECT id FROM blank WHERE area = ?2 AND state = 4"
                    " AND destroyed_at IS NULL ORDER BY id LIMIT 1)",
        [UNCLAIMED] = "SELECT b.id FROM blank b WHERE b.state = 3"
                      " AND substr(b.area, 1, 6) = substr(?1, 1, 6)"
                      " AND NOT EXISTS (SELECT 1 FROM card c"
                      " WHERE c.blank = b.id) ORDER BY b.id LIMIT 1",
};
static const struct statements statements = {"stock_replay", sql, STATEMENTS};

static int add_blank(struct store_tx *tx, int64_t batch, uint64_t number,
        const char *area, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, ADD_BLANK);

	query_bind_int(q, 1, batch);
	query_bind_int(q, 2, (int64_t)number);
	query_bind_text(q, 3, area);
	query_bind_int(q, 4, at_s);
	return query_run(q);
}

static int receive(struct store_tx *tx, const struct log_entry *e, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, ADD_BATCH);

	query_bind_text(q, 1, e->area);
	query_bind_int(q, 2, (int64_t)e->count);
	query_bind_int(q, 3, at_s);
	int rc = query_run(q);
	int64_t batch = store_tx_last_id(tx);
	for (uint64_t i = 1; i <= e->count && rc == 0; i++)
		rc = add_blank(tx, batch, i, e->area, at_s);
	return rc;
}

static int shift_one(struct store_tx *tx, const struct log_entry *e,
        const struct stock_replay_rule *rule, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, FIND);
	int64_t id = 0;

	query_bind_text(q, 1, e->area);
	query_bind_int(q, 2, rule->from);
	if (query_step(q) == STORE_ROW)
		id = query_int(q, 0);
	int rc = query_end(q);
	if (rc < 0 || id == 0)
		return rc < 0 ? rc : HUFU_ERR_CONFLICT;
	q = query_begin(tx, &statements, SET);
	query_bind_int(q, 1, rule->to);
	query_bind_int(q, 2, at_s);
	query_bind_int(q, 3, id);
	return query_run(q);
}

static int destroy_one(
        struct store_tx *tx, const struct log_entry *e, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, DESTROY);

	query_bind_int(q, 1, at_s);
	query_bind_text(q, 2, e->area);
	int rc = query_run(q);
	if (rc < 0)
		return rc;
	return store_tx_changes(tx) == 1 ? 0 : HUFU_ERR_CONFLICT;
}

/* An entry with a count speaks of blanks in stock. */
static bool find_rule(const struct log_entry *e, struct stock_replay_rule *ret)
{
	static const struct {
		enum log_type type;
		struct stock_replay_rule rule;
	} rules[] = {
	        {LOG_RESERVED, {STOCK_IN_STOCK, STOCK_RESERVED}},
	        {LOG_RELEASED, {STOCK_RESERVED, STOCK_IN_STOCK}},
	        {LOG_ISSUED, {STOCK_RESERVED, STOCK_ISSUED}},
	        {LOG_SPOILED, {STOCK_RESERVED, STOCK_SPOILED}},
	        {LOG_BLANK_MISSING, {STOCK_IN_STOCK, STOCK_MISSING}},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].type != e->type)
			continue;
		*ret = rules[i].rule;
		if (e->type == LOG_SPOILED && e->present & LOG_HAS(LOG_COUNT))
			ret->from = STOCK_IN_STOCK;
		return true;
	}
	return false;
}

int stock_replay(
        struct store_tx *tx, const struct log_entry *entry, int64_t at_s)
{
	bool counted = entry->present & LOG_HAS(LOG_COUNT);
	uint64_t times = counted ? entry->count : 1;
	struct stock_replay_rule rule;
	int rc = 0;

	if (entry->type == LOG_BLANK_RECEIVED)
		return receive(tx, entry, at_s);
	bool destroys = entry->type == LOG_BLANK_DESTROYED;
	if (!destroys && !find_rule(entry, &rule))
		return 0;
	for (uint64_t i = 0; i < times && rc == 0; i++)
		rc = destroys ? destroy_one(tx, entry, at_s)
		              : shift_one(tx, entry, &rule, at_s);
	return rc;
}

int stock_find_unclaimed(
        struct store_tx *tx, const char *area, int64_t *ret_blank)
{
	struct query *q = query_begin(tx, &statements, UNCLAIMED);
	int64_t id = 0;

	query_bind_text(q, 1, area);
	if (query_step(q) == STORE_ROW)
		id = query_int(q, 0);
	int rc = query_end(q);
	if (rc == 0)
		*ret_blank = id;
	return rc;
}
