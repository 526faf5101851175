#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/notify.h"

static char path[] = "/tmp/hufu-notify.XXXXXX";

static int listen_at(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	memcpy(at.sun_path, name, len);
	if (name[0] == '@')
		at.sun_path[0] = 0;
	assert_return_code(fd, 0);
	assert_int_equal(
	        bind(fd, (const struct sockaddr *)&at,
	                (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	                            len)),
	        0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static void expect_text(int fd, const char *text)
{
	char got[64] = "";
	ssize_t n = recv(fd, got, sizeof got - 1, 0);
	assert_int_equal(n, (ssize_t)strlen(text));
	assert_string_equal(got, text);
}

static void expect_silence(int fd)
{
	char got[64];
	assert_int_equal(recv(fd, got, sizeof got, 0), -1);
}

static void tells_the_manager(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(path));
	char name[sizeof path + 8];
	(void)snprintf(name, sizeof name, "%s/n", path);
	int fd = listen_at(name);
	notify_state("READY=1");
	expect_text(fd, "READY=1");
	close(fd);
	notify_state("READY=1"); /* nobody there: no harm */
	unlink(name);
	rmdir(path);
}

static void knows_abstract_names(void **state)
{
	(void)state;
	char name[64];
	(void)snprintf(name, sizeof name, "@hufu-notify-%ld", (long)getpid());
	int fd = listen_at(name);
	notify_state("STOPPING=1");
	expect_text(fd, "STOPPING=1");
	close(fd);
}

static void barks_once_a_second(void **state)
{
	(void)state;
	char name[64];
	(void)snprintf(name, sizeof name, "@hufu-alive-%ld", (long)getpid());
	int fd = listen_at(name);
	notify_alive();
	notify_alive();
	expect_text(fd, "WATCHDOG=1");
	expect_silence(fd);
	close(fd);
}

static void is_silent_without_one(void **state)
{
	(void)state;
	char name[64];
	(void)snprintf(name, sizeof name, "@hufu-none-%ld", (long)getpid());
	int fd = listen_at(name);
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	notify_state("READY=1");
	assert_int_equal(setenv("NOTIFY_SOCKET", "relative", 1), 0);
	notify_state("READY=1");
	expect_silence(fd);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_the_manager),
	        cmocka_unit_test(knows_abstract_names),
	        cmocka_unit_test(barks_once_a_second),
	        cmocka_unit_test(is_silent_without_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
