#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/core/base64.h"
#include "crypto/core/log_entry.h"
#include "crypto/core/sha256.h"
#include "crypto/core/tlog_proof.h"
#include "toy_sigs.h"
#include "vector_file.h"

static struct log_entry full_entry(void)
{
	struct log_entry e = {.type = LOG_STATUS_LIST,
	        .time_s = 1785542400,
	        .area = "320105001002",
	        .kind = 2,
	        .ground = "accepted",
	        .count = 40,
	        .number = UINT64_MAX};
	e.present = LOG_HAS(LOG_NUMBER + 1) - LOG_HAS(LOG_AREA);
	memset(e.person, 1, sizeof e.person);
	memset(e.card, 2, sizeof e.card);
	memset(e.actor, 3, sizeof e.actor);
	memset(e.station, 4, sizeof e.station);
	memset(e.binding, 5, sizeof e.binding);
	return e;
}

static void carries_every_field(void **state)
{
	(void)state;
	uint8_t space[LOG_ENTRY_MAX];
	struct log_entry e = full_entry(), back = {0};
	struct writer w;
	writer_init(&w, space, sizeof space);
	log_entry_encode(&w, &e);
	assert_int_equal(w.error, HUFU_OK);
	assert_int_equal(log_entry_decode(writer_span(&w), &back), HUFU_OK);
	assert_memory_equal(&e, &back, sizeof e);
	for (size_t cut = 0; cut < w.len; cut++)
		assert_int_equal(log_entry_decode(span_of(space, cut), &back),
		        HUFU_ERR_TRUNCATED);
	assert_memory_equal(&e, &back, sizeof e);
}

static void writes_exactly_these_bytes(void **state)
{
	(void)state;
	uint8_t space[64], want_space[64];
	struct log_entry e = {.type = LOG_DECIDED,
	        .time_s = 256,
	        .present = LOG_HAS(LOG_AREA) | LOG_HAS(LOG_GROUND) |
	                   LOG_HAS(LOG_NUMBER),
	        .area = "320105",
	        .ground = "accepted",
	        .number = 3};
	struct writer w;
	writer_init(&w, space, sizeof space);
	log_entry_encode(&w, &e);
	struct span want = vector_hex("a6 0001 0105 02190100 0366333230313035"
	                              "05686163636570746564 0c03",
	        want_space, sizeof want_space);
	assert_true(span_equal(writer_span(&w), want));
}

