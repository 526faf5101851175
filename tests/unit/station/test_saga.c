#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/core/suite.h"
#include "world.h"

static int open_world(void **state)
{
	(void)state;
	world_open();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close();
	return 0;
}

static int run_once(struct problem *p)
{
	struct station *station = world_enter();
	int rc = station_run_once(station, p);
	world_leave(station);
	world_check();
	return rc;
}

/* Goes on until nothing is left to do; answers the rounds it took. */
static unsigned run_to_end(void)
{
	struct problem p;
	unsigned runs = 0;
	while (world->state != JOB_ISSUED && world->state != JOB_CLOSED) {
		assert_true(++runs < 20);
		assert_true(run_once(&p) > 0);
	}
	return runs;
}

static void makes_a_card_in_either_suite(void **state)
{
	(void)state;
	for (int suite = SUITE_INTL; suite <= SUITE_SM; suite++) {
		struct station_status status;
		struct problem p;
		world_start(suite);
		struct station *station = world_enter();
		assert_int_equal(station_run_once(station, &p), STATION_MADE);
		assert_int_equal(
		        station_run_once(station, &p), STATION_NOTHING);
		station_get_status(station, &status);
		assert_int_equal(status.made, 1);
		assert_int_equal(status.spoiled, 0);
		assert_int_equal(status.state, JOB_ISSUED);
		assert_true(timing_total_ns(&status.last) > 0);
		assert_true(status.last.transport_ns > 0);
		world_leave(station);
		world_check();
		assert_int_equal(world->state, JOB_ISSUED);
		assert_int_equal(world->sessions, 1);
		assert_int_equal(world->print_count, 1);
		assert_true(world->facts[JOB_FACT_TIMINGS].len > 0);
		assert_int_equal(world_in(BIN_INSIDE), 0);
	}
}

/* What the saga does with one trouble: its end, and how the books stand. */
struct trouble {
	const char *name;
	int outcome;
	const char *ground; /* of the spoiling or deferral; NULL: neither */
	unsigned spoiled;
	unsigned released;
	enum job_state state;
	enum bin bin; /* of the first blank */
};

static void check_trouble(
        const struct trouble *want, const struct problem *p, int outcome)
{
	print_message("%s\n", want->name);
	assert_int_equal(outcome, want->outcome);
	assert_int_equal(world->spoiled, want->spoiled);
	assert_int_equal(world->released, want->released);
	assert_int_equal(world->state, want->state);
	assert_int_equal(world->blanks[0].bin, want->bin);
	if (want->ground)
		assert_string_equal(world->ground, want->ground);
	/* said in both languages */
	assert_true(p->zh[0] != 0);
	assert_true(p->en[0] != 0);
}

static void no_trouble(void)
{
	world->reserve_answer = 0;
	world->advance_answer = 0;
	world->session_answer = 0;
	world->sign_answer = 0;
	world->log_answer = 0;
	world->publish_answer = 0;
	world->feed_answer = 0;
	world->wait_answer = 0;
	world->look_answer = 0;
	world->open_answer = 0;
	world->wrong_face = false;
	world->forged_signature = false;
	world->printer_away = false;
	world->undrawable = false;
	world->gone = false;
	world->foreign_card = false;
	memset(world->transport_master, 0x31, 16);
}

#define TROUBLE(setup, ...)                                                    \
	do {                                                                   \
		const struct trouble want = {__VA_ARGS__};                     \
		struct problem p = {0};                                        \
		world_start(SUITE_INTL);                                       \
		setup;                                                         \
		int outcome = run_once(&p);                                    \
		check_trouble(&want, &p, outcome);                             \
		no_trouble();                                                  \
		(void)run_to_end();                                            \
		assert_true(world->state == JOB_ISSUED ||                      \
		            want.state == JOB_CLOSED);                         \
	} while (0)

