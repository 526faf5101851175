#define _GNU_SOURCE /* memrchr */
/*
 * One credential a line in, one verdict a line out, in the same order. The
 * lines are cut into batches; a few of them are in the works at any time, and
 * each worker has a clone of the handle.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "merchant/cli/belief.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/report.h"

enum {
	BATCH_MAX = 256 * 1024, /* and so the longest line */
	WORKERS_MAX = 64,
	BATCHES_A_WORKER = 2,
};

enum stage { FREE, FILLED, TAKEN, DONE };

struct batch {
	enum stage stage;
	char text[BATCH_MAX];
	size_t len;
	char *out;
	size_t out_len;
	int worst; /* exit status; the highest counts */
	int error;
};

struct bulk {
	const struct arguments *a;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct batch *batches;
	size_t count;
	size_t next; /* to be filled; all before it are being worked on */
	size_t oldest; /* to be written */
	bool finished;
	int error; /* the first; then nothing more is written */
	char rest[BATCH_MAX]; /* of a line that the last batch had no room for
	                       */
	size_t rest_len;
	bool input_failed;
	bool skipping; /* the rest of a line longer than a batch */
	int worst;
};

struct worker {
	struct bulk *bulk;
	struct hufu *h;
	pthread_t thread;
};

static int check_line(struct worker *w, struct batch *b, FILE *out,
        const char *line, size_t len)
{
	const struct arguments *a = w->bulk->a;
	struct hufu_result r;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	int rc = hufu_check_qr(w->h, line, len, a->now_s, &r);
	if (rc)
		return rc;
	int status = report_line(out, a, &r);
	b->worst = status > b->worst ? status : b->worst;
	return HUFU_OK;
}

static int check_batch(struct worker *w, struct batch *b)
{
	FILE *out = open_memstream(&b->out, &b->out_len);
	int r = out ? HUFU_OK : HUFU_ERR_MEMORY;
	for (size_t at = 0; !r && at < b->len;) {
		const char *end = memchr(b->text + at, '\n', b->len - at);
		size_t len = end ? (size_t)(end - b->text) - at : b->len - at;
		r = check_line(w, b, out, b->text + at, len);
		at += len + 1;
	}
	if (out && fclose(out) != 0 && !r)
		r = HUFU_ERR_MEMORY;
	return r;
}

/* The oldest batch that waits, or NULL when no more will come. */
static struct batch *take_batch(struct bulk *k)
{
	for (;;) {
		for (size_t i = k->oldest; i < k->next; i++) {
			struct batch *b = &k->batches[i % k->count];
			if (b->stage == FILLED) {
				b->stage = TAKEN;
				return b;
			}
		}
		if (k->finished)
			return NULL;
		pthread_cond_wait(&k->changed, &k->lock);
	}
}

/*
 * With the lock held: what is done and next in order. Whoever finishes a batch
 * does this, so that a verdict never waits for further input.
 */
