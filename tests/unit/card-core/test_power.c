/*
 * Power is cut at every write of non-volatile memory, in four ways, through
 * a whole life: afterwards the card is as before the command or as after
 * it, and goes on to the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

enum {
	PORTRAIT_LEN = 30000, /* bytes, as on a real card */
	STEPS_MAX = 256,
	SNAPSHOT_LEN = CARD_PROGRESS_LEN + 1 + 16 + 1,
};

static struct person person;

/* All that a terminal can learn, but for tries and the chip's key itself. */
static void look(struct desk *d, uint8_t ret[SNAPSHOT_LEN])
{
	memset(ret, 0, SNAPSHOT_LEN);
	desk_progress(d, ret);
	assert_int_equal(desk_raw(d, "\x80\xCA\x00\xE0\x00", 5), CARD_SW_OK);
	ret[CARD_PROGRESS_LEN] = d->data[5]; /* key version */
	desk_select(d);
	ret[SNAPSHOT_LEN - 1] = (uint8_t)(d->sw >> 8);
	if (desk_raw(d, "\x00\xB0\x90\x00\x00", 5) == CARD_SW_OK)
		memcpy(ret + CARD_PROGRESS_LEN + 1, d->data, 16);
}

static uint16_t set_status(struct desk *d, enum card_state wanted)
{
	return desk_secure(d, &(struct desk_command){.cla = 0x80,
	                              .ins = CARD_INS_SET_STATUS,
	                              .p1 = 0x80,
	                              .p2 = (uint8_t)wanted});
}

/* Step n of a life; each is one command that may write. */
static uint16_t do_step(struct desk *d, size_t n)
{
	struct desk_keys transport, issuer;
	size_t blocks = person_blocks(&person);
	desk_transport_keys(&transport);
	desk_issuer_keys(&issuer);
	switch (n) {
	case 0:
		return desk_open(d, &transport);
	case 1:
		return desk_open_job(d, 1, 5, CARD_SUITE_INTL);
	case 2: /* another job takes the card over */
		return desk_open_job(
		        d, person.job, person.fencing, person.suite);
	case 3:
		return desk_put_key(d, &transport, &issuer, false);
	case 4:
		/* files of the application are reached later */
		return desk_select(d) == CARD_SW_OK ? desk_open(d, &issuer)
		                                    : d->sw;
	case 5:
		return desk_open_job(
		        d, person.job, person.fencing, person.suite);
	case 6:
		return person_generate(d, &person);
	default:
		break;
	}
	n -= 7;
	if (n < blocks)
		return person_store(d, &person, n);
	switch (n - blocks) {
	case 0:
		return person_activate(d, &person);
	case 1:
		return desk_secure(d, &(struct desk_command){.cla = 0x80,
		                              .ins = CARD_INS_UPDATE_BINARY,
		                              .p1 = 0x90,
		                              .data = "0123456789abcdef",
		                              .len = 16});
	case 2:
		return set_status(d, CARD_LOCKED);
	case 3:
		return set_status(d, CARD_SECURED);
	default:
		return desk_secure(d, &(struct desk_command){.cla = 0x80,
		                              .ins = CARD_INS_TERMINATE});
	}
}

static size_t steps(void)
{
	return 7 + person_blocks(&person) + 5;
}

static uint8_t reference[STEPS_MAX + 1][SNAPSHOT_LEN];

/* Looking ends the channel, so each snapshot is of a copy of the memory. */
static void look_at_copy(struct desk *d, uint8_t ret[SNAPSHOT_LEN])
{
	struct desk copy;
	desk_init(&copy);
	memcpy(sim_memory(copy.sim), sim_memory(d->sim), PORT_NV_SIZE);
	assert_int_equal(sim_power_on(copy.sim), HUFU_OK);
	look(&copy, ret);
	desk_done(&copy);
}

static unsigned long record_reference(void)
{
	struct sim_facts facts;
	struct desk d;
	desk_init(&d);
	assert_in_range(steps(), 1, STEPS_MAX);
	look_at_copy(&d, reference[0]);
	for (size_t i = 0; i < steps(); i++) {
		assert_int_equal(do_step(&d, i), CARD_SW_OK);
		look_at_copy(&d, reference[i + 1]);
	}
	sim_get_facts(d.sim, &facts);
	desk_done(&d);
	return facts.writes;
}

static void go_on_after_cut(struct desk *d, size_t step)
{
	uint8_t now[SNAPSHOT_LEN];
	assert_int_equal(sim_power_on(d->sim), HUFU_OK);
	look(d, now);
	if (memcmp(now, reference[step], SNAPSHOT_LEN) != 0)
		assert_memory_equal(now, reference[step + 1], SNAPSHOT_LEN);
	if (now[0] == CARD_TERMINATED || now[0] == CARD_LOCKED)
		return;
	assert_int_equal(person_go_on(d, &person), CARD_SW_OK);
	/* activated before the cut: the key is known from before, too */
	person_check(d, &person);
}

