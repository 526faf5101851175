#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "host/log/proof.h"
#include "tests/unit/log/office.h"

enum { MOST = 600 };

static struct office office;
static struct tree *tree;

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	office_close(&office);
	free(tree);
	return 0;
}

static void grow_to(uint64_t size)
{
	assert_int_equal(office_append(&office, size - office.size), HUFU_OK);
	office_wait(&office);
	assert_int_equal(office_read(&office, tree), size);
}

static void check_proof(uint64_t index, uint64_t size)
{
	uint8_t leaf[32], root[32], space[LOG_ENTRY_MAX];
	struct merkle_proof proof;
	struct writer w;

	writer_init(&w, space, sizeof(space));
	assert_int_equal(
	        log_prove(office.log, index, size, &proof, &w), HUFU_OK);
	assert_true(span_equal(writer_span(&w), tree_entry(tree, index)));
	merkle_leaf(writer_span(&w), leaf);
	tree_root(tree, size, root);
	assert_int_equal(
	        merkle_check_inclusion(&proof, index, size, leaf, root),
	        HUFU_OK);
}

static void proves_entries_of_every_size(void **state)
{
	static const uint64_t steps[] = {
	        1, 2, 3, 60, 255, 256, 257, 300, 511, 512, 513, MOST};
	struct log_checkpoint c;
	uint8_t root[32];

	(void)state;
	assert_int_equal(log_last(office.log, &c), HUFU_ERR_NOT_FOUND);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		grow_to(steps[i]);
		assert_int_equal(log_last(office.log, &c), HUFU_OK);
		assert_int_equal(c.size, steps[i]);
		tree_root(tree, steps[i], root);
		assert_memory_equal(c.root, root, sizeof(root));
		check_proof(0, steps[i]);
		check_proof(steps[i] - 1, steps[i]);
	}
	for (uint64_t size = 1; size <= MOST; size++)
		for (uint64_t k = 0; k < 5; k++)
			check_proof(size * k / 5, size);
	for (uint64_t index = 0; index < MOST; index++)
		check_proof(index, MOST);
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void refuses_proofs_of_what_is_not_there(void **state)
{
	uint8_t space[LOG_ENTRY_MAX];
	struct merkle_proof proof = {.count = 60};
	struct log_checkpoint c;
	struct writer w;

	(void)state;
	grow_to(10);
	writer_init(&w, space, sizeof(space));
	assert_int_equal(
	        log_prove(office.log, 10, 10, &proof, &w), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        log_prove(office.log, 3, 11, &proof, &w), HUFU_ERR_ARGUMENT);
	assert_int_equal(proof.count, 60);
	assert_int_equal(w.len, 0);
	assert_int_equal(log_wait(office.log, 10, &c, NULL), HUFU_ERR_ARGUMENT);
}

static int fail_after_append(struct store_tx *tx, void *arg)
{
	struct log_entry e = {.type = LOG_APPLIED, .time_s = OFFICE_TIME_S};
	uint64_t index;

	(void)arg;
	assert_int_equal(log_append(tx, &e, &index), HUFU_OK);
	assert_int_equal(index, 3);
	return HUFU_ERR_DENIED;
}

