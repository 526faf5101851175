#include "host/daemon/trust_watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Threads may still look at an older one: a ceremony is rare, memory is not. */
struct edition {
	struct trust_file *file;
	struct edition *older;
};

struct trust_watch {
	char *path;
	char *root_path;
	struct edition *newest;
	struct stat seen; /* of the file, believed or not */
};

static int add(struct trust_watch *w, struct trust_file *file)
{
	struct edition *e = calloc(1, sizeof *e);

	if (!e)
		return HUFU_ERR_MEMORY;
	*e = (struct edition){file, w->newest};
	w->newest = e;
	return HUFU_OK;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int trust_watch_open(const char *path, const char *root_path,
        struct trust_watch **ret, struct problem *p)
{
	struct trust_watch *w = calloc(1, sizeof *w);
	struct trust_file *file = NULL;
	struct cose_key root;

	if (!w || !(w->path = strdup(path)) ||
	        !(w->root_path = strdup(root_path))) {
		trust_watch_close(w);
		return problem_from_code(p, HUFU_ERR_MEMORY);
	}
	(void)stat(path, &w->seen); /* a missing file is told next */
	int r = trust_file_open_published(path, root_path, &file, &root, p);
	if (r == HUFU_OK && (r = add(w, file)) != HUFU_OK) {
		trust_file_close(file);
		r = problem_from_code(p, r);
	}
	if (r) {
		trust_watch_close(w);
		return r;
	}
	*ret = w;
	return HUFU_OK;
}

void trust_watch_close(struct trust_watch *w)
{
	if (!w)
		return;
	while (w->newest) {
		struct edition *e = w->newest;
		w->newest = e->older;
		trust_file_close(e->file);
		free(e);
	}
	free(w->path);
	free(w->root_path);
	free(w);
}

const struct trust_list *trust_watch_list(const struct trust_watch *w)
{
	return &w->newest->file->list;
}

static int take(struct trust_watch *w, int64_t now_s, struct problem *p)
{
	struct trust_file *file = NULL;
	struct cose_key root;

	int r = trust_file_open_published(
	        w->path, w->root_path, &file, &root, p);
	if (r == HUFU_OK)
		r = trust_file_check_next(w->newest->file, file, now_s, p);
	if (r == HUFU_OK && (r = add(w, file)) != HUFU_OK)
		r = problem_from_code(p, r);
	if (r)
		trust_file_close(file);
	return r;
}

bool trust_watch_look(
        struct trust_watch *w, int64_t now_s, struct problem *ret_problem)
{
	struct stat st;

	if (stat(w->path, &st) != 0 || is_same(&st, &w->seen))
		return false;
	w->seen = st;
	return take(w, now_s, ret_problem) == HUFU_OK;
}
