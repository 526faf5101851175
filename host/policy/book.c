#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host/base/cleanup.h"
#include "host/base/config.h"
#include "host/base/file.h"
#include "host/policy/policy.h"

enum { VERSIONS_MAX = 64 };

struct policy_book {
	size_t count;
	struct policy *version[VERSIONS_MAX]; /* by first day */
};

static void free_book(struct policy_book **book)
{
	policy_book_free(*book);
}

static int insert(
        struct policy_book *book, struct policy *p, struct problem *problem)
{
	size_t at = 0;

	for (size_t i = 0; i < book->count; i++)
		if (date_compare(book->version[i]->from, p->from) == 0 ||
		        strcmp(book->version[i]->version, p->version) == 0)
			return problem_set(problem, HUFU_ERR_CONFIG,
			        "policy-double",
			        "两份政策文件的版本或生效日期相同（%s）。",
			        "Two policy files have the same version or "
			        "first day (%s).",
			        p->version);
	if (book->count == VERSIONS_MAX)
		return problem_from_code(problem, HUFU_ERR_LIMIT);
	while (at < book->count &&
	        date_compare(book->version[at]->from, p->from) < 0)
		at++;
	memmove(&book->version[at + 1], &book->version[at],
	        (book->count - at) * sizeof *book->version);
	book->version[at] = p;
	book->count++;
	return 0;
}

static int add_file(
        struct policy_book *book, const char *path, struct problem *problem)
{
	_free_ struct policy *p = calloc(1, sizeof *p);
	_free_ uint8_t *text = NULL;
	size_t len;
	int r;

	if (!p)
		return problem_from_code(problem, HUFU_ERR_MEMORY);
	r = file_read(path, CONFIG_FILE_MAX, &text, &len);
	if (r < 0)
		return problem_set(problem, r, "policy-missing",
		        "读不了政策文件 %s，请检查路径和权限。",
		        "Cannot read the policy %s; check path and rights.",
		        path);
	r = policy_parse((const char *)text, path, p, problem);
	if (r == 0)
		r = insert(book, p, problem);
	if (r == 0)
		p = NULL;
	return r;
}

static bool is_ini(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".ini") == 0;
}

static void close_folder(DIR **folder)
{
	if (*folder)
		(void)closedir(*folder); /* it was only read */
}

static int add_folder(
        struct policy_book *book, const char *path, struct problem *problem)
{
	_cleanup_(close_folder) DIR *folder = opendir(path);
	const struct dirent *entry;
	char file[PATH_MAX];
	int r = 0;

	if (!folder)
		return problem_from_code(problem, file_error(errno));
	while (r == 0 && (entry = readdir(folder))) {
		if (!is_ini(entry->d_name))
			continue;
		r = file_join(path, entry->d_name, file, sizeof file);
		r = r < 0 ? problem_from_code(problem, r)
		          : add_file(book, file, problem);
	}
	return r;
}

int policy_book_open(
        const char *path, struct policy_book **ret, struct problem *ret_problem)
{
	_cleanup_(free_book) struct policy_book *book = calloc(1, sizeof *book);
	struct stat st;
	int r;

	if (!book)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		r = add_folder(book, path, ret_problem);
	else
		r = add_file(book, path, ret_problem);
	if (r == 0 && book->count == 0)
		r = problem_set(ret_problem, HUFU_ERR_CONFIG, "policy-missing",
		        "%s 里没有政策文件。", "There is no policy in %s.",
		        path);
	if (r < 0)
		return r;
	*ret = book;
	book = NULL;
	return 0;
}

void policy_book_free(struct policy_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->count; i++)
		free(book->version[i]);
	free(book);
}

const struct policy *policy_book_at(
        const struct policy_book *book, struct date day)
{
	for (size_t i = book->count; i > 0; i--)
		if (date_compare(book->version[i - 1]->from, day) <= 0)
			return book->version[i - 1];
	return NULL;
}

const struct policy *policy_book_version(
        const struct policy_book *book, const char *version)
{
	for (size_t i = 0; i < book->count; i++)
		if (strcmp(book->version[i]->version, version) == 0)
			return book->version[i];
	return NULL;
}

const struct policy *policy_book_get(const struct policy_book *book, size_t n)
{
	return n < book->count ? book->version[n] : NULL;
}
