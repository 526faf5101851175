#include "tests/unit/crypto-openssl/vector_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

json_t *vector_file_load(const char *name)
{
	char path[512];
	json_error_t error;
	(void)snprintf(path, sizeof path, "%s/%s", HUFU_VECTORS, name);
	json_t *o = json_load_file(path, 0, &error);
	if (!o)
		fail_msg("%s: %s", path, error.text);
	return o;
}

const char *vector_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	if (!text)
		fail_msg("no %s", key);
	return text;
}

static unsigned digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, c | 0x20);
	if (!c || !at)
		fail_msg("not a hex digit: %c", c);
	return (unsigned)(at - digits);
}

void vector_put_hex(struct writer *w, const char *hex)
{
	for (; *hex; hex += 2)
		writer_put_u8(w, (uint8_t)(digit(hex[0]) << 4 | digit(hex[1])));
	assert_int_equal(w->error, HUFU_OK);
}

struct span vector_bytes(
        const json_t *o, const char *key, uint8_t *space, size_t cap)
{
	struct writer w;
	writer_init(&w, space, cap);
	vector_put_hex(&w, vector_text(o, key));
	return writer_span(&w);
}
