#include "host/log/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/log/bundle.h"
#include "host/log/peaks.h"
#include "host/log/rows.h"
#include "host/log/tile_files.h"

enum { ROWS_AT_ONCE = 16 * TILE_WIDTH };

typedef uint8_t hash_t[MERKLE_HASH_LEN];

/* Rows read ahead: 402 bytes are the longest with their length. */
struct row_ahead {
	uint64_t first;
	size_t count; /* slots: rows that are missing have length 0 */
	uint8_t bytes[ROWS_AT_ONCE][LOG_ENTRY_MAX];
	uint16_t len[ROWS_AT_ONCE];
};

struct level {
	size_t count; /* believed hashes of the tile being filled */
	uint64_t index;
	hash_t hash[TILE_WIDTH];
};

struct verify {
	const struct log_verify_options *o;
	struct note_key key;
	struct log_checkpoint target; /* what all is held against */
	struct log_checkpoint next; /* stored one to come, if any */
	bool has_next;
	struct log_verdict verdict;
	struct peaks whole; /* full tiles so far */
	struct peaks tile; /* leaves of the one at hand */
	struct level levels[TILE_LEVELS];
	struct row_ahead *rows; /* NULL without a store */
	/* the tile at hand: */
	uint64_t first;
	size_t width;
	struct bundle bundle;
	bool has_tile; /* its level 0 file */
	hash_t listed[TILE_WIDTH];
	hash_t believed[TILE_WIDTH];
};

static void tell(struct verify *v, struct log_fault fault)
{
	if (v->verdict.faults++ == 0)
		v->verdict.first = fault;
	if (v->o->found)
		v->o->found(&fault, v->o->arg);
}

static void tell_plain(
        struct verify *v, enum log_place place, uint64_t index, int code)
{
	tell(v, (struct log_fault){
	                .place = place, .index = index, .code = code});
}

static void tell_file(
        struct verify *v, const struct tile *t, uint64_t index, int code)
{
	bool entries = t->level == TILE_ENTRIES;
	struct log_fault fault = {.index = index, .code = code};

	fault.place = entries ? LOG_PLACE_BUNDLE : LOG_PLACE_TILE;
	fault.level = entries ? 0 : (unsigned)t->level;
	tile_path_encode(t, fault.file);
	tell(v, fault);
}

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
	ahead->count = v->target.size - v->first < ROWS_AT_ONCE
	                       ? (size_t)(v->target.size - v->first)
	                       : ROWS_AT_ONCE;
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
		tell_file(v, &t, v->first + v->bundle.count, rc);
		return 0;
	}
	return rc;
}

/* A tile's hashes, or false and the fault told. */
static int read_hashes(
        struct verify *v, const struct tile *t, hash_t *ret, bool *ret_whole)
{
	_free_ uint8_t *data = NULL;
	size_t len = 0;
	int rc = tile_files_read(v->o->folder, t, &data, &len);

	v->verdict.tiles++;
	*ret_whole = false;
	if (!rc && len != t->width * sizeof(hash_t))
		rc = HUFU_ERR_MALFORMED;
	if (rc == HUFU_ERR_NOT_FOUND || rc == HUFU_ERR_MALFORMED) {
		tell_file(v, t, t->index, rc);
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
		        (t->level >= 0 && len != narrow.width * sizeof(hash_t)))
			tell_file(v, &narrow, narrow.index, HUFU_ERR_PROOF);
		free(data);
		data = NULL;
	}
	return 0;
}

/* ---- the leaves of one tile ---- */

static void leaf_of(struct span entry, hash_t ret)
{
	if (entry.len)
		merkle_leaf(entry, ret);
	else
		memset(ret, 0, sizeof(hash_t));
}

static void tell_entry(struct verify *v, size_t i, bool row)
{
	struct tile t = {
	        TILE_ENTRIES, v->first / TILE_WIDTH, (unsigned)v->width};

	if (row)
		tell_plain(v, LOG_PLACE_ROW, v->first + i,
		        row_of(v, i).len ? HUFU_ERR_PROOF : HUFU_ERR_NOT_FOUND);
	else if (i < v->bundle.count) /* else told with the file */
		tell_file(v, &t, v->first + i, HUFU_ERR_PROOF);
}

static void tell_hash(struct verify *v, size_t i)
{
	struct tile t = {0, v->first / TILE_WIDTH, (unsigned)v->width};

	(void)i; /* the tile is what can be put right */
	tell_file(v, &t, t.index, HUFU_ERR_PROOF);
}

