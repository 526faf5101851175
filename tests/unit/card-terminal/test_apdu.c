#include <stddef.h>
#include <stdint.h>

#include "card/terminal/apdu.h"
#include "card/terminal/replay.h"
#include "card/terminal/tlv.h"
#include "script.h"

static void check_coding(const struct apdu *c, bool extended, const char *hex)
{
	uint8_t space[4096], want[4096];
	struct writer w;
	struct apdu back;
	size_t len = hex_decode(hex, want);
	writer_init(&w, space, sizeof space);
	assert_int_equal(apdu_encode(c, extended, &w), 0);
	assert_int_equal(w.len, len);
	assert_memory_equal(space, want, len);
	assert_int_equal(apdu_decode(writer_span(&w), &back), 0);
	assert_int_equal(back.cla, c->cla);
	assert_int_equal(back.ins, c->ins);
	assert_int_equal(back.p1, c->p1);
	assert_int_equal(back.p2, c->p2);
	assert_int_equal(back.le, c->le);
	assert_true(span_equal(back.data, c->data));
}

static void codes_the_seven_cases(void **state)
{
	static const uint8_t data[300] = {0x11, 0x22};
	uint8_t space[400];
	struct writer w;
	struct apdu c = {.ins = 0xA4, .p1 = 4};
	(void)state;
	check_coding(&c, false, "00a40400");
	c.le = 256;
	check_coding(&c, false, "00a4040000");
	c.le = 0x10;
	check_coding(&c, false, "00a4040010");
	c.data = span_of(data, 2);
	check_coding(&c, false, "00a4040002112210");
	c.le = 0;
	check_coding(&c, false, "00a40400021122");
	c.le = 65536;
	check_coding(&c, true, "00a4040000000211220000");
	c.data.len = 0;
	check_coding(&c, true, "00a40400000000");
	c.le = 0x1234;
	check_coding(&c, true, "00a40400001234");
	c.data = span_of(data, sizeof data);
	writer_init(&w, space, sizeof space);
	assert_int_equal(apdu_encode(&c, false, &w), HUFU_ERR_LIMIT);
	assert_int_equal(w.len, 0);
	assert_int_equal(apdu_encode(&c, true, &w), 0);
	assert_int_equal(w.len, 4 + 3 + 300 + 2);
}

