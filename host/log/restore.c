#include "host/log/restore.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/log/bundle.h"
#include "host/log/open.h"
#include "host/log/peaks.h"
#include "host/log/reconcile.h"
#include "host/log/rows.h"

enum { REPLAY_MAX = 1 << 22 }; /* entries; more than a backup ever lacks */

struct later {
	uint8_t *bytes; /* length[2] entry, repeated */
	size_t len, cap;
	uint64_t count;
};

struct restoring {
	struct log *log;
	struct reconcile_view view;
	struct log_checkpoint target; /* the newest tree known */
	struct later later;
	struct signer_record *cards;
	size_t card_count;
	struct peaks peaks;
	log_unresolved_fn fn;
	void *arg;
	struct log_restored done;
};

static int keep_entry(struct later *l, struct span entry)
{
	struct writer w;

	if (l->cap - l->len < entry.len + 2) {
		size_t cap = l->cap ? l->cap * 2 : 1 << 16;
		uint8_t *wide = realloc(l->bytes, cap);

		if (!wide)
			return HUFU_ERR_MEMORY;
		l->bytes = wide;
		l->cap = cap;
	}
	writer_init(&w, l->bytes + l->len, l->cap - l->len);
	writer_put_u16(&w, (uint16_t)entry.len);
	writer_put_span(&w, entry);
	l->len += w.len;
	l->count++;
	return w.error;
}

static int hash_row(void *arg, uint64_t index, struct span entry)
{
	uint8_t leaf[MERKLE_HASH_LEN];
	struct peaks *peaks = arg;

	if (index != peaks->size)
		return HUFU_ERR_CORRUPT;
	merkle_leaf(entry, leaf);
	peaks_put(peaks, leaf);
	return 0;
}

static int hash_rows(struct store_tx *tx, void *arg)
{
	struct restoring *r = arg;

	return rows_each_entry(tx, 0, r->view.rows, hash_row, &r->peaks);
}

/* The bundle at the target's width, or the full one of a larger tree. */
static int read_bundle(
        const struct restoring *r, uint64_t index, struct bundle *ret)
{
	unsigned need = tile_width(TILE_ENTRIES, index, r->target.size);
	unsigned wide = tile_width(TILE_ENTRIES, index, UINT64_MAX);
	int rc = HUFU_ERR_NOT_FOUND;

	for (unsigned w = need; rc == HUFU_ERR_NOT_FOUND && w <= wide; w++) {
		struct tile t = {TILE_ENTRIES, index, w};

		rc = bundle_read(r->log->folder, &t, ret);
		if (rc)
			bundle_done(ret);
	}
	return rc;
}

static int keep_bundle(struct restoring *r, uint64_t index)
{
	uint64_t first = index * TILE_WIDTH;
	uint8_t leaf[MERKLE_HASH_LEN];
	struct bundle b;
	int rc = read_bundle(r, index, &b);

	if (rc)
		return rc;
	for (uint64_t i = 0; !rc && i < b.count; i++) {
		if (first + i < r->view.rows || first + i >= r->target.size)
			continue;
		merkle_leaf(b.entry[i], leaf);
		peaks_put(&r->peaks, leaf);
		rc = keep_entry(&r->later, b.entry[i]);
	}
	bundle_done(&b);
	return rc;
}

static int missing_tiles(struct problem *p, int rc)
{
	return problem_set(p, rc, "log-tiles-missing",
	        "已公布的条目文件缺失或损坏，不能补回：请把完整的 tile 文件夹"
	        "放回来，之前不能签发。",
	        "Published entry bundles are missing or damaged: put the whole "
	        "tile folder back; nothing is issued until then.");
}

/* Everything is checked before the first row is written. */
static int gather(struct restoring *r, struct problem *p)
{
	uint8_t root[MERKLE_HASH_LEN];
	int rc = store_read(r->log->store, hash_rows, r);

	if (rc)
		return problem_from_code(p, rc);
	if (r->target.size - r->view.rows > REPLAY_MAX)
		return problem_from_code(p, HUFU_ERR_LIMIT);
	for (uint64_t i = r->view.rows / TILE_WIDTH;
	        !rc && i * TILE_WIDTH < r->target.size; i++)
		rc = keep_bundle(r, i);
	if (rc)
		return missing_tiles(p, rc);
	peaks_root(&r->peaks, root);
	if (memcmp(root, r->target.root, sizeof(root)) != 0)
		return problem_set(p, HUFU_ERR_PROOF, "log-other-history",
		        "备份与已公布的日志不是同一段历史，不能补回。",
		        "The backup and the published log are not of one "
		        "history; it cannot be replayed.");
	return 0;
}