static int encode_error(const struct log_entry *e)
{
	uint8_t space[LOG_ENTRY_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	log_entry_encode(&w, e);
	return w.error;
}

static void refuses_to_write_what_says_nothing(void **state)
{
	(void)state;
	struct log_entry e = full_entry();
	e.present &= ~LOG_HAS(LOG_BINDING);
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e = full_entry();
	e.type = (enum log_type)0;
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e.type = (enum log_type)(LOG_TYPE_MAX + 1);
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e = full_entry();
	e.present |= LOG_HAS(0);
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e = full_entry();
	e.time_s = -1;
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e = full_entry();
	memset(e.area, '3', sizeof e.area); /* no NUL */
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
	e = full_entry();
	e.ground[3] = '\n';
	assert_int_equal(encode_error(&e), HUFU_ERR_ARGUMENT);
}

static void check_entry(const char *hex, int want)
{
	uint8_t space[64];
	struct log_entry e = {.kind = 99};
	int rc = log_entry_decode(vector_hex(hex, space, sizeof space), &e);
	if (rc != want)
		fail_msg("%s: %d, not %d", hex, rc, want);
	assert_true(want == HUFU_OK || e.kind == 99);
}

static void reads_only_what_it_would_write(void **state)
{
	(void)state;
	check_entry("a3 0001 0101 0200", HUFU_OK);
	check_entry("a3 0001 0101 021800", HUFU_ERR_MALFORMED);
	check_entry("a3 0101 0001 0200", HUFU_ERR_MALFORMED);
	check_entry("bf 0001 0101 0200 ff", HUFU_ERR_MALFORMED);
	check_entry("a3 0001 0101 0200 00", HUFU_ERR_TRAILING);
	check_entry("a3 0002 0101 0200", HUFU_ERR_UNSUPPORTED);
	check_entry("a3 0001 0118ff 0200", HUFU_ERR_UNSUPPORTED);
	check_entry("a3 0001 0100 0200", HUFU_ERR_MALFORMED);
	check_entry("a3 0001 0101 0220", HUFU_ERR_MALFORMED);
	check_entry("a2 0001 0101", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 0d00", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 2000", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 616100", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 0360", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 036100", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 036e3332303130353030313030323131",
	        HUFU_ERR_LIMIT);
	check_entry(
	        "a4 0001 0101 0200 041b0000000100000000", HUFU_ERR_MALFORMED);
	check_entry("a4 0001 0101 0200 07420000", HUFU_ERR_MALFORMED);
	check_entry("a3 0001 0108 0200", HUFU_ERR_MALFORMED); /* unbound */
	check_entry("83 00 01 02", HUFU_ERR_MALFORMED);
}

static void names_every_type(void **state)
{
	(void)state;
	for (int t = 1; t <= LOG_TYPE_MAX; t++)
		assert_string_not_equal(
		        log_type_name((enum log_type)t), "unknown");
	assert_string_equal(log_type_name(LOG_HANDED_OVER), "handed over");
	assert_string_equal(log_type_name((enum log_type)0), "unknown");
	assert_string_equal(
	        log_type_name((enum log_type)(LOG_TYPE_MAX + 1)), "unknown");
}

static void binds_what_the_header_says(void **state)
{
	(void)state;
	uint8_t salt[LOG_SALT_LEN], got[32], want[32], bytes[160] = {0};
	memset(salt, 0xAB, sizeof salt);

	memcpy(bytes, "hufu-commit-1\0\x07", 15);
	memcpy(bytes + 15, salt, 32);
	memcpy(bytes + 47, "value", 5);
	sha256_of(span_of(bytes, 52), want);
	log_commit(LOG_PERSON, salt, span_of_text("value"), got);
	assert_memory_equal(got, want, 32);

	memcpy(bytes, "hufu-reserved-1", 16);
	memcpy(bytes + 16, salt, 32);
	memcpy(bytes + 48, "0123456789", 10);
	sha256_of(span_of(bytes, 58), want);
	log_bind_reserved(salt, span_of_text("0123456789"), got);
	assert_memory_equal(got, want, 32);

	memcpy(bytes, "hufu-signed-1", 14);
	memcpy(bytes + 14, salt, 32);
	sha256_of(span_of_text("qr"), bytes + 46);
	sha256_of(span_of_text("chip"), bytes + 78);
	sha256_of(span_of(bytes, 110), want);
	log_bind_signed(salt, span_of_text("qr"), span_of_text("chip"), got);
	assert_memory_equal(got, want, 32);
}

/* The example of golang.org/x/mod/sumdb/note. */
#define PETER_VKEY                                                             \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static void reads_the_vkey_of_another_project(void **state)
{
	(void)state;
	char space[100];
	struct note_key key;
	struct writer w;
	assert_int_equal(
	        note_decode_vkey(span_of_text(PETER_VKEY), &key), HUFU_OK);
	assert_true(span_is_text(key.name, "PeterNeumann"));
	assert_memory_equal(key.id, "\xC7\x4F\x20\xA3", 4);
	writer_init(&w, space, sizeof space);
	note_encode_vkey(&w, &key);
	assert_true(span_is_text(writer_span(&w), PETER_VKEY));
}

static void refuses_a_vkey_that_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
	        {"", HUFU_ERR_MALFORMED},
	        {"PeterNeumann", HUFU_ERR_MALFORMED},
	        {"PeterNeumann+c74f20a3", HUFU_ERR_MALFORMED},
	        {"PeterNeumann+c74f20a3+", HUFU_ERR_MALFORMED},
	        {"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
	         "LDE4izWy10TW",
	                HUFU_ERR_MALFORMED},
	        {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkm"
	         "qq/LDE4izWy10TW",
	                HUFU_ERR_MALFORMED},
	        {"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkm"
	         "qq/LDE4izWy10TW",
	                HUFU_ERR_MALFORMED},
	        {"PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkm"
	         "qq/LDE4izWy10TW",
	                HUFU_ERR_UNSUPPORTED},
	        {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzh",
	                HUFU_ERR_MALFORMED},
	        {"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVk"
	         "mqq/LDE4izWy10TW",
	                HUFU_ERR_MALFORMED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct note_key key = {.id = {9}};
		assert_int_equal(
		        note_decode_vkey(span_of_text(cases[i].text), &key),
		        cases[i].rc);
		assert_int_equal(key.id[0], 9);
	}
}

static struct note_key toy_note_key(const char *name, uint8_t number)
{
	struct note_key key = {.name = span_of_text(name)};
	memset(key.pub, number, sizeof key.pub);
	note_key_id(key.name, key.pub, key.id);
	return key;
}

static void sign_note(
        struct writer *w, const struct note_key *key, struct span text)
{
	uint8_t sig[SIGCHECK_SIG_LEN];
	toy_sign(SIGCHECK_EDDSA, span_of(key->pub, sizeof key->pub), text, sig);
	note_encode_sig(w, key, span_of(sig, sizeof sig));
}