static void troubles_before_a_blank_is_taken_cost_none(void **state)
{
	(void)state;
	TROUBLE(world->feed_answer = STATION_HOPPER_EMPTY, "hopper empty",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_HOPPER);
	TROUBLE(world->feed_answer = STATION_OPERATOR_AWAY, "operator away",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_HOPPER);
	TROUBLE(world->open_answer = TERMINAL_NO_READER, "no reader",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
	TROUBLE(world->open_answer = TERMINAL_READER_HANGS, "reader hangs",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
	TROUBLE(world->open_answer = TERMINAL_READER_BUSY, "reader busy",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
	TROUBLE(world->foreign_card = true, "foreign card", STATION_DEFERRED,
	        NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
	TROUBLE(world->reserve_answer = JOB_INELIGIBLE, "ineligible",
	        STATION_CLOSED, NULL, 0, 0, JOB_CLOSED, BIN_INSIDE);
	TROUBLE(world->reserve_answer = JOB_NO_BLANK, "no blank",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
	TROUBLE(world->reserve_answer = JOB_FOREIGN_BLANK, "not in stock",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_REJECT);
	TROUBLE(world->reserve_answer = HUFU_ERR_FULL, "disk full",
	        STATION_DEFERRED, NULL, 0, 1, JOB_WAITING, BIN_INSIDE);
}

static void passing_troubles_keep_card_and_state(void **state)
{
	(void)state;
	TROUBLE(world->undrawable = true, "undrawable", STATION_DEFERRED,
	        "undrawable", 0, 0, JOB_RESERVED, BIN_INSIDE);
	TROUBLE(world->log_answer = HUFU_ERR_IO, "log away", STATION_DEFERRED,
	        "log-away", 0, 0, JOB_RESERVED, BIN_INSIDE);
	TROUBLE(world->log_answer = HUFU_ERR_LINK, "no checkpoint signed",
	        STATION_DEFERRED, "signer-away", 0, 0, JOB_RESERVED,
	        BIN_INSIDE);
	TROUBLE(world->session_answer = HUFU_ERR_LINK, "signer away",
	        STATION_DEFERRED, "signer-away", 0, 0, JOB_CHIP_INTENT,
	        BIN_INSIDE);
	TROUBLE(world->session_answer = HUFU_ERR_DENIED, "this uid may not",
	        STATION_DEFERRED, "signer-refuses", 0, 0, JOB_CHIP_INTENT,
	        BIN_INSIDE);
	TROUBLE(world->session_answer = HUFU_ERR_PROOF, "session refused",
	        STATION_DEFERRED, "signer-refuses", 0, 0, JOB_CHIP_INTENT,
	        BIN_INSIDE);
	TROUBLE(world->publish_answer = HUFU_ERR_IO, "lists away",
	        STATION_DEFERRED, "lists-away", 0, 0, JOB_LOGGED, BIN_INSIDE);
	TROUBLE(world->publish_answer = HUFU_ERR_TIMEOUT, "no list signed",
	        STATION_DEFERRED, "signer-away", 0, 0, JOB_LOGGED, BIN_INSIDE);
	TROUBLE(world->sign_answer = HUFU_ERR_LINK, "signer away",
	        STATION_DEFERRED, "signer-away", 0, 0, JOB_LOGGED, BIN_INSIDE);
	TROUBLE(world->sign_answer = HUFU_ERR_PROOF, "signature refused",
	        STATION_DEFERRED, "signer-refuses", 0, 0, JOB_LOGGED,
	        BIN_INSIDE);
	TROUBLE(world->printer_away = true, "printer away", STATION_DEFERRED,
	        "printer-not-ready", 0, 0, JOB_CHIP_VERIFIED, BIN_INSIDE);
	for (int at = JOB_CHIP_INTENT; at <= JOB_ISSUED; at++) {
		/* a blank with a print intent left open is spoiled later */
		if (at == JOB_PRINT_DONE)
			continue;
		enum bin bin = at == JOB_ISSUED ? BIN_OUT : BIN_INSIDE;
		TROUBLE(world->advance_answer = HUFU_ERR_FULL;
		        world->advance_answer_at = (enum job_state)at,
		        "disk full", STATION_DEFERRED, "store-failed", 0, 0,
		        (enum job_state)(at - 1), bin);
	}
}

static void bad_chips_and_faces_are_spoiled(void **state)
{
	(void)state;
	TROUBLE(world->transport_master[3] ^= 1, "wrong transport key",
	        STATION_SPOILED, "wrong-key", 1, 0, JOB_WAITING, BIN_REJECT);
	TROUBLE(world->sign_answer = HUFU_ERR_CONFLICT, "signed otherwise",
	        STATION_SPOILED, "signed-otherwise", 1, 0, JOB_WAITING,
	        BIN_REJECT);
	TROUBLE(world->forged_signature = true, "forged signature",
	        STATION_SPOILED, "chip-differs", 1, 0, JOB_WAITING, BIN_REJECT);
	TROUBLE(world->wait_answer = STATION_PRINT_FAILED, "jam",
	        STATION_SPOILED, "print-failed", 1, 0, JOB_WAITING, BIN_REJECT);
	TROUBLE(world->wait_answer = STATION_PRINT_UNKNOWN;
	        world->look_answer = HUFU_ERR_NOT_FOUND, "outcome unknown",
	        STATION_SPOILED, "print-unknown", 1, 0, JOB_WAITING,
	        BIN_REJECT);
	TROUBLE(world->wrong_face = true, "another face", STATION_SPOILED,
	        "face-differs", 1, 0, JOB_WAITING, BIN_REJECT);
	TROUBLE(world->look_answer = HUFU_ERR_NOT_FOUND, "face unreadable",
	        STATION_SPOILED, "face-unreadable", 1, 0, JOB_WAITING,
	        BIN_REJECT);
}

static void an_unknown_outcome_is_known_by_the_printed_face(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	world->wait_answer = STATION_PRINT_UNKNOWN;
	assert_int_equal(run_once(&p), STATION_MADE);
	assert_int_equal(world->spoiled, 0);
}

static void a_wrong_key_is_tried_once_and_quarantined(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	world->transport_master[0] ^= 1;
	assert_int_equal(run_once(&p), STATION_SPOILED);
	assert_int_equal(world->sessions, 1);
	assert_memory_equal(
	        world->quarantined, world->blanks[0].serial, CARD_SERIAL_LEN);
	assert_int_equal(world->blanks[0].state, BLANK_SPOILED);
	assert_string_equal(p.type, "wrong-key");
}

static void a_card_that_was_made_before_is_put_aside(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	assert_int_equal(run_once(&p), STATION_MADE);
	/* somebody puts it back, and it is the only one */
	world->blanks[0].bin = BIN_INSIDE;
	world->blanks[0].state = BLANK_IN_STOCK;
	world->state = JOB_WAITING;
	world->round = 2;
	world->key[0]++;
	struct station *station = world_enter();
	assert_int_equal(station_run_once(station, &p), STATION_DEFERRED);
	world_leave(station);
	assert_string_equal(p.type, "already-personalised");
	assert_int_equal(world->blanks[0].bin, BIN_REJECT);
	assert_int_equal(world->state, JOB_WAITING);
}

static void a_card_taken_away_ends_in_a_new_blank(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	world->session_answer = HUFU_ERR_LINK;
	assert_int_equal(run_once(&p), STATION_DEFERRED);
	world->session_answer = 0;
	world->gone = true;
	assert_int_equal(run_once(&p), STATION_DEFERRED);
	assert_int_equal(run_once(&p), STATION_SPOILED);
	assert_string_equal(world->ground, "card-missing");
	world->gone = false;
	(void)run_to_end();
	assert_int_equal(world->state, JOB_ISSUED);
	assert_int_equal(world->spoiled, 1);
}

static void another_card_in_its_place_is_not_touched(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	world->session_answer = HUFU_ERR_LINK;
	assert_int_equal(run_once(&p), STATION_DEFERRED);
	world->session_answer = 0;
	world->blanks[0].bin = BIN_REJECT;
	world->blanks[1].bin = BIN_INSIDE;
	struct station *station = world_enter();
	assert_int_equal(station_run_once(station, &p), STATION_DEFERRED);
	assert_string_equal(world->ground, "wrong-card");
	world_leave(station);
	world->blanks[0].bin = BIN_INSIDE;
	world->blanks[1].bin = BIN_HOPPER;
	(void)run_to_end();
	assert_int_equal(world->spoiled, 0);
}

static void a_lost_lease_stops_the_worker(void **state)
{
	struct problem p;
	(void)state;
	for (int at = JOB_CHIP_INTENT; at <= JOB_ISSUED; at++) {
		world_start(SUITE_INTL);
		world->advance_answer = JOB_STALE;
		world->advance_answer_at = (enum job_state)at;
		assert_int_equal(run_once(&p), STATION_DEFERRED);
		assert_int_equal(world->spoiled, 0);
		assert_int_equal(world->deferred, 0);
		assert_int_equal(world->state, at - 1);
	}
}

/* The card leaves at every command, before or after it is done. */
static void pulled_at_every_command_it_resumes(void **state)
{
	(void)state;
	world_start(SUITE_INTL);
	(void)run_to_end();
	const unsigned long commands = world->commands;
	unsigned long pulls = 0;
	assert_true(commands > 50);
	for (int after = 0; after < 2; after++) {
		for (unsigned long n = 1; n <= commands; n++) {
			struct problem p;
			world_start(SUITE_INTL);
			world->pull_at = n;
			world->pull_after = after;
			assert_int_equal(run_once(&p), STATION_MADE);
			assert_int_equal(world->spoiled, 0);
			assert_true(world->commands > n); /* it was pulled */
			pulls++;
		}
	}
	assert_int_equal(pulls, 2 * commands);
}

/* In a process of its own; true if it died at its fault point. */
static bool live_or_die(void)
{
	pid_t pid = fork();
	int status = 0;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct problem p;
		struct station *station = world_enter();
		int rc = station_run_once(station, &p);
		_exit(rc > 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(
	        WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == WORLD_DIED);
	return WEXITSTATUS(status) == WORLD_DIED;
}

static bool must_spoil(const char *name)
{
	/* sent or not, nobody knows: only the raster could tell */
	return strcmp(name, "station.after.print-intent") == 0 ||
	       strcmp(name, "station.print") == 0;
}

static void kill_at(const char *name, unsigned nth)
{
	world_start(SUITE_INTL);
	snprintf(world->die_at, sizeof world->die_at, "%s", name);
	world->die_nth = nth;
	assert_true(live_or_die());
	world->die_nth = 0;
	(void)run_to_end();
	world_check();
	assert_int_equal(world->state, JOB_ISSUED);
	if (world->spoiled != must_spoil(name))
		fail_msg("%s:%u spoiled %u (%s)", name, nth, world->spoiled,
		        world->ground);
}

static void killed_at_every_point_it_goes_on(void **state)
{
	static char names[WORLD_TRACE][32];
	size_t count;
	(void)state;
	world_start(SUITE_INTL);
	(void)run_to_end();
	count = world->trace_count;
	assert_true(count > 50 && count < WORLD_TRACE);
	memcpy(names, world->trace, sizeof names);
	unsigned apdus = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_apdu = strcmp(names[i], "station.apdu") == 0;
		apdus += is_apdu;
		kill_at(names[i], is_apdu ? apdus : 1);
	}
}

static void killed_while_spoiling_it_goes_on(void **state)
{
	static const char *const names[] = {
	        "station.before.spoiled", "station.after.spoiled"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		world_start(SUITE_INTL);
		world->wrong_face = true;
		snprintf(world->die_at, sizeof world->die_at, "%s", names[i]);
		world->die_nth = 1;
		assert_true(live_or_die());
		world->die_nth = 0;
		world->wrong_face = false;
		(void)run_to_end();
		assert_int_equal(world->state, JOB_ISSUED);
		assert_int_equal(world->spoiled, 1);
		assert_int_equal(world->blanks[0].bin, BIN_REJECT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(makes_a_card_in_either_suite),
	        cmocka_unit_test(troubles_before_a_blank_is_taken_cost_none),
	        cmocka_unit_test(passing_troubles_keep_card_and_state),
	        cmocka_unit_test(bad_chips_and_faces_are_spoiled),
	        cmocka_unit_test(
	                an_unknown_outcome_is_known_by_the_printed_face),
	        cmocka_unit_test(a_wrong_key_is_tried_once_and_quarantined),
	        cmocka_unit_test(a_card_that_was_made_before_is_put_aside),
	        cmocka_unit_test(a_card_taken_away_ends_in_a_new_blank),
	        cmocka_unit_test(another_card_in_its_place_is_not_touched),
	        cmocka_unit_test(a_lost_lease_stops_the_worker),
	        cmocka_unit_test(pulled_at_every_command_it_resumes),
	        cmocka_unit_test(killed_at_every_point_it_goes_on),
	        cmocka_unit_test(killed_while_spoiling_it_goes_on),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
