/*
 * The daemon dies, or the disk is full, at every single file operation of
 * the log: what was committed is there again, published and verified.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/log/office.h"
#include "tests/unit/log/wrapped.h"

enum { BEFORE = 255, BATCHES = 3 };

static struct office office;
static struct tree *tree;
static const char *point; /* at which the next child dies */

static int set_up(void **state)
{
	(void)state;
	office_open(&office);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	assert_int_equal(office_append(&office, BEFORE), HUFU_OK);
	office_wait(&office);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	office_close(&office);
	free(tree);
	return 0;
}

/* Nothing of the test's own: the child is to die, and not to report. */
static int append_batches(struct office *o)
{
	struct log_checkpoint c;
	int rc = 0;

	for (int i = 0; !rc && i < BATCHES; i++) {
		rc = office_append(o, 2);
		if (!rc)
			rc = log_wait(o->log, o->size - 1, &c, NULL);
	}
	return rc;
}

/* The same connection to the signer must not be used by two processes. */
static void run_child(enum wrapped_fault fault, unsigned nth)
{
	struct signer *signer = NULL;

	if (point && setenv("HUFU_FAULT", point, 1))
		_exit(99);
	if (signer_open(office.hall.socket, 5000, &signer, NULL))
		_exit(99);
	office.hall.signer = signer;
	office_open_store(&office);
	wrapped_arm(fault, nth);
	if (office_open_log(&office) || append_batches(&office))
		_exit(98);
	office_close_log(&office);
	office_close_store(&office);
	_exit(wrapped_count() < nth ? 0 : 97);
}

/* Answers whether the child got past the nth call without dying. */
static bool run_and_die(enum wrapped_fault fault, unsigned nth)
{
	int status = 0;
	pid_t pid;

	office_close_log(&office);
	office_close_store(&office);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_child(fault, nth);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	office_open_store(&office);
	assert_int_equal(office_open_log(&office), HUFU_OK);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return false;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

static void check_all(uint64_t least)
{
	struct log_checkpoint c;
	uint8_t root[32];

	office.size = office_read(&office, tree);
	assert_true(office.size >= least);
	assert_int_equal(office_append(&office, 1), HUFU_OK);
	office_wait(&office);
	office.size = office_read(&office, tree);
	assert_int_equal(log_last(office.log, &c), HUFU_OK);
	assert_int_equal(c.size, office.size);
	tree_root(tree, office.size, root);
	assert_memory_equal(c.root, root, sizeof(root));
	assert_int_equal(office_verify(&office, NULL), 0);
}

static void die_everywhere(enum wrapped_fault fault)
{
	unsigned nth = 1;
	bool past = false;

	for (; !past; nth++) {
		uint64_t before = office.size;

		past = run_and_die(fault, nth);
		check_all(before);
		if (office.size > 700) /* room for all that is to come */
			nth += 2;
	}
	assert_true(nth > 40);
}

static void killed_before_any_file_operation(void **state)
{
	(void)state;
	die_everywhere(WRAPPED_KILL);
}

static void killed_after_any_file_operation(void **state)
{
	(void)state;
	die_everywhere(WRAPPED_KILL_AFTER);
}

static void goes_on_when_the_disk_was_full(void **state)
{
	struct log_checkpoint c;
	unsigned nth;

	(void)state;
	for (nth = 1; nth < 60; nth++) {
		int rc;

		wrapped_arm(WRAPPED_FULL, nth);
		assert_int_equal(office_append(&office, 1), HUFU_OK);
		rc = log_wait(office.log, office.size - 1, &c, NULL);
		assert_true(rc == HUFU_OK || rc == HUFU_ERR_FULL);
		if (wrapped_count() < nth)
			break;
		wrapped_arm(WRAPPED_NONE, 0);
		office_wait(&office);
	}
	assert_true(nth > 8);
	wrapped_arm(WRAPPED_NONE, 0);
	check_all(BEFORE + nth);
}

/* The points between the steps, by the name the campaign gives them. */
static void killed_at_the_named_points(void **state)
{
	static const char *const points[] = {"log-tiles", "log-signed",
	        "log-stored", "log-published", "log-tiles:2", "log-signed:2",
	        "log-stored:2", "log-published:2"};

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		uint64_t before = office.size;

		point = points[i];
		assert_false(run_and_die(WRAPPED_NONE, 0));
		check_all(before);
	}
}

int main(void)
{
#define WITH_OFFICE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        WITH_OFFICE(killed_before_any_file_operation),
	        WITH_OFFICE(killed_after_any_file_operation),
	        WITH_OFFICE(goes_on_when_the_disk_was_full),
	        WITH_OFFICE(killed_at_the_named_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
