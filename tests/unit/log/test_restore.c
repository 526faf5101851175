/*
 * Yesterday's backup is put back: the log knows of it, nothing is issued
 * until the published entries are replayed, and the later cards are named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/sigcheck.h"
#include "host/base/file.h"
#include "host/log/restore.h"
#include "tests/unit/log/office.h"

static struct office office;
static struct tree *tree;
static char backup[128];

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	(void)snprintf(backup, sizeof(backup), "%s/backup", office.hall.folder);
	assert_int_equal(office_append(&office, 250), HUFU_OK);
	office_wait(&office);
	assert_int_equal(store_backup(office.store, backup, NULL), HUFU_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	office_close(&office);
	free(tree);
	return 0;
}

/* A signed card with this status index; answers its log index. */
static uint64_t issue_card(uint32_t status_index)
{
	static struct made_card made;
	uint8_t binding[LOG_HASH_LEN], space[LOG_ENTRY_MAX];
	struct signer_signatures sigs;
	struct log_checkpoint c;
	struct merkle_proof path;
	struct signer_card card;
	struct log_draft d;
	struct writer entry;
	uint64_t index;

	made_card_init(&made, &office.hall, SIGCHECK_ES256, status_index);
	log_draft_init(&d, LOG_SIGNED, OFFICE_TIME_S);
	log_bind_signed(made.salt, made.qr, made.chip, binding);
	log_draft_bind(&d, made.salt, binding);
	assert_int_equal(office_append_draft(&office, &d, &index), HUFU_OK);
	assert_int_equal(log_wait(office.log, index, &c, NULL), HUFU_OK);
	writer_init(&entry, space, sizeof(space));
	assert_int_equal(
	        log_prove(office.log, index, c.size, &path, &entry), HUFU_OK);
	card = (struct signer_card){made.qr, made.chip, made.salt,
	        {index, writer_span(&entry), &path, c.note}};
	assert_int_equal(
	        signer_sign_card(office.hall.signer, &card, &sigs), HUFU_OK);
	return index;
}

static void put_backup_back(void)
{
	uint8_t *bytes = NULL;
	char path[128];
	size_t len = 0;

	office_close_log(&office);
	office_close_store(&office);
	assert_int_equal(file_read(backup, 1 << 24, &bytes, &len), HUFU_OK);
	assert_int_equal(file_write(office.database, span_of(bytes, len), 0600),
	        HUFU_OK);
	(void)snprintf(path, sizeof(path), "%s-wal", office.database);
	(void)remove(path); /* none is as good */
	(void)snprintf(path, sizeof(path), "%s-shm", office.database);
	(void)remove(path);
	office_open_store(&office);
	free(bytes);
}

struct later {
	size_t count, cards;
	uint64_t first, last;
	struct log_unresolved card;
	int answer;
};

static int note_later(
        struct store_tx *tx, const struct log_unresolved *u, void *arg)
{
	struct later *l = arg;

	(void)tx;
	if (l->count++ == 0)
		l->first = u->index;
	l->last = u->index;
	if (u->signed_card) {
		l->cards++;
		l->card = *u;
		assert_int_equal(u->entry->type, LOG_SIGNED);
	}
	return l->answer;
}

static int restore(struct later *l, struct log_restored *ret)
{
	struct log_options options = {
	        .store = office.store,
	        .signer = office.hall.signer,
	        .folder = office.tiles,
	        .origin = HALL_ORIGIN,
	};
	struct problem p = {0};

	return log_restore(&options, note_later, l, ret, &p);
}

static void check_refuses(uint64_t rows)
{
	struct log_checkpoint c;

	assert_int_equal(office_open_log(&office), LOG_BEHIND);
	assert_int_equal(office_append(&office, 1), HUFU_ERR_STALE);
	assert_int_equal(log_wait(office.log, 0, &c, NULL), HUFU_ERR_STALE);
	assert_int_equal(log_last(office.log, &c), HUFU_OK);
	assert_int_equal(office_read(&office, tree), rows);
	office_close_log(&office);
}