/* Two of row, bundle and tile outvote the third. */
static void judge_leaf(struct verify *v, size_t i)
{
	struct span row = row_of(v, i), bundled = v->bundle.entry[i];
	hash_t of_row, of_bundle;
	bool same = row.len && span_equal(row, bundled);

	leaf_of(bundled, of_bundle);
	if (same)
		memcpy(of_row, of_bundle, sizeof(hash_t));
	else
		leaf_of(row, of_row);
	if (same || (!v->rows && bundled.len)) {
		memcpy(v->believed[i], of_bundle, sizeof(hash_t));
		if (v->has_tile &&
		        memcmp(v->listed[i], of_bundle, sizeof(hash_t)) != 0)
			tell_hash(v, i);
		return;
	}
	memcpy(v->believed[i],
	        v->has_tile ? v->listed[i]
	        : row.len   ? of_row
	                    : of_bundle,
	        sizeof(hash_t));
	if (memcmp(of_row, v->believed[i], sizeof(hash_t)) != 0 && v->rows)
		tell_entry(v, i, true);
	if (memcmp(of_bundle, v->believed[i], sizeof(hash_t)) != 0)
		tell_entry(v, i, false);
}

/* ---- stored checkpoints ---- */

static int look_next(struct store_tx *tx, void *arg)
{
	struct verify *v = arg;
	uint64_t after = v->next.size;
	int rc = rows_next_checkpoint(tx, after, &v->next);

	v->has_next = !rc;
	return rc == HUFU_ERR_NOT_FOUND ? 0 : rc;
}

static void current_root(const struct verify *v, hash_t ret)
{
	struct peaks both = v->whole;

	memcpy(both.hash, v->tile.hash, 8 * sizeof(hash_t));
	both.size += v->tile.size;
	peaks_root(&both, ret);
}

/* Says what a stored checkpoint says, by its signature and by our hashes. */
static int check_stored(struct verify *v)
{
	struct log_checkpoint says;
	hash_t root;
	int rc = tile_files_open_note(
	        span_of_text(v->next.note), &v->key, &says);

	current_root(v, root);
	if (!rc && (says.size != v->next.size ||
	                   memcmp(says.root, v->next.root, sizeof(root)) != 0))
		rc = HUFU_ERR_MALFORMED;
	if (!rc && memcmp(root, v->next.root, sizeof(root)) != 0)
		rc = HUFU_ERR_PROOF;
	if (rc)
		tell_plain(v, LOG_PLACE_STORED, v->next.size, rc);
	return store_read(v->o->store, look_next, v);
}

/* ---- levels above ---- */

static int close_level(struct verify *v, int level)
{
	struct level *l = &v->levels[level];
	struct tile t = {level, l->index, (unsigned)l->count};
	hash_t listed[TILE_WIDTH];
	bool whole = false;
	int rc = read_hashes(v, &t, listed, &whole);

	if (rc || !whole)
		return rc;
	if (memcmp(listed, l->hash, l->count * sizeof(hash_t)) != 0)
		tell_file(v, &t, t.index, HUFU_ERR_PROOF);
	if (l->count < TILE_WIDTH)
		return check_partial(
		        v, &t, span_of(l->hash, l->count * sizeof(hash_t)));
	return 0;
}

static int raise(struct verify *v, int level, const hash_t hash)
{
	struct level *l;
	hash_t root;
	int rc = 0;

	if (level >= TILE_LEVELS)
		return 0;
	l = &v->levels[level];
	memcpy(l->hash[l->count++], hash, sizeof(hash_t));
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

/* ---- the whole ---- */

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
		        span_of(v->believed, v->width * sizeof(hash_t)));
	if (!rc && v->bundle.bytes)
		rc = check_partial(
		        v, &t, span_of(v->bundle.bytes, v->bundle.len));
	return rc;
}

static int verify_tile(struct verify *v)
{
	struct tile t = {0, v->first / TILE_WIDTH, (unsigned)v->width};
	int rc = read_ahead(v);

	if (!rc)
		rc = read_bundle(v);
	if (!rc)
		rc = read_hashes(v, &t, v->listed, &v->has_tile);
	for (size_t i = 0; !rc && i < v->width; i++)
		judge_leaf(v, i);
	if (!rc)
		rc = put_leaves(v);
	if (!rc)
		rc = check_edge(v, &t);
	bundle_done(&v->bundle);
	v->verdict.entries += v->width;
	return rc;
}

static int verify_edges(struct verify *v)
{
	int rc = 0;

	for (int level = 1; !rc && level < TILE_LEVELS; level++) {
		if (v->levels[level].count > 0)
			rc = close_level(v, level);
	}
	return rc;
}

