#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/port/sim/port_state.h"
#include "tests/unit/card-core/desk.h"

enum { VECTOR_MAX = 64 };

struct bytes {
	size_t len;
	uint8_t data[VECTOR_MAX];
};

/* One line "name hex" of the recorded session. */
static struct bytes recorded(const char *name)
{
	char found[32], hex[2 * VECTOR_MAX + 1];
	struct bytes b = {0};
	FILE *f = fopen(HUFU_VECTORS "/scp03/aes128-level33.txt", "r");
	assert_non_null(f);
	while (fscanf(f, "%31s %128s", found, hex) == 2) {
		if (strcmp(found, name) != 0)
			continue;
		for (; hex[2 * b.len]; b.len++) {
			unsigned v;
			assert_int_equal(sscanf(hex + 2 * b.len, "%2x", &v), 1);
			b.data[b.len] = (uint8_t)v;
		}
	}
	fclose(f);
	assert_true(b.len > 0);
	return b;
}

static struct command recorded_command(const char *name, struct bytes *b)
{
	struct command c;
	*b = recorded(name);
	assert_int_equal(command_decode(span_of(b->data, b->len), &c), HUFU_OK);
	return c;
}

static void unwraps_as_recorded(struct channel *k, struct card_port *port,
        const char *secured, const char *plain)
{
	struct bytes a, b;
	struct command in = recorded_command(secured, &a);
	struct command expected = recorded_command(plain, &b);
	uint8_t data[VECTOR_MAX];
	size_t len = SIZE_MAX;
	assert_int_equal(channel_unwrap(k, port, &in, data, &len), HUFU_OK);
	assert_int_equal(len, expected.data.len);
	if (len > 0)
		assert_memory_equal(data, expected.data.data, len);
}

/* tests/vectors/scp03: the card's side, byte for byte. */
static void agrees_with_a_recorded_session(void **state)
{
	/* the ISD-R over which that card drew its challenge */
	static const uint8_t aid[] = {0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10,
	        0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x01, 0x00};
	struct card_port *port = calloc(1, sizeof *port);
	struct memory *m = calloc(1, sizeof *m);
	struct channel k = {0};
	struct bytes raw;
	uint8_t answer[CHANNEL_OFFER_LEN], data[VECTOR_MAX];
	(void)state;
	assert_int_equal(port_crypto_init(port), HUFU_OK);
	m->port = port;
	m->now.key_version = 0x30;
	m->now.channel_counter = 3;
	for (size_t i = 0; i < 48; i++)
		m->now.key[i / 16][i % 16] = (uint8_t)i;

	struct command c = recorded_command("init_upd_cmd", &raw);
	/* the static keys of the trace: 00.., 10.., 20.. */
	assert_int_equal(channel_offer(&k, m, span_of(aid, sizeof aid),
	                         c.data.data, answer),
	        HUFU_OK);
	raw = recorded("init_upd_rsp");
	assert_int_equal(raw.len, sizeof answer);
	assert_memory_equal(answer, raw.data, raw.len);
	c = recorded_command("ext_auth_cmd", &raw);
	assert_int_equal(channel_accept(&k, port, &c), HUFU_OK);
	unwraps_as_recorded(&k, port, "get_eid_cmd", "get_eid_cmd_plain");

	raw = recorded("get_eid_rsp_plain");
	size_t len = raw.len;
	memcpy(data, raw.data, len);
	assert_int_equal(
	        channel_wrap(&k, port, CARD_SW_OK, data, &len), HUFU_OK);
	raw = recorded("get_eid_rsp");
	assert_int_equal(len, raw.len);
	assert_memory_equal(data, raw.data, raw.len);
	unwraps_as_recorded(&k, port, "case_1", "case_1_plain");
	unwraps_as_recorded(&k, port, "case_2", "case_2_plain");
	unwraps_as_recorded(&k, port, "case_3", "case_3_plain");
	unwraps_as_recorded(&k, port, "case_4", "case_4_plain");
	port_crypto_done(port);
	free(m);
	free(port);
}

static const struct desk_command ask_serial = {
        .cla = 0x80, .ins = CARD_INS_GET_DATA, .p2 = 0xCF, .le = true};

