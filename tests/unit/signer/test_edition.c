/* Editions of a status list: logged whole, signed whole, forward only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/sigcheck.h"
#include "tests/unit/signer/request.h"

static struct hall hall;
static struct tree *tree;
static uint32_t list; /* each test has one of its own */

static int set_up(void **state)
{
	struct signer_checkpoint c;

	(void)state;
	hall_open(&hall);
	hall_start(&hall, NULL);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	for (int i = 0; i < 5; i++)
		(void)put_other(tree);
	assert_int_equal(sign_tree(&hall, tree, 5, &c), HUFU_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hall_stop(&hall);
	hall_close(&hall);
	free(tree);
	return 0;
}

static int next_list(void **state)
{
	(void)state;
	list++;
	return 0;
}

static uint64_t number(uint64_t sequence)
{
	return (uint64_t)list << 32 | sequence;
}

/* Made and logged. */
static void make(struct made_edition *e, struct edition_plan plan)
{
	plan.list = list;
	if (!plan.alg)
		plan.alg = SIGCHECK_ES256;
	made_edition_init(e, &hall, &plan);
	log_edition(e, &hall, tree, number(plan.sequence));
}

static struct edition_plan snapshot_at(uint64_t sequence)
{
	return (struct edition_plan){
	        .sequence = sequence, .base = sequence, .snapshot = true};
}

static struct edition_plan after(uint64_t base, uint64_t sequence)
{
	return (struct edition_plan){.sequence = sequence, .base = base};
}

static void refused(const struct signer_edition *e, int code)
{
	uint8_t sigs[SIGNER_FILES][64] = {{0x5A}}, before[SIGNER_FILES][64];
	struct signer_health h, then;

	memcpy(before, sigs, sizeof(sigs));
	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
	assert_int_equal(signer_sign_edition(hall.signer, e, sigs), code);
	assert_memory_equal(sigs, before, sizeof(sigs));
	assert_int_equal(signer_health(hall.signer, &then), HUFU_OK);
	assert_memory_equal(&h, &then, sizeof(h));
}

static void is_signed(const struct signer_edition *e, int alg)
{
	static const uint8_t none[64];
	const struct signer_key *key = hall_key(&hall, SIGNER_LIST, alg);
	uint8_t sigs[SIGNER_FILES][64], again[SIGNER_FILES][64];

	assert_int_equal(signer_sign_edition(hall.signer, e, sigs), HUFU_OK);
	for (unsigned i = 0; i < SIGNER_FILES; i++) {
		if (e->tbs[i].len)
			assert_int_equal(
			        check_signature(key, e->tbs[i], sigs[i]),
			        HUFU_OK);
		else
			assert_memory_equal(sigs[i], none, sizeof(none));
	}
	assert_int_equal(signer_sign_edition(hall.signer, e, again), HUFU_OK);
	assert_memory_equal(sigs, again, sizeof(sigs));
}

static void make_and_sign(struct edition_plan plan)
{
	struct made_edition e;

	make(&e, plan);
	is_signed(&e.files, plan.alg ? plan.alg : SIGCHECK_ES256);
	made_edition_done(&e);
}

static void make_and_refuse(struct edition_plan plan, int code)
{
	struct made_edition e;

	make(&e, plan);
	refused(&e.files, code);
	made_edition_done(&e);
}

static void signs_editions_day_after_day(void **state)
{
	struct edition_plan closing = snapshot_at(9);

	(void)state;
	make_and_sign(snapshot_at(3));
	make_and_sign(after(3, 4));
	make_and_sign(after(3, 8));
	closing.closes = 3;
	make_and_sign(closing);
	hall_kill(&hall);
	hall_start(&hall, NULL);
	make_and_sign(after(9, 10));
	/* a snapshot may come at any time, without closing a delta */
	make_and_sign(snapshot_at(11));
	make_and_sign(after(11, 12));
}

static void signs_under_the_key_named(void **state)
{
	struct edition_plan plan = snapshot_at(1);

	(void)state;
	plan.alg = SIGCHECK_SM2;
	make_and_sign(plan);
}

/* Whatever becomes of its cards, a list can be published. */
static void signs_a_list_that_cannot_be_compressed(void **state)
{
	struct edition_plan plan = snapshot_at(1);

	(void)state;
	plan.full = true;
	make_and_sign(plan);
}

static void refuses_what_does_not_grow(void **state)
{
	struct made_edition old;

	(void)state;
	make(&old, snapshot_at(2));
	make_and_sign(snapshot_at(3));
	refused(&old.files, HUFU_ERR_STALE);
	make_and_refuse(snapshot_at(3), HUFU_ERR_STALE);
	make_and_refuse(snapshot_at(1), HUFU_ERR_STALE);
	made_edition_done(&old);
}

static void refuses_deltas_against_another_snapshot(void **state)
{
	struct edition_plan closing = snapshot_at(9);

	(void)state;
	make_and_refuse(after(3, 4), HUFU_ERR_CONFLICT); /* none yet */
	make_and_sign(snapshot_at(5));
	make_and_refuse(after(4, 6), HUFU_ERR_CONFLICT);
	make_and_refuse(after(6, 6), HUFU_ERR_CONFLICT);
	closing.closes = 4;
	make_and_refuse(closing, HUFU_ERR_CONFLICT);
	closing.closes = 5;
	make_and_sign(closing);
}

static void refuses_files_that_disagree(void **state)
{
	struct edition_plan plan;

	(void)state;
	make_and_sign(snapshot_at(1));
	plan = snapshot_at(3);
	plan.base = 2; /* today's delta leaves the snapshot out */
	make_and_refuse(plan, HUFU_ERR_MALFORMED);
	plan = snapshot_at(3);
	plan.closes = 3;
	make_and_refuse(plan, HUFU_ERR_MALFORMED);
	plan = after(1, 3);
	plan.closes = 1;
	make_and_refuse(plan, HUFU_ERR_MALFORMED);
	plan = after(1, 3);
	plan.iss = "https://other.example.invalid";
	make_and_refuse(plan, HUFU_ERR_MALFORMED);
}

/* Swaps files of the second edition into the first, logged as it is. */
static void refuses_a_file_of(const struct edition_plan *other)
{
	struct edition_plan plan = snapshot_at(3);

	for (unsigned i = 0; i < SIGNER_FILES; i++) {
		struct made_edition e, from;

		plan.list = list;
		plan.alg = SIGCHECK_ES256;
		plan.closes = 1;
		made_edition_init(&e, &hall, &plan);
		made_edition_init(&from, &hall, other);
		e.files.tbs[i] = from.files.tbs[i];
		log_edition(&e, &hall, tree, number(3));
		refused(&e.files, HUFU_ERR_MALFORMED);
		made_edition_done(&e);
		made_edition_done(&from);
	}
}

static void refuses_a_file_from_elsewhere(void **state)
{
	struct edition_plan other = snapshot_at(3);

	(void)state;
	make_and_sign(snapshot_at(1));
	other.closes = 1;
	other.list = list;
	other.alg = SIGCHECK_SM2;
	refuses_a_file_of(&other); /* key */
	other.alg = SIGCHECK_ES256;
	other.list = list + 100;
	refuses_a_file_of(&other);
	other.list = list;
	other.later_s = 1;
	refuses_a_file_of(&other);
	other.later_s = 0;
	other.sequence = other.base = 4;
	refuses_a_file_of(&other);
}

static void refuses_what_its_entry_does_not_bind(void **state)
{
	struct made_edition e;
	struct span left_out;

	(void)state;
	make(&e, snapshot_at(2));
	left_out = e.files.tbs[SIGNER_SNAPSHOT];
	e.files.tbs[SIGNER_SNAPSHOT] = span_of(NULL, 0);
	refused(&e.files, HUFU_ERR_PROOF);
	e.files.tbs[SIGNER_SNAPSHOT] = left_out;
	e.files.tbs[SIGNER_CLOSED] = left_out;
	refused(&e.files, HUFU_ERR_PROOF);
	e.files.tbs[SIGNER_CLOSED] = span_of(NULL, 0);
	e.proof.path.hash[0][0] ^= 1;
	refused(&e.files, HUFU_ERR_PROOF);
	e.proof.path.hash[0][0] ^= 1;
	is_signed(&e.files, SIGCHECK_ES256);
	/* an entry of another number, and none */
	log_edition(&e, &hall, tree, number(9));
	refused(&e.files, HUFU_ERR_PROOF);
	made_proof_init(&e.proof, &hall, tree, put_other(tree));
	e.files.logged = e.proof.logged;
	refused(&e.files, HUFU_ERR_PROOF);
	made_edition_done(&e);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, next_list)
	const struct CMUnitTest tests[] = {
	        TEST(signs_editions_day_after_day),
	        TEST(signs_under_the_key_named),
	        TEST(signs_a_list_that_cannot_be_compressed),
	        TEST(refuses_what_does_not_grow),
	        TEST(refuses_deltas_against_another_snapshot),
	        TEST(refuses_files_that_disagree),
	        TEST(refuses_a_file_from_elsewhere),
	        TEST(refuses_what_its_entry_does_not_bind),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
