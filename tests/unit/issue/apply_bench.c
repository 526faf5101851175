/*
 * Durable applications (without photo bytes) from 64 producers: each call
 * returns after the commit that holds it. Prints one line of JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/base/number.h"
#include "tests/unit/issue/office.h"

enum { PRODUCERS = 64, EACH = 400, ALL = PRODUCERS * EACH };

static struct office office;
static struct office *const o = &office;
static int each = EACH;
static int64_t took_us[ALL];

struct producer {
	pthread_t thread;
	int number;
	int failed;
};

static void *produce(void *arg)
{
	struct producer *p = arg;

	for (int i = 0; i < each; i++) {
		int n = p->number * each + i;
		char id_number[19];
		struct application_request r =
		        office_request(o, n + 1, APPLICATION_FIRST, id_number);
		struct application_receipt receipt;

		r.photo = span_of(NULL, 0);
		int64_t from_us = clock_steady_us();
		p->failed +=
		        application_apply(o->issue, &r, &receipt, NULL) != 0;
		took_us[n] = clock_steady_us() - from_us;
	}
	return NULL;
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double measure(int *ret_failed)
{
	static struct producer producers[PRODUCERS];
	int64_t from_us = clock_steady_us();

	for (int i = 0; i < PRODUCERS; i++) {
		producers[i].number = i;
		assert_int_equal(pthread_create(&producers[i].thread, NULL,
		                         produce, &producers[i]),
		        0);
	}
	for (int i = 0; i < PRODUCERS; i++) {
		assert_int_equal(pthread_join(producers[i].thread, NULL), 0);
		*ret_failed += producers[i].failed;
	}
	return (double)(clock_steady_us() - from_us) / 1e6;
}

static void applications_a_second(void **state)
{
	int failed = 0;

	(void)state;
	office_open(o);
	office_add_persons(o, 1, PRODUCERS * each);
	double took_s = measure(&failed);
	int count = PRODUCERS * each;
	qsort(took_us, (size_t)count, sizeof(*took_us), by_time);
	printf("{\"bench\": \"applications\", \"producers\": %d, \"count\": "
	       "%d, \"per_s\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, "
	       "\"worst_ms\": %.2f}\n",
	        PRODUCERS, count, count / took_s,
	        (double)took_us[count / 2] / 1e3,
	        (double)took_us[count / 100 * 99] / 1e3,
	        (double)took_us[count - 1] / 1e3);
	assert_int_equal(failed, 0);
	assert_int_equal(
	        office_number(o, "SELECT count(*) FROM application"), count);
	office_close(o);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(applications_a_second),
	};
	const struct number_range range = {1, EACH};
	int64_t wanted = EACH;

	if (argc > 1 && number_parse_text(argv[1], range, &wanted) != 0)
		return 2;
	each = (int)wanted;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
