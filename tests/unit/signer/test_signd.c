/* The process: who may ask, what it does with noise, and when it dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/core/sigcheck.h"
#include "host/base/file.h"
#include "host/base/local_socket.h"
#include "host/signer/wire.h"
#include "tests/unit/signer/request.h"

static struct hall hall;
static struct tree *tree;

static int set_up(void **state)
{
	(void)state;
	hall_open(&hall);
	hall_start(&hall, NULL);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hall_close(&hall);
	free(tree);
	return 0;
}

static void grow(size_t count)
{
	struct signer_checkpoint c;

	for (size_t i = 0; i < count; i++)
		(void)put_other(tree);
	assert_int_equal(sign_tree(&hall, tree, tree->size, &c), HUFU_OK);
}

/* ---- noise ---- */

static int answer_code(int fd)
{
	static uint8_t buf[WIRE_SMALL_MAX];
	static struct wire_answer a;
	size_t len = 0;

	assert_int_equal(
	        frame_receive(fd, buf, sizeof(buf), &len, 5000), HUFU_OK);
	assert_int_equal(wire_decode_answer(span_of(buf, len), WIRE_HEALTH, &a),
	        HUFU_OK);
	return a.code;
}

static void answers_garbage_and_goes_on(void **state)
{
	static const uint8_t health[] = {0xA2, 0x00, 0x01, 0x01, 0x01};
	uint8_t noise[300];
	int fd = hall_dial(&hall);

	(void)state;
	memset(noise, 0xFF, sizeof(noise));
	assert_int_equal(
	        frame_send(fd, span_of(noise, sizeof(noise)), 5000), HUFU_OK);
	assert_int_equal(answer_code(fd), HUFU_ERR_ARGUMENT);
	assert_int_equal(
	        frame_send(fd, span_of(health, sizeof(health)), 5000), HUFU_OK);
	assert_int_equal(answer_code(fd), HUFU_OK);
	(void)close(fd);
}

static void refuses_frames_of_wrong_size(void **state)
{
	static const uint8_t heads[][4] = {
	        {0xFF, 0xFF, 0xFF, 0xFF}, {0, 0, 0, 0}, {0x01, 0x02, 0, 1}};
	struct signer_health h;
	uint8_t byte;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int fd = hall_dial(&hall);

		assert_int_equal(send(fd, heads[i], 4, MSG_NOSIGNAL), 4);
		assert_int_equal(answer_code(fd), HUFU_ERR_LIMIT);
		assert_int_equal(recv(fd, &byte, 1, 0), 0);
		(void)close(fd);
	}
	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
}

static void serves_others_beside_a_slow_one(void **state)
{
	struct signer_health h;
	int fd = hall_dial(&hall);

	(void)state;
	assert_int_equal(send(fd, "\0\0\1\0abc", 7, MSG_NOSIGNAL), 7);
	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
	(void)close(fd);
	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
}

static void refuses_the_wrong_user(void **state)
{
	struct signer_checkpoint c = {0};
	struct merkle_proof none = {0};
	struct signer_health h;
	uint8_t root[32];

	(void)state;
	hall_stop(&hall);
	hall_allow(&hall, getuid() + 1);
	hall_start(&hall, NULL);
	merkle_empty(root);
	assert_int_equal(signer_health(hall.signer, &h), HUFU_ERR_DENIED);
	assert_int_equal(
	        signer_sign_checkpoint(hall.signer, 0, root, &none, &c),
	        HUFU_ERR_DENIED);
	assert_string_equal(signer_error(), "this user may not ask");
	hall_stop(&hall);
	hall_allow(&hall, getuid());
	hall_start(&hall, NULL);
	assert_int_equal(
	        signer_last_checkpoint(hall.signer, &c), HUFU_ERR_NOT_FOUND);
}

/* ---- death ---- */

struct asked {
	struct made_card made;
	struct made_proof proof;
	struct signer_card card;
};

static void ask_for(struct asked *a, uint32_t status_index)
{
	made_card_init(&a->made, &hall, SIGCHECK_ES256, status_index);
	made_proof_init(&a->proof, &hall, tree, put_signed(tree, &a->made));
	a->card = (struct signer_card){
	        a->made.qr, a->made.chip, a->made.salt, a->proof.logged};
}

static uint64_t cards_signed(void)
{
	struct signer_health h;

	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
	return h.cards_signed;
}

static void dies_at(const char *point, uint64_t kept)
{
	struct signer_signatures sigs = {{9}, {9}}, again;
	struct asked a;

	grow(3);
	ask_for(&a, 50 + (uint32_t)kept);
	hall_stop(&hall);
	hall_start(&hall, point);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &sigs), HUFU_ERR_LINK);
	assert_int_equal(sigs.qr[0], 9);
	hall_reap(&hall);
	hall_start(&hall, NULL);
	assert_int_equal(cards_signed(), kept);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &sigs), HUFU_OK);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &again), HUFU_OK);
	assert_memory_equal(&sigs, &again, sizeof(sigs));
	assert_int_equal(cards_signed(), 1);
}

static void killed_before_the_journal_it_has_signed_nothing(void **state)
{
	(void)state;
	dies_at("signd-before-journal", 0);
}

static void killed_before_the_answer_it_repeats_it(void **state)
{
	(void)state;
	dies_at("signd-after-journal", 1);
}

