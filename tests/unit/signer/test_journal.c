#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "host/signer/journal.h"

static char folder[64], path[80];

struct seen {
	size_t count;
	char text[16][32];
	uint64_t offset[16];
};

static int see(void *arg, uint64_t offset, struct span record)
{
	struct seen *s = arg;

	assert_true(s->count < 16 && record.len < 32);
	memcpy(s->text[s->count], record.data, record.len);
	s->text[s->count][record.len] = 0;
	s->offset[s->count++] = offset;
	return 0;
}

static int open_it(struct seen *s, struct journal **ret)
{
	*s = (struct seen){0};
	return journal_open(path, see, s, ret);
}

static void put(struct journal *j, const char *text)
{
	uint64_t offset;

	assert_int_equal(journal_put(j, span_of_text(text), &offset), HUFU_OK);
}

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/hufu-journal-XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/journal", folder);
	assert_int_equal(journal_create(path, span_of_text("born")), HUFU_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

/* born | one two | three */
static void write_three(void)
{
	struct journal *j;
	struct seen s;

	assert_int_equal(open_it(&s, &j), HUFU_OK);
	put(j, "one");
	put(j, "two");
	assert_int_equal(journal_sync(j), HUFU_OK);
	put(j, "three");
	assert_int_equal(journal_sync(j), HUFU_OK);
	journal_close(j);
}

static void keeps_what_was_synced(void **state)
{
	struct journal *j;
	struct seen s;
	uint8_t space[64];
	struct writer w;

	(void)state;
	write_three();
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	assert_int_equal(s.count, 4);
	assert_string_equal(s.text[0], "born");
	assert_string_equal(s.text[3], "three");
	put(j, "lost");
	for (size_t i = 0; i < 4; i++) {
		writer_init(&w, space, sizeof(space));
		assert_int_equal(journal_read(j, s.offset[i], &w), HUFU_OK);
		assert_true(
		        span_equal(writer_span(&w), span_of_text(s.text[i])));
	}
	journal_close(j);
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	assert_int_equal(s.count, 4);
	journal_close(j);
}

static void reads_a_record_before_it_is_synced(void **state)
{
	uint8_t space[64];
	struct writer w;
	struct journal *j;
	struct seen s;
	uint64_t offset;

	(void)state;
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	put(j, "first");
	assert_int_equal(
	        journal_put(j, span_of_text("second"), &offset), HUFU_OK);
	for (int synced = 0; synced < 2; synced++) {
		writer_init(&w, space, sizeof(space));
		assert_int_equal(journal_read(j, offset, &w), HUFU_OK);
		assert_true(
		        span_equal(writer_span(&w), span_of_text("second")));
		assert_int_equal(journal_sync(j), HUFU_OK);
	}
	assert_int_equal(open_it(&s, &j), HUFU_ERR_BUSY);
	journal_close(j);
}

static void never_replaces_a_journal(void **state)
{
	struct journal *j;
	struct seen s;

	(void)state;
	assert_int_equal(
	        journal_create(path, span_of_text("again")), HUFU_ERR_CONFLICT);
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	assert_string_equal(s.text[0], "born");
	journal_close(j);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(open_it(&s, &j), HUFU_ERR_NOT_FOUND);
}

/* Where each synced state ended. */
static size_t records_of(size_t len, const size_t end[3])
{
	return len >= end[2] ? 4 : len >= end[1] ? 3 : len >= end[0] ? 1 : 0;
}

static void cuts_a_torn_tail(void **state)
{
	uint8_t *whole = NULL;
	size_t len = 0, end[3];
	struct journal *j;
	struct seen s;

	(void)state;
	write_three();
	assert_int_equal(file_read(path, 4096, &whole, &len), HUFU_OK);
	end[0] = 8 + 8 + 6 + 32;
	end[1] = end[0] + 8 + 10 + 32;
	end[2] = end[1] + 8 + 7 + 32;
	assert_int_equal(len, end[2]);
	for (size_t cut = 0; cut <= len; cut++) {
		size_t want = records_of(cut, end);

		assert_int_equal(
		        file_write(path, span_of(whole, cut), 0600), HUFU_OK);
		assert_int_equal(
		        open_it(&s, &j), want ? HUFU_OK : HUFU_ERR_CORRUPT);
		assert_int_equal(s.count, want);
		if (!want)
			continue;
		put(j, "after");
		assert_int_equal(journal_sync(j), HUFU_OK);
		journal_close(j);
		assert_int_equal(open_it(&s, &j), HUFU_OK);
		assert_int_equal(s.count, want + 1);
		assert_string_equal(s.text[want], "after");
		journal_close(j);
	}
	free(whole);
}

static void finds_every_flipped_bit(void **state)
{
	uint8_t *whole = NULL;
	size_t len = 0;
	struct journal *j = NULL;
	struct seen s;

	(void)state;
	write_three();
	assert_int_equal(file_read(path, 4096, &whole, &len), HUFU_OK);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(
		        file_write(path, span_of(whole, len), 0600), HUFU_OK);
		assert_int_equal(open_it(&s, &j), HUFU_ERR_CORRUPT);
		whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(file_write(path, span_of(whole, len), 0600), HUFU_OK);
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	journal_close(j);
	free(whole);
}

/* The file had grown but its last sectors were not written. */
static void cuts_a_tail_of_zeros(void **state)
{
	uint8_t bytes[4096] = {0}, *whole = NULL;
	size_t len = 0, end = 8 + 8 + 6 + 32 + 8 + 10 + 32;
	struct journal *j = NULL;
	struct seen s;

	(void)state;
	write_three();
	assert_int_equal(file_read(path, 4096, &whole, &len), HUFU_OK);
	memcpy(bytes, whole, end);
	assert_int_equal(file_write(path, span_of(bytes, len), 0600), HUFU_OK);
	assert_int_equal(open_it(&s, &j), HUFU_OK);
	assert_int_equal(s.count, 3);
	journal_close(j);
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                keeps_what_was_synced, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                reads_a_record_before_it_is_synced, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                never_replaces_a_journal, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                cuts_a_torn_tail, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                finds_every_flipped_bit, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                cuts_a_tail_of_zeros, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