static void cut_everywhere(enum sim_tear tear)
{
	unsigned long writes = record_reference();
	assert_in_range(writes, 30, 1000);
	for (unsigned long n = 1; n <= writes; n++) {
		struct desk d;
		desk_init(&d);
		sim_cut_at_write(d.sim, n, tear);
		size_t step = 0;
		while (step < steps() && do_step(&d, step) == CARD_SW_OK)
			step++;
		assert_in_range(step, 0, steps() - 1);
		assert_int_equal(d.sw, 0);
		go_on_after_cut(&d, step);
		desk_done(&d);
	}
}

static void survives_cuts_after_writes(void **state)
{
	(void)state;
	cut_everywhere(SIM_TEAR_AFTER);
}

static void survives_cuts_before_writes(void **state)
{
	(void)state;
	cut_everywhere(SIM_TEAR_BEFORE);
}

static void survives_half_writes(void **state)
{
	(void)state;
	cut_everywhere(SIM_TEAR_HALF);
}

static void survives_ruined_writes(void **state)
{
	(void)state;
	cut_everywhere(SIM_TEAR_RUIN);
}

/* The card is pulled at every command: answered or not, it goes on. */
static void goes_on_after_every_lost_answer(void **state)
{
	(void)state;
	for (size_t lost = 0; lost < steps() - 4; lost++) {
		struct desk d;
		desk_init(&d);
		for (size_t i = 0; i <= lost; i++)
			assert_int_equal(do_step(&d, i), CARD_SW_OK);
		sim_power_off(d.sim);
		assert_int_equal(sim_power_on(d.sim), HUFU_OK);
		assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
		person_check(&d, &person);
		desk_done(&d);
	}
}

/* Of every key, the old and the new, nothing is left in the memory. */
static void terminated_cards_hold_nothing(void **state)
{
	struct desk d;
	struct desk_keys issuer;
	static const uint8_t can[] = "135790";
	(void)state;
	desk_issuer_keys(&issuer);
	desk_init(&d);
	for (size_t i = 0; i < steps(); i++)
		assert_int_equal(do_step(&d, i), CARD_SW_OK);
	const uint8_t *nv = sim_memory(d.sim);
	for (size_t at = 0; at + 16 <= PORT_NV_SIZE; at++) {
		for (size_t i = 0; i < 3; i++)
			assert_memory_not_equal(nv + at, issuer.key[i], 16);
		assert_memory_not_equal(nv + at, can, 6);
		assert_memory_not_equal(nv + at, person.stream + 5, 16);
	}
	desk_done(&d);
}

/* One flipped bit anywhere that counts is noticed, never believed. */
static void notices_rotten_memory(void **state)
{
	struct desk d;
	(void)state;
	desk_init(&d);
	person_init(&person, CARD_SUITE_INTL, 1000);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	uint8_t *nv = sim_memory(d.sim);
	nv[MEMORY_STREAM_AT + 700] ^= 4;
	assert_int_equal(sim_power_on(d.sim), HUFU_ERR_CORRUPT);
	assert_int_equal(desk_raw(&d, "\x80\xCA\x00\xCF\x00", 5),
	        CARD_SW_MEMORY_FAILURE);
	nv[MEMORY_STREAM_AT + 700] ^= 4;
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	nv[MEMORY_HEADER_AT + 6] ^= 1;
	assert_int_equal(sim_power_on(d.sim), HUFU_ERR_CORRUPT);
	nv[MEMORY_HEADER_AT + 6] ^= 1;
	nv[MEMORY_SLOT_AT + 9] ^= 1;
	nv[MEMORY_SLOT_AT + MEMORY_SLOT_LEN + 9] ^= 1;
	assert_int_equal(sim_power_on(d.sim), HUFU_ERR_CORRUPT);
	desk_done(&d);
}

static int set_up(void **state)
{
	(void)state;
	person_init(&person, CARD_SUITE_INTL, PORTRAIT_LEN);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(survives_cuts_after_writes, set_up),
	        cmocka_unit_test_setup(survives_cuts_before_writes, set_up),
	        cmocka_unit_test_setup(survives_half_writes, set_up),
	        cmocka_unit_test_setup(survives_ruined_writes, set_up),
	        cmocka_unit_test_setup(goes_on_after_every_lost_answer, set_up),
	        cmocka_unit_test_setup(terminated_cards_hold_nothing, set_up),
	        cmocka_unit_test(notices_rotten_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