static void leaves_no_gap_when_a_change_is_undone(void **state)
{
	(void)state;
	grow_to(3);
	assert_int_equal(store_write(office.store, fail_after_append, NULL),
	        HUFU_ERR_DENIED);
	grow_to(4);
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void publishes_what_nobody_waits_for(void **state)
{
	struct log_checkpoint c = {0};
	struct timespec t = {0, 20000000};

	(void)state;
	assert_int_equal(office_append(&office, 2), HUFU_OK);
	for (int i = 0; i < 250 && c.size < 2; i++) {
		if (log_last(office.log, &c))
			c.size = 0;
		(void)nanosleep(&t, NULL);
	}
	assert_int_equal(c.size, 2);
}

/* A restore knows later entries from the published files alone. */
static void publishes_what_is_left_when_it_closes(void **state)
{
	char path[320], note[1024] = "";
	const char *size;

	(void)state;
	grow_to(3);
	assert_int_equal(office_append(&office, 2), HUFU_OK);
	office_close_log(&office);
	(void)snprintf(path, sizeof(path), "%s/checkpoint", office.tiles);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(note, 1, sizeof(note) - 1, f) > 0);
	assert_int_equal(fclose(f), 0);
	size = strchr(note, '\n');
	assert_non_null(size);
	assert_int_equal(strncmp(size, "\n5\n", 3), 0);
	assert_int_equal(office_open_log(&office), HUFU_OK);
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void closes_without_the_signer(void **state)
{
	struct signer *client = office.hall.signer;

	(void)state;
	grow_to(2);
	assert_int_equal(office_append(&office, 1), HUFU_OK);
	office.hall.signer = NULL;
	hall_kill(&office.hall);
	office_close_log(&office);
	hall_start(&office.hall, NULL);
	assert_int_equal(office_open_log(&office), HUFU_OK);
	office_wait(&office);
	assert_int_equal(office_verify(&office, NULL), 0);
	office_close_log(&office);
	signer_close(client);
}

static int find_salts(struct store_tx *tx, void *arg)
{
	const struct log_draft *d = arg;
	uint8_t salt[LOG_SALT_LEN];

	assert_int_equal(log_find_salt(tx, 0, LOG_PERSON, salt), HUFU_OK);
	assert_memory_equal(salt, d->salt[LOG_PERSON], sizeof(salt));
	assert_int_equal(log_find_salt(tx, 0, LOG_BINDING, salt), HUFU_OK);
	assert_memory_equal(salt, d->salt[LOG_BINDING], sizeof(salt));
	assert_int_equal(
	        log_find_salt(tx, 0, LOG_CARD, salt), HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        log_find_salt(tx, 1, LOG_PERSON, salt), HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        log_find_salt(tx, 0, LOG_AREA, salt), HUFU_ERR_ARGUMENT);
	return 0;
}

/* The office's secret stays beside the entry, sealed. */
static void keeps_salts_beside_commitments(void **state)
{
	uint8_t salt[LOG_SALT_LEN] = {5}, binding[LOG_HASH_LEN] = {6};
	uint8_t want[LOG_HASH_LEN], *file = NULL;
	struct log_draft d;
	size_t len = 0;
	uint64_t index;

	(void)state;
	log_draft_init(&d, LOG_SIGNED, OFFICE_TIME_S);
	assert_int_equal(
	        log_draft_commit(&d, LOG_PERSON, span_of_text("generated")),
	        HUFU_OK);
	assert_int_equal(log_draft_commit(&d, LOG_AREA, span_of_text("x")),
	        HUFU_ERR_ARGUMENT);
	log_draft_bind(&d, salt, binding);
	log_commit(LOG_PERSON, d.salt[LOG_PERSON], span_of_text("generated"),
	        want);
	assert_memory_equal(want, d.entry.person, sizeof(want));
	assert_int_equal(office_append_draft(&office, &d, &index), HUFU_OK);
	assert_int_equal(store_read(office.store, find_salts, &d), HUFU_OK);
	office_close_log(&office);
	office_close_store(&office);
	assert_int_equal(
	        file_read(office.database, 1 << 24, &file, &len), HUFU_OK);
	assert_null(memmem(file, len, d.salt[LOG_PERSON], LOG_SALT_LEN));
	free(file);
}

static void proof_text_stands_alone(void **state)
{
	uint8_t salt[LOG_SALT_LEN] = {8}, binding[LOG_HASH_LEN] = {6};
	uint8_t space[LOG_ENTRY_MAX];
	char text[LOG_PROOF_TEXT_MAX];
	struct log_proof proof, read;
	struct writer entry, w;
	struct log_draft d;
	uint64_t index;

	(void)state;
	assert_int_equal(office_append(&office, 5), HUFU_OK);
	log_draft_init(&d, LOG_SIGNED, OFFICE_TIME_S);
	log_draft_bind(&d, salt, binding);
	assert_int_equal(office_append_draft(&office, &d, &index), HUFU_OK);
	office_wait(&office);
	writer_init(&entry, space, sizeof(space));
	assert_int_equal(
	        log_proof_make(office.log, index, &proof, &entry), HUFU_OK);
	assert_int_equal(proof.extra_len, LOG_SALT_LEN);
	assert_memory_equal(proof.extra, salt, sizeof(salt));
	writer_init(&w, text, sizeof(text));
	log_proof_encode(&w, &proof);
	assert_int_equal(w.error, HUFU_OK);
	assert_memory_equal(text, "c2sp.org/tlog-proof@v1\nextra ", 29);
	assert_int_equal(log_proof_decode(writer_span(&w), &read), HUFU_OK);
	assert_int_equal(log_proof_check(&read, writer_span(&entry),
	                         HALL_ORIGIN, office.hall.keys.vkey),
	        HUFU_OK);
	assert_int_equal(log_proof_check(&read, writer_span(&entry),
	                         "other/log", office.hall.keys.vkey),
	        HUFU_ERR_SIGNATURE);
	space[entry.len - 1] ^= 1;
	assert_int_equal(log_proof_check(&read, writer_span(&entry),
	                         HALL_ORIGIN, office.hall.keys.vkey),
	        HUFU_ERR_PROOF);
	assert_int_equal(log_proof_make(office.log, 99, &proof, &entry),
	        HUFU_ERR_NOT_FOUND);
}

/* ---- the signer comes and goes ---- */

static void waits_for_the_signer(void **state)
{
	struct log_checkpoint c = {.size = 42};
	struct signer *client = office.hall.signer;

	(void)state;
	grow_to(3);
	office.hall.signer = NULL; /* the log goes on with it */
	hall_kill(&office.hall);
	assert_int_equal(office_append(&office, 1), HUFU_OK);
	assert_int_equal(log_wait(office.log, 3, &c, NULL), HUFU_ERR_LINK);
	assert_int_equal(c.size, 42);
	hall_start(&office.hall, NULL);
	office_wait(&office);
	assert_int_equal(office_verify(&office, NULL), 0);
	office_close_log(&office);
	signer_close(client);
}

static void signer_dies_between_journal_and_answer(void **state)
{
	struct log_checkpoint c;
	struct signer *client = office.hall.signer;

	(void)state;
	grow_to(3);
	office.hall.signer = NULL;
	hall_kill(&office.hall);
	hall_start(&office.hall, "signd-after-journal");
	assert_int_equal(office_append(&office, 2), HUFU_OK);
	assert_int_equal(log_wait(office.log, 4, &c, NULL), HUFU_ERR_LINK);
	hall_reap(&office.hall);
	/* more rows meanwhile: the next proof starts where the signer is */
	assert_int_equal(office_append(&office, 4), HUFU_OK);
	hall_start(&office.hall, NULL);
	office_wait(&office);
	assert_int_equal(office_verify(&office, NULL), 0);
	office_close_log(&office);
	signer_close(client);
}

static void refuses_a_signer_with_an_older_journal(void **state)
{
	uint8_t *old = NULL;
	size_t len = 0;

	(void)state;
	grow_to(3);
	assert_int_equal(
	        file_read(office.hall.journal, 4096, &old, &len), HUFU_OK);
	grow_to(5);
	office_close_log(&office);
	hall_kill(&office.hall);
	assert_int_equal(
	        file_write(office.hall.journal, span_of(old, len), 0600),
	        HUFU_OK);
	hall_start(&office.hall, NULL);
	assert_int_equal(office_open_log(&office), HUFU_ERR_CORRUPT);
	free(old);
}

/* ---- many at once ---- */

struct worker {
	pthread_t thread;
	struct store *store;
	struct log *log;
	int error;
};

static int append_one(struct store_tx *tx, void *arg)
{
	struct log_entry e = {.type = LOG_APPLIED, .time_s = OFFICE_TIME_S};

	return log_append(tx, &e, arg);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct log_checkpoint c;
	uint64_t index = 0;

	for (int i = 0; i < 20 && !w->error; i++) {
		w->error = store_write(w->store, append_one, &index);
		if (!w->error)
			w->error = log_wait(w->log, index, &c, NULL);
		if (!w->error && c.size <= index)
			w->error = HUFU_ERR_STATE;
	}
	return NULL;
}

static void serves_many_at_once(void **state)
{
	struct worker workers[8];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		workers[i] = (struct worker){
		        .store = office.store, .log = office.log};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work,
		                         &workers[i]),
		        0);
	}
	for (size_t i = 0; i < 8; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].error, HUFU_OK);
	}
	assert_int_equal(office_read(&office, tree), 160);
	assert_int_equal(office_verify(&office, NULL), 0);
}

