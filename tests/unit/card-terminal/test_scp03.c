#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "card/terminal/scp03.h"
#include "script.h"

/* The terminal's challenge in the trace, in place of a random one. */
static uint8_t challenge[SCP03_CHALLENGE_LEN];
int random_fill(void *ret, size_t len);

int random_fill(void *ret, size_t len)
{
	assert_int_equal(len, sizeof challenge);
	memcpy(ret, challenge, len);
	return 0;
}

static char trace[16][2][256];
static size_t trace_count;

static int load_trace(void **state)
{
	FILE *f = fopen(HUFU_VECTORS "/scp03/aes128-level33.txt", "r");
	(void)state;
	assert_non_null(f);
	while (trace_count < 16 &&
	        fscanf(f, "%255s %255s", trace[trace_count][0],
	                trace[trace_count][1]) == 2)
		trace_count++;
	fclose(f);
	assert_int_equal(trace_count, 15);
	return 0;
}

static const char *get(const char *name)
{
	for (size_t i = 0; i < trace_count; i++)
		if (strcmp(trace[i][0], name) == 0)
			return trace[i][1];
	fail_msg("no %s in the trace", name);
	return "";
}

struct provider {
	int verdict;
	unsigned calls;
	uint8_t mac_xor; /* a provider that lies about S-MAC */
};

static int provide(
        void *arg, const struct scp03_request *q, struct scp03_keys *ret)
{
	struct provider *p = arg;
	uint8_t enc[16], mac[16], context[16];
	for (uint8_t i = 0; i < 16; i++) {
		enc[i] = i;
		mac[i] = 0x10 + i;
	}
	p->calls++;
	assert_int_equal(q->key_version, 0x30);
	assert_memory_equal(q->sequence, "\0\0\3", 3);
	memcpy(context, q->host_challenge, 8);
	memcpy(context + 8, q->card_challenge, 8);
	struct span both = span_of(context, 16);
	assert_int_equal(scp03_derive(enc, 4, both, 128, ret->enc), 0);
	assert_int_equal(scp03_derive(mac, 6, both, 128, ret->mac), 0);
	assert_int_equal(scp03_derive(mac, 7, both, 128, ret->rmac), 0);
	assert_int_equal(
	        scp03_derive(ret->mac, 1, both, 64, ret->host_cryptogram), 0);
	ret->mac[0] ^= p->mac_xor;
	return p->verdict;
}

static char init_answer[128], eid_answer[256], commands[8][256];

/* The trace's command as we send it: always with Le. */
static const char *with_le(char to[256], const char *name, size_t plain_len)
{
	const char *hex = get(name);
	size_t len = strlen(hex);
	bool has_le = len / 2 > 5 + plain_len;
	snprintf(to, 256, "%s%s", hex, has_le ? "" : "00");
	return to;
}

static void make_challenge(void)
{
	uint8_t bytes[64] = {0};
	hex_decode(get("init_upd_cmd"), bytes);
	memcpy(challenge, bytes + 5, sizeof challenge);
	snprintf(
	        init_answer, sizeof init_answer, "%s9000", get("init_upd_rsp"));
	snprintf(eid_answer, sizeof eid_answer, "%s9000", get("get_eid_rsp"));
}

static int send_plain(struct scp03 *s, struct transport *t, const char *name,
        struct writer *w, uint16_t *sw)
{
	uint8_t bytes[64] = {0};
	struct apdu c;
	size_t len = hex_decode(get(name), bytes);
	assert_int_equal(apdu_decode(span_of(bytes, len), &c), 0);
	return scp03_exchange(s, t, &c, w, sw);
}

static void speaks_as_the_traced_card_heard_it(void **state)
{
	make_challenge();
	const struct script_line lines[] = {
	        {get("init_upd_cmd"), init_answer},
	        {get("ext_auth_cmd"), "9000"},
	        {get("get_eid_cmd"), eid_answer},
	        {with_le(commands[0], "case_1", 8), "6a88"},
	        {with_le(commands[1], "case_2", 8), "6a88"},
	        {with_le(commands[2], "case_3", 24), "6a88"},
	        {with_le(commands[3], "case_4", 24), "6a88"},
	};
	static const char *const cases[] = {
	        "case_1_plain", "case_2_plain", "case_3_plain", "case_4_plain"};
	struct script script = SCRIPT(lines);
	struct transport *t = script_open(&script, false);
	struct scp03 s = {0};
	struct provider p = {0};
	uint8_t space[64], want[64];
	struct writer w;
	uint16_t sw = 0;
	(void)state;
	assert_int_equal(scp03_open(&s, t, 0x30, provide, &p), 0);
	assert_int_equal(p.calls, 1);
	writer_init(&w, space, sizeof space);
	assert_int_equal(send_plain(&s, t, "get_eid_cmd_plain", &w, &sw), 0);
	assert_int_equal(sw, 0x9000);
	assert_int_equal(w.len, hex_decode(get("get_eid_rsp_plain"), want));
	assert_memory_equal(space, want, w.len);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(send_plain(&s, t, cases[i], &w, &sw), 0);
		assert_int_equal(sw, 0x6A88);
	}
	assert_int_equal(script.at, script.count);
	scp03_done(&s);
	for (size_t i = 0; i < sizeof s; i++)
		assert_int_equal(((uint8_t *)&s)[i], 0);
	transport_close(t);
}

