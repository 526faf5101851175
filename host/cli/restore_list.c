#include "host/cli/restore_list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/core/status_list.h"
#include "crypto/openssl/sigs.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/daemon/trust_file.h"
#include "host/issue/card_published.h"
#include "host/issue/status_row.h"

enum { LIST_FILE_MAX = STATUS_LIST_MAP_MAX + 4096 };

static int expand(struct restore_list *ret, struct status_list *list)
{
	ret->map = malloc(STATUS_LIST_MAP_MAX);
	if (!ret->map)
		return HUFU_ERR_MEMORY;
	int r = status_list_expand(list, ret->map, STATUS_LIST_MAP_MAX);

	ret->map_len = list->map.len;
	ret->number = list->number;
	ret->sequence = list->sequence;
	ret->issued_s = list->issued_s;
	return r;
}

static int open_file(struct restore_list *ret, const char *path,
        const struct trust_list *trust)
{
	_free_ uint8_t *file = NULL;
	_free_ uint8_t *tbs = NULL;
	struct status_list list;
	struct writer space;
	size_t len = 0;
	int r = file_read(path, LIST_FILE_MAX, &file, &len);

	if (r)
		return r;
	tbs = malloc(len + COSE_TBS_OVERHEAD);
	if (!tbs)
		return HUFU_ERR_MEMORY;
	writer_init(&space, tbs, len + COSE_TBS_OVERHEAD);
	r = status_list_open(
	        span_of(file, len), trust, sigs_openssl(), &space, &list);
	return r ? r : expand(ret, &list);
}

int restore_list_read(struct restore_list *ret, const struct settings *s,
        struct problem *ret_problem)
{
	struct trust_file *trust = NULL;
	struct cose_key root;
	char path[PATH_MAX];
	int r = trust_file_open_published(
	        s->trust_list, s->trust_root, &trust, &root, ret_problem);

	if (r == HUFU_OK) {
		(void)snprintf(path, sizeof path, "%s/%u/list.cwt",
		        s->status_folder, s->status_list);
		r = open_file(ret, path, &trust->list);
		if (r == HUFU_OK && ret->number != s->status_list)
			r = HUFU_ERR_CONFLICT;
		if (r)
			r = problem_set(ret_problem, r, "published-list",
			        "最后公布的状态列表 %s 缺失或无法验证。备份之后"
			        "挂失或收回的卡只有它知道：请从网站或商户处取回"
			        "放好再试；确实没有时用 --without-list。",
			        "The status list published last, %s, is "
			        "missing "
			        "or does not verify. It alone knows which "
			        "cards "
			        "were lost or withdrawn since the backup: "
			        "fetch "
			        "it back from the web site or a merchant and "
			        "try "
			        "again; if there is none, use --without-list.",
			        path);
	}
	trust_file_close(trust);
	return r;
}

void restore_list_done(struct restore_list *list)
{
	free(list->map);
	*list = (struct restore_list){0};
}

struct looking {
	uint32_t list;
	struct status_head head;
};

static int look(struct store_tx *tx, void *arg)
{
	struct looking *l = arg;

	return status_row_read_head(tx, l->list, &l->head);
}

int restore_list_apply(const struct restore_list *list, struct store *store,
        struct problem *ret_problem)
{
	const struct card_published published = {
	        .list = list->number,
	        .map = span_of(list->map, list->map_len),
	        .at_s = list->issued_s,
	};
	struct looking l = {.list = list->number};
	int r = store_read(store, look, &l);

	if (r == HUFU_OK && l.head.at_s > list->issued_s)
		return problem_set(ret_problem, HUFU_ERR_STALE, "list-older",
		        "公布的状态列表比备份还旧：请放回最新的一份，再恢复一次"
		        "。",
		        "The published status list is older than the backup: "
		        "put the newest one back and restore again.");
	if (r == HUFU_OK)
		r = card_published_note(store, &published);
	return r ? problem_from_code(ret_problem, r) : HUFU_OK;
}