/* A checkpoint over one entry more, with two signatures. */
static void make_checkpoint(struct writer *w, const struct note_key *log,
        const struct note_key *witness, const struct checkpoint *c)
{
	checkpoint_encode(w, c);
	uint8_t text[300];
	struct span t = writer_span(w);
	memcpy(text, t.data, t.len);
	t.data = text;
	writer_put_u8(w, '\n');
	sign_note(w, log, t);
	sign_note(w, witness, t);
	assert_int_equal(w->error, HUFU_OK);
}

static void verifies_a_checkpoint(void **state)
{
	(void)state;
	uint8_t space[1024];
	struct writer w;
	struct note n;
	struct checkpoint c = {span_of_text("hufu.example/log/1"), 12345, {7}};
	struct checkpoint back;
	struct note_key log = toy_note_key("hufu.example/log/1", 1);
	struct note_key witness = toy_note_key("witness.example", 2);
	struct note_key stranger = toy_note_key("stranger.example", 3);
	struct note_key impostor = toy_note_key("hufu.example/log/1", 4);

	writer_init(&w, space, sizeof space);
	make_checkpoint(&w, &log, &witness, &c);
	assert_memory_equal(space, "hufu.example/log/1\n12345\nBwAA", 29);
	assert_int_equal(note_decode(writer_span(&w), &n), HUFU_OK);
	assert_int_equal(note_check(&n, &log, &toy_sigs), HUFU_OK);
	assert_int_equal(note_check(&n, &witness, &toy_sigs), HUFU_OK);
	assert_int_equal(
	        note_check(&n, &stranger, &toy_sigs), HUFU_ERR_NOT_FOUND);
	assert_int_equal(
	        note_check(&n, &impostor, &toy_sigs), HUFU_ERR_NOT_FOUND);
	memcpy(impostor.id, log.id, sizeof log.id);
	assert_int_equal(
	        note_check(&n, &impostor, &toy_sigs), HUFU_ERR_SIGNATURE);
	assert_int_equal(checkpoint_decode(n.text, &back), HUFU_OK);
	assert_true(span_equal(back.origin, c.origin));
	assert_int_equal(back.size, c.size);
	assert_memory_equal(back.root, c.root, sizeof c.root);

	for (size_t i = 0; i + 1 < n.text.len; i++) {
		space[i] ^= 1;
		int rc = note_decode(writer_span(&w), &n);
		if (!rc)
			rc = note_check(&n, &log, &toy_sigs);
		assert_int_not_equal(rc, HUFU_OK);
		space[i] ^= 1;
	}
}

static void refuses_malformed_notes(void **state)
{
	(void)state;
	static const char *const cases[] = {"", "\n", "\n\n", "a\n", "a\n\n",
	        "a\n\nb\n", "a\n\n\xE2\x80\x94 x\n",
	        "a\n\n\xE2\x80\x94 x AAAA\n", "a\n\n\xE2\x80\x94 x AAAAAA\n",
	        "a\n\n\xE2\x80\x94 x AAAAAAA=",
	        "a\n\n\xE2\x80\x94 x+y AAAAAAA=\n",
	        "a\n\n\xE2\x80\x94  AAAAAAA=\n",
	        "a\n\n\xE2\x80\x94 x  AAAAAAA=\n", "a\n\n-- x AAAAAAA=\n",
	        "a\n\n\xE2\x80\x94 x AAAAAAA=\nb\n",
	        "a\x01\n\n\xE2\x80\x94 x AAAAAAA=\n",
	        "a\r\n\n\xE2\x80\x94 x AAAAAAA=\n",
	        "a\xFF\n\n\xE2\x80\x94 x AAAAAAA=\n",
	        "a\n\n\xE2\x80\x94 x AAAAAAA=\n\n"};
	struct note n;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(note_decode(span_of_text(cases[i]), &n),
		        HUFU_ERR_MALFORMED);
	assert_int_equal(note_decode(span_of_text("a\n\n\xE2\x80\x94 x "
	                                          "AAAAAAA=\n"),
	                         &n),
	        HUFU_OK);
}

static void refuses_malformed_checkpoints(void **state)
{
	(void)state;
#define ROOT "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
	        {"o\n1\n" ROOT "\n", HUFU_OK},
	        {"o\n1\n" ROOT "\nmore\n", HUFU_OK},
	        {"o\n1\n" ROOT "\n\n", HUFU_ERR_MALFORMED},
	        {"o\n1\n" ROOT, HUFU_ERR_TRUNCATED},
	        {"o\n1\n", HUFU_ERR_TRUNCATED},
	        {"o\n01\n" ROOT "\n", HUFU_ERR_MALFORMED},
	        {"o\n-1\n" ROOT "\n", HUFU_ERR_MALFORMED},
	        {"o\n\n" ROOT "\n", HUFU_ERR_MALFORMED},
	        {"\n1\n" ROOT "\n", HUFU_ERR_MALFORMED},
	        {"o\n9223372036854775808\n" ROOT "\n", HUFU_ERR_LIMIT},
	        {"o\n1\nBwAA\n", HUFU_ERR_MALFORMED},
	        {"o\n1\n" ROOT "AAAA\n", HUFU_ERR_MALFORMED},
	};
	struct checkpoint c;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(
		        checkpoint_decode(span_of_text(cases[i].text), &c),
		        cases[i].rc);
}

