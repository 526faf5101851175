/*
 * The card's dispatcher. First byte: state of the card (low bits), and
 * whether a secure channel and a job are open (high bits). Then commands:
 * length[1] and as many bytes; in the channel these are cla ins p1 p2 data
 * and are wrapped here, so that the fuzzer gets behind the MAC.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	STATES = 5,
	STATE_MASK = 0x07,
	IN_CHANNEL = 0x80,
	IN_JOB = 0x40,
	COMMANDS_MAX = 64,
};

static struct desk desk;
static struct person person;
static struct desk_keys transport, issuer;
static uint8_t image[STATES][PORT_NV_SIZE];

static void keep_image(size_t n)
{
	memcpy(image[n], sim_memory(desk.sim), PORT_NV_SIZE);
}

static void must(uint16_t sw)
{
	if (sw != CARD_SW_OK)
		abort();
}

static void set_up(void)
{
	desk_transport_keys(&transport);
	desk_issuer_keys(&issuer);
	person_init(&person, CARD_SUITE_INTL, 300);
	desk_init(&desk);
	keep_image(0);
	must(desk_open(&desk, &transport));
	must(desk_put_key(&desk, &transport, &issuer, true));
	keep_image(1);
	must(person_go_on(&desk, &person));
	keep_image(2);
	must(desk_secure(&desk, &(struct desk_command){.cla = 0x80,
	                                .ins = CARD_INS_SET_STATUS,
	                                .p1 = 0x80,
	                                .p2 = CARD_LOCKED}));
	keep_image(3);
	must(desk_secure(&desk, &(struct desk_command){.cla = 0x80,
	                                .ins = CARD_INS_TERMINATE}));
	keep_image(4);
}

static void begin(uint8_t how)
{
	size_t state = (how & STATE_MASK) % STATES;
	memcpy(sim_memory(desk.sim), image[state], PORT_NV_SIZE);
	if (sim_power_on(desk.sim) != HUFU_OK)
		abort();
	(void)desk_select(&desk); /* warns in some states */
	if (!(how & IN_CHANNEL) || state == STATES - 1)
		return;
	must(desk_open(&desk, state ? &issuer : &transport));
	/* refused in some states, as it should be */
	if (how & IN_JOB)
		(void)desk_open_job(
		        &desk, person.job, person.fencing, CARD_SUITE_INTL);
}

/* What nobody may learn outside the channel. */
static void check_secrets(void)
{
	struct span name = person_file(&person, CARD_EF_NAME);
	if (memmem(desk.data, desk.len, name.data, name.len) ||
	        memmem(desk.data, desk.len, "135790", CARD_CAN_LEN))
		abort();
	for (size_t i = 0; i < 3; i++)
		if (memmem(desk.data, desk.len, issuer.key[i], CARD_KEY_LEN))
			abort();
}

static bool channel_stands(void)
{
	return desk.sw == CARD_SW_OK || desk.sw >> 8 == 0x62 ||
	       desk.sw >> 8 == 0x63;
}

static void send_secure(struct span c)
{
	struct desk_command in = {.cla = (uint8_t)(0x80 | (c.data[0] & 0x10)),
	        .ins = c.data[1],
	        .p1 = c.data[2],
	        .p2 = c.data[3],
	        .data = c.data + 4,
	        .len = c.len - 4};
	uint8_t apdu[CARD_APDU_MAX];
	desk_raw(&desk, apdu, desk_wrap(&desk, &in, apdu));
	if (!channel_stands() && desk.len != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r;
	struct sim_facts facts;
	reader_init(&r, span_of(data, size));
	if (!desk.sim)
		set_up();
	uint8_t how = reader_get_u8(&r);
	begin(how);
	for (int i = 0; i < COMMANDS_MAX && reader_left(&r) > 0; i++) {
		struct span c = reader_get_span(&r, reader_get_u8(&r));
		if (r.error)
			break;
		if (how & IN_CHANNEL && c.len >= 4) {
			send_secure(c);
			continue;
		}
		/* an exact heap block, so that a read past the end shows */
		uint8_t *apdu = malloc(c.len ? c.len : 1);
		if (c.len > 0)
			memcpy(apdu, c.data, c.len);
		desk_raw(&desk, apdu, c.len);
		free(apdu);
		check_secrets();
	}
	sim_get_facts(desk.sim, &facts);
	if (!facts.powered || sim_power_on(desk.sim) != HUFU_OK)
		abort();
	return 0;
}
