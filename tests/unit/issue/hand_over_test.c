/* Whom a card is given to: identity, signature, what is kept of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/file.h"
#include "tests/unit/issue/office.h"

#define AGENT  "\xe4\xbb\xa3\xe9\xa2\x86\xe4\xba\xba" /* generated */
#define DRAWN  "10,10 20,14 30,18;40,10 40,30 42,50 60,50 80,52"
#define STROKE "40,10 40,30"

static struct office office;
static struct office *const o = &office;
static int64_t card;
static char holder[19], other[19];

static int setup(void **state)
{
	(void)state;
	office_open(o);
	office_add_blanks(o, 0, 20);
	office_add_person(o, 1, 0);
	office_add_person(o, 2, 0);
	(void)office_queue(o, 1, APPLICATION_FIRST);
	card = office_make(o, 0, 1);
	office_id_number(1, holder);
	office_id_number(2, other);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

static int hand_over(const struct hand_over *h)
{
	const struct card_act act = {.card = card,
	        .event = CARD_HAND_OVER,
	        .staff = o->desk,
	        .hand_over = h};
	struct card_record record;

	return card_book_act(o->issue, &act, &record, &o->problem);
}

static void refuses(const struct hand_over *h, int code, const char *type)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	office_digest(o, before);
	assert_int_equal(hand_over(h), code);
	assert_string_equal(o->problem.type, type);
	assert_null(strstr(o->problem.zh, holder));
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
	assert_int_equal(office_card(o, card).phase, CARD_MADE);
}

static void nobody_gets_it_unidentified(void **state)
{
	struct hand_over h = {0};

	(void)state;
	refuses(NULL, HUFU_ERR_ARGUMENT, "collector-missing");
	refuses(&h, HUFU_ERR_ARGUMENT, "collector-missing");
	h.collector = HAND_OVER_HOLDER;
	h.how = HAND_OVER_ON_PAPER;
	refuses(&h, HUFU_ERR_ARGUMENT, "id-number-wrong");
	char mistyped[sizeof(holder)];
	memcpy(mistyped, holder, sizeof(mistyped));
	mistyped[16] = mistyped[16] == '1' ? '2' : '1';
	h.id_number = mistyped;
	refuses(&h, HUFU_ERR_ARGUMENT, "id-number-wrong");
	h.id_number = other;
	refuses(&h, HUFU_ERR_DENIED, "holder-differs");
	char stranger[sizeof(holder)];
	office_id_number(77, stranger);
	h.id_number = stranger;
	refuses(&h, HUFU_ERR_DENIED, "holder-differs");
}

static void agent_shows_who_he_is(void **state)
{
	struct hand_over h = {.collector = HAND_OVER_AGENT,
	        .how = HAND_OVER_ON_PAPER,
	        .id_number = holder,
	        .collector_id = other};

	(void)state;
	refuses(&h, HUFU_ERR_ARGUMENT, "collector-unnamed");
	h.name = AGENT;
	h.collector_id = NULL;
	refuses(&h, HUFU_ERR_ARGUMENT, "collector-id-wrong");
	h.collector_id = "11010519491231002x1";
	refuses(&h, HUFU_ERR_ARGUMENT, "collector-id-wrong");
	h.collector_id = holder;
	refuses(&h, HUFU_ERR_ARGUMENT, "collector-is-holder");
	h.collector_id = other;
	h.id_number = other;
	refuses(&h, HUFU_ERR_DENIED, "holder-differs");
}

static void nobody_gets_it_unsigned(void **state)
{
	static const char *const bad[] = {NULL, "", "10,10",
	        "10,10 10,11 10,12 10,13 10,14 10,15 10,16 10,17 10,18",
	        DRAWN ";", DRAWN " ", DRAWN "x", ";" DRAWN,
	        "10 10 20,14 30,18;40,10 40,30 42,50 60,50 80,52",
	        "99999,10 20,14 30,18;40,10 40,30 42,50 60,50 80,52"};
	struct hand_over h = {.collector = HAND_OVER_HOLDER,
	        .how = HAND_OVER_DRAWN,
	        .id_number = holder};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		h.signature = bad[i];
		refuses(&h, HUFU_ERR_ARGUMENT, "hand-over-unsigned");
	}
	char *much = calloc(1, HAND_OVER_SIGNATURE_MAX + 8);
	assert_non_null(much);
	for (size_t at = 0; at < HAND_OVER_SIGNATURE_MAX; at += 8)
		memcpy(much + at, "100,200 ", 8);
	memcpy(much + HAND_OVER_SIGNATURE_MAX - 8, "100,2000", 8);
	h.signature = much;
	assert_int_equal(strlen(much), HAND_OVER_SIGNATURE_MAX);
	much[HAND_OVER_SIGNATURE_MAX] = '0';
	refuses(&h, HUFU_ERR_ARGUMENT, "hand-over-unsigned");
	much[HAND_OVER_SIGNATURE_MAX] = '\0';
	assert_int_equal(hand_over(&h), 0);
	free(much);
}

