#include "host/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host/base/cleanup.h"

int file_error(int error_number)
{
	switch (error_number) {
	case ENOENT:
	case ENOTDIR:
		return HUFU_ERR_NOT_FOUND;
	case EEXIST:
		return HUFU_ERR_CONFLICT;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return HUFU_ERR_FULL;
	case EROFS:
		return HUFU_ERR_READONLY;
	case EACCES:
	case EPERM:
		return HUFU_ERR_DENIED;
	case ENOMEM:
		return HUFU_ERR_MEMORY;
	case ENAMETOOLONG:
		return HUFU_ERR_SPACE;
	default:
		return HUFU_ERR_IO;
	}
}

static int read_all(int fd, uint8_t *buf, size_t cap, size_t *ret_len)
{
	size_t len = 0;

	while (len < cap) {
		ssize_t n = read(fd, buf + len, cap - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(errno);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return 0;
}

int file_read(const char *path, size_t max, uint8_t **ret, size_t *ret_len)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_free_ uint8_t *buf = NULL;
	struct stat st;
	size_t cap, len = 0;
	int r;

	if (fd < 0)
		return file_error(errno);
	if (fstat(fd, &st) != 0)
		return file_error(errno);
	if (S_ISDIR(st.st_mode))
		return HUFU_ERR_IO;
	if (st.st_size < 0 || (uint64_t)st.st_size > max)
		return HUFU_ERR_LIMIT;
	/* Pipes and /proc have no size. One byte more shows a growing file. */
	cap = (S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size
	                                             : max) +
	      1;
	buf = malloc(cap + 1);
	if (!buf)
		return HUFU_ERR_MEMORY;
	r = read_all(fd, buf, cap, &len);
	if (r < 0)
		return r;
	if (len > max || len == cap)
		return HUFU_ERR_LIMIT;
	buf[len] = '\0';
	*ret = buf;
	buf = NULL;
	*ret_len = len;
	return 0;
}

static int write_all(int fd, struct span content)
{
	size_t done = 0;

	while (done < content.len) {
		ssize_t n = write(fd, content.data + done, content.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(errno);
		done += (size_t)n;
	}
	return 0;
}

static int folder_of(const char *path, char ret[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (len >= PATH_MAX)
		return HUFU_ERR_SPACE;
	if (!slash) {
		memcpy(ret, ".", 2);
	} else if (len == 0) {
		memcpy(ret, "/", 2);
	} else {
		memcpy(ret, path, len);
		ret[len] = '\0';
	}
	return 0;
}

int file_sync_folder(const char *path)
{
	_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return file_error(errno);
	return 0;
}

static int write_temporary(const char *path, struct span content, mode_t mode)
{
	_close_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	        S_IRUSR | S_IWUSR);
	int r;

	if (fd < 0)
		return file_error(errno);
	r = write_all(fd, content);
	if (r < 0)
		return r;
	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return file_error(errno);
	return 0;
}

static int write_beside(
        const char *path, struct span content, mode_t mode, bool replace)
{
	char temporary[PATH_MAX], folder[PATH_MAX];
	int r = folder_of(path, folder);
	int len = snprintf(temporary, sizeof temporary, "%s.new-%ld", path,
	        (long)getpid());

	if (r < 0)
		return r;
	if (len < 0 || (size_t)len >= sizeof temporary)
		return HUFU_ERR_SPACE;
	(void)unlink(temporary); /* left by a dead process of the same pid */
	r = write_temporary(temporary, content, mode);
	if (r == 0 && replace && rename(temporary, path) != 0)
		r = file_error(errno);
	if (r == 0 && !replace && link(temporary, path) != 0)
		r = file_error(errno);
	if (r < 0 || !replace)
		(void)unlink(temporary); /* the answer is r all the same */
	return r < 0 ? r : file_sync_folder(folder);
}

int file_write(const char *path, struct span content, mode_t mode)
{
	return write_beside(path, content, mode, true);
}

int file_create(const char *path, struct span content, mode_t mode)
{
	return write_beside(path, content, mode, false);
}

int file_make_folder(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	struct stat st;

	if (len == 0 || len >= sizeof part)
		return HUFU_ERR_SPACE;
	memcpy(part, path, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		bool made = mkdir(part, mode) == 0;
		if (!made && errno != EEXIST)
			return file_error(errno);
		if (made && chmod(part, mode) != 0)
			return file_error(errno);
		part[i] = i == len ? '\0' : '/';
	}
	if (stat(path, &st) != 0)
		return file_error(errno);
	return S_ISDIR(st.st_mode) ? 0 : HUFU_ERR_CONFLICT;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

int file_join(const char *folder, const char *name, char *ret, size_t size)
{
	int len = snprintf(ret, size, "%s/%s", folder, name);

	return len < 0 || (size_t)len >= size ? HUFU_ERR_SPACE : 0;
}
