#include <string.h>

#include "host/log/rows.h"
#include "host/log/verify_inner.h"

/* ---- rows ---- */

static int take_row(void *arg, uint64_t index, struct span entry)
{
	struct row_ahead *ahead = arg;
	size_t at = (size_t)(index - ahead->first);

	if (index < ahead->first || at >= ahead->count)
		return 0;
	if (entry.len <= LOG_ENTRY_MAX) {
		memcpy(ahead->bytes[at], entry.data, entry.len);
		ahead->len[at] = (uint16_t)entry.len;
	}
	return 0;
}

static int take_rows(struct store_tx *tx, void *arg)
{
	struct row_ahead *ahead = arg;

	return rows_each_entry(tx, ahead->first, ahead->count, take_row, ahead);
}

/* Makes sure that the rows of the tile at v->first are read. */
static int read_ahead(struct verify *v)
{
	struct row_ahead *ahead = v->rows;

	if (!ahead || (v->first >= ahead->first &&
	                      v->first < ahead->first + ahead->count))
		return 0;
	ahead->first = v->first;
	ahead->count = v->target.size - v->first < VERIFY_ROWS_AT_ONCE
	                       ? (size_t)(v->target.size - v->first)
	                       : VERIFY_ROWS_AT_ONCE;
	memset(ahead->len, 0, sizeof(ahead->len));
	return store_read(v->o->store, take_rows, ahead);
}

static struct span row_of(const struct verify *v, size_t i)
{
	size_t at;

	if (!v->rows)
		return (struct span){0};
	at = (size_t)(v->first - v->rows->first) + i;
	return span_of(v->rows->bytes[at], v->rows->len[at]);
}

/* ---- files ---- */

static int read_bundle(struct verify *v)
{
	struct tile t = {
	        TILE_ENTRIES, v->first / TILE_WIDTH, (unsigned)v->width};
	int rc = bundle_read(v->o->folder, &t, &v->bundle);

	v->verdict.tiles++;
	if (rc == HUFU_ERR_NOT_FOUND || rc == HUFU_ERR_MALFORMED) {
		verify_tell_file(v, &t, v->first + v->bundle.count, rc);
		return 0;
	}
	return rc;
}

/* ---- the leaves of one tile ---- */

static void leaf_of(struct span entry, verify_hash ret)
{
	if (entry.len)
		merkle_leaf(entry, ret);
	else
		memset(ret, 0, sizeof(verify_hash));
}

static void tell_entry(struct verify *v, size_t i, bool row)
{
	struct tile t = {
	        TILE_ENTRIES, v->first / TILE_WIDTH, (unsigned)v->width};

	if (row)
		verify_tell_plain(v, LOG_PLACE_ROW, v->first + i,
		        row_of(v, i).len ? HUFU_ERR_PROOF : HUFU_ERR_NOT_FOUND);
	else if (i < v->bundle.count) /* else told with the file */
		verify_tell_file(v, &t, v->first + i, HUFU_ERR_PROOF);
}

static void tell_hash(struct verify *v, size_t i)
{
	struct tile t = {0, v->first / TILE_WIDTH, (unsigned)v->width};

	(void)i; /* the tile is what can be put right */
	verify_tell_file(v, &t, t.index, HUFU_ERR_PROOF);
}

/* Two of row, bundle and tile outvote the third. */
static void judge_leaf(struct verify *v, size_t i)
{
	struct span row = row_of(v, i), bundled = v->bundle.entry[i];
	verify_hash of_row, of_bundle;
	bool same = row.len && span_equal(row, bundled);

	leaf_of(bundled, of_bundle);
	if (same)
		memcpy(of_row, of_bundle, sizeof(verify_hash));
	else
		leaf_of(row, of_row);
	if (same || (!v->rows && bundled.len)) {
		memcpy(v->believed[i], of_bundle, sizeof(verify_hash));
		if (v->has_tile && memcmp(v->listed[i], of_bundle,
		                           sizeof(verify_hash)) != 0)
			tell_hash(v, i);
		return;
	}
	memcpy(v->believed[i],
	        v->has_tile ? v->listed[i]
	        : row.len   ? of_row
	                    : of_bundle,
	        sizeof(verify_hash));
	if (memcmp(of_row, v->believed[i], sizeof(verify_hash)) != 0 && v->rows)
		tell_entry(v, i, true);
	if (memcmp(of_bundle, v->believed[i], sizeof(verify_hash)) != 0)
		tell_entry(v, i, false);
}

int verify_leaves(struct verify *v)
{
	struct tile t = {0, v->first / TILE_WIDTH, (unsigned)v->width};
	int rc = read_ahead(v);

	if (!rc)
		rc = read_bundle(v);
	if (!rc)
		rc = verify_read_hashes(v, &t, v->listed, &v->has_tile);
	for (size_t i = 0; !rc && i < v->width; i++)
		judge_leaf(v, i);
	return rc;
}
