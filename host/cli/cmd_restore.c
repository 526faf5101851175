/*
 * Putting a backup back. The daemon must be stopped: the published log and
 * the signer know more than the backup does, and that is replayed first.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/file.h"
#include "host/base/local_socket.h"
#include "host/cli/restore_list.h"
#include "host/cli/show.h"
#include "host/daemon/opening.h"
#include "host/issue/card_book.h"
#include "host/issue/card_published.h"
#include "host/issue/status_row.h"
#include "host/log/restore.h"
#include "host/signer/client.h"
#include "host/stock/stock.h"

static const char usage[] =
        "restore --config hufud.ini [--without-list] BACKUP";

enum { RESTORE_DATABASE_MAX = INT32_MAX };

static int check_stopped(const struct settings *s, struct problem *p)
{
	int fd = -1;
	if (local_connect(s->operator_socket, &fd) != HUFU_OK)
		return HUFU_OK;
	close(fd);
	return problem_set(p, HUFU_ERR_BUSY, "daemon-runs",
	        "hufud 还在运行，请先停止它再恢复备份。",
	        "hufud is running; stop it before putting a backup back.");
}

static const char *database_path(const struct settings *s)
{
	static const char scheme[] = "sqlite://";
	bool url = strncmp(s->store_url, scheme, sizeof scheme - 1) == 0;
	return s->store_url + (url ? sizeof scheme - 1 : 0);
}

/* Files of another owner would keep hufud from its own database. */
static int check_owner(const struct settings *s, struct problem *p)
{
	struct stat st;
	if (stat(database_path(s), &st) != 0 || st.st_uid == geteuid())
		return HUFU_OK;
	return problem_set(p, HUFU_ERR_DENIED, "not-owner",
	        "请以数据库所属的账户（uid %u）运行恢复。",
	        "Run the restore as the user that owns the database (uid %u).",
	        st.st_uid);
}

/* The database in place is kept beside the restored one. */
static int swap_database(
        const struct settings *s, const char *backup, struct problem *p)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	const char *path = database_path(s);
	uint8_t *bytes = NULL;
	size_t len = 0;
	int r = file_read(backup, RESTORE_DATABASE_MAX, &bytes, &len);
	if (r == HUFU_OK && (len < 16 || memcmp(bytes, "SQLite format 3", 16)))
		r = HUFU_ERR_MALFORMED;
	if (r) {
		free(bytes);
		return problem_set(p, r, "backup",
		        "备份文件 %s 无法读取，或不是数据库备份。",
		        "The backup %s cannot be read, or is no database.",
		        backup);
	}
	for (size_t i = 0; r == HUFU_OK && i < 3; i++) {
		char from[4096], to[4096];
		(void)snprintf(from, sizeof from, "%s%s", path, tails[i]);
		(void)snprintf(
		        to, sizeof to, "%s.before-restore%s", path, tails[i]);
		if (file_exists(from) && rename(from, to) != 0)
			r = HUFU_ERR_IO;
	}
	if (r == HUFU_OK)
		r = file_write(path, span_of(bytes, len), 0600);
	free(bytes);
	return r ? problem_set(p, r, "database",
	                   "无法替换数据库 %s，原库仍在。",
	                   "Cannot replace the database %s; the old one is "
	                   "still there.",
	                   path)
	         : HUFU_OK;
}

struct noting {
	int64_t list_s; /* when the published list was made; 0: none */
	bool begun;
	uint64_t untold; /* entries that end or stop a card, after that */
};

/* The list may lack what happened in the very second that it was made. */
static bool is_untold(const struct noting *n, const struct log_entry *e)
{
	switch (e->type) {
	case LOG_TEMPORARY_LOSS:
	case LOG_FORMAL_LOSS:
	case LOG_SUSPENDED:
	case LOG_RENEWED:
	case LOG_REPLACED:
	case LOG_WITHDRAWN:
	case LOG_CANCELLED:
		return e->time_s >= n->list_s;
	default:
		return false;
	}
}

/* No later list may have a number that was published already. */
static int take_sequence(struct store_tx *tx, const struct log_entry *e)
{
	if (e->type != LOG_STATUS_LIST)
		return HUFU_OK;
	int r = status_row_begin(
	        tx, (uint32_t)(e->number >> 32), (uint32_t)e->number);
	return r == HUFU_ERR_STALE ? HUFU_OK : r;
}

