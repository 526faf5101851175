/* The project's own verdict vectors through libhufu, in all its ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hufu/hufu.h>

#include "verdict_run.h"

static struct hufu *loaded, *checking;

/* The one thing that an integrator does. */
static int verify(const struct verdict_case *c, struct hufu_result *ret)
{
	return hufu_check_qr(
	        checking, c->text.data, c->text.len, c->time_s, ret);
}

static int load(void **state)
{
	static uint8_t file[VERDICT_FILE_MAX];
	(void)state;
	size_t len = verdict_read_file("root.pem", file);
	assert_int_equal(hufu_new(&loaded), HUFU_OK);
	assert_int_equal(hufu_set_root(loaded, file, len), HUFU_OK);
	len = verdict_read_file("trust-list.cbor", file);
	assert_int_equal(hufu_load_trust(loaded, file, len), HUFU_OK);
	for (int n = 1; n <= VERDICT_LISTS; n++) {
		len = verdict_read_list(n, file);
		assert_int_equal(hufu_load_status(loaded, file, len), HUFU_OK);
	}
	return 0;
}

static int unload(void **state)
{
	(void)state;
	hufu_free(loaded);
	return 0;
}

static void gives_every_verdict(void **state)
{
	struct verdict_runner runner = {.name = "libhufu", .verify = verify};
	(void)state;
	checking = loaded;
	verdict_run(&runner);
}

static void gives_every_verdict_prepared(void **state)
{
	struct verdict_runner runner = {.name = "prepared", .verify = verify};
	(void)state;
	checking = loaded;
	assert_int_equal(hufu_prepare(loaded), HUFU_OK);
	verdict_run(&runner);
}

static void gives_every_verdict_from_a_clone(void **state)
{
	struct verdict_runner runner = {.name = "clone", .verify = verify};
	(void)state;
	assert_int_equal(hufu_clone(loaded, &checking), HUFU_OK);
	verdict_run(&runner);
	hufu_free(checking);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gives_every_verdict),
	        cmocka_unit_test(gives_every_verdict_prepared),
	        cmocka_unit_test(gives_every_verdict_from_a_clone),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
