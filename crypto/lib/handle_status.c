#include <stdlib.h>
#include <string.h>

#include "crypto/core/cbor.h"
#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/lib/handle.h"

/* A list on its way into the handle. */
struct arrival {
	struct span file;
	struct handle_list kept;
	struct status_list list;
	struct compact_list compact;
	bool is_compact;
};

static struct handle_floor *find_floor(
        struct handle_state *s, struct span iss, uint32_t number)
{
	uint8_t hash[SHA256_LEN];
	sha256_of(iss, hash);
	for (size_t i = 0; i < s->floor_count; i++)
		if (s->floors[i].number == number &&
		        memcmp(s->floors[i].iss_hash, hash, sizeof hash) == 0)
			return &s->floors[i];
	return NULL;
}

/* Index of the list in hand, or list_count. */
static size_t find_list(const struct hufu *h, struct span iss, uint32_t number)
{
	size_t i = 0;
	while (i < h->list_count && (h->lists[i].number != number ||
	                                    !span_equal(h->lists[i].iss, iss)))
		i++;
	return i;
}

/*
 * HUFU_ERR_STALE: a rollback. A compact list may be behind its floor while
 * there is none in hand that is not: deltas will bring it up.
 */
static int check_floor(
        struct hufu *h, const struct arrival *a, bool *ret_behind)
{
	const struct status_list *t = &a->list;
	const struct handle_floor *f = find_floor(&h->state, t->iss, t->number);
	size_t at = find_list(h, t->iss, t->number);
	if (!f && h->state.floor_count == HANDLE_FLOORS_MAX)
		return HUFU_ERR_LIMIT;
	bool behind = f && t->sequence < f->sequence;
	if (behind &&
	        (!a->is_compact || (at < h->list_count && !h->kept[at].behind)))
		return HUFU_ERR_STALE;
	*ret_behind = behind;
	return HUFU_OK;
}

static void raise_floor(struct hufu *h, const struct status_list *t)
{
	struct handle_state *s = &h->state;
	struct handle_floor *f = find_floor(s, t->iss, t->number);
	if (!f) {
		f = &s->floors[s->floor_count++];
		sha256_of(t->iss, f->iss_hash);
		f->number = t->number;
	}
	if (t->sequence > f->sequence)
		f->sequence = t->sequence;
	handle_raise_time(h, t->issued_s);
}

void handle_free_list(struct hufu *h, size_t at)
{
	free(h->kept[at].map);
	for (size_t i = at + 1; i < h->list_count; i++) {
		struct span iss = h->lists[i].iss;
		h->lists[i - 1] = h->lists[i];
		h->kept[i - 1] = h->kept[i];
		h->lists[i - 1].iss = span_of(h->kept[i - 1].iss, iss.len);
	}
	h->list_count--;
	handle_refresh(h);
}

static bool is_believed(const struct hufu *h, size_t at)
{
	const struct handle_list *k = &h->kept[at];
	const struct trust_issuer *i = trust_list_find(
	        &h->trust, TRUST_STATUS_LIST, span_of(k->kid, sizeof k->kid));
	return i && i->key.curve == k->key.curve &&
	       memcmp(i->key.x, k->key.x, sizeof k->key.x) == 0 &&
	       memcmp(i->key.y, k->key.y, sizeof k->key.y) == 0 &&
	       span_equal(i->iss, h->lists[at].iss) &&
	       h->lists[at].issued_s >= i->valid_from_s &&
	       h->lists[at].issued_s <= i->valid_to_s;
}

void handle_drop_lists(struct hufu *h)
{
	for (size_t at = h->list_count; at > 0; at--)
		if (!is_believed(h, at - 1))
			handle_free_list(h, at - 1);
}

/* The signed message: the file, or what stands first in a compact one. */
static int find_message(struct arrival *a, struct cose_sign1 *ret)
{
	struct reader r;
	reader_init(&r, a->file);
	a->is_compact = a->file.len > 0 && a->file.data[0] == 0x82;
	if (!a->is_compact)
		return cose_decode_sign1(a->file, ret);
	(void)cbor_get_array(&r);
	struct span message = cbor_get_bytes(&r);
	return r.error ? r.error : cose_decode_sign1(message, ret);
}

