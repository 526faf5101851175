#include "merchant/cli/list_fetch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/lib/root_key.h"
#include "merchant/cli/belief.h"
#include "merchant/cli/list_folder.h"

static int read_old(
        const struct list_fetch *f, const char *name, struct input *ret)
{
	char path[PATH_MAX];
	if (!f->store->old[0])
		return HUFU_ERR_NOT_FOUND;
	(void)snprintf(path, sizeof path, "%s/%s", f->store->old, name);
	return input_read(path, COMPACT_LIST_FILE_MAX, ret);
}

/* By the root that is known, or the one that it has introduced meanwhile. */
static int load_trust(const struct list_fetch *f, struct hufu *h)
{
	const struct input *i = &f->introduction;
	int r = hufu_load_trust(h, f->trust.data, f->trust.len);
	if (r != HUFU_ERR_SIGNATURE || i->len == 0 ||
	        hufu_load_trust(h, i->data, i->len))
		return r;
	return hufu_load_trust(h, f->trust.data, f->trust.len);
}

/* A handle with root, all that was seen, and the new trust list. */
static int new_trial(const struct list_fetch *f, struct hufu **ret)
{
	BELIEF *h = NULL;
	int r = hufu_new(&h);
	if (!r && f->state.len > 0)
		r = hufu_load_state(h, f->state.data, f->state.len);
	if (!r)
		r = hufu_set_root(h, f->root.data, f->root.len);
	if (!r)
		r = load_trust(f, h);
	if (r)
		return r;
	*ret = h;
	h = NULL;
	return HUFU_OK;
}

/* Written in whatever way. */
static bool same_key(struct span a, struct span b)
{
	struct cose_key x, y;
	return !root_key_decode(a, &x) && !root_key_decode(b, &y) &&
	       x.curve == y.curve && memcmp(x.x, y.x, sizeof x.x) == 0 &&
	       memcmp(x.y, y.y, sizeof x.y) == 0;
}

static int take_root(struct list_fetch *f)
{
	int r = read_old(f, LIST_FOLDER_ROOT, &f->root);
	if (!r)
		r = read_old(f, LIST_FOLDER_STATE, &f->state);
	if (!r && f->given_root.len > 0 &&
	        !same_key(f->given_root, input_span(&f->root)))
		return LIST_FETCH_OTHER_ROOT;
	if (r != HUFU_ERR_NOT_FOUND || f->store->old[0])
		return r;
	if (f->given_root.len == 0)
		return LIST_FETCH_NO_ROOT;
	return input_copy(f->given_root, &f->root);
}

/* The list has been verified; its addresses say which lists there are. */
static int take_addresses(struct list_fetch *f)
{
	struct cose_sign1 c;
	struct trust_list *t = calloc(1, sizeof *t);
	int r = t ? cose_decode_sign1(input_span(&f->trust), &c)
	          : HUFU_ERR_MEMORY;
	if (!r)
		r = trust_list_decode(c.payload, t);
	f->address_count = 0;
	for (size_t i = 0; !r && i < t->issuer_count; i++)
		for (size_t n = 0; n < t->issuers[i].address_count; n++)
			f->addresses[f->address_count++] =
			        t->issuers[i].addresses[n];
	free(t);
	return r;
}

int list_fetch_trust(struct list_fetch *f)
{
	BELIEF *trial = NULL;
	int r = take_root(f);
	if (r)
		return r;
	r = source_get(f->source, LIST_FOLDER_TRUST, TRUST_LIST_MAX, &f->trust);
	if (r)
		return r == HUFU_ERR_NOT_FOUND ? LIST_FETCH_NO_FILE : r;
	r = source_get(f->source, LIST_FOLDER_INTRODUCTION, TRUST_LIST_MAX,
	        &f->introduction);
	if (r && r != HUFU_ERR_NOT_FOUND)
		return r;
	r = new_trial(f, &trial);
	if (!r)
		r = take_addresses(f);
	if (!r)
		r = store_write(
		        f->store, LIST_FOLDER_ROOT, input_span(&f->root));
	if (!r)
		r = store_write(
		        f->store, LIST_FOLDER_TRUST, input_span(&f->trust));
	return r;
}

/* From the source into the fresh generation. */
static int copy(struct list_fetch *f, const char *name, struct input *ret)
{
	int r = source_get(f->source, name, COMPACT_LIST_FILE_MAX, ret);
	return r ? r : store_write(f->store, name, input_span(ret));
}

/* From the generation in force. NOT_FOUND. */
static int copy_old(struct list_fetch *f, const char *name, uint64_t *ret_seq)
{
	INPUT in = {0};
	uint64_t base;
	int r = read_old(f, name, &in);
	if (!r && ret_seq)
		r = list_folder_sequence(input_span(&in), ret_seq, &base);
	return r ? r : store_write(f->store, name, input_span(&in));
}

