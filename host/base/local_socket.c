#include "host/base/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"

enum { BACKLOG = 64 };

static int address_of(const char *path, struct sockaddr_un *ret)
{
	size_t len = strlen(path);

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (len == 0 || len >= sizeof ret->sun_path)
		return HUFU_ERR_SPACE;
	memcpy(ret->sun_path, path, len + 1);
	return 0;
}

int local_connect(const char *path, int *ret_fd)
{
	struct sockaddr_un address;
	_close_ int fd = -1;
	int r = address_of(path, &address);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return file_error(errno);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return errno == EACCES ? HUFU_ERR_DENIED : HUFU_ERR_LINK;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

/* Only a socket that nobody answers on may be replaced. */
static int clear_stale(const char *path)
{
	_close_ int fd = -1;
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : file_error(errno);
	if (!S_ISSOCK(st.st_mode))
		return HUFU_ERR_CONFLICT;
	if (local_connect(path, &fd) == 0)
		return HUFU_ERR_BUSY;
	return unlink(path) == 0 ? 0 : file_error(errno);
}

/* Bound under a name of its own, so that the mode is right at the moment
 * when the well-known name appears. */
static int bind_with_mode(int fd, const char *path, mode_t mode)
{
	char name[sizeof((struct sockaddr_un *)0)->sun_path];
	struct sockaddr_un address;
	int len = snprintf(name, sizeof name, "%s.%ld", path, (long)getpid());
	int r;

	if (len < 0 || (size_t)len >= sizeof name)
		return HUFU_ERR_SPACE;
	r = address_of(name, &address);
	if (r < 0)
		return r;
	(void)unlink(name); /* of a dead process with this pid */
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return file_error(errno);
	if (chmod(name, mode) != 0 || listen(fd, BACKLOG) != 0 ||
	        rename(name, path) != 0) {
		r = file_error(errno);
		(void)unlink(name); /* the answer is r */
		return r;
	}
	return 0;
}

int local_listen(
        const char *path, mode_t mode, int *ret_fd, struct problem *ret_problem)
{
	_close_ int fd = -1;
	int r = clear_stale(path);

	if (r == HUFU_ERR_BUSY)
		return problem_set(ret_problem, r, "socket-in-use",
		        "套接字 %s 已有服务在用，请先停掉它。",
		        "A service already answers on %s; stop it first.",
		        path);
	if (r == 0) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		r = fd < 0 ? file_error(errno) : bind_with_mode(fd, path, mode);
	}
	if (r < 0)
		return problem_set(ret_problem, r, "socket",
		        "不能在 %s 上监听，请检查目录和权限。",
		        "Cannot listen on %s; check the folder and its "
		        "rights.",
		        path);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

int local_peer(int fd, struct local_peer *ret)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return file_error(errno);
	*ret = (struct local_peer){
	        .uid = cred.uid, .gid = cred.gid, .pid = cred.pid};
	return 0;
}

static int wait_for(int fd, short events, int64_t deadline_ms)
{
	for (;;) {
		int64_t left = deadline_ms - clock_steady_ms();
		struct pollfd p = {.fd = fd, .events = events};
		int n;

		if (left < 0)
			return HUFU_ERR_TIMEOUT;
		n = poll(&p, 1, (int)left);
		if (n > 0)
			return 0;
		if (n == 0)
			return HUFU_ERR_TIMEOUT;
		if (errno != EINTR)
			return HUFU_ERR_IO;
	}
}

static int send_all(int fd, struct span data, int64_t deadline_ms)
{
	size_t done = 0;

	while (done < data.len) {
		ssize_t n = send(fd, data.data + done, data.len - done,
		        MSG_NOSIGNAL | MSG_DONTWAIT);
		int r;

		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return HUFU_ERR_LINK;
		r = wait_for(fd, POLLOUT, deadline_ms);
		if (r < 0)
			return r;
	}
	return 0;
}

static int receive_all(int fd, uint8_t *buf, size_t len, int64_t deadline_ms)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = recv(fd, buf + done, len - done, MSG_DONTWAIT);
		int r;

		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		if (n == 0)
			return HUFU_ERR_LINK;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return HUFU_ERR_LINK;
		r = wait_for(fd, POLLIN, deadline_ms);
		if (r < 0)
			return r;
	}
	return 0;
}

int frame_send(int fd, struct span payload, int timeout_ms)
{
	int64_t deadline = clock_steady_ms() + timeout_ms;
	uint8_t head[4];
	struct writer w;
	int r;

	if (payload.len > UINT32_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(&w, head, sizeof head);
	writer_put_u32(&w, (uint32_t)payload.len);
	r = send_all(fd, writer_span(&w), deadline);
	return r < 0 ? r : send_all(fd, payload, deadline);
}

int frame_receive(
        int fd, uint8_t *buf, size_t cap, size_t *ret_len, int timeout_ms)
{
	int64_t deadline = clock_steady_ms() + timeout_ms;
	uint8_t head[4];
	struct reader in;
	uint32_t len;
	int r = receive_all(fd, head, sizeof head, deadline);

	if (r < 0)
		return r;
	reader_init(&in, span_of(head, sizeof head));
	len = reader_get_u32(&in);
	if (len > cap)
		return HUFU_ERR_LIMIT;
	r = receive_all(fd, buf, len, deadline);
	if (r < 0)
		return r;
	*ret_len = len;
	return 0;
}