/* Signature, and whose; no map yet. */
static int open_file(
        const struct hufu *h, struct arrival *a, struct writer *space)
{
	struct cose_sign1 c;
	const struct sigcheck *sigs = h->face.sigs;
	int r = find_message(a, &c);
	if (r)
		return r;
	const struct trust_issuer *issuer =
	        trust_list_find(&h->trust, TRUST_STATUS_LIST, c.kid);
	if (!issuer)
		return HUFU_ERR_NOT_FOUND;
	memcpy(a->kept.kid, issuer->kid, sizeof a->kept.kid);
	a->kept.key = issuer->key;
	return a->is_compact ? compact_list_open(a->file, &h->trust, sigs,
	                               space, &a->compact)
	                     : status_list_open(a->file, &h->trust, sigs, space,
	                               &a->list);
}

static int expand(struct arrival *a)
{
	size_t cap =
	        a->is_compact ? a->compact.entries / 4 : STATUS_LIST_MAP_MAX;
	a->kept.map = malloc(cap + 1);
	if (!a->kept.map)
		return HUFU_ERR_MEMORY;
	int r = a->is_compact ? compact_list_expand(
	                                &a->compact, a->kept.map, cap, &a->list)
	                      : status_list_expand(&a->list, a->kept.map, cap);
	if (r) {
		free(a->kept.map);
		return r;
	}
	uint8_t *fitted = realloc(a->kept.map, a->list.map.len + 1);
	if (fitted)
		a->kept.map = fitted;
	a->list.map = span_of(a->kept.map, a->list.map.len);
	return HUFU_OK;
}

static int put_list(struct hufu *h, struct arrival *a)
{
	struct span iss = a->list.iss;
	size_t at = find_list(h, iss, a->list.number);
	if (at == HANDLE_LISTS_MAX || iss.len > sizeof a->kept.iss)
		return HUFU_ERR_LIMIT;
	int r = expand(a);
	if (r)
		return r;
	memcpy(a->kept.iss, iss.data, iss.len);
	if (at == h->list_count)
		h->list_count++;
	else
		free(h->kept[at].map);
	h->kept[at] = a->kept;
	h->lists[at] = a->list;
	/* of the file nothing is needed any more */
	h->lists[at].iss = span_of(h->kept[at].iss, iss.len);
	h->lists[at].address = span_of(NULL, 0);
	h->lists[at].packed = span_of(NULL, 0);
	raise_floor(h, &h->lists[at]);
	return HUFU_OK;
}

static int put_delta(struct hufu *h, const struct arrival *a)
{
	size_t at = find_list(h, a->compact.iss, a->compact.number);
	if (at == h->list_count)
		return HUFU_ERR_STATE;
	if (memcmp(h->kept[at].kid, a->kept.kid, sizeof a->kept.kid) != 0)
		return HUFU_ERR_CONFLICT; /* a new key starts a snapshot */
	struct status_list t = h->lists[at];
	int r = compact_list_apply(&a->compact, h->kept[at].map, &t);
	if (r)
		return r;
	t.iss = h->lists[at].iss;
	t.address = span_of(NULL, 0);
	h->lists[at] = t;
	h->kept[at].behind = a->kept.behind;
	raise_floor(h, &h->lists[at]);
	return HUFU_OK;
}

static int load(struct hufu *h, struct arrival *a, struct writer *space)
{
	int r = open_file(h, a, space);
	if (r)
		return r;
	if (a->is_compact) {
		a->list.iss = a->compact.iss;
		a->list.number = a->compact.number;
		a->list.sequence = a->compact.sequence;
	}
	r = check_floor(h, a, &a->kept.behind);
	if (r)
		return r;
	r = a->is_compact && a->compact.kind == COMPACT_DELTA ? put_delta(h, a)
	                                                      : put_list(h, a);
	if (r)
		return r;
	handle_refresh(h);
	return a->kept.behind ? HUFU_LOAD_BEHIND : HUFU_OK;
}

int hufu_load_status(struct hufu *h, const void *bytes, size_t len)
{
	struct writer space;
	if (h->is_clone || !h->trust_file)
		return HUFU_ERR_STATE;
	if (len > COMPACT_LIST_FILE_MAX)
		return HUFU_ERR_LIMIT;
	size_t cap = len + COMPACT_LIST_SPACE;
	uint8_t *tbs = malloc(cap);
	struct arrival *a = calloc(1, sizeof *a);
	int r = HUFU_ERR_MEMORY;
	if (tbs && a) {
		a->file = span_of(bytes, len);
		writer_init(&space, tbs, cap);
		r = load(h, a, &space);
	}
	free(tbs);
	free(a);
	return r;
}