/*
 * The old snapshot with its deltas and the closed ones that follow, until
 * today's fits. NOT_FOUND: they do not reach it.
 */
static int follow(struct list_fetch *f, uint32_t number, uint64_t today_base)
{
	char name[LIST_FOLDER_NAME_MAX];
	uint64_t sequence;
	uint64_t base;
	list_folder_name(number, "snapshot.cbor", name);
	int r = copy_old(f, name, &sequence);
	for (int i = 0; !r && sequence < today_base; i++) {
		INPUT in = {0};
		if (i == LIST_FOLDER_DELTAS_MAX)
			return HUFU_ERR_NOT_FOUND;
		list_folder_delta_name(number, sequence, name);
		r = copy_old(f, name, &sequence);
		if (r != HUFU_ERR_NOT_FOUND)
			continue;
		r = copy(f, name, &in);
		if (!r)
			r = list_folder_sequence(
			        input_span(&in), &sequence, &base);
	}
	return r;
}

static int fetch_whole(struct list_fetch *f, uint32_t number)
{
	char name[LIST_FOLDER_NAME_MAX];
	INPUT in = {0};
	list_folder_name(number, "snapshot.cbor", name);
	int r = copy(f, name, &in);
	if (r != HUFU_ERR_NOT_FOUND)
		return r;
	list_folder_name(number, "list.cwt", name);
	r = copy(f, name, &in);
	return r == HUFU_ERR_NOT_FOUND ? LIST_FETCH_NO_FILE : r;
}

static int try_list(struct list_fetch *f, uint32_t number)
{
	BELIEF *trial = NULL;
	int r = new_trial(f, &trial);
	return r ? r : list_folder_load(f->store->fresh, number, trial);
}

static int empty(struct list_fetch *f, uint32_t number)
{
	char name[LIST_FOLDER_NAME_MAX];
	list_folder_name(number, "", name);
	return store_remove(f->store, name);
}

/* Today's first: it says whether what is in hand can be carried on. */
static int fetch_and_try(struct list_fetch *f, uint32_t number, bool whole)
{
	char name[LIST_FOLDER_NAME_MAX];
	INPUT today = {0};
	uint64_t sequence;
	uint64_t base;
	list_folder_name(number, "today.cbor", name);
	int r = copy(f, name, &today);
	bool has_today = r == HUFU_OK;
	if (has_today)
		r = list_folder_sequence(input_span(&today), &sequence, &base);
	else if (r == HUFU_ERR_NOT_FOUND)
		r = HUFU_OK;
	if (r)
		return r;
	if (whole || !has_today)
		r = fetch_whole(f, number);
	else
		r = follow(f, number, base);
	return r ? r : try_list(f, number);
}

int list_fetch_status(struct list_fetch *f, uint32_t number)
{
	int r = fetch_and_try(f, number, !f->store->old[0]);
	if (r && f->store->old[0]) { /* carried on in vain: all anew */
		r = empty(f, number);
		if (!r)
			r = fetch_and_try(f, number, true);
	}
	int wiped = r ? empty(f, number) : HUFU_OK;
	return wiped ? wiped : r;
}

int list_fetch_keep(struct list_fetch *f, uint32_t number)
{
	static const char *const files[] = {"today.cbor", "list.cwt"};
	char name[LIST_FOLDER_NAME_MAX];
	uint64_t sequence = 0;
	list_folder_name(number, "snapshot.cbor", name);
	int r = copy_old(f, name, &sequence);
	while (!r) {
		list_folder_delta_name(number, sequence, name);
		r = copy_old(f, name, &sequence);
	}
	for (size_t i = 0; r == HUFU_ERR_NOT_FOUND && i < 2; i++) {
		list_folder_name(number, files[i], name);
		int one = copy_old(f, name, NULL);
		if (one && one != HUFU_ERR_NOT_FOUND)
			r = one;
	}
	if (r != HUFU_ERR_NOT_FOUND)
		return r;
	/* its key may not be believed any more, its file may be damaged */
	return try_list(f, number) == HUFU_OK ? HUFU_OK : empty(f, number);
}

int list_fetch_finish(
        struct list_fetch *f, const uint32_t *numbers, size_t count)
{
	static uint8_t state[HUFU_STATE_MAX];
	BELIEF *h = NULL;
	size_t len;
	int r = new_trial(f, &h);
	for (size_t i = 0; i < count && r >= 0; i++) {
		r = list_folder_load(f->store->fresh, numbers[i], h);
		if (r == HUFU_ERR_NOT_FOUND)
			r = HUFU_OK; /* neither new nor old */
	}
	if (r >= 0)
		r = hufu_save_state(h, state, sizeof state, &len);
	if (r)
		return r;
	return store_write(f->store, LIST_FOLDER_STATE, span_of(state, len));
}

void list_fetch_done(struct list_fetch *f)
{
	input_done(&f->root);
	input_done(&f->state);
	input_done(&f->trust);
	input_done(&f->introduction);
}
