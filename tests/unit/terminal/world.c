#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/verdicts/verdict_case.h"

#define FOLDER HUFU_VECTORS "/verdicts"

struct files world_files;
static uint8_t space[FILES_MAX];
static uint8_t *fresh;

int world_open(void **state)
{
	(void)state; /* one region for all */
	files_init(&world_files, FOLDER);
	if (flash_host_open())
		return -1;
	fresh = test_malloc(FLASH_SIZE);
	flash_host_save(fresh);
	return 0;
}

int world_close(void **state)
{
	(void)state; /* as above */
	test_free(fresh);
	flash_host_close();
	files_done(&world_files);
	return 0;
}

struct span world_trust(
        uint64_t sequence, size_t issuers, const struct signing_key *root)
{
	struct writer w;
	struct trust_list *t = &world_files.trust;
	uint64_t old_sequence = t->sequence;
	size_t old_count = t->issuer_count;
	writer_init(&w, space, sizeof space);
	t->sequence = sequence;
	t->issuer_count = issuers ? issuers : old_count;
	files_put_trust(&world_files, root ? root : world_files.world.root, &w);
	t->sequence = old_sequence;
	t->issuer_count = old_count;
	return writer_span(&w);
}

struct span world_snapshot(unsigned n, uint64_t sequence)
{
	struct writer w;
	writer_init(&w, space, sizeof space);
	files_put_snapshot(&world_files, n, sequence, &w);
	return writer_span(&w);
}

struct span world_delta(
        unsigned n, uint64_t base, uint32_t index, enum status_value value)
{
	struct writer w;
	writer_init(&w, space, sizeof space);
	files_put_delta(&world_files, n, base, index, value, &w);
	return writer_span(&w);
}

struct span world_card(const char *id)
{
	static char line[VERDICT_LINE_MAX];
	struct verdict_case c;
	FILE *f = fopen(FOLDER "/cases.tsv", "rb");
	assert_non_null(f);
	do {
		assert_non_null(fgets(line, sizeof line, f));
		assert_int_equal(verdict_case_parse(line, &c), 0);
	} while (strcmp(c.id, id) != 0);
	assert_int_equal(fclose(f), 0);
	return span_of(c.text.data, c.text.len);
}

static void install_list(unsigned n)
{
	char what[32];
	(void)snprintf(what, sizeof what, "snapshot %u", n);
	const char *got = drive_update(what, world_snapshot(n, FILES_SEQUENCE));
	assert_non_null(strstr(got, "OK done="));
}

struct terminal *world_install_to(unsigned part)
{
	flash_host_restore(fresh);
	(void)flash_host_power(0, 0);
	struct terminal *t = drive_power_on();
	assert_string_equal(drive_root(&world_files.root), "OK root=1");
	if (part >= 1)
		assert_non_null(
		        strstr(drive_update("trust", world_trust(1, 0, NULL)),
		                "OK done="));
	for (unsigned n = 2; n <= part; n++)
		install_list(n - 2);
	assert_non_null(drive_ask_number("TIME", (uint64_t)WORLD_NOW_S));
	(void)drive_screen();
	return t;
}

struct terminal *world_install(void)
{
	return world_install_to(4);
}