static int gather_cards(struct restoring *r)
{
	uint64_t from = r->view.rows;
	size_t count = SIGNER_RECORDS_MAX;

	while (count == SIGNER_RECORDS_MAX) {
		size_t had = r->card_count;
		void *wide = realloc(r->cards,
		        (had + SIGNER_RECORDS_MAX) * sizeof(*r->cards));
		int rc;

		if (!wide)
			return HUFU_ERR_MEMORY;
		r->cards = wide;
		rc = signer_list_signed(
		        r->log->signer, from, r->cards + had, &count);
		if (rc)
			return rc;
		r->card_count += count;
		if (count > 0)
			from = r->cards[r->card_count - 1].index + 1;
	}
	return 0;
}

static const struct signer_record *find_card(
        const struct restoring *r, uint64_t index)
{
	for (size_t i = 0; i < r->card_count; i++) {
		if (r->cards[i].index == index)
			return &r->cards[i];
	}
	return NULL;
}

static int tell_later(struct store_tx *tx, struct restoring *r, uint64_t index,
        struct span bytes)
{
	const struct signer_record *card = find_card(r, index);
	struct log_unresolved later = {.index = index};
	struct log_entry entry;
	int rc = log_entry_decode(bytes, &entry);

	if (rc)
		return rc;
	later.entry = &entry;
	if (card) {
		later.signed_card = true;
		later.list = card->list;
		later.status_index = card->status_index;
		r->done.cards++;
	}
	return r->fn ? r->fn(tx, &later, r->arg) : 0;
}

typedef int (*later_fn)(struct store_tx *tx, struct restoring *r,
        uint64_t index, struct span bytes);

static int put_later(struct store_tx *tx, struct restoring *r, uint64_t index,
        struct span bytes)
{
	(void)r; /* only the row */
	return rows_put_entry(tx, index, bytes);
}

static int each_later(struct store_tx *tx, struct restoring *r, later_fn fn)
{
	uint64_t index = r->view.rows;
	struct reader in;
	int rc = 0;

	reader_init(&in, span_of(r->later.bytes, r->later.len));
	while (!rc && reader_left(&in) > 0)
		rc = fn(tx, r, index++, tiles_get_entry(&in));
	return rc ? rc : reader_done(&in);
}

static int replay(struct store_tx *tx, void *arg)
{
	struct restoring *r = arg;
	int rc = rows_set_behind(tx, false);

	if (!rc)
		rc = each_later(tx, r, put_later);
	if (!rc && r->target.note[0])
		rc = rows_put_checkpoint(tx, &r->target);
	if (!rc)
		rc = each_later(tx, r, tell_later);
	return rc;
}

static int restore(struct restoring *r, struct problem *p)
{
	int rc = reconcile_look(r->log, &r->view, p);

	if (rc)
		return rc;
	r->target = r->view.signer.size >= r->view.published.size
	                    ? r->view.signer
	                    : r->view.published;
	r->done.rows_before = r->view.rows;
	if (r->target.size <= r->view.rows) {
		r->target = (struct log_checkpoint){0};
	} else {
		rc = gather(r, p);
		if (rc)
			return rc;
		rc = gather_cards(r);
	}
	if (!rc)
		rc = store_write(r->log->store, replay, r);
	r->done.replayed = r->later.count;
	return rc ? problem_from_code(p, rc) : 0;
}

int log_restore(const struct log_options *options, log_unresolved_fn later,
        void *arg, struct log_restored *ret, struct problem *p)
{
	_free_ struct restoring *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	r->fn = later;
	r->arg = arg;
	rc = open_prepare(options, &r->log, p);
	if (rc)
		return rc;
	rc = restore(r, p);
	if (!rc)
		*ret = r->done;
	open_done(r->log);
	free(r->later.bytes);
	free(r->cards);
	return rc;
}
