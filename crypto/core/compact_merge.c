#include "crypto/core/compact_merge.h"

#include "crypto/core/compact_walk.h"

enum { CHUNK = 256 };

struct merge {
	const struct compact_list *snapshot;
	const struct compact_list *delta;
	const struct compact_sink *sink;
	struct suite_hash hash;
	size_t len; /* put so far, of this part */
};

static int drain(void *ctx, struct span bytes)
{
	struct merge *m = ctx;
	suite_hash_put(&m->hash, bytes.data, bytes.len);
	m->len += bytes.len;
	return m->sink->put(m->sink->ctx, bytes);
}

static unsigned k_of(const struct merge *m, unsigned part)
{
	return rice_best_k(m->snapshot->entries,
	        m->snapshot->parts[part].count + m->delta->parts[part].count);
}

size_t compact_list_merged_max(
        const struct compact_list *snapshot, const struct compact_list *delta)
{
	struct merge m = {.snapshot = snapshot, .delta = delta};
	size_t len = 0;
	for (unsigned i = 0; i < COMPACT_CLEARED; i++)
		len += rice_len_max(snapshot->entries,
		        snapshot->parts[i].count + delta->parts[i].count,
		        k_of(&m, i));
	return len;
}

/* What the part held and the delta does not name, and what it adds. */
static void put_part(
        const struct merge *m, enum compact_part part, struct rice_writer *out)
{
	struct compact_walk change;
	struct rice_reader old;
	uint32_t index = 0;
	compact_walk_init(&change, m->delta);
	rice_reader_init(&old, &m->snapshot->parts[part], m->snapshot->entries);
	bool more = rice_get(&old, &index);
	bool changes = compact_walk_next(&change);
	while ((more || changes) && !out->out->error) {
		if (!changes || (more && index < change.index)) {
			rice_put(out, index);
			more = rice_get(&old, &index);
			continue;
		}
		if (change.at == part)
			rice_put(out, change.index);
		if (more && index == change.index)
			more = rice_get(&old, &index);
		changes = compact_walk_next(&change);
	}
	rice_flush(out);
}

static int merge_part(
        struct merge *m, enum compact_part part, struct rice_codes *ret)
{
	uint8_t chunk[CHUNK];
	struct writer w;
	struct rice_writer out;
	writer_init(&w, chunk, sizeof chunk);
	rice_writer_init(&out, &w, k_of(m, part));
	out.drain = drain;
	out.ctx = m;
	m->len = 0;
	put_part(m, part, &out);
	if (w.error)
		return w.error;
	int rc = w.len > 0 ? drain(m, writer_span(&w)) : HUFU_OK;
	*ret = (struct rice_codes){
	        .len = m->len, .count = out.count, .k = out.k};
	return rc;
}

static int check_fits(
        const struct compact_list *snapshot, const struct compact_list *delta)
{
	if (snapshot->kind != COMPACT_SNAPSHOT || delta->kind != COMPACT_DELTA)
		return HUFU_ERR_ARGUMENT;
	if (snapshot->number != delta->number ||
	        !span_equal(snapshot->iss, delta->iss) ||
	        snapshot->entries != delta->entries ||
	        snapshot->sequence < delta->base)
		return HUFU_ERR_CONFLICT;
	if (snapshot->sequence > delta->sequence)
		return HUFU_ERR_STALE;
	int rc = compact_walk_check(snapshot);
	return rc ? rc : compact_walk_check(delta);
}

int compact_list_merge(const struct compact_list *snapshot,
        const struct compact_list *delta, const struct compact_sink *sink,
        struct compact_list *ret)
{
	struct merge m = {.snapshot = snapshot, .delta = delta, .sink = sink};
	struct compact_list t = *snapshot;
	int rc = check_fits(snapshot, delta);
	if (rc)
		return rc;
	suite_hash_init(&m.hash, snapshot->suite);
	for (unsigned i = 0; i < COMPACT_CLEARED && !rc; i++)
		rc = merge_part(&m, (enum compact_part)i, &t.parts[i]);
	if (rc)
		return rc;
	suite_hash_done(&m.hash, t.hash);
	t.sequence = delta->sequence;
	t.issued_s = delta->issued_s;
	t.expires_s = delta->expires_s;
	t.skips = NULL;
	*ret = t;
	return HUFU_OK;
}
