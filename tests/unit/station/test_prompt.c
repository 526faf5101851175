#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "host/station/prompt.h"

static const struct prompt_question question = {
        .kind = PROMPT_SCAN, .zh = "请扫描", .en = "Scan"};

struct asking {
	struct prompt *prompt;
	int rc;
	char answer[16];
};

static void *ask(void *arg)
{
	struct asking *a = arg;
	a->rc = prompt_ask(
	        a->prompt, &question, 5000, a->answer, sizeof a->answer);
	return NULL;
}

static uint64_t wait_for_question(struct prompt *p)
{
	const struct timespec moment = {0, 1000000};
	struct prompt_question q;
	for (int i = 0; i < 2000; i++) {
		prompt_get(p, &q);
		if (q.kind != PROMPT_NONE)
			return q.number;
		nanosleep(&moment, NULL);
	}
	fail_msg("nothing was asked");
	return 0;
}

static void ask_and_answer(const char *answer, struct asking *a, uint64_t *n)
{
	pthread_t thread;
	memset(a->answer, 0, sizeof a->answer);
	assert_int_equal(pthread_create(&thread, NULL, ask, a), 0);
	*n = wait_for_question(a->prompt);
	assert_int_equal(
	        prompt_answer(a->prompt, *n + 1, "late"), HUFU_ERR_NOT_FOUND);
	if (answer)
		assert_int_equal(prompt_answer(a->prompt, *n, answer), 0);
	else
		prompt_cancel(a->prompt);
	pthread_join(thread, NULL);
}

static void gives_each_question_its_own_answer(void **state)
{
	struct asking a = {0};
	uint64_t first = 0, second = 0;
	struct prompt_question q;
	(void)state;
	assert_int_equal(prompt_new(&a.prompt), 0);
	ask_and_answer("6BF%20", &a, &first);
	assert_int_equal(a.rc, 0);
	assert_string_equal(a.answer, "6BF%20");
	assert_int_equal(
	        prompt_answer(a.prompt, first, "again"), HUFU_ERR_NOT_FOUND);
	ask_and_answer("no", &a, &second);
	assert_int_equal(a.rc, PROMPT_REFUSED);
	assert_true(second > first);
	ask_and_answer("longer than sixteen bytes", &a, &second);
	assert_int_equal(a.rc, HUFU_ERR_SPACE);
	assert_string_equal(a.answer, "");
	prompt_get(a.prompt, &q);
	assert_int_equal(q.kind, PROMPT_NONE);
	prompt_free(a.prompt);
}

static void cancelling_ends_questions_until_resumed(void **state)
{
	struct asking a = {0};
	uint64_t number;
	(void)state;
	assert_int_equal(prompt_new(&a.prompt), 0);
	ask_and_answer(NULL, &a, &number);
	assert_int_equal(a.rc, PROMPT_CANCELLED);
	assert_int_equal(prompt_ask(a.prompt, &question, 5000, NULL, 0),
	        PROMPT_CANCELLED);
	prompt_resume(a.prompt);
	assert_int_equal(
	        prompt_ask(a.prompt, &question, 5, NULL, 0), HUFU_ERR_TIMEOUT);
	prompt_free(a.prompt);
}

static void tells_between_questions_what_a_machine_wants(void **state)
{
	struct asking a = {0};
	struct prompt_question q;
	uint64_t number;
	(void)state;
	assert_int_equal(prompt_new(&a.prompt), 0);
	prompt_tell(a.prompt, "请放卡", "Put in cards");
	prompt_get(a.prompt, &q);
	assert_int_equal(q.kind, PROMPT_NONE);
	assert_string_equal(q.zh, "请放卡");
	assert_string_equal(q.en, "Put in cards");
	ask_and_answer("no", &a, &number);
	prompt_get(a.prompt, &q);
	assert_string_equal(q.en, "Put in cards");
	prompt_tell(a.prompt, "", "");
	prompt_get(a.prompt, &q);
	assert_string_equal(q.zh, "");
	assert_string_equal(q.en, "");
	assert_false(prompt_is_cancelled(a.prompt));
	prompt_cancel(a.prompt);
	assert_true(prompt_is_cancelled(a.prompt));
	prompt_free(a.prompt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gives_each_question_its_own_answer),
	        cmocka_unit_test(cancelling_ends_questions_until_resumed),
	        cmocka_unit_test(tells_between_questions_what_a_machine_wants),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