static void check_good(uint64_t rows)
{
	assert_int_equal(office_open_log(&office), HUFU_OK);
	assert_int_equal(office_read(&office, tree), rows);
	assert_int_equal(office_append(&office, 1), HUFU_OK);
	office_wait(&office);
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void replays_what_the_backup_lacks(void **state)
{
	struct log_restored done = {0};
	struct later l = {0};
	uint64_t card;

	(void)state;
	assert_int_equal(office_append(&office, 10), HUFU_OK);
	card = issue_card(4242);
	assert_int_equal(office_append(&office, 20), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	check_refuses(250);
	check_refuses(250); /* and again: it is remembered */
	assert_int_equal(restore(&l, &done), HUFU_OK);
	assert_int_equal(done.rows_before, 250);
	assert_int_equal(done.replayed, 31);
	assert_int_equal(done.cards, 1);
	assert_int_equal(l.count, 31);
	assert_int_equal(l.first, 250);
	assert_int_equal(l.last, 280);
	assert_int_equal(l.cards, 1);
	assert_int_equal(l.card.index, card);
	assert_int_equal(l.card.list, 7);
	assert_int_equal(l.card.status_index, 4242);
	check_good(281);
}

static void has_nothing_to_do_twice(void **state)
{
	struct log_restored done = {.replayed = 9};
	struct later l = {0};

	(void)state;
	assert_int_equal(office_append(&office, 5), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	assert_int_equal(restore(&l, &done), HUFU_OK);
	assert_int_equal(done.replayed, 5);
	l = (struct later){0};
	assert_int_equal(restore(&l, &done), HUFU_OK);
	assert_int_equal(done.replayed, 0);
	assert_int_equal(l.count, 0);
	check_good(255);
}

static void changes_nothing_when_the_caller_fails(void **state)
{
	struct log_restored done = {.replayed = 9};
	struct later l = {.answer = HUFU_ERR_FULL};

	(void)state;
	assert_int_equal(office_append(&office, 5), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	assert_int_equal(restore(&l, &done), HUFU_ERR_FULL);
	assert_int_equal(done.replayed, 9);
	check_refuses(250);
	l = (struct later){0};
	assert_int_equal(restore(&l, &done), HUFU_OK);
	check_good(255);
}

static void refuses_while_tiles_are_missing(void **state)
{
	struct log_restored done;
	char path[320], aside[328];
	struct later l = {0};

	(void)state;
	assert_int_equal(office_append(&office, 30), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	(void)snprintf(
	        path, sizeof(path), "%s/tile/entries/001.p/24", office.tiles);
	(void)snprintf(aside, sizeof(aside), "%s.away", path);
	assert_int_equal(rename(path, aside), 0);
	assert_int_equal(restore(&l, &done), HUFU_ERR_NOT_FOUND);
	assert_int_equal(l.count, 0);
	check_refuses(250);
	assert_int_equal(rename(aside, path), 0);
	assert_int_equal(restore(&l, &done), HUFU_OK);
	check_good(280);
}

static void refuses_entries_of_another_history(void **state)
{
	struct log_restored done;
	uint8_t *bytes = NULL;
	struct later l = {0};
	char path[320];
	size_t len = 0;

	(void)state;
	assert_int_equal(office_append(&office, 30), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	(void)snprintf(
	        path, sizeof(path), "%s/tile/entries/001.p/24", office.tiles);
	assert_int_equal(file_read(path, 1 << 16, &bytes, &len), HUFU_OK);
	bytes[len - 1] ^= 1;
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	assert_int_equal(restore(&l, &done), HUFU_ERR_PROOF);
	assert_int_equal(l.count, 0);
	check_refuses(250);
	free(bytes);
}

/* The folder is older too: only the signer remembers. */
static void the_signer_alone_gives_an_old_backup_away(void **state)
{
	struct log_restored done;
	char path[320];
	struct later l = {0};
	uint8_t *bytes = NULL;
	size_t len = 0;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/checkpoint", office.tiles);
	assert_int_equal(file_read(path, 4096, &bytes, &len), HUFU_OK);
	assert_int_equal(office_append(&office, 3), HUFU_OK);
	office_wait(&office);
	put_backup_back();
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	check_refuses(250);
	assert_int_equal(restore(&l, &done), HUFU_OK);
	assert_int_equal(l.count, 3);
	check_good(253);
	free(bytes);
}

int main(void)
{
#define WITH_OFFICE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        WITH_OFFICE(replays_what_the_backup_lacks),
	        WITH_OFFICE(has_nothing_to_do_twice),
	        WITH_OFFICE(changes_nothing_when_the_caller_fails),
	        WITH_OFFICE(refuses_while_tiles_are_missing),
	        WITH_OFFICE(refuses_entries_of_another_history),
	        WITH_OFFICE(the_signer_alone_gives_an_old_backup_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
