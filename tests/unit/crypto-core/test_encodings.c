#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/base45.h"
#include "crypto/core/base64.h"

static void check_base45(const char *plain, const char *text)
{
	uint8_t space[64];
	struct writer w;
	writer_init(&w, space, sizeof space);
	base45_encode(&w, span_of_text(plain));
	assert_true(span_is_text(writer_span(&w), text));
	assert_int_equal(w.len, BASE45_TEXT_LEN(strlen(plain)));
	writer_init(&w, space, sizeof space);
	assert_int_equal(base45_decode(span_of_text(text), &w), HUFU_OK);
	assert_true(span_is_text(writer_span(&w), plain));
}

/* RFC 9285 section 4.3 and 4.4 */
static void matches_the_examples_of_rfc_9285(void **state)
{
	(void)state;
	check_base45("AB", "BB8");
	check_base45("Hello!!", "%69 VD92EX0");
	check_base45("base-45", "UJCLQE7W581");
	check_base45("ietf!", "QED8WEX0");
	check_base45("", "");
}

static void refuses_what_is_not_base45(void **state)
{
	(void)state;
	/* FGX would be 65536 (section 4.4), :: is past one byte */
	static const char *const cases[] = {"A", "BB8A", "GGW", "FGX",
	        ":::", "::", "a00", "0a", "BB\x80",
	        "\xFF"
	        "BB",
	        "BB!", "BB\"", "BB8==", "[00", "BB\n"};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t space[16];
		struct writer w;
		writer_init(&w, space, sizeof space);
		assert_int_equal(base45_decode(span_of_text(cases[i]), &w),
		        HUFU_ERR_MALFORMED);
	}
	uint8_t space[3];
	struct writer w;
	writer_init(&w, space, 1);
	assert_int_equal(
	        base45_decode(span_of_text("BB8"), &w), HUFU_ERR_SPACE);
	writer_init(&w, space, 3);
	assert_int_equal(base45_decode(span_of_text("FGW"), &w), HUFU_OK);
	assert_memory_equal(space, "\xFF\xFF", 2);
}

static void carries_all_bytes_through_both(void **state)
{
	(void)state;
	uint8_t in[257], text[400], back[257];
	srand(45);
	for (size_t len = 0; len <= sizeof in; len++) {
		struct writer w, b;
		for (size_t i = 0; i < len; i++)
			in[i] = (uint8_t)rand();
		writer_init(&w, text, sizeof text);
		base45_encode(&w, span_of(in, len));
		writer_init(&b, back, sizeof back);
		assert_int_equal(base45_decode(writer_span(&w), &b), HUFU_OK);
		assert_true(span_equal(writer_span(&b), span_of(in, len)));
		writer_init(&w, text, sizeof text);
		base64_encode(&w, span_of(in, len));
		assert_int_equal(w.len, BASE64_TEXT_LEN(len));
		writer_init(&b, back, sizeof back);
		assert_int_equal(base64_decode(writer_span(&w), &b), HUFU_OK);
		assert_true(span_equal(writer_span(&b), span_of(in, len)));
	}
}

/* RFC 4648 section 10 */
static void matches_the_examples_of_rfc_4648(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="},
	        {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	        {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t space[16];
		struct writer w;
		writer_init(&w, space, sizeof space);
		base64_encode(&w, span_of_text(cases[i][0]));
		assert_true(span_is_text(writer_span(&w), cases[i][1]));
		writer_init(&w, space, sizeof space);
		assert_int_equal(
		        base64_decode(span_of_text(cases[i][1]), &w), HUFU_OK);
		assert_true(span_is_text(writer_span(&w), cases[i][0]));
	}
}

static void refuses_loose_base64(void **state)
{
	(void)state;
	static const char *const cases[] = {"Z", "Zg",
	        "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "Zm 9",
	        "Zm9v\n", "Zm-_", "=Zm9", "Zm=v"};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t space[16];
		struct writer w;
		writer_init(&w, space, sizeof space);
		assert_int_equal(base64_decode(span_of_text(cases[i]), &w),
		        HUFU_ERR_MALFORMED);
	}
	uint8_t space[2];
	struct writer w;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        base64_decode(span_of_text("Zm9v"), &w), HUFU_ERR_SPACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(matches_the_examples_of_rfc_9285),
	        cmocka_unit_test(refuses_what_is_not_base45),
	        cmocka_unit_test(carries_all_bytes_through_both),
	        cmocka_unit_test(matches_the_examples_of_rfc_4648),
	        cmocka_unit_test(refuses_loose_base64),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
