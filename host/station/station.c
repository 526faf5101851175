#include "host/station/station.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/base/clock.h"
#include "host/station/saga.h"

enum {
	IDLE_MS = 500,
	MACHINE_MS = 2000, /* between looks at bins and printer */
	TROUBLE_MS = 2000, /* after a trouble that a person must mend */
	HEARTBEAT_MS = 5000,
	OWN_JOBS_MAX = 8,
};

struct station {
	struct station_options options;
	char name[JOB_STATION_NAME_MAX + 1];
	int64_t id;
	struct prompt *prompt;
	struct saga saga; /* touched by the one who works */
	int64_t looked_ms; /* at the machine; touched by the one who works */
	bool recovered; /* where the card is was found out */
	atomic_bool stale;

	pthread_mutex_t lock;
	pthread_cond_t changed; /* on the monotonic clock */
	pthread_t worker;
	pthread_t heart;
	bool has_worker;
	bool has_heart;
	bool stopping;
	bool closing; /* the heart ends too */
	bool paused;
	bool woken;
	bool busy; /* a job is in hand: lease below */
	struct job_lease lease;
	struct station_status status;
};

static const struct {
	const char *zh;
	const char *en;
} activities[STATION_ACTIVITIES] =
        {
                [STATION_STOPPED] = {"已停止", "stopped"},
                [STATION_IDLE] = {"空闲", "idle"},
                [STATION_WORKING] = {"制卡中", "working"},
                [STATION_PAUSED] = {"已暂停", "paused"},
                [STATION_ASKING] = {"等待操作员", "waiting for the operator"},
                [STATION_TROUBLE] = {"需要处理", "needs attention"},
},
  doings[JOB_STATES] = {
          [JOB_WAITING] = {"正在送卡并读取卡号", "Feeding a blank"},
          [JOB_RESERVED] = {"正在登记空白卡", "Reserving the blank"},
          [JOB_CHIP_INTENT] = {"正在更换密钥", "Changing the chip's keys"},
          [JOB_KEYED] = {"正在生成卡片数据", "Building the card's data"},
          [JOB_LOGGED] = {"正在签名", "Signing"},
          [JOB_SIGNED] = {"正在写入芯片并读回核对",
                  "Writing the chip and reading it back"},
          [JOB_CHIP_VERIFIED] = {"正在绘制卡面", "Drawing the face"},
          [JOB_PRINT_INTENT] = {"正在打印", "Printing"},
          [JOB_PRINT_DONE] = {"正在核对卡面", "Checking the printed face"},
          [JOB_CHECKED] = {"正在出卡", "Ejecting the card"},
};

const char *station_activity_zh(enum station_activity activity)
{
	return activities[activity].zh;
}

const char *station_activity_en(enum station_activity activity)
{
	return activities[activity].en;
}

static void copy_text(char *to, size_t cap, const char *from)
{
	size_t len = strlen(from);
	if (len >= cap)
		len = cap - 1;
	memcpy(to, from, len);
	to[len] = 0;
}

static void say_locked(struct station *st, enum station_activity activity,
        const char *zh, const char *en)
{
	st->status.activity = activity;
	copy_text(st->status.zh, sizeof st->status.zh, zh);
	copy_text(st->status.en, sizeof st->status.en, en);
}

static void say(struct station *st, enum station_activity activity,
        const char *zh, const char *en)
{
	pthread_mutex_lock(&st->lock);
	say_locked(st, activity, zh, en);
	pthread_mutex_unlock(&st->lock);
}

static void report(void *arg, const struct saga *s)
{
	struct station *st = arg;
	pthread_mutex_lock(&st->lock);
	st->lease = s->lease;
	st->status.job = s->lease.job;
	st->status.state = s->lease.state;
	say_locked(st, STATION_WORKING, doings[s->lease.state].zh,
	        doings[s->lease.state].en);
	pthread_mutex_unlock(&st->lock);
}

static struct timespec deadline_in(unsigned ms)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* always there */
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

/* ---- one job ---- */

/* A card of ours is in the way, and its job's time has not come yet. */
struct own_jobs {
	int64_t station;
	int64_t now_s;
	bool waits;
};

