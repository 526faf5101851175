/* A compact list: signature, sequence, a delta merged, codes, skips. */
#include "merchant/terminal/update.h"

#include "crypto/core/cbor.h"
#include "crypto/core/compact_merge.h"
#include "crypto/core/cose.h"

enum { SAME = 2 }; /* the very list that is in hand */

static struct slot_pair *slots_of(const struct update *u)
{
	return &u->store->lists[u->list].slots;
}

static struct span file_of(const struct update *u)
{
	return flash_read(u->file_at, u->len);
}

/* Of a file that compact_list_open() took: whose key, and where the body. */
static int get_parts(struct span file, struct span *ret_kid, struct span *body)
{
	struct reader r;
	struct cose_sign1 c;
	reader_init(&r, file);
	(void)cbor_get_array(&r);
	struct span message = cbor_get_bytes(&r);
	*body = cbor_get_bytes(&r);
	int rc = reader_done(&r);
	if (!rc)
		rc = cose_decode_sign1(message, &c);
	if (!rc)
		*ret_kid = c.kid;
	return rc;
}

/* Against the lists in hand: each stands in one place. One whose key is gone
 * does not stand in the way of another issuer's. */
static int check_order(const struct update *u)
{
	const struct store *s = u->store;
	for (unsigned n = 0; n < STORE_LISTS; n++) {
		const struct store_list *l = &s->lists[n];
		bool same = l->whole && l->compact.number == u->next.number &&
		            span_equal(l->compact.iss, u->next.iss);
		if (n != u->list && same)
			return HUFU_ERR_CONFLICT;
		if (n == u->list && !same && l->believed)
			return HUFU_ERR_CONFLICT;
	}
	const struct store_list *l = &s->lists[u->list];
	if (!l->whole || !span_equal(l->compact.iss, u->next.iss) ||
	        l->compact.number != u->next.number)
		return HUFU_OK;
	int rc = compact_list_check_newer(&l->compact, &u->next);
	return rc || u->next.sequence != l->compact.sequence ? rc : SAME;
}

static int check(struct update *u)
{
	struct store *s = u->store;
	struct writer space;
	struct span kid, body;
	writer_init(&space, s->work, sizeof s->work);
	int rc = compact_list_open(file_of(u), &s->trust,
	        sigs_core_check(&s->sigs), &space, &u->next);
	if (!rc)
		rc = get_parts(file_of(u), &kid, &body);
	if (rc)
		return rc;
	bool is_delta = u->next.kind == COMPACT_DELTA;
	if (is_delta != (u->kind == UPDATE_DELTA))
		return HUFU_ERR_ARGUMENT;
	rc = check_order(u);
	if (rc)
		return rc;
	store_put_signer(kid, &u->head);
	u->head.parts[STORE_STATUS_BODY] = (struct slot_part){
	        (uint32_t)(body.data -
	                   flash_read(slot_spare(slots_of(u)), 0).data),
	        (uint32_t)body.len};
	return HUFU_OK;
}

/* The merged list's bytes, as they come. */
static int put_merged(void *ctx, struct span bytes)
{
	struct area *area = ctx;
	area_put(area, bytes);
	return area->error;
}

static int merge(struct update *u)
{
	struct store *s = u->store;
	struct compact_list merged;
	struct area area;
	uint32_t start = slot_spare(slots_of(u)) + STORE_STATUS_FILE_AT;
	area_init(&area, start, u->file_at);
	struct compact_sink sink = {put_merged, &area};
	int rc = compact_list_merge(
	        &s->lists[u->list].compact, &u->next, &sink, &merged);
	if (rc)
		return rc;
	u->next = merged;
	u->head.parts[STORE_STATUS_BODY] =
	        (struct slot_part){STORE_STATUS_FILE_AT, area.at - start};
	return HUFU_OK;
}

/* Claims, in the head's own sector, and read back as they will be. */
static int put_claims(struct update *u)
{
	struct store *s = u->store;
	uint32_t slot = slot_spare(slots_of(u));
	struct slot_part body = u->head.parts[STORE_STATUS_BODY];
	struct writer w;
	struct area area;
	writer_init(&w, s->work, COMPACT_LIST_CLAIMS_MAX);
	compact_list_encode(&w, &u->next);
	if (w.error)
		return w.error;
	area_init(&area, slot + SLOT_DATA_AT, slot + FLASH_SECTOR);
	area_put(&area, writer_span(&w));
	if (area.error)
		return area.error;
	u->head.parts[STORE_STATUS_CLAIMS] =
	        (struct slot_part){SLOT_DATA_AT, (uint32_t)w.len};
	int rc = compact_list_decode(
	        flash_read(slot + SLOT_DATA_AT, w.len), &u->next);
	return rc ? rc
	          : compact_list_attach(
	                    &u->next, flash_read(slot + body.at, body.len));
}

/* Checks all codes; a list with too many for our skips is refused. */
static int put_skips(struct update *u)
{
	struct store *s = u->store;
	struct status_list list;
	struct area area;
	size_t count = compact_list_skips(&u->next);
	size_t len = count * sizeof(struct compact_skip);
	if (count > STORE_SKIPS_MAX)
		return HUFU_ERR_LIMIT;
	int rc = compact_list_index(
	        &u->next, (void *)s->work, STORE_SKIPS_MAX, &list);
	if (rc)
		return rc;
	slot_spare_area(slots_of(u), STORE_STATUS_SKIPS_AT, &area);
	area_put(&area, span_of(s->work, len));
	u->head.parts[STORE_STATUS_SKIPS] =
	        (struct slot_part){STORE_STATUS_SKIPS_AT, (uint32_t)len};
	return area.error;
}

/* A step for each pass over the whole list: the watchdog waits for one. */
int update_status_step(struct update *u)
{
	int rc;
	switch (u->phase) {
	case UPDATE_CHECKING:
		rc = check(u);
		u->phase = u->kind == UPDATE_DELTA ? UPDATE_MERGING
		                                   : UPDATE_CLAIMS;
		break;
	case UPDATE_MERGING:
		rc = merge(u);
		u->phase = UPDATE_CLAIMS;
		break;
	case UPDATE_CLAIMS:
		rc = put_claims(u);
		u->phase = UPDATE_SKIPS;
		break;
	case UPDATE_SKIPS:
		rc = put_skips(u);
		u->phase = UPDATE_SWITCHING;
		break;
	default:
		return slot_commit(slots_of(u), &u->head);
	}
	if (rc == SAME)
		return HUFU_OK;
	return rc ? rc : UPDATE_MORE;
}