static int read_record(struct store_tx *tx, void *arg)
{
	return hand_over_read(tx, card, arg);
}

static struct hand_over_record kept(void)
{
	static struct hand_over_record r;

	assert_int_equal(store_read(o->store, read_record, &r), 0);
	return r;
}

/* In the database's files as they lie on the disk. */
static bool lies_open(const char *text)
{
	static const char *const ends[] = {"", "-wal"};
	bool found = false;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char path[128];
		uint8_t *bytes = NULL;
		size_t len = 0;

		(void)snprintf(
		        path, sizeof(path), "%s%s", o->database, ends[i]);
		assert_int_equal(file_read(path, 64 << 20, &bytes, &len), 0);
		found |= memmem(bytes, len, text, strlen(text)) != NULL;
		free(bytes);
	}
	return found;
}

static void what_is_signed_is_kept_sealed(void **state)
{
	const struct hand_over h = {.collector = HAND_OVER_AGENT,
	        .how = HAND_OVER_DRAWN,
	        .id_number = holder,
	        .name = AGENT,
	        .collector_id = other,
	        .signature = DRAWN};
	struct hand_over_record r;

	(void)state;
	assert_int_equal(
	        store_read(o->store, read_record, &r), HUFU_ERR_NOT_FOUND);
	assert_int_equal(hand_over(&h), 0);
	r = kept();
	assert_int_equal(r.collector, HAND_OVER_AGENT);
	assert_int_equal(r.how, HAND_OVER_DRAWN);
	assert_int_equal(r.staff, o->desk);
	assert_int_equal(r.at_s, o->now_s);
	assert_string_equal(r.name, AGENT);
	assert_string_equal(r.collector_id, other);
	assert_string_equal(r.signature, DRAWN);
	assert_true(lies_open("to-agent")); /* the look does find things */
	assert_false(lies_open(AGENT));
	assert_false(lies_open(other));
	assert_false(lies_open(STROKE));
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_HANDED_OVER);
	assert_string_equal(e.ground, "to-agent");
}

static void paper_keeps_no_strokes(void **state)
{
	char small[sizeof(holder)];
	const struct hand_over h = {.collector = HAND_OVER_HOLDER,
	        .how = HAND_OVER_ON_PAPER,
	        .id_number = small,
	        .name = AGENT,
	        .signature = DRAWN};

	(void)state;
	memcpy(small, holder, sizeof(small));
	if (small[17] == 'X')
		small[17] = 'x';
	assert_int_equal(hand_over(&h), 0);
	struct hand_over_record r = kept();
	assert_string_equal(r.signature, "");
	assert_string_equal(r.name, ""); /* the holder is on file */
	assert_string_equal(office_log_entry(o, 0).ground, "to-holder");
}

static void schema_refuses(const char *sql, const char *constraint)
{
	char message[160] = "";

	assert_int_not_equal(office_sql(o, sql, message, sizeof(message)), 0);
	assert_non_null(strstr(message, constraint));
}

static void schema_keeps_it(void **state)
{
	const struct hand_over h = {
	        HAND_OVER_HOLDER, HAND_OVER_ON_PAPER, holder, NULL, NULL, NULL};

	(void)state;
	schema_refuses("UPDATE card SET phase = 5", "card-not-signed-for");
	assert_int_equal(hand_over(&h), 0);
	schema_refuses("DELETE FROM hand_over", "hand-over-kept");
	schema_refuses("UPDATE hand_over SET sealed = x'00'", "hand-over-kept");
	schema_refuses("UPDATE hand_over SET staff = staff + 1, sealed = NULL",
	        "hand-over-kept");
	/* the time to keep it is over */
	assert_int_equal(
	        office_sql(o, "UPDATE hand_over SET sealed = NULL", NULL, 0),
	        0);
	assert_string_equal(kept().signature, "");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(nobody_gets_it_unidentified),
	        TEST(agent_shows_who_he_is),
	        TEST(nobody_gets_it_unsigned),
	        TEST(what_is_signed_is_kept_sealed),
	        TEST(paper_keeps_no_strokes),
	        TEST(schema_keeps_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