static int find_own(struct store_tx *tx, void *arg)
{
	struct own_jobs *own = arg;
	const struct job_filter filter = {
	        .station = own->station, .open = true};
	struct job jobs[OWN_JOBS_MAX];
	size_t count = 0;
	int rc = job_list(tx, &filter, jobs, OWN_JOBS_MAX, &count);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (jobs[i].state > JOB_WAITING && jobs[i].dead_at_s == 0 &&
		        jobs[i].not_before_s > own->now_s)
			own->waits = true;
	return rc;
}

static int claim(struct station *st, struct job_lease *ret, struct problem *p)
{
	const struct station_services *v = st->options.services;
	struct own_jobs own = {
	        .station = st->id, .now_s = issue_now_s(v->issue)};
	int rc = store_read(v->store, find_own, &own);
	if (rc != 0)
		return problem_from_code(p, rc);
	return own.waits ? JOB_NONE : job_claim(v->issue, st->id, ret, p);
}

static int recover(struct station *st, struct problem *p)
{
	enum station_position position;
	struct station_transport *t = st->options.transport;
	int rc = st->recovered ? 0 : t->ops->recover(t, &position, p);
	if (rc == 0)
		st->recovered = true;
	return rc > 0 ? STATION_DEFERRED : rc;
}

static void set_busy(struct station *st, const struct job_lease *lease)
{
	pthread_mutex_lock(&st->lock);
	st->busy = lease != NULL;
	if (lease)
		st->lease = *lease;
	atomic_store(&st->stale, false);
	pthread_mutex_unlock(&st->lock);
}

static void count(struct station *st, int end)
{
	pthread_mutex_lock(&st->lock);
	st->status.state = st->saga.lease.state;
	if (end == SAGA_DONE) {
		st->status.made++;
		st->status.last = st->saga.timing;
		timing_add(&st->status.sum, &st->saga.timing);
	}
	st->status.spoiled += end == SAGA_SPOIL;
	pthread_mutex_unlock(&st->lock);
}

static int outcome_of(int end)
{
	switch (end) {
	case SAGA_DONE:
		return STATION_MADE;
	case SAGA_SPOIL:
		return STATION_SPOILED;
	case SAGA_CLOSED:
		return STATION_CLOSED;
	default:
		return STATION_DEFERRED;
	}
}

static int run_job(struct station *st, struct problem *p)
{
	struct job_lease lease;
	int rc = recover(st, p);
	if (rc != 0)
		return rc;
	rc = claim(st, &lease, p);
	if (rc == JOB_NONE)
		return STATION_NOTHING;
	if (rc != 0)
		return rc;
	set_busy(st, &lease);
	st->saga.lease = lease;
	int end = saga_run(&st->saga);
	set_busy(st, NULL);
	count(st, end);
	*p = st->saga.problem;
	return outcome_of(end);
}

/* ---- threads ---- */

static void *beat(void *arg)
{
	struct station *st = arg;
	unsigned ms = st->options.heartbeat_ms ? st->options.heartbeat_ms
	                                       : HEARTBEAT_MS;
	pthread_mutex_lock(&st->lock);
	while (!st->closing) {
		struct timespec until = deadline_in(ms);
		while (!st->closing && pthread_cond_timedwait(&st->changed,
		                               &st->lock, &until) == 0)
			;
		if (st->closing || !st->busy)
			continue;
		struct job_lease lease = st->lease;
		pthread_mutex_unlock(&st->lock);
		int rc = job_heartbeat(st->options.services->issue, &lease);
		pthread_mutex_lock(&st->lock);
		/* an error may pass; the lease ends by itself if not */
		if (rc == JOB_STALE && st->busy &&
		        st->lease.fencing == lease.fencing)
			atomic_store(&st->stale, true);
	}
	pthread_mutex_unlock(&st->lock);
	return NULL;
}

/* Waits for `ms`, a wake-up, or the end. */
static void rest_locked(struct station *st, unsigned ms)
{
	struct timespec until = deadline_in(ms);
	while (!st->stopping && !st->woken)
		if (pthread_cond_timedwait(&st->changed, &st->lock, &until) !=
		        0)
			break;
	st->woken = false;
}

