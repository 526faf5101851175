#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/card-core/person.h"

static struct person person;

static void personalise(enum card_suite suite, size_t portrait_len)
{
	struct desk d;
	desk_init(&d);
	person_init(&person, suite, portrait_len);
	assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
	person_check(&d, &person);
	desk_done(&d);
}

static void personalises_p256(void **state)
{
	(void)state;
	personalise(CARD_SUITE_INTL, 4000);
}

static void personalises_sm2(void **state)
{
	(void)state;
	personalise(CARD_SUITE_SM, 4000);
}

static void holds_a_large_portrait(void **state)
{
	(void)state;
	personalise(CARD_SUITE_INTL, 58000);
}

/* The design's figure is 4 ms for host and card; this is the card's part. */
static void takes_a_few_milliseconds(void **state)
{
	struct timespec a, b;
	(void)state;
	enum { ROUNDS = 10 };
	double best = 1e9;
	for (int i = 0; i < ROUNDS; i++) {
		struct desk d;
		desk_init(&d);
		person_init(&person, CARD_SUITE_INTL, 24000);
		clock_gettime(CLOCK_MONOTONIC, &a);
		assert_int_equal(person_go_on(&d, &person), CARD_SW_OK);
		clock_gettime(CLOCK_MONOTONIC, &b);
		double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 +
		            (double)(b.tv_nsec - a.tv_nsec) / 1e6;
		best = ms < best ? ms : best;
		desk_done(&d);
	}
	print_message("personalised in %.2f ms (best of %d)\n", best, ROUNDS);
	assert_true(best < 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(personalises_p256),
	        cmocka_unit_test(personalises_sm2),
	        cmocka_unit_test(holds_a_large_portrait),
	        cmocka_unit_test(takes_a_few_milliseconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
