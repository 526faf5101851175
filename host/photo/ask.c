#include "host/photo/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "host/base/cleanup.h"
#include "host/base/local_socket.h"

struct checking {
	int fd;
	pid_t pid; /* 0: somebody else's process */
};

static int set_up(
        posix_spawn_file_actions_t *files, posix_spawnattr_t *attr, int fd)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	int r = posix_spawn_file_actions_adddup2(files, fd, 0);
	if (r == 0)
		r = posix_spawn_file_actions_addopen(
		        files, 1, "/dev/null", O_WRONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(files, 1, 2);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(files, 3);
	if (r == 0)
		r = posix_spawnattr_setsigmask(attr, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attr, &all);
	if (r == 0)
		r = posix_spawnattr_setflags(
		        attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return r ? HUFU_ERR_MEMORY : HUFU_OK;
}

static int start(const char *program, struct checking *ret)
{
	char *arguments[] = {strdup("hufu-photo"), NULL};
	char *environment[] = {strdup("OPENCV_OPENCL_RUNTIME=disabled"), NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int pair[2], r = HUFU_ERR_MEMORY;
	pid_t pid = 0;
	if (posix_spawn_file_actions_init(&files) == 0) {
		if (posix_spawnattr_init(&attr) == 0) {
			r = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
			            pair)
			            ? HUFU_ERR_IO
			            : set_up(&files, &attr, pair[1]);
			if (r == HUFU_OK &&
			        posix_spawn(&pid, program, &files, &attr,
			                arguments, environment) != 0)
				r = HUFU_ERR_NOT_FOUND;
			if (r != HUFU_ERR_IO)
				(void)close(pair[1]); /* the child's end */
			(void)posix_spawnattr_destroy(&attr);
		}
		(void)posix_spawn_file_actions_destroy(&files);
	}
	free(arguments[0]);
	free(environment[0]);
	if (r == HUFU_OK)
		*ret = (struct checking){pair[0], pid};
	else if (r != HUFU_ERR_IO && r != HUFU_ERR_MEMORY)
		(void)close(pair[0]);
	return r;
}

/* Sends and waits; the answer is read strictly. */
static int exchange(const struct checking *c, int limit_ms, struct span request,
        struct photo_answer *answer)
{
	size_t len = 0;
	int r = frame_send(c->fd, request, limit_ms);
	if (r == HUFU_OK)
		r = frame_receive(c->fd, answer->bytes, sizeof answer->bytes,
		        &len, limit_ms);
	return r ? r
	         : photo_reply_decode(
	                   span_of(answer->bytes, len), &answer->reply);
}

/* Ends the process however it stands; its exit status, or -1. */
static int finish(const struct checking *c, bool failed)
{
	int status = 0;
	(void)close(c->fd);
	if (c->pid == 0)
		return -1;
	if (failed) { /* a moment for one that cannot begin to say why */
		struct timespec moment = {0, 50 * 1000 * 1000};
		(void)nanosleep(&moment, NULL);
	}
	if (waitpid(c->pid, &status, WNOHANG) == 0) {
		(void)kill(c->pid, SIGKILL);
		while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int explain(struct problem *p, int status)
{
	if (status == PHOTO_EXIT_NO_CASCADES)
		return problem_set(p, HUFU_ERR_LINK, "photo-checker",
		        "照片检查程序缺少人脸数据，请系统管理员安装 "
		        "opencv-data。",
		        "The photo checker lacks its face data; the system "
		        "administrator must install opencv-data.");
	return problem_set(p, HUFU_ERR_LINK, "photo-checker",
	        "照片检查程序没有完成，请再试一次；仍不行请告知系统管理员。",
	        "The photo checker failed; try again, and if it fails again "
	        "tell the system administrator.");
}

static int ask(const struct photo_checker *checker, struct span request,
        struct photo_answer *answer, struct problem *p)
{
	int limit =
	        checker->limit_ms ? (int)checker->limit_ms : PHOTO_ASK_LIMIT_MS;
	struct checking c = {-1, 0};
	int r = checker->socket ? local_connect(checker->socket, &c.fd)
	                        : start(checker->program, &c);
	if (r)
		return explain(p, -1);
	r = exchange(&c, limit, request, answer);
	int status = finish(&c, r != HUFU_OK);
	return r ? explain(p, status) : HUFU_OK;
}

int photo_ask(const struct photo_checker *checker, enum photo_how how,
        struct span jpeg, struct photo_answer **ret,
        struct problem *ret_problem)
{
	if (jpeg.len >= PHOTO_REQUEST_MAX)
		return problem_set(ret_problem, HUFU_ERR_LIMIT,
		        "photo-too-large",
		        "照片文件大于 50 KB。请用较低质量重新保存。",
		        "The photo file is over 50 KB. Save it again at a "
		        "lower quality.");
	_free_ uint8_t *request = malloc(jpeg.len + 1);
	struct photo_answer *answer = calloc(1, sizeof *answer);
	if (!request || !answer) {
		free(answer);
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	}
	struct writer w;
	writer_init(&w, request, jpeg.len + 1);
	writer_put_u8(&w, (uint8_t)how);
	writer_put(&w, jpeg.data, jpeg.len);
	int r = ask(checker, writer_span(&w), answer, ret_problem);
	bytes_wipe(request, jpeg.len + 1);
	if (r)
		free(answer);
	else
		*ret = answer;
	return r;
}