/* ---- reopening ---- */

static void goes_on_after_reopening(void **state)
{
	struct log_checkpoint c, d;

	(void)state;
	for (uint64_t size = 250; size < 263; size++) {
		grow_to(size);
		assert_int_equal(log_last(office.log, &c), HUFU_OK);
		office_close_log(&office);
		assert_int_equal(office_open_log(&office), HUFU_OK);
		assert_int_equal(log_last(office.log, &d), HUFU_OK);
		assert_string_equal(c.note, d.note);
	}
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void makes_lost_tiles_again_from_rows(void **state)
{
	char command[320];

	(void)state;
	grow_to(300);
	office_close_log(&office);
	(void)snprintf(command, sizeof(command), "%s.gone", office.tiles);
	assert_int_equal(rename(office.tiles, command), 0);
	assert_int_equal(office_open_log(&office), HUFU_OK);
	assert_int_equal(office_verify(&office, NULL), 0);
	grow_to(310);
	assert_int_equal(office_verify(&office, NULL), 0);
}

int main(void)
{
#define WITH_OFFICE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        WITH_OFFICE(proves_entries_of_every_size),
	        WITH_OFFICE(refuses_proofs_of_what_is_not_there),
	        WITH_OFFICE(leaves_no_gap_when_a_change_is_undone),
	        WITH_OFFICE(publishes_what_nobody_waits_for),
	        WITH_OFFICE(publishes_what_is_left_when_it_closes),
	        WITH_OFFICE(closes_without_the_signer),
	        WITH_OFFICE(keeps_salts_beside_commitments),
	        WITH_OFFICE(proof_text_stands_alone),
	        WITH_OFFICE(waits_for_the_signer),
	        WITH_OFFICE(signer_dies_between_journal_and_answer),
	        WITH_OFFICE(refuses_a_signer_with_an_older_journal),
	        WITH_OFFICE(serves_many_at_once),
	        WITH_OFFICE(goes_on_after_reopening),
	        WITH_OFFICE(makes_lost_tiles_again_from_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
