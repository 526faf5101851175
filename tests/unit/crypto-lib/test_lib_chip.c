/* Chip and face of one card through libhufu. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto-lib/press.h"

static const uint8_t challenge[32] = "a terminal draws these at random";

struct reading {
	struct hufu_bytes elements[SAMPLE_ELEMENTS];
	uint8_t answer[MSO_ANSWER_LEN];
	struct hufu_chip chip;
};

static void read_chip(const struct sample *s, struct reading *r)
{
	for (size_t i = 0; i < SAMPLE_ELEMENTS; i++)
		r->elements[i] =
		        (struct hufu_bytes){s->files[i].data, s->files[i].len};
	sample_answer(s, challenge, r->answer);
	r->chip = (struct hufu_chip){
	        .signed_object = {s->object.data, s->object.len},
	        .elements = r->elements,
	        .element_count = SAMPLE_ELEMENTS,
	        .challenge = {challenge, sizeof challenge},
	        .answer = {r->answer, sizeof r->answer},
	};
}

static enum hufu_verdict check(
        struct hufu *h, const struct hufu_chip *chip, bool *ret_genuine)
{
	struct hufu_result r;
	assert_int_equal(hufu_check_chip(h, chip, SAMPLE_NOW_S, &r), HUFU_OK);
	*ret_genuine = r.chip_genuine;
	return r.verdict;
}

static void proves_chip_and_face(void **state)
{
	struct reading r;
	bool genuine;
	(void)state;
	for (int suite = SUITE_INTL; suite <= SUITE_SM; suite++) {
		struct sample *s = sample_new((enum suite)suite);
		struct sample *twin = sample_new((enum suite)suite);
		struct hufu *h = press_handle(s);
		struct hufu_result face = press_check(h, s, SAMPLE_NOW_S);
		read_chip(s, &r);
		assert_int_equal(check(h, &r.chip, &genuine), HUFU_VALID);
		assert_true(genuine);
		/* the face's result outlives the chip's */
		r.chip.face = &face;
		assert_int_equal(check(h, &r.chip, &genuine), HUFU_VALID);
		assert_true(genuine);
		assert_int_equal(face.card_number.len, strlen(SAMPLE_NUMBER));
		face.chip_hash[0] ^= 1;
		assert_int_equal(
		        check(h, &r.chip, &genuine), HUFU_WRONG_SIGNATURE);
		r.chip.face = NULL;
		r.answer[MSO_ANSWER_LEN - 1] ^= 1;
		assert_int_equal(
		        check(h, &r.chip, &genuine), HUFU_WRONG_SIGNATURE);
		assert_false(genuine);
		/* a copy: it has the object, not the key */
		memcpy(twin->object_space, s->object.data, s->object.len);
		twin->object = span_of(twin->object_space, s->object.len);
		sample_answer(twin, challenge, r.answer);
		assert_int_equal(
		        check(h, &r.chip, &genuine), HUFU_WRONG_SIGNATURE);
		assert_false(genuine);
		hufu_free(h);
		sample_free(s);
		sample_free(twin);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(proves_chip_and_face),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
