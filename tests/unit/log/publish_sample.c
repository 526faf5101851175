/*
 * Writes a log that a hufu-signd signed, for readers that nobody here wrote:
 * publish_sample FOLDER makes FOLDER/log, FOLDER/vkey, FOLDER/proof and
 * FOLDER/entry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "host/log/proof.h"
#include "tests/unit/log/office.h"

enum { ENTRIES = 700, PROVEN = 333 };

static const char *folder;

static void put_file(const char *name, struct span bytes)
{
	char path[512];

	assert_int_equal(file_join(folder, name, path, sizeof(path)), HUFU_OK);
	assert_int_equal(file_write(path, bytes, 0644), HUFU_OK);
}

static void put_proof(struct office *o)
{
	uint8_t entry[LOG_ENTRY_MAX];
	char text[LOG_PROOF_TEXT_MAX];
	struct log_proof proof;
	struct writer e, w;

	writer_init(&e, entry, sizeof(entry));
	assert_int_equal(log_proof_make(o->log, PROVEN, &proof, &e), HUFU_OK);
	writer_init(&w, text, sizeof(text));
	log_proof_encode(&w, &proof);
	assert_int_equal(w.error, HUFU_OK);
	put_file("proof", writer_span(&w));
	put_file("entry", writer_span(&e));
}

static void publishes(void **state)
{
	static struct office office;

	(void)state;
	office_open(&office);
	office_close_log(&office);
	assert_int_equal(
	        file_join(folder, "log", office.tiles, sizeof(office.tiles)),
	        HUFU_OK);
	assert_int_equal(office_open_log(&office), HUFU_OK);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(office_append(&office, ENTRIES / 7), HUFU_OK);
		office_wait(&office);
	}
	put_proof(&office);
	put_file("vkey", span_of_text(office.hall.keys.vkey));
	office_close(&office);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(publishes),
	};

	if (argc != 2 || file_make_folder(argv[1], 0755))
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
