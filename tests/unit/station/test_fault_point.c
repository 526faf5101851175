#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/fault_point.h"

/* Passes a, b, b, c; answers the signal that ended it, or 0. */
static int pass(const char *fault, const char *trace)
{
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (fault)
			setenv("HUFU_FAULT", fault, 1);
		if (trace)
			setenv("HUFU_FAULT_TRACE", trace, 1);
		fault_point("a");
		fault_point("b");
		fault_point("b");
		fault_point("c");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void kills_at_the_point_asked_for_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(pass(NULL, NULL), 0);
	assert_int_equal(pass("", NULL), 0);
	assert_int_equal(pass("d", NULL), 0);
	assert_int_equal(pass("aa", NULL), 0);
	assert_int_equal(pass("b:3", NULL), 0);
	assert_int_equal(pass("b:", NULL), 0);
	assert_int_equal(pass("b:2x", NULL), 0);
	assert_int_equal(pass("a", NULL), SIGKILL);
	assert_int_equal(pass("b:2", NULL), SIGKILL);
	assert_int_equal(pass("d,b:9,c", NULL), SIGKILL);
}

static void traces_what_was_passed_before_the_end(void **state)
{
	char path[] = "/tmp/hufu-trace-XXXXXX", text[64] = {0};
	int fd = mkstemp(path);
	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(pass("b:2", path), SIGKILL);
	assert_int_equal(read(fd, text, sizeof text - 1), 6);
	assert_string_equal(text, "a\nb\nb\n");
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(kills_at_the_point_asked_for_and_no_other),
	        cmocka_unit_test(traces_what_was_passed_before_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
