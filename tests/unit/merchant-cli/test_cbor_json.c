/* The examples of RFC 8949 appendix A, and what JSON cannot say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "merchant/cli/cbor_json.h"

#define CASE(bytes, json)                                                      \
	{                                                                      \
		(const uint8_t *)(bytes), sizeof(bytes) - 1, (json)            \
	}

static const struct {
	const uint8_t *bytes;
	size_t len;
	const char *json;
} cases[] = {
        CASE("\x00", "0"),
        CASE("\x18\x64", "100"),
        CASE("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00", "1000000000000"),
        CASE("\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
                "\"18446744073709551615\""),
        CASE("\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
                "\"-18446744073709551616\""),
        CASE("\x3b\x80\x00\x00\x00\x00\x00\x00\x00",
                "\"-9223372036854775809\""),
        CASE("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", "-9223372036854775808"),
        CASE("\x38\x63", "-100"),
        CASE("\xf9\x3c\x00", "1.0"),
        CASE("\xf9\x00\x01", "5.9604644775390625e-8"),
        CASE("\xf9\xc4\x00", "-4.0"),
        CASE("\xfa\x47\xc3\x50\x00", "100000.0"),
        CASE("\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a", "1.1000000000000001"),
        CASE("\xf9\x7c\x00", "null"), /* infinity */
        CASE("\xf9\x7e\x00", "null"), /* not a number */
        CASE("\xf4", "false"),
        CASE("\xf5", "true"),
        CASE("\xf6", "null"),
        CASE("\xf7", "null"),
        CASE("\xf0", "null"),
        CASE("\xc0\x63"
             "abc",
                "\"abc\""),
        CASE("\xd8\x18\x45\x64"
             "IETF",
                "\"IETF\""),
        CASE("\xd8\x18\x42\x64\x49", "\"ZEk\""), /* not CBOR inside */
        CASE("\x40", "\"\""),
        CASE("\x44\x01\x02\x03\x04", "\"AQIDBA\""),
        CASE("\x42\xfb\xff", "\"-_8\""),
        CASE("\x5f\x42\x01\x02\x43\x03\x04\x05\xff", "\"AQIDBAU\""),
        CASE("\x7f\x65strea\x64ming\xff", "\"streaming\""),
        CASE("\x62\xc3\xbc", "\"\xc3\xbc\""),
        CASE("\x80", "[]"),
        CASE("\x9f\x01\x82\x02\x03\x9f\x04\x05\xff\xff", "[1,[2,3],[4,5]]"),
        CASE("\xa2\x01\x02\x03\x04", "{\"1\":2,\"3\":4}"),
        CASE("\xbf\x63"
             "Fun\xf5\x63"
             "Amt\x21\xff",
                "{\"Fun\":true,\"Amt\":-2}"),
        CASE("\xa2\x01\x02\x61\x31\x04", "{\"1\":2,\"1~\":4}"),
        /* no CBOR: JSON, other text, other bytes */
        CASE("{\"sub\":1}", "{\"sub\":1}"),
        CASE("{\"a\":1,\"a\":2}", "\"{\\\"a\\\":1,\\\"a\\\":2}\""),
        CASE("hello", "\"hello\""),
        CASE("\xff\xfe", "\"__4\""),
        CASE("", "\"\""),
};

static void follows_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *o = cbor_json_of(span_of(cases[i].bytes, cases[i].len));
		char *text = json_dumps(o, JSON_ENCODE_ANY | JSON_COMPACT);
		assert_non_null(text);
		assert_string_equal(text, cases[i].json);
		free(text);
		json_decref(o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(follows_the_rfc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
