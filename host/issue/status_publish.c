#include "host/issue/status_publish.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/base/cleanup.h"
#include "host/issue/issue_inner.h"
#include "host/issue/status_edition.h"

enum {
	PAUSE_AFTER_FAILURE_MS = 1000,
	DOUBLINGS_MAX = 4, /* of that pause */
};

struct status_publish {
	struct status_publish_options options;
	char *folder; /* what the options point to */
	char *issuer;
	char *uri;
	struct status_folder files;
	struct status_map map; /* of the thread, once it runs */
	bool fresh; /* the next edition needs a new snapshot; so */
	unsigned futile; /* editions logged in a row that did not get out */
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* of all below */
	pthread_cond_t changed;
	bool stopping;
	bool wanted; /* somebody waits, or said that rows changed */
	int64_t published; /* version that the file holds, -1: none */
	uint64_t rounds; /* of publishing, ended either way */
	int last_error;
	struct problem last_problem;
	struct status_published last;
};

struct heading {
	uint32_t list;
	struct status_head head;
};

static int read_head(struct store_tx *tx, void *arg)
{
	struct heading *h = arg;

	return status_row_read_head(tx, h->list, &h->head);
}

static int look(struct status_publish *p, struct status_head *ret)
{
	struct heading h = {.list = p->map.list};
	int rc = store_read(p->options.store, read_head, &h);

	if (rc == 0)
		*ret = h.head;
	return rc;
}

/* ---- the thread ---- */

static bool is_due(struct status_publish *p, const struct status_head *head)
{
	int64_t now_s = issue_now_s(p->options.issue);

	pthread_mutex_lock(&p->mutex);
	bool held = p->published >= head->version &&
	            now_s < p->last.at_s + p->options.ttl_s / 2;
	pthread_mutex_unlock(&p->mutex);
	return !held || status_edition_day_is_over(head, now_s);
}

/* Nothing to do is a round, too: whoever waits sees that all is out. */
static void end_round(struct status_publish *p, int rc,
        const struct status_edition *e, const struct problem *problem)
{
	pthread_mutex_lock(&p->mutex);
	p->rounds++;
	p->last_error = rc;
	if (rc < 0) {
		p->last_problem = *problem;
		if (problem->code != rc)
			(void)problem_from_code(&p->last_problem, rc);
	} else if (e->published) {
		p->published = e->head.version;
		p->last = (struct status_published){
		        e->head.sequence, e->now_s, e->head.log_index};
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->mutex);
}

static int publish(
        struct status_publish *p, struct status_edition *e, struct problem *ret)
{
	*e = (struct status_edition){.options = &p->options,
	        .folder = &p->files,
	        .map = &p->map,
	        .fresh = p->fresh};
	int rc = status_edition_publish(e, ret);
	p->fresh = rc == HUFU_ERR_CONFLICT || (p->fresh && rc < 0);
	if (rc == 0)
		p->futile = 0;
	else if (e->logged && p->futile < DOUBLINGS_MAX)
		p->futile++;
	return rc;
}

static int run_round(struct status_publish *p)
{
	_cleanup_(status_edition_done) struct status_edition e = {0};
	struct problem problem = {0};
	struct status_head head;

	int rc = look(p, &head);
	if (rc == 0 && is_due(p, &head))
		rc = publish(p, &e, &problem);
	if (rc == HUFU_ERR_CONFLICT && !e.fresh) {
		status_edition_done(&e);
		rc = publish(p, &e, &problem);
	}
	end_round(p, rc, &e, &problem);
	return rc;
}

static struct timespec in_ms(unsigned ms)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* True: go on with a round. Changes that nobody waits for are looked for
 * every gather_ms, so that several go out together. */
static bool wait_for_work(struct status_publish *p, unsigned ms, bool eager)
{
	struct timespec until = in_ms(ms);
	int rc = 0;

	pthread_mutex_lock(&p->mutex);
	while (!p->stopping && !(eager && p->wanted) && rc == 0)
		rc = pthread_cond_timedwait(&p->changed, &p->mutex, &until);
	p->wanted = false;
	bool go_on = !p->stopping;
	pthread_mutex_unlock(&p->mutex);
	return go_on;
}

static void *run(void *arg)
{
	struct status_publish *p = arg;
	int rc = 0;

	while (wait_for_work(p,
	        rc < 0 ? (unsigned)PAUSE_AFTER_FAILURE_MS << p->futile
	               : p->options.gather_ms,
	        rc == 0))
		rc = run_round(p);
	return NULL;
}

/* ---- opening and closing ---- */

static int init_sync(struct status_publish *p)
{
	pthread_condattr_t attr;

	if (pthread_mutex_init(&p->mutex, NULL) != 0 ||
	        pthread_condattr_init(&attr) != 0)
		return HUFU_ERR_MEMORY;
	int rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (rc == 0)
		rc = pthread_cond_init(&p->changed, &attr);
	(void)pthread_condattr_destroy(&attr); /* no longer needed */
	return rc == 0 ? 0 : HUFU_ERR_MEMORY;
}

static int take_options(
        struct status_publish *p, const struct status_publish_options *options)
{
	const struct issue_options *issue = &options->issue->options;

