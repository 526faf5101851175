#include "crypto/openssl/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/openssl/random.h"

enum { PATH_LEN_MAX = 1024 };

static int error_from_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return HUFU_ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case ELOOP:
		return HUFU_ERR_DENIED;
	case EEXIST:
		return HUFU_ERR_CONFLICT;
	case ENOSPC:
	case EDQUOT:
		return HUFU_ERR_FULL;
	case EROFS:
		return HUFU_ERR_READONLY;
	case ENOMEM:
		return HUFU_ERR_MEMORY;
	default:
		return HUFU_ERR_IO;
	}
}

static int check_private(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return error_from_errno();
	if (!S_ISREG(st.st_mode) || (st.st_mode & 07777 & ~0600u))
		return HUFU_ERR_DENIED;
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return HUFU_ERR_DENIED;
	return st.st_size > SECRET_FILE_MAX ? HUFU_ERR_LIMIT : HUFU_OK;
}

static int read_all(int fd, struct writer *w)
{
	uint8_t chunk[1024];
	size_t total = 0;
	int r = HUFU_OK;
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r = error_from_errno();
		if (n <= 0)
			break;
		total += (size_t)n;
		if (total > SECRET_FILE_MAX) {
			r = HUFU_ERR_LIMIT;
			break;
		}
		writer_put(w, chunk, (size_t)n);
	}
	bytes_wipe(chunk, sizeof chunk);
	return r ? r : w->error;
}

int secret_file_read(const char *path, struct writer *ret)
{
	/* O_NONBLOCK: a fifo must not hang us before fstat() refuses it */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return error_from_errno();
	struct writer w = *ret;
	int r = check_private(fd);
	if (!r)
		r = read_all(fd, &w);
	(void)close(fd); /* read only: nothing can be lost */
	if (r)
		bytes_wipe(ret->data + ret->len, w.len - ret->len);
	else
		*ret = w;
	return r;
}

static int write_all(int fd, struct span s)
{
	size_t done = 0;
	while (done < s.len) {
		ssize_t n = write(fd, s.data + done, s.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_from_errno();
		done += (size_t)n;
	}
	return fsync(fd) == 0 ? HUFU_OK : error_from_errno();
}

/* The folder's own entry must be durable too. */
static int sync_folder(const char *path)
{
	char folder[PATH_LEN_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	if (!slash)
		(void)snprintf(folder, sizeof folder, ".");
	else
		(void)snprintf(folder, sizeof folder, "%.*s",
		        len ? (int)len : 1, path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_from_errno();
	int r = fsync(fd) == 0 ? HUFU_OK : error_from_errno();
	(void)close(fd); /* nothing was written through it */
	return r;
}

/* A new file beside `path`, complete and on disk. */
static int write_beside(
        const char *path, struct span contents, char ret[PATH_LEN_MAX])
{
	uint32_t mark;
	int r = random_fill(&mark, sizeof mark);
	if (r)
		return r;
	int n = snprintf(ret, PATH_LEN_MAX, "%s.%08x", path, (unsigned)mark);
	if (n < 0 || n >= PATH_LEN_MAX)
		return HUFU_ERR_ARGUMENT;
	int fd = open(ret, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_from_errno();
	r = fchmod(fd, 0600) == 0 ? HUFU_OK : error_from_errno();
	if (!r)
		r = write_all(fd, contents);
	if (close(fd) != 0 && !r)
		r = error_from_errno();
	if (r)
		(void)unlink(ret); /* the first error is the one to tell */
	return r;
}

int secret_file_create(const char *path, struct span contents)
{
	char beside[PATH_LEN_MAX];
	int r = write_beside(path, contents, beside);
	if (r)
		return r;
	/* link() and not rename(): it refuses to replace */
	if (link(beside, path) != 0)
		r = error_from_errno();
	(void)unlink(beside); /* a left-over is private and harmless */
	if (r)
		return r;
	r = sync_folder(path);
	if (r)
		(void)unlink(path); /* it might be gone after a crash */
	return r;
}

int secret_file_replace(const char *path, struct span contents)
{
	char beside[PATH_LEN_MAX];
	int r = write_beside(path, contents, beside);
	if (r)
		return r;
	if (rename(beside, path) != 0) {
		r = error_from_errno();
		(void)unlink(beside); /* a left-over is private */
		return r;
	}
	return sync_folder(path);
}
