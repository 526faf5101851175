#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/openssl/sigs.h"
#include "host/base/clock.h"
#include "world_trust.h"

struct world *world;
static struct station_services services;

void world_open(void)
{
	world = mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(world != MAP_FAILED);
	snprintf(world->folder, sizeof world->folder, "/tmp/hufu-world-XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	clock_pretend(1769990400);
}

static void blank_path(size_t i, char ret[256])
{
	snprintf(ret, 256, "%s/%zu.card", world->folder, i);
}

void world_start(int suite)
{
	char folder[sizeof world->folder];
	memcpy(folder, world->folder, sizeof folder);
	memset(world, 0, sizeof *world);
	memcpy(world->folder, folder, sizeof folder);
	memset(world->transport_master, 0x31, 16);
	memset(world->issuer_master, 0x32, 16);
	world->suite = suite;
	world->state = JOB_WAITING;
	world->fencing = 1000;
	world->round = 1;
	memset(world->key, 0x4B, sizeof world->key);
	for (size_t i = 0; i < WORLD_BLANKS; i++) {
		struct world_blank *b = &world->blanks[i];
		struct sim *sim = NULL;
		char path[256];
		memset(b->serial, 0x50 + (int)i, sizeof b->serial);
		b->state = BLANK_IN_STOCK;
		b->bin = BIN_HOPPER;
		blank_path(i, path);
		(void)unlink(path); /* of the world before, or none */
		assert_int_equal(sim_new_blank(path, b->serial,
		                         world->transport_master, &sim),
		        0);
		sim_free(sim);
	}
	services = (struct station_services){
	        .sigs = sigs_openssl(),
	        .trust = world_trust(suite),
	        .issuer_uri = WORLD_ISSUER,
	        .suite = suite,
	        .open_reader = world_open_reader,
	};
}

void world_close(void)
{
	for (size_t i = 0; i < WORLD_BLANKS; i++) {
		char path[256];
		blank_path(i, path);
		(void)unlink(path); /* may never have been made */
	}
	rmdir(world->folder);
	world_trust_done();
	munmap(world, sizeof *world);
}

struct station *world_enter(void)
{
	struct station *station = NULL;
	const struct station_options options = {
	        .name = "制卡一号",
	        .area = "320102",
	        .operator_staff = 3,
	        .services = &services,
	        .transport = world_machine(),
	        .heartbeat_ms = 20,
	        .idle_ms = 10,
	};
	assert_int_equal(station_open(&options, &station, NULL), 0);
	return station;
}

void world_leave(struct station *station)
{
	station_close(station);
}

unsigned world_count(enum blank_state state)
{
	unsigned n = 0;
	for (size_t i = 0; i < WORLD_BLANKS; i++)
		n += world->blanks[i].state == state;
	return n;
}

unsigned world_in(enum bin bin)
{
	unsigned n = 0;
	for (size_t i = 0; i < WORLD_BLANKS; i++)
		n += world->blanks[i].bin == bin;
	return n;
}

struct world_blank *world_inside(void)
{
	for (size_t i = 0; i < WORLD_BLANKS; i++)
		if (world->blanks[i].bin == BIN_INSIDE)
			return &world->blanks[i];
	return NULL;
}

static enum card_state state_of(size_t i)
{
	struct sim_facts facts;
	struct sim *sim = NULL;
	char path[256];
	blank_path(i, path);
	assert_int_equal(sim_open(path, &sim), 0);
	assert_int_equal(sim_power_on(sim), 0);
	sim_get_facts(sim, &facts);
	sim_free(sim);
	return facts.state;
}

static unsigned prints_named_like_now(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < world->print_count; i++)
		for (unsigned j = 0; j < i; j++)
			n += strcmp(world->prints[i].name,
			             world->prints[j].name) == 0;
	return n;
}

void world_check(void)
{
	assert_int_equal(
	        world_count(BLANK_IN_STOCK) + world_count(BLANK_RESERVED) +
	                world_count(BLANK_ISSUED) + world_count(BLANK_SPOILED),
	        WORLD_BLANKS);
	assert_int_equal(world_count(BLANK_SPOILED), world->spoiled);
	assert_true(world_count(BLANK_ISSUED) <= 1);
	assert_int_equal(prints_named_like_now(), 0); /* nothing twice */
	for (size_t i = 0; i < WORLD_BLANKS; i++) {
		const struct world_blank *b = &world->blanks[i];
		if (b->bin == BIN_HOPPER)
			assert_int_equal(state_of(i), CARD_OP_READY);
		if (b->state == BLANK_ISSUED)
			assert_int_equal(state_of(i), CARD_SECURED);
		/* what left as good is good, what was thrown out is not */
		if (b->bin == BIN_OUT)
			assert_true(b->state == BLANK_ISSUED ||
			            b->state == BLANK_RESERVED);
		if (b->bin == BIN_REJECT)
			assert_true(b->state != BLANK_ISSUED);
	}
	if (world->state == JOB_ISSUED) {
		assert_int_equal(world_count(BLANK_ISSUED), 1);
		assert_int_equal(world_count(BLANK_RESERVED), 0);
		assert_int_equal(world_in(BIN_OUT), 1);
	}
}