static void rejects_commands_of_wrong_length(void **state)
{
	static const struct {
		const char *hex;
		int code;
	} bad[] = {
	        {"00a404", HUFU_ERR_TRUNCATED},
	        {"00a4040002", 0}, /* Le alone */
	        {"00a404000211", HUFU_ERR_TRUNCATED},
	        {"00a40400021122334455", HUFU_ERR_TRAILING},
	        {"00a4040000000011", HUFU_ERR_MALFORMED},
	        {"00a404000000021122", 0},
	        {"00a40400000002112233", HUFU_ERR_TRUNCATED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		uint8_t bytes[64];
		struct apdu c = {.ins = 0x77};
		size_t len = hex_decode(bad[i].hex, bytes);
		assert_int_equal(
		        apdu_decode(span_of(bytes, len), &c), bad[i].code);
		if (bad[i].code)
			assert_int_equal(c.ins, 0x77);
	}
}

static int exchange(const struct script_line *lines, size_t count,
        struct writer *w, uint16_t *sw)
{
	struct script s = {.lines = lines, .count = count};
	struct transport *t = script_open(&s, false);
	const struct apdu c = {.ins = 0xCA, .p2 = 0xCF, .le = 256};
	int rc = apdu_exchange(t, &c, w, sw);
	assert_int_equal(s.at, count);
	transport_close(t);
	return rc;
}

#define EXCHANGE(lines, w, sw)                                                 \
	exchange(lines, sizeof(lines) / sizeof *(lines), w, sw)

static void follows_get_response_and_wrong_le(void **state)
{
	static const struct script_line more[] = {
	        {"00ca00cf00", "01026102"},
	        {"00c0000002", "03046101"},
	        {"00c0000001", "059000"},
	};
	static const struct script_line wrong_le[] = {
	        {"00ca00cf00", "6c03"},
	        {"00ca00cf03", "0102039000"},
	};
	uint8_t space[64];
	struct writer w;
	uint16_t sw = 0;
	(void)state;
	writer_init(&w, space, sizeof space);
	assert_int_equal(EXCHANGE(more, &w, &sw), 0);
	assert_int_equal(sw, 0x9000);
	assert_int_equal(w.len, 5);
	assert_memory_equal(space, "\1\2\3\4\5", 5);
	assert_int_equal(EXCHANGE(wrong_le, &w, &sw), 0);
	assert_int_equal(w.len, 8);
	assert_memory_equal(space, "\1\2\3\4\5\1\2\3", 8);
}

static void lost_links_leave_nothing_behind(void **state)
{
	static const struct script_line gone[] = {{NULL, ""}};
	static const struct script_line one_byte[] = {{NULL, "90"}};
	static const struct script_line later[] = {
	        {NULL, "01026102"}, {NULL, ""}};
	static const struct script_line endless[] = {
	        {NULL, "6102"}, {NULL, "6102"}};
	uint8_t space[64];
	struct writer w;
	uint16_t sw = 0x1234;
	(void)state;
	writer_init(&w, space, sizeof space);
	assert_int_equal(EXCHANGE(gone, &w, &sw), TERMINAL_LINK_LOST);
	assert_int_equal(EXCHANGE(one_byte, &w, &sw), TERMINAL_LINK_LOST);
	assert_int_equal(EXCHANGE(later, &w, &sw), TERMINAL_LINK_LOST);
	assert_int_equal(EXCHANGE(endless, &w, &sw), HUFU_ERR_MALFORMED);
	assert_int_equal(w.len, 0);
	assert_int_equal(sw, 0x1234);
}

static void answers_that_do_not_fit_are_errors(void **state)
{
	static const struct script_line line[] = {{NULL, "01020304059000"}};
	uint8_t space[6];
	struct writer w;
	uint16_t sw = 0;
	(void)state;
	writer_init(&w, space, sizeof space);
	assert_int_equal(EXCHANGE(line, &w, &sw), HUFU_ERR_SPACE);
	assert_int_equal(w.len, 0);
}

static void finds_tlv_by_tag(void **state)
{
	uint8_t bytes[64];
	struct span v = {0};
	(void)state;
	size_t len = hex_decode("cf020102df218101037f4900", bytes);
	assert_int_equal(tlv_find(span_of(bytes, len), 0xCF, &v), 0);
	assert_int_equal(v.len, 2);
	assert_int_equal(tlv_find(span_of(bytes, len), 0xDF21, &v), 0);
	assert_int_equal(v.data[0], 3);
	assert_int_equal(tlv_find(span_of(bytes, len), 0x7F49, &v), 0);
	assert_int_equal(v.len, 0);
	assert_int_equal(
	        tlv_find(span_of(bytes, len), 0x86, &v), HUFU_ERR_NOT_FOUND);
	assert_int_equal(tlv_find(span_of(bytes, len - 1), 0x86, &v),
	        HUFU_ERR_TRUNCATED);
	assert_int_equal(
	        tlv_find(span_of("\xCF\x80", 2), 0x86, &v), HUFU_ERR_MALFORMED);
	assert_int_equal(tlv_find(span_of("\xDF\x81\x01\x00", 4), 0x86, &v),
	        HUFU_ERR_UNSUPPORTED);
}

static void replays_a_recording(void **state)
{
	static const uint8_t tape[] = {
	        0, 2, 0x90, 0, 0, 3, 7, 0x90, 0, 0xFF, 0xFF};
	struct transport *t = NULL;
	uint8_t space[16];
	struct writer w;
	(void)state;
	writer_init(&w, space, sizeof space);
	assert_int_equal(replay_new(span_of(tape, sizeof tape), &t), 0);
	assert_int_equal(transport_open(t), 0);
	assert_int_equal(transport_transmit(t, span_of("x", 1), &w), 0);
	assert_int_equal(transport_transmit(t, span_of("y", 1), &w), 0);
	assert_int_equal(w.len, 5);
	assert_int_equal(
	        transport_transmit(t, span_of("z", 1), &w), TERMINAL_LINK_LOST);
	assert_int_equal(transport_reset(t), TERMINAL_NO_CARD);
	transport_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes_the_seven_cases),
	        cmocka_unit_test(rejects_commands_of_wrong_length),
	        cmocka_unit_test(follows_get_response_and_wrong_le),
	        cmocka_unit_test(lost_links_leave_nothing_behind),
	        cmocka_unit_test(answers_that_do_not_fit_are_errors),
	        cmocka_unit_test(finds_tlv_by_tag),
	        cmocka_unit_test(replays_a_recording),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