static int note_later(
        struct store_tx *tx, const struct log_unresolved *later, void *arg)
{
	struct noting *n = arg;
	int r = HUFU_OK;
	if (!n->begun)
		r = card_published_note_unfinished(tx, later->entry->time_s);
	n->begun = true;
	n->untold += is_untold(n, later->entry);
	if (r == HUFU_OK)
		r = take_sequence(tx, later->entry);
	if (r == HUFU_OK)
		r = stock_replay(tx, later->entry, later->entry->time_s);
	if (r == HUFU_ERR_CONFLICT)
		r = HUFU_OK; /* the backup books it elsewhere: to be counted */
	if (r || !later->signed_card)
		return r;
	struct card_noted noted = {.status_list = later->list,
	        .status_index = later->status_index,
	        .log_index = later->index,
	        .at_s = later->entry->time_s,
	        .kind = later->entry->kind};
	(void)snprintf(noted.area, sizeof noted.area, "%s", later->entry->area);
	return card_book_note(tx, &noted);
}

struct restoring {
	struct opening open;
	struct restore_list list;
	struct noting noting;
	struct log_restored log;
	struct card_unresolved unresolved;
};

static int replay(struct restoring *o, struct problem *p)
{
	struct opening *open = &o->open;
	const struct settings *s = open->settings;
	struct signer *signer = NULL;
	int r = signer_open(s->signer_socket, s->signer_timeout_ms, &signer, p);
	if (r)
		return r;
	struct log_options options = {.store = open->store,
	        .signer = signer,
	        .folder = s->log_folder,
	        .origin = s->log_origin};
	o->noting.list_s = o->list.issued_s;
	r = log_restore(&options, note_later, &o->noting, &o->log, p);
	signer_close(signer);
	if (r == HUFU_OK)
		r = opening_issue(open, p);
	if (r == HUFU_OK)
		r = card_book_unresolve(open->issue, &o->unresolved, p);
	return r;
}

static int put_back(struct restoring *o, const char *backup, struct problem *p)
{
	int r = swap_database(o->open.settings, backup, p);
	if (r == HUFU_OK)
		r = opening_store(&o->open, false, p);
	if (r == HUFU_OK && o->list.map)
		r = restore_list_apply(&o->list, o->open.store, p);
	return r ? r : replay(o, p);
}

static void tell(const struct restoring *o)
{
	printf("备份中的日志条目 entries in the backup: %llu\n"
	       "从已公布日志补回 replayed from the published log: %llu\n"
	       "待查实的卡（已暂停） cards to be resolved (suspended): %zu\n"
	       "按公布名单作废的卡 cards cancelled as published: %zu\n"
	       "记为废卡的白卡 blanks booked as spoiled: %zu\n",
	        (unsigned long long)o->log.rows_before,
	        (unsigned long long)o->log.replayed, o->unresolved.suspended,
	        o->unresolved.cancelled, o->unresolved.blanks);
	if (o->unresolved.suspended)
		printf("请逐张查实：hufu card list --phase unresolved\n"
		       "Resolve each: hufu card list --phase unresolved\n");
	if (o->noting.untold)
		printf("注意：日志中最后的挂失、暂停或作废，至多 %llu 条可能"
		       "未进入公布的名单，请按纸质单据核对补办。\n"
		       "Note: up to %llu of the last losses, suspensions or "
		       "ends in the log may be missing from the published "
		       "list: check them against the papers.\n",
		        (unsigned long long)o->noting.untold,
		        (unsigned long long)o->noting.untold);
}

static int restore(
        const struct settings *s, const char *backup, bool without_list)
{
	struct restoring o = {.open = {.settings = s}};
	struct problem p = {0};
	int r = check_stopped(s, &p);
	if (r == HUFU_OK)
		r = check_owner(s, &p);
	if (r == HUFU_OK && !without_list)
		r = restore_list_read(&o.list, s, &p);
	if (r == HUFU_OK)
		r = put_back(&o, backup, &p);
	opening_done(&o.open);
	restore_list_done(&o.list);
	if (r) {
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* told next */
		return cli_refuse(&p);
	}
	tell(&o);
	return CLI_DONE;
}

int cmd_restore(const struct cli *cli, int argc, char **argv)
{
	const char *config = NULL, *backup = NULL;
	bool without_list = false;
	const struct cli_option options[] = {{"config", &config, NULL},
	        {"without-list", NULL, &without_list}, {NULL, NULL, NULL}};
	struct settings settings;
	struct config *c = NULL;
	struct problem p = {0};
	(void)cli; /* works on files */
	if (!cli_parse(argc + 1, argv - 1, options, &backup, 1) || !config ||
	        !backup)
		return cli_usage(usage);
	if (settings_read(config, &settings, &c, &p))
		return cli_refuse(&p);
	int r = restore(&settings, backup, without_list);
	config_free(c);
	return r;
}
