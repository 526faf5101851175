#define _GNU_SOURCE
#include "merchant/cli/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/core/decimal.h"

#define GENERATION "lists-"

static int error_of_errno(void)
{
	return errno == ENOENT                      ? HUFU_ERR_NOT_FOUND
	       : errno == EACCES || errno == EPERM  ? HUFU_ERR_DENIED
	       : errno == ENOSPC || errno == EDQUOT ? HUFU_ERR_FULL
	       : errno == EROFS                     ? HUFU_ERR_READONLY
	                                            : HUFU_ERR_IO;
}

/* HUFU_ERR_LIMIT when it does not fit. */
static int join(char *ret, size_t cap, const char *a, const char *b)
{
	int n = snprintf(ret, cap, "%s/%s", a, b);
	return n < 0 || (size_t)n >= cap ? HUFU_ERR_LIMIT : HUFU_OK;
}

static int find_store(const char *store, char *ret, size_t cap)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	if (store)
		return snprintf(ret, cap, "%s", store) >= (int)cap
		               ? HUFU_ERR_LIMIT
		               : HUFU_OK;
	if (data && data[0] == '/')
		return join(ret, cap, data, "hufu");
	if (!home || home[0] != '/')
		return HUFU_ERR_NOT_FOUND;
	return join(ret, cap, home, ".local/share/hufu");
}

/* The number of "lists-N"; 0: another name. */
static uint64_t generation_of(const char *name)
{
	uint64_t n;
	size_t prefix = sizeof GENERATION - 1;
	if (strncmp(name, GENERATION, prefix) != 0 ||
	        decimal_decode(span_of_text(name + prefix), INT64_MAX, &n))
		return 0;
	return n;
}

/* *ret is 0 if nothing is in force. */
static int read_current(const char *store, uint64_t *ret)
{
	char link[STORE_PATH_MAX];
	char target[64];
	int r = join(link, sizeof link, store, "current");
	if (r)
		return r;
	ssize_t n = readlink(link, target, sizeof target - 1);
	if (n < 0) {
		*ret = 0;
		return errno == ENOENT ? HUFU_OK : error_of_errno();
	}
	target[n] = '\0';
	*ret = generation_of(target);
	return *ret ? HUFU_OK : HUFU_ERR_CORRUPT;
}

static int put_path(const char *store, uint64_t n, char ret[STORE_PATH_MAX])
{
	int len = snprintf(
	        ret, STORE_PATH_MAX, "%s/" GENERATION "%" PRIu64, store, n);
	return len < 0 || len >= STORE_PATH_MAX ? HUFU_ERR_LIMIT : HUFU_OK;
}

int store_current(const char *store, char ret[STORE_PATH_MAX])
{
	char path[STORE_PATH_MAX - 64];
	uint64_t n;
	int r = find_store(store, path, sizeof path);
	if (!r)
		r = read_current(path, &n);
	if (r)
		return r;
	return n ? put_path(path, n, ret) : HUFU_ERR_NOT_FOUND;
}

static int make_folders(const char *path, bool last_too)
{
	char part[PATH_MAX];
	if (snprintf(part, sizeof part, "%s%s", path, last_too ? "/" : "") >=
	        (int)sizeof part)
		return HUFU_ERR_LIMIT;
	for (char *p = strchr(part + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return error_of_errno();
		*p = '/';
	}
	return HUFU_OK;
}

static int remove_one(
        const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int remove_tree(const char *path)
{
	enum { OPEN_MAX_DIRS = 8 };
	if (nftw(path, remove_one, OPEN_MAX_DIRS, FTW_DEPTH | FTW_PHYS) != 0 &&
	        errno != ENOENT)
		return error_of_errno();
	return HUFU_OK;
}

/* All generations but these two; what cannot be removed stays. */
static void remove_others(const char *store, uint64_t keep, uint64_t keep_too)
{
	char path[STORE_PATH_MAX];
	DIR *dir = opendir(store);
	if (!dir)
		return;
	for (struct dirent *e; (e = readdir(dir));) {
		uint64_t n = generation_of(e->d_name);
		if (n && n != keep && n != keep_too &&
		        !put_path(store, n, path))
			(void)remove_tree(path);
	}
	(void)closedir(dir);
}

static int take_lock(struct store *s)
{
	char path[STORE_PATH_MAX];
	int r = join(path, sizeof path, s->path, "lock");
	if (r)
		return r;
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (s->lock < 0)
		return error_of_errno();
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? HUFU_ERR_BUSY : HUFU_ERR_IO;
	return HUFU_OK;
}

static int begin(struct store *s)
{
	uint64_t n = 0;
	int r = make_folders(s->path, true);
	if (!r)
		r = take_lock(s);
	if (!r)
		r = read_current(s->path, &n);
	if (!r)
		remove_others(s->path, n, n);
	if (!r && n)
		r = put_path(s->path, n, s->old);
	if (!r)
		r = put_path(s->path, n + 1, s->fresh);
	return r ? r : make_folders(s->fresh, true);
}

int store_begin(const char *store, struct store *ret)
{
	struct store s = {.lock = -1};
	int r = find_store(store, s.path, sizeof s.path);
	if (!r)
		r = begin(&s);
	if (r) {
		if (s.lock >= 0)
			(void)close(s.lock);
		return r;
	}
	*ret = s;
	return HUFU_OK;
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_of_errno();
	int r = fsync(fd) == 0 ? HUFU_OK : error_of_errno();
	(void)close(fd); /* nothing was written through it */
	return r;
}

int store_write(const struct store *s, const char *name, struct span content)
{
	char path[PATH_MAX];
	int r = join(path, sizeof path, s->fresh, name);
	if (!r)
		r = make_folders(path, false);
	if (r)
		return r;
	FILE *f = fopen(path, "wb");
	if (!f)
		return error_of_errno();
	bool ok = fwrite(content.data, 1, content.len, f) == content.len &&
	          fflush(f) == 0 && fsync(fileno(f)) == 0;
	if (!ok)
		r = error_of_errno();
	if (fclose(f) != 0 && !r)
		r = error_of_errno();
	return r;
}

int store_remove(const struct store *s, const char *name)
{
	char path[PATH_MAX];
	int r = join(path, sizeof path, s->fresh, name);
	return r ? r : remove_tree(path);
}

int store_switch(struct store *s)
{
	char link[STORE_PATH_MAX];
	char aside[STORE_PATH_MAX];
	const char *target = strrchr(s->fresh, '/') + 1;
	int r = join(link, sizeof link, s->path, "current");
	if (!r)
		r = join(aside, sizeof aside, s->path, "current.new");
	if (!r)
		r = sync_folder(s->fresh);
	if (r)
		return r;
	if (unlink(aside) != 0 && errno != ENOENT)
		return error_of_errno();
	if (symlink(target, aside) != 0 || rename(aside, link) != 0)
		return error_of_errno();
	uint64_t n = generation_of(target);
	s->fresh[0] = '\0';
	r = sync_folder(s->path);
	remove_others(s->path, n, n - 1);
	return r;
}

void store_done(struct store *s)
{
	if (s->lock < 0)
		return;
	if (s->fresh[0])
		(void)remove_tree(s->fresh); /* else by the next update */
	(void)close(s->lock);
	s->lock = -1;
}