static void open_transport(struct desk *d, struct desk_keys *keys)
{
	desk_init(d);
	desk_transport_keys(keys);
	assert_int_equal(desk_open(d, keys), CARD_SW_OK);
}

static void protects_commands_and_answers(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	open_transport(&d, &keys);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(desk_secure(&d, &ask_serial), CARD_SW_OK);
		assert_int_equal(d.len, 12);
		assert_memory_equal(d.data + 2, desk_serial, 10);
	}
	desk_done(&d);
}

static void takes_extended_and_chained_commands(void **state)
{
	struct desk d;
	struct desk_keys keys;
	uint8_t job[CARD_OPEN_JOB_LEN] = {[24] = CARD_SUITE_INTL};
	(void)state;
	open_transport(&d, &keys);
	struct desk_command c = {.cla = 0x80,
	        .ins = CARD_INS_OPEN_JOB,
	        .data = job,
	        .len = sizeof job,
	        .extended = true};
	assert_int_equal(desk_secure(&d, &c), CARD_SW_OK);
	c.extended = false;
	c.cla = 0x90;
	c.len = 10;
	assert_int_equal(desk_secure(&d, &c), CARD_SW_OK);
	c.cla = 0x80;
	c.data = job + 10;
	c.len = sizeof job - 10;
	assert_int_equal(desk_secure(&d, &c), CARD_SW_OK);
	desk_done(&d);
}

/* Every single bit of a protected command. */
static void refuses_every_flipped_bit(void **state)
{
	struct desk d;
	struct desk_keys keys;
	uint8_t apdu[64], job[CARD_OPEN_JOB_LEN] = {[24] = CARD_SUITE_INTL};
	const struct desk_command c = {.cla = 0x80,
	        .ins = CARD_INS_OPEN_JOB,
	        .data = job,
	        .len = sizeof job};
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	for (size_t bit = 8; bit < 45 * 8; bit++) {
		if (bit / 8 == 4)
			continue; /* Lc: not an APDU any more */
		assert_int_equal(desk_open(&d, &keys), CARD_SW_OK);
		size_t len = desk_wrap(&d, &c, apdu);
		assert_int_equal(len, 46);
		apdu[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(desk_raw(&d, apdu, len), CARD_SW_SM_WRONG);
		assert_int_equal(d.len, 0);
		/* the channel is gone, and no job was opened */
		assert_int_equal(
		        desk_raw(&d, apdu, len), CARD_SW_SECURITY_STATUS);
	}
	uint8_t progress[CARD_PROGRESS_LEN];
	desk_progress(&d, progress);
	for (size_t i = 1; i < 28; i++)
		assert_int_equal(progress[i], 0);
	desk_done(&d);
}

static void refuses_a_replayed_command(void **state)
{
	struct desk d;
	struct desk_keys keys;
	uint8_t apdu[64];
	(void)state;
	open_transport(&d, &keys);
	size_t len = desk_wrap(&d, &ask_serial, apdu);
	assert_int_equal(desk_raw(&d, apdu, len), CARD_SW_OK);
	assert_int_equal(desk_raw(&d, apdu, len), CARD_SW_SM_WRONG);
	desk_done(&d);
}

static void a_plain_command_ends_the_channel(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	open_transport(&d, &keys);
	assert_int_equal(desk_plain(&d, &ask_serial), CARD_SW_SM_MISSING);
	assert_int_equal(desk_secure(&d, &ask_serial), CARD_SW_SECURITY_STATUS);
	assert_int_equal(desk_plain(&d, &ask_serial), CARD_SW_OK);
	desk_done(&d);
}

static void selecting_by_name_ends_the_channel(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	open_transport(&d, &keys);
	assert_int_equal(desk_select(&d), CARD_SW_OK);
	assert_int_equal(desk_secure(&d, &ask_serial), CARD_SW_SECURITY_STATUS);
	desk_done(&d);
}

static void a_reset_ends_the_channel(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	open_transport(&d, &keys);
	sim_reset(d.sim);
	assert_int_equal(desk_secure(&d, &ask_serial), CARD_SW_SECURITY_STATUS);
	desk_done(&d);
}

static void needs_an_offer_before_authentication(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	assert_int_equal(desk_accept(&d, 0x33), CARD_SW_CONDITIONS);
	/* any other command uses the offer up */
	assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_OK);
	assert_int_equal(desk_plain(&d, &ask_serial), CARD_SW_OK);
	assert_int_equal(desk_accept(&d, 0x33), CARD_SW_CONDITIONS);
	desk_done(&d);
}