static void proves_one_entry_offline(void **state)
{
	(void)state;
	static struct tlog_proof p, back;
	uint8_t note[1024], text[4096], leaf[32];
	struct writer w;
	struct checkpoint c = {span_of_text("log.example"), 2, {0}};
	struct note_key log = toy_note_key("log.example", 1);
	struct note_key other = toy_note_key("other.example", 1);
	struct span entry = span_of_text("second");

	merkle_leaf(span_of_text("first"), p.proof.hash[0]);
	merkle_leaf(entry, leaf);
	merkle_node(p.proof.hash[0], leaf, c.root);
	p.proof.count = 1;
	p.index = 1;
	p.has_extra = true;
	p.extra_len = 4;
	memcpy(p.extra, "salt", 4);
	writer_init(&w, note, sizeof note);
	make_checkpoint(&w, &log, &other, &c);
	p.checkpoint = writer_span(&w);

	writer_init(&w, text, sizeof text);
	tlog_proof_encode(&w, &p);
	assert_int_equal(w.error, HUFU_OK);
	assert_memory_equal(
	        text, "c2sp.org/tlog-proof@v1\nextra c2FsdA==\nindex 1\n", 46);
	assert_int_equal(tlog_proof_decode(writer_span(&w), &back), HUFU_OK);
	assert_int_equal(back.index, 1);
	assert_int_equal(back.proof.count, 1);
	assert_true(back.has_extra);
	assert_true(span_is_text(span_of(back.extra, back.extra_len), "salt"));
	assert_int_equal(
	        tlog_proof_check(&back, entry, &log, &toy_sigs), HUFU_OK);
	assert_int_equal(
	        tlog_proof_check(&back, span_of_text("x"), &log, &toy_sigs),
	        HUFU_ERR_PROOF);
	/* signed too, but the log of another name */
	assert_int_equal(tlog_proof_check(&back, entry, &other, &toy_sigs),
	        HUFU_ERR_PROOF);
	back.index = 0;
	assert_int_equal(tlog_proof_check(&back, entry, &log, &toy_sigs),
	        HUFU_ERR_PROOF);
	size_t note_at = w.len - p.checkpoint.len;
	for (size_t cut = 0; cut < note_at + 1; cut++)
		assert_int_not_equal(
		        tlog_proof_decode(span_of(text, cut), &back), HUFU_OK);
}

static void refuses_malformed_proofs(void **state)
{
	(void)state;
	static struct tlog_proof p;
#define NOTE "a\n\n\xE2\x80\x94 x AAAAAAA=\n"
#define HEAD TLOG_PROOF_HEADER "\n"
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
	        {HEAD "index 0\n\n" NOTE, HUFU_OK},
	        {HEAD "index 7\n" ROOT "\n\n" NOTE, HUFU_OK},
	        {HEAD "extra \nindex 7\n\n" NOTE, HUFU_OK},
	        {"c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE,
	                HUFU_ERR_MALFORMED},
	        {HEAD "index 00\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index x\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index 9223372036854775808\n\n" NOTE, HUFU_ERR_LIMIT},
	        {HEAD "extra !!\nindex 0\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index 0\nextra AAAA\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index 0\nAAAA\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index 0\n" ROOT "AAAA\n\n" NOTE, HUFU_ERR_MALFORMED},
	        {HEAD "index 0\n\nx\n", HUFU_ERR_MALFORMED},
	        {HEAD "index 0\n", HUFU_ERR_TRUNCATED},
	        {HEAD, HUFU_ERR_MALFORMED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int rc = tlog_proof_decode(span_of_text(cases[i].text), &p);
		if (rc != cases[i].rc)
			fail_msg("%s: %d", cases[i].text, rc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(carries_every_field),
	        cmocka_unit_test(writes_exactly_these_bytes),
	        cmocka_unit_test(refuses_to_write_what_says_nothing),
	        cmocka_unit_test(reads_only_what_it_would_write),
	        cmocka_unit_test(names_every_type),
	        cmocka_unit_test(binds_what_the_header_says),
	        cmocka_unit_test(reads_the_vkey_of_another_project),
	        cmocka_unit_test(refuses_a_vkey_that_is_none),
	        cmocka_unit_test(verifies_a_checkpoint),
	        cmocka_unit_test(refuses_malformed_notes),
	        cmocka_unit_test(refuses_malformed_checkpoints),
	        cmocka_unit_test(proves_one_entry_offline),
	        cmocka_unit_test(refuses_malformed_proofs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