static void keeps_everything_over_a_restart(void **state)
{
	struct signer_signatures sigs, again;
	struct signer_checkpoint last, after;
	struct asked a;

	(void)state;
	grow(10);
	ask_for(&a, 60);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &sigs), HUFU_OK);
	assert_int_equal(signer_last_checkpoint(hall.signer, &last), HUFU_OK);
	hall_kill(&hall);
	hall_start(&hall, NULL);
	assert_int_equal(signer_last_checkpoint(hall.signer, &after), HUFU_OK);
	assert_string_equal(last.note, after.note);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &again), HUFU_OK);
	assert_memory_equal(&sigs, &again, sizeof(sigs));
}

static void client_finds_a_restarted_signer(void **state)
{
	struct signer *old = hall.signer;
	struct signer_health h;

	(void)state;
	hall.signer = NULL;
	hall_kill(&hall);
	assert_int_equal(signer_health(old, &h), HUFU_ERR_LINK);
	hall_start(&hall, NULL);
	assert_int_equal(signer_health(old, &h), HUFU_OK);
	signer_close(old);
}

static size_t journal_len(void)
{
	uint8_t *bytes = NULL;
	size_t len = 0;

	assert_int_equal(
	        file_read(hall.journal, 1 << 20, &bytes, &len), HUFU_OK);
	free(bytes);
	return len;
}

/* No room for the record: no signature, and nothing is remembered of it. */
static void refuses_when_its_disk_is_full(void **state)
{
	struct signer_signatures sigs = {{9}, {9}};
	struct signer_health h;
	struct asked a;
	size_t len;

	(void)state;
	if (getenv("HALL_TOKEN"))
		skip(); /* SoftHSM itself writes files; an HSM does not */
	grow(3);
	ask_for(&a, 80);
	hall_stop(&hall);
	len = journal_len();
	for (unsigned room = 0; room < 240; room += 60) {
		hall.file_max = (unsigned)len + room;
		hall_start(&hall, NULL);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(
			        signer_sign_card(hall.signer, &a.card, &sigs),
			        HUFU_ERR_FULL);
			assert_int_equal(sigs.qr[0], 9);
			assert_int_equal(
			        signer_health(hall.signer, &h), HUFU_OK);
			assert_int_equal(h.cards_signed, 0);
			assert_int_equal(h.checkpoint_size, 4);
		}
		hall_kill(&hall);
	}
	hall.file_max = 0;
	hall_start(&hall, NULL);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &sigs), HUFU_OK);
	assert_int_equal(cards_signed(), 1);
}

/* ---- a lost or rolled back journal ---- */

static void without_its_journal_it_does_not_start(void **state)
{
	(void)state;
	hall_stop(&hall);
	assert_int_equal(unlink(hall.journal), 0);
	hall_start_fails(&hall, 1);
	assert_false(file_exists(hall.journal));
}

static void with_a_damaged_journal_it_does_not_start(void **state)
{
	uint8_t *bytes = NULL;
	size_t len = 0;

	(void)state;
	grow(1);
	grow(1);
	hall_stop(&hall);
	assert_int_equal(file_read(hall.journal, 4096, &bytes, &len), HUFU_OK);
	bytes[20] ^= 1;
	assert_int_equal(
	        file_write(hall.journal, span_of(bytes, len), 0600), HUFU_OK);
	hall_start_fails(&hall, 1);
	free(bytes);
}

/* An older copy is put back; the first proof shown gives it away. */
static void locks_when_its_journal_was_rolled_back(void **state)
{
	struct signer_signatures sigs = {{7}, {7}};
	struct signer_checkpoint c = {.size = 5};
	struct signer_health h;
	struct merkle_proof proof;
	uint8_t *old = NULL, root[32];
	size_t len = 0;
	struct asked a;

	(void)state;
	grow(4);
	assert_int_equal(file_read(hall.journal, 4096, &old, &len), HUFU_OK);
	ask_for(&a, 70);
	hall_kill(&hall);
	assert_int_equal(
	        file_write(hall.journal, span_of(old, len), 0600), HUFU_OK);
	hall_start(&hall, NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(signer_sign_card(hall.signer, &a.card, &sigs),
		        HUFU_ERR_CORRUPT);
		assert_int_equal(sigs.qr[0], 7);
		tree_root(tree, 5, root);
		tree_extend(tree, 4, 5, &proof);
		assert_int_equal(signer_sign_checkpoint(
		                         hall.signer, 5, root, &proof, &c),
		        HUFU_ERR_CORRUPT);
		assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
		assert_true(h.locked);
		assert_int_equal(h.cards_signed, 0);
		assert_int_equal(h.checkpoint_size, 4);
		hall_stop(&hall); /* locked it stays */
		hall_start(&hall, NULL);
	}
	free(old);
}

static void two_may_not_share_a_journal(void **state)
{
	(void)state;
	hall_start_fails(&hall, 1);
	grow(1);
}

int main(void)
{
#define WITH_HALL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        WITH_HALL(answers_garbage_and_goes_on),
	        WITH_HALL(refuses_frames_of_wrong_size),
	        WITH_HALL(serves_others_beside_a_slow_one),
	        WITH_HALL(refuses_the_wrong_user),
	        WITH_HALL(killed_before_the_journal_it_has_signed_nothing),
	        WITH_HALL(killed_before_the_answer_it_repeats_it),
	        WITH_HALL(keeps_everything_over_a_restart),
	        WITH_HALL(client_finds_a_restarted_signer),
	        WITH_HALL(refuses_when_its_disk_is_full),
	        WITH_HALL(without_its_journal_it_does_not_start),
	        WITH_HALL(with_a_damaged_journal_it_does_not_start),
	        WITH_HALL(locks_when_its_journal_was_rolled_back),
	        WITH_HALL(two_may_not_share_a_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