static void takes_level_33_only(void **state)
{
	static const uint8_t levels[] = {0x00, 0x01, 0x03, 0x11, 0x13, 0x34};
	struct desk d;
	struct desk_keys keys;
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	for (size_t i = 0; i < sizeof levels; i++) {
		assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_OK);
		assert_int_equal(
		        desk_accept(&d, levels[i]), CARD_SW_WRONG_P1P2);
		assert_int_equal(
		        desk_secure(&d, &ask_serial), CARD_SW_SECURITY_STATUS);
	}
	desk_done(&d);
}

static void knows_its_key_version(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	assert_int_equal(desk_offer(&d, &keys, CARD_KVN_TRANSPORT), CARD_SW_OK);
	assert_int_equal(d.data[10], CARD_KVN_TRANSPORT);
	assert_int_equal(
	        desk_offer(&d, &keys, CARD_KVN_ISSUER), CARD_SW_DATA_NOT_FOUND);
	desk_done(&d);
}

static void never_repeats_a_challenge(void **state)
{
	struct desk d;
	struct desk_keys keys, wrong;
	uint8_t first[8];
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	desk_issuer_keys(&wrong);
	assert_int_equal(desk_offer(&d, &wrong, 0), CARD_SW_OK);
	memcpy(first, d.card_challenge, 8);
	assert_int_equal(desk_accept(&d, 0x33), CARD_SW_CRYPTOGRAM);
	assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_OK);
	assert_memory_not_equal(first, d.card_challenge, 8);
	desk_done(&d);
}

static void blocks_after_ten_wrong_keys(void **state)
{
	struct desk d;
	struct desk_keys keys, wrong;
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	desk_issuer_keys(&wrong);
	for (int i = 0; i < MEMORY_KEY_TRIES - 1; i++) {
		assert_int_equal(desk_offer(&d, &wrong, 0), CARD_SW_OK);
		assert_int_equal(desk_accept(&d, 0x33), CARD_SW_CRYPTOGRAM);
	}
	/* the right key gives all tries back */
	assert_int_equal(desk_open(&d, &keys), CARD_SW_OK);
	for (int i = 0; i < MEMORY_KEY_TRIES; i++) {
		assert_int_equal(desk_offer(&d, &wrong, 0), CARD_SW_OK);
		assert_int_equal(desk_accept(&d, 0x33), CARD_SW_CRYPTOGRAM);
	}
	assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_BLOCKED);
	assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_BLOCKED);
	desk_done(&d);
}

static void power_cuts_give_no_free_tries(void **state)
{
	struct desk d;
	struct desk_keys keys;
	(void)state;
	desk_init(&d);
	desk_transport_keys(&keys);
	for (int i = 0; i < MEMORY_KEY_TRIES; i++) {
		assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_OK);
		sim_cut_at_write(d.sim, 1, SIM_TEAR_AFTER);
		assert_int_equal(desk_accept(&d, 0x33), 0);
		assert_int_equal(sim_power_on(d.sim), HUFU_OK);
	}
	assert_int_equal(desk_offer(&d, &keys, 0), CARD_SW_BLOCKED);
	desk_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(agrees_with_a_recorded_session),
	        cmocka_unit_test(protects_commands_and_answers),
	        cmocka_unit_test(takes_extended_and_chained_commands),
	        cmocka_unit_test(refuses_every_flipped_bit),
	        cmocka_unit_test(refuses_a_replayed_command),
	        cmocka_unit_test(a_plain_command_ends_the_channel),
	        cmocka_unit_test(selecting_by_name_ends_the_channel),
	        cmocka_unit_test(a_reset_ends_the_channel),
	        cmocka_unit_test(needs_an_offer_before_authentication),
	        cmocka_unit_test(takes_level_33_only),
	        cmocka_unit_test(knows_its_key_version),
	        cmocka_unit_test(never_repeats_a_challenge),
	        cmocka_unit_test(blocks_after_ten_wrong_keys),
	        cmocka_unit_test(power_cuts_give_no_free_tries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
