/* The published status list, with a hufu-signd and a log of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/core/status_list.h"
#include "crypto/openssl/sigs.h"
#include "host/base/file.h"
#include "host/issue/status_publish.h"
#include "tests/unit/issue/office.h"
#include "tests/unit/signer/hall.h"

#define URI "https://hall.example.invalid/status/1"

enum { LIST_FILE_MAX = 1 << 20, TTL_S = 600, LIMIT_MS = 10000 };

static struct office office;
static struct office *const o = &office;
static struct hall hall;
static struct log *issue_log;
static struct status_publish *publish;
static char path[96];
static int alg;

static void open_publish(void)
{
	const struct status_publish_options options = {
	        .issue = o->issue,
	        .store = o->store,
	        .log = issue_log,
	        .signer = hall.signer,
	        .path = path,
	        .alg = alg,
	        .uri = URI,
	        .ttl_s = TTL_S,
	        .gather_ms = 20,
	};
	int rc = status_publish_open(&options, &publish, &o->problem);

	if (rc != 0)
		fail_msg("publish: %d %s", rc, o->problem.en);
}

static int setup(void **state)
{
	struct log_options log = {.store = NULL, .origin = HALL_ORIGIN};
	char folder[96];

	(void)state;
	alg = SIGCHECK_ES256;
	hall_open(&hall);
	hall_start(&hall, NULL);
	office_open(o);
	(void)snprintf(folder, sizeof(folder), "%s/log", o->folder);
	(void)snprintf(path, sizeof(path), "%s/status", o->folder);
	log.store = o->store;
	log.signer = hall.signer;
	log.folder = folder;
	assert_int_equal(log_open(&log, &issue_log, &o->problem), 0);
	office_add_blanks(o, 0, 10);
	open_publish();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	status_publish_close(publish);
	log_close(issue_log);
	office_check(o);
	office_close(o);
	if (hall.pid == 0) /* the test has killed it */
		signer_close(hall.signer);
	hall_close(&hall);
	return 0;
}

/* Read as a verifier does, signature and all. */
struct seen {
	uint8_t *file;
	uint8_t *space;
	uint8_t map[1 << (OFFICE_BITS - 2)];
	struct status_list list;
};

static void see(struct seen *s)
{
	static struct trust_list trust;
	const struct signer_key *key = hall_key(&hall, SIGNER_LIST, alg);
	struct trust_issuer *issuer = &trust.issuers[0];
	struct writer space;
	size_t len = 0;

	trust = (struct trust_list){.issuer_count = 1};
	issuer->purpose = TRUST_STATUS_LIST;
	issuer->alg = alg;
	issuer->valid_to_s = INT64_MAX;
	assert_int_equal(
	        cose_key_from_public(
	                alg == SIGCHECK_SM2 ? COSE_CURVE_SM2 : COSE_CURVE_P256,
	                span_of(key->point, sizeof(key->point)), &issuer->key),
	        0);
	cose_key_id(&issuer->key, issuer->kid);
	assert_int_equal(file_read(path, LIST_FILE_MAX, &s->file, &len), 0);
	s->space = malloc(len + 1024);
	assert_non_null(s->space);
	writer_init(&space, s->space, len + 1024);
	assert_int_equal(status_list_open(span_of(s->file, len), &trust,
	                         sigs_openssl(), &space, &s->list),
	        0);
	assert_int_equal(
	        status_list_expand(&s->list, s->map, sizeof(s->map)), 0);
}

static void see_done(struct seen *s)
{
	free(s->file);
	free(s->space);
}

static enum status_value published_value(int64_t card)
{
	struct card_record c = office_card(o, card);
	enum status_value v = STATUS_VALID;
	struct seen s;

	see(&s);
	assert_int_equal(status_list_find(&s.list, c.status_index, &v), 0);
	see_done(&s);
	return v;
}

static void wait_out(void)
{
	int rc = status_publish_wait(publish, LIMIT_MS, &o->problem);

	if (rc != 0)
		fail_msg("wait: %d %s", rc, o->problem.en);
}

/* Not by the hall, which would take our connection along. */
static void kill_signer(void)
{
	assert_int_equal(kill(hall.pid, SIGKILL), 0);
	assert_int_equal(waitpid(hall.pid, NULL, 0), hall.pid);
	hall.pid = 0;
}

