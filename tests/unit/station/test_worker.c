/* The worker thread, its heart, and the person beside the station. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

static void moment(void)
{
	const struct timespec ts = {0, 5000000};
	nanosleep(&ts, NULL);
}

/* Waits for what the worker does; fails after five seconds. */
static struct station_status await(
        struct station *station, enum station_activity activity)
{
	struct station_status status;
	for (int i = 0; i < 1000; i++) {
		station_get_status(station, &status);
		if (status.activity == activity)
			return status;
		moment();
	}
	fail_msg("activity is %d, not %d", status.activity, activity);
	return status;
}

static void works_pauses_and_stops(void **state)
{
	struct station_status status;
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	struct station *station = world_enter();
	station_get_status(station, &status);
	assert_int_equal(status.activity, STATION_STOPPED);
	assert_string_equal(status.name, "制卡一号");
	station_pause(station);
	assert_int_equal(station_start(station), 0);
	assert_int_equal(station_start(station), HUFU_ERR_STATE);
	(void)await(station, STATION_PAUSED);
	assert_int_equal(station_run_once(station, &p), HUFU_ERR_STATE);
	assert_int_equal(world->state, JOB_WAITING);
	station_resume(station);
	for (int i = 0; i < 1000; i++) {
		station_get_status(station, &status);
		if (status.made)
			break;
		moment();
	}
	assert_int_equal(status.made, 1);
	(void)await(station, STATION_IDLE);
	station_stop(station);
	station_get_status(station, &status);
	assert_int_equal(status.activity, STATION_STOPPED);
	assert_int_equal(station_run_once(station, &p), STATION_NOTHING);
	world_leave(station);
	world_check();
}

static void a_trouble_is_told_until_it_is_mended(void **state)
{
	struct station_status status;
	(void)state;
	world_start(SUITE_INTL);
	world->feed_answer = STATION_HOPPER_EMPTY;
	struct station *station = world_enter();
	assert_int_equal(station_start(station), 0);
	status = await(station, STATION_TROUBLE);
	assert_string_equal(status.zh, "不行");
	assert_string_equal(status.en, "no");
	world->feed_answer = 0;
	station_wake(station);
	(void)await(station, STATION_IDLE);
	world_leave(station);
	assert_int_equal(world->state, JOB_ISSUED);
	world_check();
}

static void the_heart_keeps_the_lease_and_notes_its_loss(void **state)
{
	struct problem p;
	(void)state;
	world_start(SUITE_INTL);
	world->print_ms = 400;
	struct station *station = world_enter();
	assert_int_equal(station_run_once(station, &p), STATION_MADE);
	world_leave(station);
	assert_true(world->heartbeats >= 2);
	world_start(SUITE_INTL);
	world->print_ms = 400;
	world->heartbeat_answer = JOB_STALE;
	station = world_enter();
	assert_int_equal(station_run_once(station, &p), STATION_DEFERRED);
	world_leave(station);
	/* hands off at once: nothing was committed after the print */
	assert_int_equal(world->state, JOB_PRINT_INTENT);
	assert_int_equal(world->deferred, 0);
	assert_int_equal(world->spoiled, 0);
}

struct scanning {
	struct station *station;
	const char *wrong; /* read first, so many times */
	unsigned times;
	unsigned asked;
};

static void *scan(void *arg)
{
	struct scanning *s = arg;
	struct station_status status;
	for (int i = 0; i < 1000; i++) {
		station_get_status(s->station, &status);
		if (status.question.kind == PROMPT_SCAN) {
			bool wrong = s->asked++ < s->times;
			const char *text =
			        wrong ? s->wrong : world->prints[0].text;
			assert_int_equal(status.activity, STATION_ASKING);
			assert_int_equal(station_answer(s->station,
			                         status.question.number, text),
			        0);
			if (!wrong)
				break;
		}
		if (world->state == JOB_ISSUED || world->spoiled)
			break;
		moment();
	}
	return NULL;
}

static int make_by_hand(struct scanning *s)
{
	struct problem p;
	pthread_t thread;
	world_start(SUITE_INTL);
	world->cannot_look = true;
	world->look_answer = STATION_CANNOT_LOOK;
	s->station = world_enter();
	assert_int_equal(pthread_create(&thread, NULL, scan, s), 0);
	int rc = station_run_once(s->station, &p);
	pthread_join(thread, NULL);
	world_leave(s->station);
	world_check();
	return rc;
}

static void a_face_is_scanned_by_a_person(void **state)
{
	struct scanning once = {.wrong = "6BF", .times = 1};
	struct scanning never = {.wrong = "6BF", .times = 9};
	(void)state;
	assert_int_equal(make_by_hand(&once), STATION_MADE);
	assert_int_equal(once.asked, 2);
	assert_int_equal(make_by_hand(&never), STATION_SPOILED);
	assert_int_equal(never.asked, 3);
	assert_string_equal(world->ground, "face-differs");
}

static void stopping_ends_a_question(void **state)
{
	(void)state;
	world_start(SUITE_INTL);
	world->cannot_look = true;
	world->look_answer = STATION_CANNOT_LOOK;
	struct station *station = world_enter();
	assert_int_equal(station_start(station), 0);
	(void)await(station, STATION_ASKING);
	station_stop(station);
	/* the card is printed, and is checked when work goes on */
	assert_int_equal(world->state, JOB_PRINT_DONE);
	assert_string_equal(world->ground, "stopping");
	world->look_answer = 0;
	assert_int_equal(station_start(station), 0);
	(void)await(station, STATION_IDLE);
	world_leave(station);
	assert_int_equal(world->state, JOB_ISSUED);
	assert_int_equal(world->print_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(works_pauses_and_stops),
	        cmocka_unit_test(a_trouble_is_told_until_it_is_mended),
	        cmocka_unit_test(the_heart_keeps_the_lease_and_notes_its_loss),
	        cmocka_unit_test(a_face_is_scanned_by_a_person),
	        cmocka_unit_test(stopping_ends_a_question),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
