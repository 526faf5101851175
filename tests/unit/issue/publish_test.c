/* The published status list, with a hufu-signd and a log of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/base/file.h"
#include "tests/unit/issue/publishing.h"

enum { TTL_S = PUBLISHING_TTL_S, LIMIT_MS = PUBLISHING_LIMIT_MS };

static struct office *const o = &publishing.office;

static void list_follows_a_card(void **state)
{
	struct status_published last;
	struct seen s;

	(void)state;
	seen_list(&s);
	uint64_t sequence = s.list.sequence;
	assert_int_equal(s.list.number, OFFICE_LIST);
	assert_int_equal(s.list.issued_s, o->now_s);
	assert_int_equal(s.list.ttl_s, TTL_S);
	assert_true(span_equal(s.list.address, span_of_text(PUBLISHING_URI)));
	seen_done(&s);

	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	publishing_wait();
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
	int64_t card = office_make(o, 0, 1);
	assert_int_equal(card, 1);
	assert_int_equal(
	        office_card_act(o, card, CARD_HAND_OVER, o->desk, NULL), 0);
	publishing_wait();
	assert_int_equal(published_value(card), STATUS_VALID);
	assert_int_equal(
	        office_card_act(o, card, CARD_LOSE_FORMAL, o->desk, NULL), 0);
	publishing_wait();
	assert_int_equal(published_value(card), STATUS_INVALID);

	seen_list(&s);
	assert_true(s.list.sequence >= sequence + 3);
	assert_int_equal(status_publish_last(publishing.publish, &last), 0);
	assert_int_equal(last.sequence, s.list.sequence);
	seen_done(&s);
	assert_int_equal(office_log_entry(o, 0).type, LOG_STATUS_LIST);
	assert_int_equal(office_log_entry(o, 0).number,
	        (uint64_t)OFFICE_LIST << 32 | last.sequence);
}

static void one_entry_does_not_wait_for_others(void **state)
{
	(void)state;
	office_add_persons(o, 1, 2);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	uint32_t first = office_card(o, 1).status_index;
	assert_int_equal(status_publish_wait_index(publishing.publish, first,
	                         LIMIT_MS, &o->problem),
	        0);
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
	/* the signer is gone: what is out already needs it no more */
	publishing_kill_signer();
	(void)office_queue(o, 2, APPLICATION_FIRST);
	uint32_t second = office_card(o, 2).status_index;
	assert_int_equal(status_publish_wait_index(publishing.publish, first,
	                         LIMIT_MS, &o->problem),
	        0);
	assert_int_equal(status_publish_wait_index(publishing.publish, second,
	                         LIMIT_MS, &o->problem),
	        HUFU_ERR_LINK);
	assert_int_equal(
	        status_publish_wait_index(publishing.publish,
	                (1u << OFFICE_BITS) - 1, LIMIT_MS, &o->problem),
	        HUFU_ERR_NOT_FOUND);
}

static void both_suites_sign_the_list(void **state)
{
	(void)state;
	publishing_close();
	publishing.alg = SIGCHECK_SM2;
	publishing_open();
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	publishing_wait();
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
}

static void unchanged_list_is_not_published_again(void **state)
{
	struct status_published first, again;

	(void)state;
	assert_int_equal(status_publish_last(publishing.publish, &first), 0);
	for (int i = 0; i < 5; i++)
		publishing_wait();
	(void)usleep(100000);
	assert_int_equal(status_publish_last(publishing.publish, &again), 0);
	assert_int_equal(first.sequence, again.sequence);
	/* but it is renewed before it grows old */
	o->now_s += TTL_S / 2;
	status_publish_wake(publishing.publish);
	for (int i = 0; i < 500 && again.sequence == first.sequence; i++) {
		(void)usleep(10000);
		assert_int_equal(
		        status_publish_last(publishing.publish, &again), 0);
	}
	assert_true(again.sequence > first.sequence);
	assert_int_equal(again.at_s, o->now_s);
}

static void *waiter(void *arg)
{
	(void)arg;
	for (int i = 0; i < 20; i++)
		if (status_publish_wait(publishing.publish, LIMIT_MS, NULL) !=
		        0)
			return (void *)1;
	return NULL;
}

static void many_wait_at_once(void **state)
{
	pthread_t threads[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(
		        pthread_create(&threads[i], NULL, waiter, NULL), 0);
	for (int n = 1; n <= 5; n++) {
		office_add_person(o, n, 0);
		(void)office_queue(o, n, APPLICATION_FIRST);
	}
	for (int i = 0; i < 8; i++) {
		void *failed = NULL;
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	publishing_wait();
	for (int n = 1; n <= 5; n++)
		assert_int_equal(published_value(n), STATUS_SUSPENDED);
}

static void nothing_goes_out_without_the_signer(void **state)
{
	uint8_t *before = NULL, *after = NULL;
	size_t before_len = 0, after_len = 0;
	char path[160];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/1/list.cwt", publishing.lists);
	assert_int_equal(
	        file_read(path, PUBLISHING_FILE_MAX, &before, &before_len), 0);
	publishing_kill_signer();
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	assert_int_equal(
	        status_publish_wait(publishing.publish, LIMIT_MS, &o->problem),
	        HUFU_ERR_LINK);
	assert_true(o->problem.zh[0] && o->problem.en[0]);
	assert_int_equal(
	        file_read(path, PUBLISHING_FILE_MAX, &after, &after_len), 0);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, after_len);
	free(before);
	free(after);
}

static void file_that_cannot_be_written_is_told(void **state)
{
	char elsewhere[sizeof(publishing.lists)];

	(void)state;
	publishing_close();
	memcpy(elsewhere, publishing.lists, sizeof(elsewhere));
	(void)snprintf(publishing.lists, sizeof(publishing.lists),
	        "%s/hufu.db/status", o->folder);
	int rc = publishing_try_open();
	assert_true(rc < 0);
	assert_int_equal(o->problem.code, rc);
	assert_null(publishing.publish);
	memcpy(publishing.lists, elsewhere, sizeof(elsewhere));
	publishing_open();
}

int main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(                                       \
	        f, publishing_set_up, publishing_tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(list_follows_a_card),
	        TEST(one_entry_does_not_wait_for_others),
	        TEST(both_suites_sign_the_list),
	        TEST(unchanged_list_is_not_published_again),
	        TEST(many_wait_at_once),
	        TEST(nothing_goes_out_without_the_signer),
	        TEST(file_that_cannot_be_written_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
