#include "host/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/durations.h"
#include "host/base/file.h"
#include "host/store/connection.h"
#include "host/store/migrate.h"

enum {
	GROUP_MAX = 256, /* units of work in one commit */
	READERS_MAX = 16,
};

/* Stands on the stack of the thread that waits for it. */
struct unit {
	struct unit *next;
	store_work work;
	void *arg;
	int result;
	bool done;
	pthread_cond_t finished;
};

struct store {
	char *path;
	unsigned busy_timeout_ms;
	const struct sealer *sealer;

	struct store_tx *writer; /* the writer thread's alone */
	pthread_t thread;
	bool thread_runs;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t arrived;
	struct unit *first, **last;
	bool closing;

	pthread_cond_t reader_free;
	struct store_tx *readers[READERS_MAX]; /* idle ones */
	size_t idle_readers, open_readers;
	struct durations write_durations;
};

static _Thread_local bool inside_work;

static int run_unit(struct store_tx *tx, struct unit *u)
{
	int r = connection_exec(tx, "SAVEPOINT unit");

	if (r == 0) {
		inside_work = true;
		r = u->work(tx, u->arg);
		inside_work = false;
		connection_tidy(tx);
		if (sqlite3_get_autocommit(tx->db))
			return r < 0 ? r : HUFU_ERR_IO; /* group is gone */
		if (r != 0 && connection_exec(tx, "ROLLBACK TO unit") != 0)
			return r < 0 ? r : HUFU_ERR_IO;
		if (connection_exec(tx, "RELEASE unit") != 0 && r == 0)
			r = HUFU_ERR_IO;
	}
	return r;
}

/*
 * A full disk or a failed write makes SQLite roll back the whole group:
 * then no unit of it may be told that it is done.
 */
static void run_group(struct store_tx *tx, struct unit *group)
{
	int r = connection_exec(tx, "BEGIN IMMEDIATE");

	for (struct unit *u = group; u && r == 0; u = u->next) {
		u->result = run_unit(tx, u);
		if (sqlite3_get_autocommit(tx->db))
			r = u->result;
	}
	if (r == 0)
		r = connection_exec(tx, "COMMIT");
	if (r == 0)
		return;
	connection_rollback(tx);
	for (struct unit *u = group; u; u = u->next)
		if (u->result == 0)
			u->result = r;
}

static struct unit *take_group(struct store *s)
{
	struct unit *group = s->first, *u = group;

	for (int n = 1; u && u->next && n < GROUP_MAX; n++)
		u = u->next;
	if (!u)
		return NULL;
	s->first = u->next;
	if (!s->first)
		s->last = &s->first;
	u->next = NULL;
	return group;
}

static void *write_loop(void *arg)
{
	struct store *s = arg;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		struct unit *group = take_group(s);

		if (!group && s->closing)
			break;
		if (!group) {
			pthread_cond_wait(&s->arrived, &s->lock);
			continue;
		}
		pthread_mutex_unlock(&s->lock);
		run_group(s->writer, group);
		pthread_mutex_lock(&s->lock);
		while (group) {
			struct unit *next = group->next;
			group->done = true;
			pthread_cond_signal(&group->finished);
			group = next; /* the unit may be gone after unlock */
		}
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

int store_write(struct store *s, store_work work, void *arg)
{
	struct unit u = {.work = work, .arg = arg};
	int64_t since = clock_steady_us();

	if (inside_work)
		return HUFU_ERR_STATE;
	if (pthread_cond_init(&u.finished, NULL) != 0)
		return HUFU_ERR_MEMORY;
	pthread_mutex_lock(&s->lock);
	*s->last = &u;
	s->last = &u.next;
	pthread_cond_signal(&s->arrived);
	while (!u.done)
		pthread_cond_wait(&u.finished, &s->lock);
	pthread_mutex_unlock(&s->lock);
	(void)pthread_cond_destroy(&u.finished); /* nobody waits on it */
	durations_add(&s->write_durations, clock_steady_us() - since);
	return u.result;
}

struct durations *store_write_durations(struct store *s)
{
	return &s->write_durations;
}

static int take_reader(struct store *s, struct store_tx **ret)
{
	struct store_tx *tx = NULL;
	bool open = false;
	int r = 0;

	pthread_mutex_lock(&s->lock);
	while (s->idle_readers == 0 && s->open_readers == READERS_MAX)
		pthread_cond_wait(&s->reader_free, &s->lock);
	if (s->idle_readers > 0) {
		tx = s->readers[--s->idle_readers];
	} else {
		s->open_readers++;
		open = true;
	}
	pthread_mutex_unlock(&s->lock);
	if (open)
		r = connection_open(
		        s->path, CONNECTION_READER, s->busy_timeout_ms, &tx);
	if (r < 0) {
		pthread_mutex_lock(&s->lock);
		s->open_readers--;
		pthread_cond_signal(&s->reader_free);
		pthread_mutex_unlock(&s->lock);
		return r;
	}
	tx->sealer = s->sealer;
	*ret = tx;
	return 0;
}

static void give_reader(struct store *s, struct store_tx *tx)
{
	pthread_mutex_lock(&s->lock);
	s->readers[s->idle_readers++] = tx;
	pthread_cond_signal(&s->reader_free);
	pthread_mutex_unlock(&s->lock);
}

int store_read(struct store *s, store_work work, void *arg)
{
	struct store_tx *tx = NULL;
	int r;

	if (inside_work)
		return HUFU_ERR_STATE;
	r = take_reader(s, &tx);
	if (r < 0)
		return r;
	r = connection_exec(tx, "BEGIN");
	if (r == 0) {
		inside_work = true;
		r = work(tx, arg);
		inside_work = false;
		connection_tidy(tx);
	}
	connection_rollback(tx);
	give_reader(s, tx);
	return r;
}

static int path_of(const char *url, const char **ret)
{
	static const char scheme[] = "sqlite://";

	if (strncmp(url, scheme, sizeof scheme - 1) == 0)
		url += sizeof scheme - 1;
	else if (strstr(url, "://"))
		return HUFU_ERR_UNSUPPORTED;
	if (*url == '\0')
		return HUFU_ERR_CONFIG;
	*ret = url;
	return 0;
}

/* Made here and not by SQLite, so that nobody else may ever read it. */
static int make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return file_error(errno);
	(void)close(fd); /* nothing was written */
	return 0;
}

