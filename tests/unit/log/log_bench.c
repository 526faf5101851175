/*
 * How fast the log grows in memory (a signed checkpoint for each 64
 * entries), and how fast all of it is verified. Prints JSON lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/issuer/note_sign.h"
#include "crypto/issuer/tiles.h"
#include "host/base/clock.h"
#include "host/base/number.h"
#include "tests/unit/log/office.h"

enum { MEMORY = 400000, EACH_CHECKPOINT = 64, ROWS = 200000, BATCH = 4000 };

static int rows = ROWS;

static double seconds_since(int64_t from_us)
{
	return (double)(clock_steady_us() - from_us) / 1e6;
}

static int drop(void *arg, const struct tile *t, struct span bytes)
{
	size_t *total = arg;

	(void)t;
	*total += bytes.len;
	return 0;
}

/* An entry as making a card leaves it: 5 commitments. */
static void fill_entry(struct log_entry *e, uint32_t number)
{
	*e = (struct log_entry){.type = LOG_SIGNED,
	        .time_s = OFFICE_TIME_S + number,
	        .present = LOG_HAS(LOG_AREA) | LOG_HAS(LOG_KIND) |
	                   LOG_HAS(LOG_PERSON) | LOG_HAS(LOG_CARD) |
	                   LOG_HAS(LOG_ACTOR) | LOG_HAS(LOG_STATION) |
	                   LOG_HAS(LOG_BINDING),
	        .area = "320106",
	        .kind = 1};
	memcpy(e->person, &number, sizeof(number));
	memcpy(e->binding, &number, sizeof(number));
}

static void append_entries(
        struct tiles *t, const struct note_signer *signer, size_t *ret_len)
{
	uint8_t bytes[LOG_ENTRY_MAX], root[MERKLE_HASH_LEN], note[1024];
	size_t written = 0;
	struct tiles_io io = {.arg = &written, .put = drop};
	struct log_entry e;
	struct writer w;

	for (uint32_t i = 0; i < MEMORY; i++) {
		fill_entry(&e, i);
		writer_init(&w, bytes, sizeof(bytes));
		log_entry_encode(&w, &e);
		assert_int_equal(tiles_append(t, writer_span(&w)), HUFU_OK);
		*ret_len = w.len;
		if (i % EACH_CHECKPOINT != EACH_CHECKPOINT - 1)
			continue;
		tiles_root(t, root);
		writer_init(&w, note, sizeof(note));
		assert_int_equal(
		        note_sign_checkpoint(signer, i + 1, root, &w), HUFU_OK);
		assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	}
	assert_true(written > 0);
}

static void appends_in_memory(void **state)
{
	struct signing_key *key = NULL;
	struct note_signer signer = {.name = span_of_text(HALL_ORIGIN)};
	struct tiles *t = NULL;
	size_t len = 0;
	int64_t from_us;
	double took_s;

	(void)state;
	assert_int_equal(
	        signing_key_generate(COSE_CURVE_ED25519, KEY_CHECKPOINT, &key),
	        HUFU_OK);
	signer.ed25519 = key;
	assert_int_equal(tiles_new(&t), HUFU_OK);
	from_us = clock_steady_us();
	append_entries(t, &signer, &len);
	took_s = seconds_since(from_us);
	printf("{\"bench\": \"log_append\", \"count\": %d, \"entry_bytes\": "
	       "%zu, \"entries_per_checkpoint\": %d, \"per_s\": %.0f}\n",
	        MEMORY, len, EACH_CHECKPOINT, MEMORY / took_s);
	tiles_free(t);
	signing_key_free(key);
}

static int append_batch(struct store_tx *tx, void *arg)
{
	uint32_t from = *(const uint32_t *)arg;
	struct log_entry e;
	uint64_t index;
	int rc = 0;

	for (uint32_t i = 0; !rc && i < BATCH; i++) {
		fill_entry(&e, from + i);
		rc = log_append(tx, &e, &index);
	}
	return rc;
}

static void verify_log(struct office *o, struct store *store, const char *name)
{
	struct log_verify_options options = {.store = store,
	        .folder = o->tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = o->hall.keys.vkey};
	struct log_verdict verdict;
	int64_t from_us = clock_steady_us();
	double took_s;

	assert_int_equal(log_verify(&options, &verdict, NULL), HUFU_OK);
	took_s = seconds_since(from_us);
	assert_int_equal(verdict.entries, rows);
	printf("{\"bench\": \"%s\", \"count\": %d, \"per_s\": %.0f}\n", name,
	        rows, rows / took_s);
}

static void verifies_all(void **state)
{
	static struct office office;
	struct log_checkpoint c;
	int64_t from_us;
	double took_s;

	(void)state;
	office_open(&office);
	from_us = clock_steady_us();
	for (uint32_t i = 0; i < (uint32_t)rows; i += BATCH)
		assert_int_equal(
		        store_write(office.store, append_batch, &i), HUFU_OK);
	assert_int_equal(
	        log_wait(office.log, (uint64_t)rows - 1, &c, NULL), HUFU_OK);
	took_s = seconds_since(from_us);
	printf("{\"bench\": \"log_append_stored\", \"count\": %d, \"per_s\": "
	       "%.0f}\n",
	        rows, rows / took_s);
	verify_log(&office, office.store, "log_verify");
	verify_log(&office, NULL, "log_verify_files");
	office_close(&office);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(appends_in_memory),
	        cmocka_unit_test(verifies_all),
	};
	const struct number_range range = {1, 5000};
	int64_t batches = ROWS / BATCH;

	if (argc > 1 && number_parse_text(argv[1], range, &batches) != 0)
		return 2;
	rows = (int)batches * BATCH;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