static void list_follows_a_card(void **state)
{
	struct status_published last;
	struct seen s;

	(void)state;
	see(&s);
	uint64_t sequence = s.list.sequence;
	assert_int_equal(s.list.number, OFFICE_LIST);
	assert_int_equal(s.list.issued_s, o->now_s);
	assert_int_equal(s.list.ttl_s, TTL_S);
	assert_true(span_equal(s.list.address, span_of_text(URI)));
	see_done(&s);

	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	wait_out();
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
	int64_t card = office_make(o, 0, 1);
	assert_int_equal(card, 1);
	assert_int_equal(
	        office_card_act(o, card, CARD_HAND_OVER, o->desk, NULL), 0);
	wait_out();
	assert_int_equal(published_value(card), STATUS_VALID);
	assert_int_equal(
	        office_card_act(o, card, CARD_LOSE_FORMAL, o->desk, NULL), 0);
	wait_out();
	assert_int_equal(published_value(card), STATUS_INVALID);

	see(&s);
	assert_true(s.list.sequence >= sequence + 3);
	assert_int_equal(status_publish_last(publish, &last), 0);
	assert_int_equal(last.sequence, s.list.sequence);
	see_done(&s);
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
	assert_int_equal(status_publish_wait_index(
	                         publish, first, LIMIT_MS, &o->problem),
	        0);
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
	/* the signer is gone: what is out already needs it no more */
	kill_signer();
	(void)office_queue(o, 2, APPLICATION_FIRST);
	uint32_t second = office_card(o, 2).status_index;
	assert_int_equal(status_publish_wait_index(
	                         publish, first, LIMIT_MS, &o->problem),
	        0);
	assert_int_equal(status_publish_wait_index(
	                         publish, second, LIMIT_MS, &o->problem),
	        HUFU_ERR_LINK);
	assert_int_equal(
	        status_publish_wait_index(publish, (1u << OFFICE_BITS) - 1,
	                LIMIT_MS, &o->problem),
	        HUFU_ERR_NOT_FOUND);
}

static void both_suites_sign_the_list(void **state)
{
	(void)state;
	status_publish_close(publish);
	alg = SIGCHECK_SM2;
	open_publish();
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	wait_out();
	assert_int_equal(published_value(1), STATUS_SUSPENDED);
}

static void unchanged_list_is_not_published_again(void **state)
{
	struct status_published first, again;

	(void)state;
	assert_int_equal(status_publish_last(publish, &first), 0);
	for (int i = 0; i < 5; i++)
		wait_out();
	(void)usleep(100000);
	assert_int_equal(status_publish_last(publish, &again), 0);
	assert_int_equal(first.sequence, again.sequence);
	/* but it is renewed before it grows old */
	o->now_s += TTL_S / 2;
	status_publish_wake(publish);
	for (int i = 0; i < 500 && again.sequence == first.sequence; i++) {
		(void)usleep(10000);
		assert_int_equal(status_publish_last(publish, &again), 0);
	}
	assert_true(again.sequence > first.sequence);
	assert_int_equal(again.at_s, o->now_s);
}

static void *waiter(void *arg)
{
	(void)arg;
	for (int i = 0; i < 20; i++)
		if (status_publish_wait(publish, LIMIT_MS, NULL) != 0)
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
	wait_out();
	for (int n = 1; n <= 5; n++)
		assert_int_equal(published_value(n), STATUS_SUSPENDED);
}

static void nothing_goes_out_without_the_signer(void **state)
{
	uint8_t *before = NULL, *after = NULL;
	size_t before_len = 0, after_len = 0;

	(void)state;
	assert_int_equal(
	        file_read(path, LIST_FILE_MAX, &before, &before_len), 0);
	kill_signer();
	office_add_person(o, 1, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	assert_int_equal(status_publish_wait(publish, LIMIT_MS, &o->problem),
	        HUFU_ERR_LINK);
	assert_true(o->problem.zh[0] && o->problem.en[0]);
	assert_int_equal(file_read(path, LIST_FILE_MAX, &after, &after_len), 0);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, after_len);
	free(before);
	free(after);
}

static void file_that_cannot_be_written_is_told(void **state)
{
	char elsewhere[96];

	(void)state;
	status_publish_close(publish);
	publish = NULL;
	(void)snprintf(elsewhere, sizeof(elsewhere), "%s", path);
	(void)snprintf(path, sizeof(path), "%s/no/such/status", o->folder);
	const struct status_publish_options options = {
	        .issue = o->issue,
	        .store = o->store,
	        .log = issue_log,
	        .signer = hall.signer,
	        .path = path,
	        .uri = URI,
	        .ttl_s = TTL_S,
	        .gather_ms = 20,
	};
	int rc = status_publish_open(&options, &publish, &o->problem);
	assert_true(rc < 0);
	assert_int_equal(o->problem.code, rc);
	assert_null(publish);
	(void)snprintf(path, sizeof(path), "%s", elsewhere);
	open_publish();
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
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