	p->options = *options;
	p->folder = strdup(options->folder);
	p->issuer = strdup(options->issuer);
	p->uri = strdup(options->uri);
	p->options.folder = p->folder;
	p->options.issuer = p->issuer;
	p->options.uri = p->uri;
	if (!p->folder || !p->issuer || !p->uri)
		return HUFU_ERR_MEMORY;
	return status_map_init(&p->map, issue->status_list, issue->status_bits);
}

static int open_folder(struct status_publish *p)
{
	struct status_head head;
	struct cose_key key;

	int rc = status_folder_open(&p->files, p->options.folder, p->map.list);
	if (rc == 0)
		rc = look(p, &head);
	if (rc == 0)
		rc = status_edition_key(&p->options, &key);
	if (rc == 0)
		p->fresh = !status_folder_fits(&p->files, &head, &key);
	return rc;
}

int status_publish_open(const struct status_publish_options *options,
        struct status_publish **ret, struct problem *ret_problem)
{
	struct status_publish *p = calloc(1, sizeof(*p));
	int rc;

	if (!p)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	p->published = -1;
	rc = take_options(p, options);
	if (rc == 0)
		rc = init_sync(p);
	if (rc == 0)
		rc = open_folder(p);
	if (rc == 0)
		rc = run_round(p);
	if (rc == 0) {
		p->started = pthread_create(&p->thread, NULL, run, p) == 0;
		rc = p->started ? 0 : HUFU_ERR_MEMORY;
	}
	if (rc < 0) {
		if (ret_problem)
			*ret_problem = p->last_problem;
		status_publish_close(p);
		return ret_problem && ret_problem->code == rc
		               ? rc
		               : problem_from_code(ret_problem, rc);
	}
	*ret = p;
	return 0;
}

void status_publish_close(struct status_publish *p)
{
	if (!p)
		return;
	if (p->started) {
		pthread_mutex_lock(&p->mutex);
		p->stopping = true;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->mutex);
		(void)pthread_join(p->thread, NULL); /* it was started */
	}
	status_map_done(&p->map);
	free(p->folder);
	free(p->issuer);
	free(p->uri);
	free(p);
}

void status_publish_wake(struct status_publish *p)
{
	pthread_mutex_lock(&p->mutex);
	p->wanted = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->mutex);
}

/* Waits for `version`, asking again after rounds that came too early. */
static int wait_for(struct status_publish *p, int64_t version,
        const struct timespec *until, struct problem *ret_problem)
{
	uint64_t seen = p->rounds;
	int rc = 0;

	while (p->published < version && rc == 0 && !p->stopping) {
		if (!p->wanted) { /* else waiters would wake each other */
			p->wanted = true;
			pthread_cond_broadcast(&p->changed);
		}
		rc = pthread_cond_timedwait(&p->changed, &p->mutex, until);
		if (p->rounds != seen && p->last_error < 0 &&
		        p->published < version) {
			if (ret_problem)
				*ret_problem = p->last_problem;
			return p->last_error;
		}
		seen = p->rounds;
	}
	if (p->published >= version)
		return 0;
	if (p->last_error < 0) { /* the next try is later than that */
		if (ret_problem)
			*ret_problem = p->last_problem;
		return p->last_error;
	}
	return problem_from_code(
	        ret_problem, p->stopping ? HUFU_ERR_LINK : HUFU_ERR_TIMEOUT);
}

static int wait_for_version(struct status_publish *p, int64_t version,
        unsigned timeout_ms, struct problem *ret_problem)
{
	struct timespec until = in_ms(timeout_ms);

	pthread_mutex_lock(&p->mutex);
	int rc = wait_for(p, version, &until, ret_problem);
	pthread_mutex_unlock(&p->mutex);
	return rc;
}

int status_publish_wait(struct status_publish *p, unsigned timeout_ms,
        struct problem *ret_problem)
{
	struct status_head head = {0};

	int rc = look(p, &head);
	if (rc < 0)
		return problem_from_code(ret_problem, rc);
	return wait_for_version(p, head.version, timeout_ms, ret_problem);
}

struct looking {
	uint32_t list;
	uint32_t index;
	int64_t version;
};

static int look_up(struct store_tx *tx, void *arg)
{
	struct looking *l = arg;

	return status_row_read_version(tx, l->list, l->index, &l->version);
}

int status_publish_wait_index(struct status_publish *p, uint32_t index,
        unsigned timeout_ms, struct problem *ret_problem)
{
	struct looking l = {p->options.issue->options.status_list, index, 0};

	int rc = store_read(p->options.store, look_up, &l);
	if (rc < 0)
		return problem_from_code(ret_problem, rc);
	return wait_for_version(p, l.version, timeout_ms, ret_problem);
}

int status_publish_last(struct status_publish *p, struct status_published *ret)
{
	pthread_mutex_lock(&p->mutex);
	bool any = p->published >= 0;
	if (any)
		*ret = p->last;
	pthread_mutex_unlock(&p->mutex);
	return any ? 0 : HUFU_ERR_NOT_FOUND;
}
