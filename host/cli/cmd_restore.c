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
#include "host/cli/show.h"
#include "host/daemon/opening.h"
#include "host/issue/card_book.h"
#include "host/log/restore.h"
#include "host/signer/client.h"
#include "host/stock/stock.h"

static const char usage[] = "restore --config hufud.ini BACKUP";

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

static int note_later(
        struct store_tx *tx, const struct log_unresolved *later, void *arg)
{
	(void)arg;
	int r = stock_replay(tx, later->entry, later->entry->time_s);
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

static int replay(struct opening *open, struct log_restored *ret,
        size_t *ret_cards, struct problem *p)
{
	const struct settings *s = open->settings;
	struct signer *signer = NULL;
	int r = signer_open(s->signer_socket, s->signer_timeout_ms, &signer, p);
	if (r)
		return r;
	struct log_options options = {.store = open->store,
	        .signer = signer,
	        .folder = s->log_folder,
	        .origin = s->log_origin};
	r = log_restore(&options, note_later, NULL, ret, p);
	signer_close(signer);
	if (r == HUFU_OK)
		r = opening_issue(open, p);
	if (r == HUFU_OK)
		r = card_book_unresolve(open->issue, ret_cards, p);
	return r;
}

static int restore(const struct settings *s, const char *backup)
{
	struct opening open = {.settings = s};
	struct log_restored restored = {0};
	struct problem p = {0};
	size_t cards = 0;
	int r = check_stopped(s, &p);
	if (r == HUFU_OK)
		r = swap_database(s, backup, &p);
	if (r == HUFU_OK)
		r = opening_store(&open, false, &p);
	if (r == HUFU_OK)
		r = replay(&open, &restored, &cards, &p);
	opening_done(&open);
	if (r) {
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* told next */
		return cli_refuse(&p);
	}
	printf("备份中的日志条目 entries in the backup: %llu\n"
	       "从已公布日志补回 replayed from the published log: %llu\n"
	       "待查实的卡（已暂停） cards to be resolved (suspended): %llu\n",
	        (unsigned long long)restored.rows_before,
	        (unsigned long long)restored.replayed,
	        (unsigned long long)cards);
	if (cards)
		printf("请逐张查实：hufu card list --phase unresolved\n"
		       "Resolve each: hufu card list --phase unresolved\n");
	return CLI_DONE;
}

int cmd_restore(const struct cli *cli, int argc, char **argv)
{
	const char *config = NULL, *backup = NULL;
	const struct cli_option options[] = {
	        {"config", &config, NULL}, {NULL, NULL, NULL}};
	struct settings settings;
	struct config *c = NULL;
	struct problem p = {0};
	(void)cli; /* works on files */
	if (!cli_parse(argc + 1, argv - 1, options, &backup, 1) || !config ||
	        !backup)
		return cli_usage(usage);
	if (settings_read(config, &settings, &c, &p))
		return cli_refuse(&p);
	int r = restore(&settings, backup);
	config_free(c);
	return r;
}