static void after_job_locked(
        struct station *st, int rc, const struct problem *p)
{
	unsigned idle_ms = st->options.idle_ms ? st->options.idle_ms : IDLE_MS;
	switch (rc) {
	case STATION_MADE:
	case STATION_CLOSED:
	case STATION_SPOILED:
		say_locked(st, STATION_WORKING, p->zh, p->en);
		break;
	case STATION_NOTHING:
		if (st->status.activity != STATION_TROUBLE)
			say_locked(st, STATION_IDLE, "", "");
		rest_locked(st, idle_ms);
		break;
	default:
		say_locked(st, STATION_TROUBLE, p->zh, p->en);
		rest_locked(st, TROUBLE_MS);
	}
}

/* By the one who works: a transport has one user. The lock is not held. */
static void look_at_machine(struct station *st)
{
	struct station_transport *t = st->options.transport;
	struct station_transport_status machine = {0};
	int64_t now = clock_steady_ms();
	if (st->looked_ms && now - st->looked_ms < MACHINE_MS)
		return;
	bool seen = t->ops->status(t, &machine) == 0;
	st->looked_ms = now;
	pthread_mutex_lock(&st->lock);
	st->status.has_machine = seen;
	st->status.machine = machine;
	pthread_mutex_unlock(&st->lock);
}

static void *work(void *arg)
{
	struct station *st = arg;
	pthread_mutex_lock(&st->lock);
	say_locked(st, STATION_IDLE, "", "");
	while (!st->stopping) {
		if (st->paused) {
			say_locked(st, STATION_PAUSED, "", "");
			rest_locked(st, TROUBLE_MS);
			continue;
		}
		struct problem p = {0};
		pthread_mutex_unlock(&st->lock);
		look_at_machine(st);
		int rc = run_job(st, &p);
		pthread_mutex_lock(&st->lock);
		after_job_locked(st, rc, &p);
	}
	say_locked(st, STATION_STOPPED, "", "");
	pthread_mutex_unlock(&st->lock);
	return NULL;
}

/* ---- outside ---- */

static int check_options(
        const struct station_options *options, struct problem *p)
{
	size_t len = strnlen(options->name, JOB_STATION_NAME_MAX + 1);
	if (len == 0 || len > JOB_STATION_NAME_MAX)
		return problem_set(p, HUFU_ERR_ARGUMENT, "station-name",
		        "制卡点名称长度应为 1 至 %d 个字节",
		        "A station's name has 1 to %d bytes",
		        JOB_STATION_NAME_MAX);
	return 0;
}

static int prepare(struct station *st, struct problem *p)
{
	const struct station_services *v = st->options.services;
	struct saga *s = &st->saga;
	int rc = prompt_new(&st->prompt);
	if (rc == 0)
		rc = face_fonts_open(v->fonts_dir, &s->fonts, p);
	if (rc == 0)
		rc = job_open_station(v->issue, st->name, st->options.area,
		        st->options.operator_staff, &st->id, p);
	if (rc != 0)
		return rc;
	s->papers = calloc(1, sizeof *s->papers);
	if (!s->papers)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	s->services = v;
	s->transport = st->options.transport;
	s->transport->prompt = st->prompt;
	s->stale = &st->stale;
	s->report = report;
	s->report_arg = st;
	st->status.id = st->id;
	copy_text(st->status.name, sizeof st->status.name, st->name);
	say_locked(st, STATION_STOPPED, "", "");
	st->has_heart = pthread_create(&st->heart, NULL, beat, st) == 0;
	return st->has_heart ? 0 : problem_from_code(p, HUFU_ERR_MEMORY);
}

