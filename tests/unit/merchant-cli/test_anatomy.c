/* A credential in pieces: whole, cut at every byte, with every byte changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/base45.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "merchant/cli/anatomy.h"
#include "tests/unit/crypto-issuer/sample.h"

static uint8_t plain[CREDENTIAL_MAX];
static size_t plain_len;

static int set_up(void **state)
{
	struct sample *s = sample_new(SUITE_SM);
	uint8_t packed[CREDENTIAL_MAX];
	struct writer w;
	(void)state;
	writer_init(&w, packed, sizeof packed);
	assert_int_equal(base45_decode(s->text, &w), HUFU_OK);
	assert_int_equal(
	        inflate_zlib(writer_span(&w), plain, sizeof plain, &plain_len),
	        HUFU_OK);
	sample_free(s);
	return 0;
}

/* From memory of just this length, so that a sanitizer sees the end. */
static int take(size_t len, bool full, json_t **ret, size_t *ret_at)
{
	uint8_t *copy = malloc(len + !len);
	json_t *fields = json_array();
	assert_non_null(copy);
	memcpy(copy, plain, len);
	int r = anatomy_take(span_of(copy, len), full, fields, ret_at);
	assert_true(r >= 0);
	free(copy);
	*ret = fields;
	return r;
}

static const char *value_at(const json_t *fields, const char *path)
{
	size_t i;
	json_t *o;
	const char *last = NULL; /* a string that is opened has two */
	json_array_foreach(fields, i,
	        o) if (strcmp(json_string_value(json_object_get(o, "path")),
	                       path) == 0) last =
	        json_string_value(json_object_get(o, "value"));
	return last ? last : "(absent)";
}

static void names_every_field(void **state)
{
	json_t *fields;
	size_t at;
	(void)state;
	assert_int_equal(take(plain_len, true, &fields, &at), 0);
	assert_string_equal(value_at(fields, "protected/1"), "-65537");
	assert_string_equal(value_at(fields, "payload/1"), SAMPLE_ISS);
	assert_string_equal(value_at(fields, "payload/4"), "2101161600");
	assert_string_equal(value_at(fields, "payload/169/1"), SAMPLE_NUMBER);
	assert_string_equal(value_at(fields, "payload/169/4"), SAMPLE_NAME);
	assert_string_equal(value_at(fields, "payload/169/77/0"), "3");
	assert_string_equal(value_at(fields, "payload/169/77/1"), "4711");
	assert_int_equal(strlen(value_at(fields, "payload/169/78")), 32);
	assert_int_equal(strlen(value_at(fields, "signature")), 128);
	json_decref(fields);
}

static void masks_what_names_a_person(void **state)
{
	json_t *fields;
	size_t at;
	(void)state;
	assert_int_equal(take(plain_len, false, &fields, &at), 0);
	assert_string_equal(value_at(fields, "payload/169/1"), "***0017");
	assert_string_equal(value_at(fields, "payload/169/4"), "生***");
	assert_string_equal(value_at(fields, "payload/169/77/1"), "4711");
	json_decref(fields);
}

static void goes_as_far_as_the_bytes_do(void **state)
{
	json_t *fields;
	size_t at;
	size_t before = 0;
	(void)state;
	for (size_t len = 0; len < plain_len; len++) {
		at = SIZE_MAX;
		assert_int_equal(take(len, true, &fields, &at), 1);
		assert_int_equal(at, len);
		assert_true(json_array_size(fields) >= before);
		before = json_array_size(fields);
		json_decref(fields);
	}
	assert_true(before > 15);
}

static void survives_every_changed_byte(void **state)
{
	json_t *fields;
	size_t at;
	(void)state;
	for (size_t i = 0; i < plain_len; i++) {
		uint8_t was = plain[i];
		for (unsigned v = 0; v < 256; v += 5) {
			plain[i] = (uint8_t)v;
			if (take(plain_len, v & 1, &fields, &at))
				assert_true(at <= plain_len);
			json_decref(fields);
		}
		plain[i] = was;
	}
}

static void stops_at_deep_nesting(void **state)
{
	json_t *fields;
	size_t at;
	(void)state;
	memset(plain, 0x81, sizeof plain);
	assert_int_equal(take(sizeof plain, true, &fields, &at), 1);
	assert_true(json_array_size(fields) < 20);
	json_decref(fields);
	memset(plain, 0xd8, sizeof plain); /* tags in tags */
	assert_int_equal(take(sizeof plain, true, &fields, &at), 1);
	assert_true(json_array_size(fields) < 20);
	json_decref(fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(names_every_field),
	        cmocka_unit_test(masks_what_names_a_person),
	        cmocka_unit_test(goes_as_far_as_the_bytes_do),
	        cmocka_unit_test(survives_every_changed_byte),
	        cmocka_unit_test(stops_at_deep_nesting),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
