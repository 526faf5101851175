#include "tests/unit/log/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/openssl/seal.h"
#include "host/log/rows.h"

void office_open(struct office *o)
{
	char path[96];

	*o = (struct office){.hall = {.one_suite = true}};
	hall_open(&o->hall);
	hall_start(&o->hall, NULL);
	(void)snprintf(path, sizeof(path), "%s/seal", o->hall.folder);
	(void)snprintf(
	        o->database, sizeof(o->database), "%s/db", o->hall.folder);
	(void)snprintf(o->tiles, sizeof(o->tiles), "%s/log", o->hall.folder);
	assert_int_equal(sealer_create_file(path, SUITE_INTL), HUFU_OK);
	assert_int_equal(sealer_load(path, &o->sealer), HUFU_OK);
	office_open_store(o);
	assert_int_equal(office_open_log(o), HUFU_OK);
}

void office_close(struct office *o)
{
	office_close_log(o);
	office_close_store(o);
	sealer_free(o->sealer);
	hall_close(&o->hall);
}

void office_open_store(struct office *o)
{
	struct store_options options = {
	        .url = o->database,
	        .sealer = o->sealer,
	        .create = true,
	        .busy_timeout_ms = 1000,
	};
	struct problem p = {0};
	int rc = store_open(&options, &o->store, &p);

	if (rc)
		print_error("%s\n", p.en);
	assert_int_equal(rc, HUFU_OK);
}

void office_close_store(struct office *o)
{
	if (o->store)
		store_close(o->store);
	o->store = NULL;
}

int office_open_log(struct office *o)
{
	struct log_options options = {
	        .store = o->store,
	        .signer = o->hall.signer,
	        .folder = o->tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = o->hall.keys.vkey,
	};
	struct problem p = {0};
	int rc = log_open(&options, &o->log, &p);

	if (rc && getenv("HALL_LOUD"))
		print_error("%s\n", p.en);
	return rc;
}

void office_close_log(struct office *o)
{
	log_close(o->log);
	o->log = NULL;
}

struct appending {
	const struct log_draft *draft;
	uint64_t from;
	size_t count;
	uint64_t index;
};

static int append(struct store_tx *tx, void *arg)
{
	struct appending *a = arg;
	int rc = 0;

	for (size_t i = 0; !rc && i < a->count; i++) {
		struct log_draft d;

		log_draft_init(&d, LOG_APPLIED,
		        OFFICE_TIME_S + (int64_t)(a->from + i));
		rc = log_append_all(tx, a->draft ? a->draft : &d, &a->index);
	}
	return rc;
}

int office_append(struct office *o, size_t count)
{
	struct appending a = {NULL, o->size, count, 0};
	int rc = store_write(o->store, append, &a);

	if (!rc)
		o->size = a.index + 1;
	return rc;
}

int office_append_draft(
        struct office *o, const struct log_draft *d, uint64_t *ret_index)
{
	struct appending a = {d, 0, 1, 0};
	int rc = store_write(o->store, append, &a);

	if (rc)
		return rc;
	o->size = a.index + 1;
	*ret_index = a.index;
	return 0;
}

void office_wait(struct office *o)
{
	struct log_checkpoint c;
	struct problem p = {0};
	int rc = log_wait(o->log, o->size - 1, &c, &p);

	if (rc)
		print_error("%s\n", p.en);
	assert_int_equal(rc, HUFU_OK);
	assert_true(c.size >= o->size);
}

static int take(void *arg, uint64_t index, struct span entry)
{
	struct tree *t = arg;

	assert_int_equal(index, t->size);
	assert_true(t->size < TREE_MAX);
	memcpy(t->entry[t->size], entry.data, entry.len);
	t->len[t->size] = entry.len;
	merkle_leaf(entry, t->leaf[t->size++]);
	return 0;
}

static int read_all(struct store_tx *tx, void *arg)
{
	return rows_each_entry(tx, 0, TREE_MAX, take, arg);
}

uint64_t office_read(struct office *o, struct tree *ret)
{
	ret->size = 0;
	assert_int_equal(store_read(o->store, read_all, ret), HUFU_OK);
	return ret->size;
}

uint64_t office_verify(struct office *o, struct log_fault *ret_first)
{
	struct log_verify_options options = {
	        .store = o->store,
	        .folder = o->tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = o->hall.keys.vkey,
	};
	struct log_verdict verdict;
	struct problem p = {0};
	int rc = log_verify(&options, &verdict, &p);

	if (rc < 0)
		print_error("%s\n", p.en);
	assert_int_equal(rc, verdict.faults ? LOG_FAULTY : 0);
	if (ret_first)
		*ret_first = verdict.first;
	return verdict.faults;
}