static void write_done(struct bulk *k)
{
	while (k->oldest < k->next) {
		struct batch *b = &k->batches[k->oldest % k->count];
		if (b->stage != DONE)
			break;
		if (!k->error)
			k->error = b->error;
		if (!k->error &&
		        (fwrite(b->out, 1, b->out_len, stdout) != b->out_len ||
		                fflush(stdout) != 0))
			k->error = HUFU_ERR_FULL;
		k->worst = b->worst > k->worst ? b->worst : k->worst;
		free(b->out);
		b->out = NULL;
		b->worst = 0;
		b->stage = FREE;
		k->oldest++;
	}
	pthread_cond_broadcast(&k->changed);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct bulk *k = w->bulk;
	struct batch *b;
	pthread_mutex_lock(&k->lock);
	while ((b = take_batch(k))) {
		pthread_mutex_unlock(&k->lock);
		int r = check_batch(w, b);
		pthread_mutex_lock(&k->lock);
		b->error = r;
		b->stage = DONE;
		write_done(k);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static ssize_t read_some(void *ret, size_t cap)
{
	ssize_t n;
	do
		n = read(STDIN_FILENO, ret, cap);
	while (n < 0 && errno == EINTR);
	return n;
}

/* The rest of a line longer than a batch; what is kept of `n` bytes. */
static size_t skip_line(struct bulk *k, char *text, size_t n)
{
	const char *end = memchr(text, '\n', n);
	if (!end)
		return 0;
	size_t from = (size_t)(end - text) + 1;
	memmove(text, text + from, n - from);
	k->skipping = false;
	return n - from;
}

/*
 * Whole lines, as soon as there are any; a last one without its end at the end
 * of input. False when nothing is left.
 */
static bool fill(struct bulk *k, struct batch *b)
{
	memcpy(b->text, k->rest, k->rest_len);
	b->len = k->rest_len;
	k->rest_len = 0;
	for (;;) {
		ssize_t n = read_some(b->text + b->len, BATCH_MAX - b->len);
		if (n < 0)
			k->input_failed = true;
		if (n <= 0)
			return b->len > 0;
		b->len += k->skipping ? skip_line(k, b->text, (size_t)n)
		                      : (size_t)n;
		const char *end = memrchr(b->text, '\n', b->len);
		if (!end && b->len < BATCH_MAX)
			continue;
		if (!end) { /* judged by its beginning: no code is so long */
			k->skipping = true;
			return true;
		}
		size_t whole = (size_t)(end - b->text) + 1;
		k->rest_len = b->len - whole;
		memcpy(k->rest, b->text + whole, k->rest_len);
		b->len = whole;
		return true;
	}
}

static int feed(struct bulk *k)
{
	bool more = true;
	while (more) {
		/* free: there are fewer than `count` in the works */
		more = fill(k, &k->batches[k->next % k->count]);
		pthread_mutex_lock(&k->lock);
		if (more)
			k->batches[k->next++ % k->count].stage = FILLED;
		pthread_cond_broadcast(&k->changed);
		while (k->next - k->oldest == k->count)
			pthread_cond_wait(&k->changed, &k->lock);
		more = more && !k->error;
		pthread_mutex_unlock(&k->lock);
	}
	pthread_mutex_lock(&k->lock);
	while (k->oldest < k->next)
		pthread_cond_wait(&k->changed, &k->lock);
	k->finished = true;
	pthread_cond_broadcast(&k->changed);
	int r = k->error;
	pthread_mutex_unlock(&k->lock);
	return r ? r : k->input_failed ? HUFU_ERR_IO : HUFU_OK;
}

static int start(struct worker *w, struct bulk *k, const struct hufu *h)
{
	w->bulk = k;
	int r = hufu_clone(h, &w->h);
	if (r)
		return r;
	if (pthread_create(&w->thread, NULL, work, w) == 0)
		return HUFU_OK;
	hufu_free(w->h);
	return HUFU_ERR_MEMORY;
}

static int run(struct bulk *k, const struct hufu *h, size_t worker_count)
{
	struct worker workers[WORKERS_MAX];
	size_t started = 0;
	int r = HUFU_OK;
	while (started < worker_count && !r) {
		r = start(&workers[started], k, h);
		started += !r;
	}
	if (started > 0) /* fewer than there are cores will do */
		r = feed(k);
	for (size_t i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		hufu_free(workers[i].h);
	}
	return r;
}

static size_t core_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : (size_t)n;
}

int cmd_bulk(const struct arguments *a)
{
	BELIEF *h = NULL;
	if (a->rest_count > 0)
		return report_usage("bulk 从标准输入读取，每行一个二维码文字",
		        "bulk reads one text of a QR code a line from standard "
		        "input");
	int r = belief_new_fast(a, &h);
	if (r)
		return r;
	size_t workers = core_count();
	struct bulk *k = calloc(1, sizeof *k);
	struct batch *batches =
	        calloc(workers * BATCHES_A_WORKER, sizeof *batches);
	r = HUFU_ERR_MEMORY;
	if (k && batches) {
		k->a = a;
		k->batches = batches;
		k->count = workers * BATCHES_A_WORKER;
		pthread_mutex_init(&k->lock, NULL);
		pthread_cond_init(&k->changed, NULL);
		r = run(k, h, workers);
	}
	int worst = k ? k->worst : 0;
	free(batches);
	free(k);
	return r ? report_error(r) : worst;
}