/* Of a disk mounted read-only SQLite says no more than that it cannot open.
 * No file is opened here, since closing it would drop SQLite's locks. */
static int check_writable(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
	               ? 0
	               : file_error(errno);
}

static int open_writer(const struct store_options *o, struct store *s,
        struct problem *ret_problem)
{
	int r = o->create ? make_file(s->path) : 0;

	if (r == 0 && !file_exists(s->path))
		r = HUFU_ERR_NOT_FOUND;
	if (r == 0)
		r = check_writable(s->path);
	if (r == 0)
		r = connection_open(s->path, CONNECTION_WRITER,
		        s->busy_timeout_ms, &s->writer);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(ret_problem, r, "store-missing",
		        "没有数据库 %s，请先运行 hufu init。",
		        "There is no database %s; run hufu init first.",
		        s->path);
	if (r == HUFU_ERR_READONLY || r == HUFU_ERR_DENIED)
		return problem_set(ret_problem, r, "store-read-only",
		        "不能写数据库 %s，请检查权限和磁盘。",
		        "The database %s cannot be written; check its rights "
		        "and the disk.",
		        s->path);
	if (r < 0)
		return problem_set(ret_problem, r, "store-open",
		        "打不开数据库 %s（代码 %d），请检查磁盘或恢复备份。",
		        "Cannot open the database %s (code %d); check the "
		        "disk or restore a backup.",
		        s->path, r);
	s->writer->sealer = s->sealer;
	return migrate_run(
	        s->writer->db, migrations, migration_count, ret_problem);
}

int store_open(const struct store_options *o, struct store **ret,
        struct problem *ret_problem)
{
	const char *path;
	struct store *s;
	int r = path_of(o->url, &path);

	if (r < 0)
		return problem_set(ret_problem, r, "store-url",
		        "store.url 应为文件路径或 sqlite://路径。",
		        "store.url must be a path or sqlite://path.");
	s = calloc(1, sizeof *s);
	if (!s || !(s->path = strdup(path))) {
		free(s);
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	}
	s->busy_timeout_ms = o->busy_timeout_ms;
	s->sealer = o->sealer;
	s->last = &s->first;
	(void)pthread_mutex_init(&s->lock, NULL); /* cannot fail: defaults */
	(void)pthread_cond_init(&s->arrived, NULL);
	(void)pthread_cond_init(&s->reader_free, NULL);
	r = open_writer(o, s, ret_problem);
	if (r == 0 && pthread_create(&s->thread, NULL, write_loop, s) != 0)
		r = problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	else if (r == 0)
		s->thread_runs = true;
	if (r < 0) {
		store_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->thread_runs) {
		pthread_mutex_lock(&s->lock);
		s->closing = true;
		pthread_cond_signal(&s->arrived);
		pthread_mutex_unlock(&s->lock);
		(void)pthread_join(s->thread, NULL); /* it is joinable */
	}
	for (size_t i = 0; i < s->idle_readers; i++)
		connection_close(s->readers[i]);
	connection_close(s->writer); /* last: it folds the WAL in */
	(void)pthread_cond_destroy(&s->reader_free);
	(void)pthread_cond_destroy(&s->arrived);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->path);
	free(s);
}

const char *store_path(const struct store *s)
{
	return s->path;
}
