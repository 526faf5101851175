/* A card that plays a script: what it must be asked, what it answers. */
#ifndef TEST_SCRIPT_H
#define TEST_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "card/terminal/direct.h"

struct script_line {
	const char *command; /* hex; NULL: whatever */
	const char *answer; /* hex; "" the card is gone */
};

struct script {
	const struct script_line *lines;
	size_t at;
	size_t count;
};

static inline size_t hex_decode(const char *hex, uint8_t *ret)
{
	size_t len = strlen(hex) / 2;
	for (size_t i = 0; i < 2 * len; i++) {
		const char *digits = "0123456789abcdef";
		const char *p = strchr(digits, hex[i] | 0x20);
		uint8_t v = (uint8_t)(p - digits);
		ret[i / 2] = (uint8_t)(i % 2 ? ret[i / 2] << 4 | v : v);
	}
	return len;
}

static inline int script_power(void *card, struct writer *ret_atr)
{
	(void)card;
	writer_put_u8(ret_atr, 0x3B);
	return 0;
}

static inline int script_exchange(
        void *card, struct span command, struct writer *ret_answer)
{
	struct script *s = card;
	uint8_t bytes[4096];
	assert_true(s->at < s->count); /* nothing more may be sent */
	const struct script_line *line = &s->lines[s->at++];
	if (line->command) {
		size_t len = hex_decode(line->command, bytes);
		assert_int_equal(len, command.len);
		assert_memory_equal(bytes, command.data, len);
	}
	writer_put(ret_answer, bytes, hex_decode(line->answer, bytes));
	return 0;
}

static inline struct transport *script_open(struct script *s, bool extended)
{
	struct transport *t = NULL;
	const struct direct_card card = {
	        .power = script_power,
	        .exchange = script_exchange,
	        .card = s,
	        .extended = extended,
	};
	assert_int_equal(direct_new(&card, &t), 0);
	assert_int_equal(transport_open(t), 0);
	return t;
}

#define SCRIPT(array)                                                          \
	{                                                                      \
		.lines = (array), .count = sizeof(array) / sizeof *(array)     \
	}

#endif
