#include "host/issue/card_published.h"

#include <stdlib.h>

#include "crypto/core/status_list.h"
#include "host/issue/card_book.h"
#include "host/issue/issue_inner.h"

enum { ENTRIES, UNFINISHED, ADD, INVALIDATE, STATEMENTS };

#define COLUMNS                                                                \
	"c.list, c.idx, c.area, c.kind, coalesce(c.signed_index, 0), c.phase"

static const char *const sql[] = {
        [ENTRIES] = "SELECT " COLUMNS ", s.value FROM card c"
                    " JOIN status_entry s ON s.list = c.list"
                    " AND s.idx = c.idx WHERE c.list = ?1",
        [UNFINISHED] = "SELECT " COLUMNS " FROM card c WHERE c.phase = 1"
                       " AND c.signed_index IS NOT NULL",
        [ADD] = "INSERT INTO status_entry (list, idx) VALUES (?1, ?2)"
                " ON CONFLICT DO NOTHING",
        [INVALIDATE] = "UPDATE status_entry SET value = 1 WHERE list = ?1"
                       " AND idx = ?2 AND value <> 1",
};
static const struct statements statements = {"card_published", sql, STATEMENTS};

struct noted_cards {
	struct card_noted *card;
	size_t count, cap;
};

struct comparing {
	const struct card_published *published;
	struct noted_cards noted;
};

static enum status_value published_value(
        const struct card_published *p, uint32_t index)
{
	uint8_t byte = index / 4 < p->map.len ? p->map.data[index / 4] : 0;

	return (enum status_value)(byte >> index % 4 * 2 & 3);
}

/* An index given out in the last second was not published before. */
static bool is_otherwise(enum card_phase phase, enum status_value now,
        enum status_value published)
{
	if (phase == CARD_RESERVED && published == STATUS_VALID)
		return false;
	return now != STATUS_INVALID && now != published;
}

static int keep(struct noted_cards *c, struct query *q, int64_t at_s)
{
	if (c->count == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 64;
		void *wide = reallocarray(c->card, cap, sizeof(*c->card));

		if (!wide)
			return HUFU_ERR_MEMORY;
		c->card = wide;
		c->cap = cap;
	}
	struct card_noted *n = &c->card[c->count++];
	*n = (struct card_noted){
	        .status_list = (uint32_t)query_int(q, 0),
	        .status_index = (uint32_t)query_int(q, 1),
	        .log_index = (uint64_t)query_int(q, 4),
	        .at_s = at_s,
	        .kind = (uint32_t)query_int(q, 3),
	};
	issue_copy_text(n->area, sizeof(n->area), query_text(q, 2));
	return 0;
}

static int note_all(struct store_tx *tx, const struct noted_cards *c)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->count; i++)
		rc = card_book_note(tx, &c->card[i]);
	return rc;
}

static int find_otherwise(struct store_tx *tx, struct comparing *c)
{
	const struct card_published *p = c->published;
	struct query *q = query_begin(tx, &statements, ENTRIES);
	int rc = 0;

	query_bind_int(q, 1, p->list);
	while (rc == 0 && query_step(q) == STORE_ROW) {
		uint32_t index = (uint32_t)query_int(q, 1);

		if (is_otherwise((enum card_phase)query_int(q, 5),
		            (enum status_value)query_int(q, 6),
		            published_value(p, index)))
			rc = keep(&c->noted, q, p->at_s);
	}
	int end = query_end(q);
	return end < 0 ? end : rc;
}

static int put(struct store_tx *tx, int which, uint32_t list, uint32_t index)
{
	struct query *q = query_begin(tx, &statements, which);

	query_bind_int(q, 1, list);
	query_bind_int(q, 2, index);
	return query_run(q);
}

/* Also of cards that the store has no row for: none becomes valid. */
static int take_over(struct store_tx *tx, const struct card_published *p)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < p->map.len; i++) {
		for (uint32_t j = 0; p->map.data[i] >> 2 * j && j < 4; j++) {
			uint32_t index = (uint32_t)i * 4 + j;
			enum status_value value = published_value(p, index);

			if (value == STATUS_VALID)
				continue;
			if (rc == 0)
				rc = put(tx, ADD, p->list, index);
			if (rc == 0 && value == STATUS_INVALID)
				rc = put(tx, INVALIDATE, p->list, index);
		}
	}
	return rc;
}

static int compare(struct store_tx *tx, void *arg)
{
	struct comparing *c = arg;
	int rc = find_otherwise(tx, c);

	if (rc == 0)
		rc = note_all(tx, &c->noted);
	if (rc == 0)
		rc = take_over(tx, c->published);
	return rc;
}

int card_published_note(
        struct store *store, const struct card_published *published)
{
	struct comparing c = {.published = published};
	int rc = store_write(store, compare, &c);

	free(c.noted.card);
	return rc;
}

int card_published_note_unfinished(struct store_tx *tx, int64_t at_s)
{
	struct query *q = query_begin(tx, &statements, UNFINISHED);
	struct noted_cards noted = {0};
	int rc = 0;

	while (rc == 0 && query_step(q) == STORE_ROW)
		rc = keep(&noted, q, at_s);
	int end = query_end(q);
	rc = end < 0 ? end : rc;
	if (rc == 0)
		rc = note_all(tx, &noted);
	free(noted.card);
	return rc;
}
