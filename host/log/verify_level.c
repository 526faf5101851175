#include <string.h>

#include "host/base/cleanup.h"
#include "host/log/rows.h"
#include "host/log/verify_inner.h"

/* ---- files ---- */

int verify_read_hashes(struct verify *v, const struct tile *t, verify_hash *ret,
        bool *ret_whole)
{
	_free_ uint8_t *data = NULL;
	size_t len = 0;
	int rc = tile_files_read(v->o->folder, t, &data, &len);

	v->verdict.tiles++;
	*ret_whole = false;
	if (!rc && len != t->width * sizeof(verify_hash))
		rc = HUFU_ERR_MALFORMED;
	if (rc == HUFU_ERR_NOT_FOUND || rc == HUFU_ERR_MALFORMED) {
		verify_tell_file(v, t, t->index, rc);
		return 0;
	}
	if (rc)
		return rc;
	memcpy(ret, data, len);
	*ret_whole = true;
	return 0;
}

/* Narrower partial files beside the current one hold its beginning. */
static int check_partial(
        struct verify *v, const struct tile *t, struct span whole)
{
	struct tile narrow = *t;
	_free_ uint8_t *data = NULL;
	size_t len = 0;
	int rc;

	for (narrow.width = 1; narrow.width < t->width; narrow.width++) {
		rc = tile_files_read(v->o->folder, &narrow, &data, &len);
		if (rc == HUFU_ERR_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		v->verdict.tiles++;
		if (len >= whole.len || memcmp(data, whole.data, len) != 0 ||
		        (t->level >= 0 &&
		                len != narrow.width * sizeof(verify_hash)))
			verify_tell_file(
			        v, &narrow, narrow.index, HUFU_ERR_PROOF);
		free(data);
		data = NULL;
	}
	return 0;
}

/* ---- stored checkpoints ---- */

int verify_look_next(struct store_tx *tx, void *arg)
{
	struct verify *v = arg;
	uint64_t after = v->next.size;
	int rc = rows_next_checkpoint(tx, after, &v->next);

	v->has_next = !rc;
	return rc == HUFU_ERR_NOT_FOUND ? 0 : rc;
}

void verify_root(const struct verify *v, verify_hash ret)
{
	struct peaks both = v->whole;

	memcpy(both.hash, v->tile.hash, 8 * sizeof(verify_hash));
	both.size += v->tile.size;
	peaks_root(&both, ret);
}

/* Says what a stored checkpoint says, by its signature and by our hashes. */
static int check_stored(struct verify *v)
{
	struct log_checkpoint says;
	verify_hash root;
	int rc = tile_files_open_note(
	        span_of_text(v->next.note), &v->key, &says);

	verify_root(v, root);
	if (!rc && (says.size != v->next.size ||
	                   memcmp(says.root, v->next.root, sizeof(root)) != 0))
		rc = HUFU_ERR_MALFORMED;
	if (!rc && memcmp(root, v->next.root, sizeof(root)) != 0)
		rc = HUFU_ERR_PROOF;
	if (rc)
		verify_tell_plain(v, LOG_PLACE_STORED, v->next.size, rc);
	return store_read(v->o->store, verify_look_next, v);
}

/* ---- levels above ---- */

static int close_level(struct verify *v, int level)
{
	struct level *l = &v->levels[level];
	struct tile t = {level, l->index, (unsigned)l->count};
	verify_hash listed[TILE_WIDTH];
	bool whole = false;
	int rc = verify_read_hashes(v, &t, listed, &whole);

	if (rc || !whole)
		return rc;
	if (memcmp(listed, l->hash, l->count * sizeof(verify_hash)) != 0)
		verify_tell_file(v, &t, t.index, HUFU_ERR_PROOF);
	if (l->count < TILE_WIDTH)
		return check_partial(v, &t,
		        span_of(l->hash, l->count * sizeof(verify_hash)));
	return 0;
}

static int raise(struct verify *v, int level, const verify_hash hash)
{
	struct level *l;
	verify_hash root;
	int rc = 0;

	if (level >= TILE_LEVELS)
		return 0;
	l = &v->levels[level];
	memcpy(l->hash[l->count++], hash, sizeof(verify_hash));
	if (l->count < TILE_WIDTH)
		return 0;
	rc = close_level(v, level);
	if (rc)
		return rc;
	tiles_fold(l->hash[0], TILE_WIDTH, root);
	l->count = 0;
	l->index++;
	return raise(v, level + 1, root);
}

/* ---- a tile and the edge ---- */

static int put_leaves(struct verify *v)
{
	int rc = 0;

	v->tile = (struct peaks){0};
	for (size_t i = 0; !rc && i < v->width; i++) {
		peaks_put(&v->tile, v->believed[i]);
		if (v->has_next && v->next.size == v->first + i + 1 &&
		        v->tile.size < TILE_WIDTH)
			rc = check_stored(v);
	}
	if (rc || v->width < TILE_WIDTH)
		return rc;
	peaks_put_subtree(&v->whole, TILE_WIDTH, v->tile.hash[8]);
	rc = raise(v, 1, v->tile.hash[8]);
	v->tile = (struct peaks){0};
	if (!rc && v->has_next && v->next.size == v->first + TILE_WIDTH)
		rc = check_stored(v);
	return rc;
}

static int check_edge(struct verify *v, const struct tile *hashes)
{
	struct tile t = {TILE_ENTRIES, hashes->index, hashes->width};
	int rc = 0;

	if (v->width == TILE_WIDTH)
		return 0;
	if (v->has_tile)
		rc = check_partial(v, hashes,
		        span_of(v->believed, v->width * sizeof(verify_hash)));
	if (!rc && v->bundle.bytes)
		rc = check_partial(
		        v, &t, span_of(v->bundle.bytes, v->bundle.len));
	return rc;
}

int verify_raise_tile(struct verify *v)
{
	struct tile t = {0, v->first / TILE_WIDTH, (unsigned)v->width};
	int rc = put_leaves(v);

	return rc ? rc : check_edge(v, &t);
}

int verify_edges(struct verify *v)
{
	int rc = 0;

	for (int level = 1; !rc && level < TILE_LEVELS; level++) {
		if (v->levels[level].count > 0)
			rc = close_level(v, level);
	}
	return rc;
}