static int verify_all(struct verify *v)
{
	hash_t root;
	int rc = 0;

	while (!rc && v->first < v->target.size) {
		uint64_t left = v->target.size - v->first;

		v->width = left < TILE_WIDTH ? (size_t)left : TILE_WIDTH;
		rc = verify_tile(v);
		v->first += v->width;
	}
	if (!rc)
		rc = verify_edges(v);
	if (rc)
		return rc;
	current_root(v, root);
	if (memcmp(root, v->target.root, sizeof(root)) != 0)
		tell_plain(v, LOG_PLACE_CHECKPOINT, v->target.size,
		        HUFU_ERR_PROOF);
	return 0;
}

static int look_at_rows(struct store_tx *tx, void *arg)
{
	struct verify *v = arg;
	struct rows_state state;
	struct log_checkpoint stored;
	int rc = rows_get_state(tx, &state);

	if (rc)
		return rc;
	if (state.size > v->target.size)
		v->verdict.pending = state.size - v->target.size;
	rc = rows_last_checkpoint(tx, &stored);
	if (rc == HUFU_ERR_NOT_FOUND)
		return 0;
	if (!rc && !v->target.note[0])
		v->target = stored; /* the published one was told about */
	return rc ? rc : look_next(tx, v);
}

static int begin(struct verify *v, struct problem *p)
{
	const struct log_verify_options *o = v->o;
	int rc = note_decode_vkey(span_of_text(o->vkey), &v->key);

	if (!rc && !span_equal(v->key.name, span_of_text(o->origin)))
		rc = HUFU_ERR_CONFIG;
	if (rc)
		return problem_set(p, rc, "log-key",
		        "日志公钥与日志名称 %s 不符。",
		        "The log's key does not belong to the origin %s.",
		        o->origin);
	rc = tile_files_read_checkpoint(o->folder, &v->key, &v->target);
	if (rc)
		tell_plain(v, LOG_PLACE_CHECKPOINT, 0, rc);
	if (!o->store)
		return 0;
	v->rows = calloc(1, sizeof(*v->rows));
	if (!v->rows)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	rc = store_read(o->store, look_at_rows, v);
	return rc ? problem_from_code(p, rc) : 0;
}

int log_verify(const struct log_verify_options *options,
        struct log_verdict *ret, struct problem *p)
{
	_free_ struct verify *v = calloc(1, sizeof(*v));
	int rc;

	if (!v)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	v->o = options;
	rc = begin(v, p);
	if (!rc) {
		v->verdict.size = v->target.size;
		rc = verify_all(v);
		if (rc)
			(void)problem_from_code(p, rc);
	}
	free(v->rows);
	if (rc)
		return rc;
	*ret = v->verdict;
	return v->verdict.faults ? LOG_FAULTY : 0;
}

static const char *code_zh(int code)
{
	switch (code) {
	case HUFU_ERR_NOT_FOUND:
		return "缺失";
	case HUFU_ERR_PROOF:
		return "内容被改动";
	case HUFU_ERR_SIGNATURE:
		return "签名不对";
	default:
		return "格式不对";
	}
}

static const char *code_en(int code)
{
	switch (code) {
	case HUFU_ERR_NOT_FOUND:
		return "is missing";
	case HUFU_ERR_PROOF:
		return "was changed";
	case HUFU_ERR_SIGNATURE:
		return "has a wrong signature";
	default:
		return "is malformed";
	}
}

void log_fault_describe(const struct log_fault *fault, struct problem *ret)
{
	static const struct {
		const char *zh, *en;
	} places[] = {
	        [LOG_PLACE_CHECKPOINT] = {"已公布的检查点",
	                "published checkpoint"},
	        [LOG_PLACE_ROW] = {"数据库条目", "row of entry"},
	        [LOG_PLACE_BUNDLE] = {"条目文件", "bundle at entry"},
	        [LOG_PLACE_TILE] = {"散列文件", "tile"},
	        [LOG_PLACE_STORED] = {"数据库里的检查点",
	                "stored checkpoint of size"},
	};

	*ret = (struct problem){.code = fault->code, .type = "log-fault"};
	(void)snprintf(ret->zh, sizeof(ret->zh), "%s %llu %s：%s。",
	        places[fault->place].zh, (unsigned long long)fault->index,
	        fault->file, code_zh(fault->code));
	(void)snprintf(ret->en, sizeof(ret->en), "The %s %llu %s %s.",
	        places[fault->place].en, (unsigned long long)fault->index,
	        fault->file, code_en(fault->code));
}
