#include "host/log/verify.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/log/rows.h"
#include "host/log/verify_inner.h"

static void tell(struct verify *v, struct log_fault fault)
{
	if (v->verdict.faults++ == 0)
		v->verdict.first = fault;
	if (v->o->found)
		v->o->found(&fault, v->o->arg);
}

void verify_tell_plain(
        struct verify *v, enum log_place place, uint64_t index, int code)
{
	tell(v, (struct log_fault){
	                .place = place, .index = index, .code = code});
}

void verify_tell_file(
        struct verify *v, const struct tile *t, uint64_t index, int code)
{
	bool entries = t->level == TILE_ENTRIES;
	struct log_fault fault = {.index = index, .code = code};

	fault.place = entries ? LOG_PLACE_BUNDLE : LOG_PLACE_TILE;
	fault.level = entries ? 0 : (unsigned)t->level;
	tile_path_encode(t, fault.file);
	tell(v, fault);
}

static int verify_tile(struct verify *v)
{
	int rc = verify_leaves(v);

	if (!rc)
		rc = verify_raise_tile(v);
	bundle_done(&v->bundle);
	v->verdict.entries += v->width;
	return rc;
}

static int verify_all(struct verify *v)
{
	verify_hash root;
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
	verify_root(v, root);
	if (memcmp(root, v->target.root, sizeof(root)) != 0)
		verify_tell_plain(v, LOG_PLACE_CHECKPOINT, v->target.size,
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
	return rc ? rc : verify_look_next(tx, v);
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
		verify_tell_plain(v, LOG_PLACE_CHECKPOINT, 0, rc);
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