/* EXTERNAL AUTHENTICATE must not be sent: it would cost the card a try. */
static void wrong_cryptogram_costs_no_try(void **state)
{
	struct provider refuses = {.verdict = TERMINAL_WRONG_KEY};
	struct provider lies = {.mac_xor = 1};
	struct provider fails = {.verdict = HUFU_ERR_LINK};
	const struct {
		struct provider *provider;
		int code;
	} cases[] = {{&refuses, TERMINAL_WRONG_KEY},
	        {&lies, TERMINAL_WRONG_KEY}, {&fails, HUFU_ERR_LINK}};
	(void)state;
	make_challenge();
	const struct script_line lines[] = {{get("init_upd_cmd"), init_answer}};
	for (size_t i = 0; i < 3; i++) {
		struct script script = SCRIPT(lines);
		struct transport *t = script_open(&script, false);
		struct scp03 s = {0};
		uint8_t serial[CARD_SERIAL_LEN] = {0};
		assert_int_equal(
		        scp03_open(&s, t, 0x30, provide, cases[i].provider),
		        cases[i].code);
		assert_int_equal(script.at, 1);
		assert_false(s.open);
		assert_null(s.mac);
		assert_memory_equal(s.request.kdd, serial, sizeof serial);
		assert_int_equal(s.request.key_version, 0x30);
		transport_close(t);
	}
}

static void one_failed_authentication_is_a_wrong_key(void **state)
{
	static const struct {
		const char *sw;
		int code;
	} cases[] = {{"6300", TERMINAL_WRONG_KEY}, {"6982", TERMINAL_WRONG_KEY},
	        {"6983", TERMINAL_LOCKED}, {"6d00", TERMINAL_REFUSED},
	        {"", TERMINAL_LINK_LOST}};
	(void)state;
	make_challenge();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct script_line lines[] = {
		        {get("init_upd_cmd"), init_answer},
		        {get("ext_auth_cmd"), cases[i].sw},
		};
		struct script script = SCRIPT(lines);
		struct transport *t = script_open(&script, false);
		struct scp03 s = {0};
		struct provider p = {0};
		assert_int_equal(
		        scp03_open(&s, t, 0x30, provide, &p), cases[i].code);
		assert_false(s.open);
		transport_close(t);
	}
}

static void refuses_other_protocols(void **state)
{
	static const struct {
		const char *answer;
		int code;
	} cases[] = {
	        /* SCP02, i=10, cut off, refused, blocked */
	        {"00000000000000000000300270"
	         "3b1aca81e821f219081cdc01c26b372d0000039000",
	                HUFU_ERR_UNSUPPORTED},
	        {"00000000000000000000300310"
	         "3b1aca81e821f219081cdc01c26b372d0000039000",
	                HUFU_ERR_UNSUPPORTED},
	        {"000000000000000000003003709000", HUFU_ERR_MALFORMED},
	        {"6a88", TERMINAL_REFUSED},
	        {"6983", TERMINAL_LOCKED},
	};
	(void)state;
	make_challenge();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct script_line lines[] = {{NULL, cases[i].answer}};
		struct script script = SCRIPT(lines);
		struct transport *t = script_open(&script, false);
		struct scp03 s = {0};
		struct provider p = {0};
		assert_int_equal(
		        scp03_open(&s, t, 0x30, provide, &p), cases[i].code);
		assert_int_equal(p.calls, 0);
		transport_close(t);
	}
}

static void changed_answers_break_the_channel(void **state)
{
	(void)state;
	make_challenge();
	size_t len = strlen(eid_answer);
	for (size_t i = 0; i < len - 4; i += 7) {
		char changed[256];
		memcpy(changed, eid_answer, len + 1);
		changed[i] = changed[i] == '0' ? '1' : '0';
		const struct script_line lines[] = {
		        {get("init_upd_cmd"), init_answer},
		        {get("ext_auth_cmd"), "9000"},
		        {get("get_eid_cmd"), changed},
		};
		struct script script = SCRIPT(lines);
		struct transport *t = script_open(&script, false);
		struct scp03 s = {0};
		struct provider p = {0};
		uint8_t space[64];
		struct writer w;
		uint16_t sw = 0;
		writer_init(&w, space, sizeof space);
		assert_int_equal(scp03_open(&s, t, 0x30, provide, &p), 0);
		assert_int_equal(
		        send_plain(&s, t, "get_eid_cmd_plain", &w, &sw),
		        TERMINAL_CHANNEL_BROKEN);
		assert_int_equal(w.len, 0);
		assert_int_equal(sw, 0);
		assert_int_equal(send_plain(&s, t, "case_1_plain", &w, &sw),
		        HUFU_ERR_STATE);
		scp03_done(&s);
		transport_close(t);
	}
}

static void longer_data_than_one_frame_is_refused(void **state)
{
	static const uint8_t data[CARD_PLAIN_MAX + 1];
	make_challenge();
	const struct script_line lines[] = {
	        {get("init_upd_cmd"), init_answer},
	        {get("ext_auth_cmd"), "9000"},
	};
	struct script script = SCRIPT(lines);
	struct transport *t = script_open(&script, false);
	struct scp03 s = {0};
	struct provider p = {0};
	uint8_t space[64];
	struct writer w;
	uint16_t sw = 0;
	const struct apdu c = {.ins = 0xE2, .data = {data, sizeof data}};
	(void)state;
	writer_init(&w, space, sizeof space);
	assert_int_equal(scp03_open(&s, t, 0x30, provide, &p), 0);
	assert_int_equal(scp03_exchange(&s, t, &c, &w, &sw), HUFU_ERR_LIMIT);
	scp03_done(&s);
	transport_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(speaks_as_the_traced_card_heard_it),
	        cmocka_unit_test(wrong_cryptogram_costs_no_try),
	        cmocka_unit_test(one_failed_authentication_is_a_wrong_key),
	        cmocka_unit_test(refuses_other_protocols),
	        cmocka_unit_test(changed_answers_break_the_channel),
	        cmocka_unit_test(longer_data_than_one_frame_is_refused),
	};
	return cmocka_run_group_tests(tests, load_trace, NULL);
}