int station_open(const struct station_options *options, struct station **ret,
        struct problem *ret_problem)
{
	pthread_condattr_t attr;
	int rc = check_options(options, ret_problem);
	struct station *st = rc ? NULL : calloc(1, sizeof *st);
	if (!st) {
		options->transport->ops->close(options->transport);
		return rc ? rc
		          : problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	}
	st->options = *options;
	copy_text(st->name, sizeof st->name, options->name);
	pthread_mutex_init(&st->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&st->changed, &attr);
	pthread_condattr_destroy(&attr);
	rc = prepare(st, ret_problem);
	if (rc != 0) {
		station_close(st);
		return rc;
	}
	*ret = st;
	return 0;
}

void station_close(struct station *st)
{
	if (!st)
		return;
	station_stop(st);
	pthread_mutex_lock(&st->lock);
	st->closing = true;
	pthread_cond_broadcast(&st->changed);
	pthread_mutex_unlock(&st->lock);
	if (st->has_heart)
		pthread_join(st->heart, NULL);
	st->options.transport->ops->close(st->options.transport);
	face_fonts_close(&st->saga.fonts);
	free(st->saga.papers);
	prompt_free(st->prompt);
	pthread_cond_destroy(&st->changed);
	pthread_mutex_destroy(&st->lock);
	free(st);
}

int station_start(struct station *st)
{
	int rc = 0;
	pthread_mutex_lock(&st->lock);
	if (st->has_worker || st->busy) {
		rc = HUFU_ERR_STATE;
	} else {
		st->stopping = false;
		prompt_resume(st->prompt);
		st->has_worker =
		        pthread_create(&st->worker, NULL, work, st) == 0;
		rc = st->has_worker ? 0 : HUFU_ERR_MEMORY;
	}
	pthread_mutex_unlock(&st->lock);
	return rc;
}

void station_stop(struct station *st)
{
	pthread_mutex_lock(&st->lock);
	bool has_worker = st->has_worker;
	st->has_worker = false;
	st->stopping = true;
	pthread_cond_broadcast(&st->changed);
	pthread_mutex_unlock(&st->lock);
	if (st->prompt)
		prompt_cancel(st->prompt);
	if (has_worker)
		pthread_join(st->worker, NULL);
}

static void set_paused(struct station *st, bool paused)
{
	pthread_mutex_lock(&st->lock);
	st->paused = paused;
	st->woken = true;
	if (!paused && st->status.activity == STATION_PAUSED)
		say_locked(st, STATION_IDLE, "", "");
	pthread_cond_broadcast(&st->changed);
	pthread_mutex_unlock(&st->lock);
}

void station_pause(struct station *st)
{
	set_paused(st, true);
}

void station_resume(struct station *st)
{
	set_paused(st, false);
}

void station_wake(struct station *st)
{
	pthread_mutex_lock(&st->lock);
	st->woken = true;
	pthread_cond_broadcast(&st->changed);
	pthread_mutex_unlock(&st->lock);
}

int station_run_once(struct station *st, struct problem *ret_problem)
{
	struct problem p = {0};
	pthread_mutex_lock(&st->lock);
	bool free = !st->has_worker && !st->busy;
	pthread_mutex_unlock(&st->lock);
	if (!free)
		return problem_set(ret_problem, HUFU_ERR_STATE, "station-works",
		        "制卡点正在运行，请先停止",
		        "The station is at work: stop it first");
	int rc = run_job(st, &p);
	bool bad = rc < 0 || rc == STATION_DEFERRED;
	say(st, bad ? STATION_TROUBLE : STATION_STOPPED, p.zh, p.en);
	if (ret_problem)
		*ret_problem = p;
	return rc;
}

void station_get_status(struct station *st, struct station_status *ret)
{
	struct prompt_question question;
	prompt_get(st->prompt, &question);
	pthread_mutex_lock(&st->lock);
	*ret = st->status;
	pthread_mutex_unlock(&st->lock);
	ret->question = question;
	if (!question.zh[0])
		return;
	ret->activity =
	        question.kind == PROMPT_NONE ? STATION_TROUBLE : STATION_ASKING;
	copy_text(ret->zh, sizeof ret->zh, question.zh);
	copy_text(ret->en, sizeof ret->en, question.en);
}

int station_answer(struct station *st, uint64_t number, const char *answer)
{
	return prompt_answer(st->prompt, number, answer);
}
