#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/base/cleanup.h"
#include "host/photo/ask.h"
#include "host/photo/sandbox.h"
#include "tests/double/people/defect.h"

static int ask(const struct photo_checker *checker, enum defect defect,
        struct photo_answer **ret, struct problem *p)
{
	static const struct portrait who = {false, 40, 3};
	size_t len;
	_free_ uint8_t *jpeg = defect_draw(&who, defect, &len);
	assert_non_null(jpeg);
	return photo_ask(checker, PHOTO_FACE, span_of(jpeg, len), ret, p);
}

static void asks_a_process_of_its_own(void **state)
{
	static const struct photo_checker checker = {.program = HUFU_PHOTO};
	struct photo_answer *answer = NULL;
	struct problem p;
	(void)state;
	assert_int_equal(ask(&checker, DEFECT_NONE, &answer, &p), HUFU_OK);
	assert_int_equal(answer->reply.fault, 0);
	assert_true(answer->reply.picture.len > 1000);
	free(answer);
	assert_int_equal(ask(&checker, DEFECT_TWO_FACES, &answer, &p), HUFU_OK);
	assert_int_equal(answer->reply.fault, PHOTO_FACES);
	free(answer);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
}

static void fails_plainly(const struct photo_checker *checker)
{
	struct photo_answer *answer = NULL;
	struct problem p;
	assert_int_equal(ask(checker, DEFECT_NONE, &answer, &p), HUFU_ERR_LINK);
	assert_null(answer);
	assert_string_equal(p.type, "photo-checker");
	assert_non_null(strstr(p.en, "try again"));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void says_so_when_the_checker_ends_early(void **state)
{
	(void)state;
	fails_plainly(&(struct photo_checker){.program = "/bin/false"});
}

static void ends_a_checker_that_keeps_silent(void **state)
{
	(void)state;
	fails_plainly(&(struct photo_checker){
	        .program = "/bin/cat", .limit_ms = 300});
}

static void says_so_when_there_is_no_checker(void **state)
{
	(void)state;
	fails_plainly(&(struct photo_checker){.program = "/nowhere/photo"});
	fails_plainly(&(struct photo_checker){.socket = "/nowhere/photo.sock"});
}

/* 0, or which of the doors stood open; -1: could not even begin. */
static int try_doors(void)
{
	int fd = open("/dev/null", O_RDONLY);
	if (fd < 0 || sandbox_enter() != HUFU_OK)
		return 100;
	if (fcntl(fd, F_GETFD) != -1)
		return 1;
	if (open("/etc/passwd", O_RDONLY) != -1 || errno != EPERM)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) != -1 || errno != EPERM)
		return 3;
	if (fork() != -1 || errno != EPERM)
		return 4;
	if (execl("/bin/true", "true", NULL) != -1 || errno != EPERM)
		return 5;
	if (malloc(2UL << 30) != NULL)
		return 6;
	void *page = malloc(1 << 20);
	if (!page)
		return 7;
	return 0;
}

static void closes_every_door(void **state)
{
	int status;
	pid_t pid = fork();
	(void)state;
	if (pid == 0)
		_exit(try_doors());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
#ifdef __SANITIZE_ADDRESS__ /* brings calls of its own: no filter */
	skip();
#endif
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void dies_of_code_made_at_run_time(void **state)
{
	int status;
	pid_t pid = fork();
	(void)state;
	if (pid == 0) {
		if (sandbox_enter() == HUFU_OK)
			(void)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
#ifdef __SANITIZE_ADDRESS__
	skip();
#endif
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(asks_a_process_of_its_own),
	        cmocka_unit_test(says_so_when_the_checker_ends_early),
	        cmocka_unit_test(ends_a_checker_that_keeps_silent),
	        cmocka_unit_test(says_so_when_there_is_no_checker),
	        cmocka_unit_test(closes_every_door),
	        cmocka_unit_test(dies_of_code_made_at_run_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
