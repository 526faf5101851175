#include "card/terminal/pcsc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "card/terminal/apdu.h"
#include "card/terminal/pcsc_link.h"

enum {
	TRANSMIT_LIMIT_MS = 10000,
	OPEN_LIMIT_MS = 10000,
	COMMAND_CAP = APDU_FRAME_MAX,
};

enum order {
	ORDER_NONE,
	ORDER_CONNECT,
	ORDER_TRANSMIT,
	ORDER_RESET,
	ORDER_QUIT,
};

/*
 * The thread that owns a reader, and what it shares with its transport. The
 * last of the two to leave frees it: a hanging one is left behind.
 */
struct worker {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* on the monotonic clock */
	enum order order; /* ORDER_NONE: done */
	bool alone; /* the transport has given it up */
	bool gone; /* the thread has ended */
	int result;
	size_t command_len;
	size_t answer_len;
	struct pcsc_link link; /* touched by the thread, while it has orders */
	uint8_t command[COMMAND_CAP];
	uint8_t answer[TRANSPORT_ANSWER_MAX];
};

struct pcsc {
	struct transport transport;
	struct pcsc_options options;
	char reader[PCSC_READER_NAME_MAX];
	struct worker *worker; /* NULL until open() */
	bool hangs;
};

static void worker_free(struct worker *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	bytes_wipe(w, sizeof *w);
	free(w);
}

static int obey(struct worker *w, enum order order)
{
	switch (order) {
	case ORDER_CONNECT:
		return pcsc_link_connect(&w->link);
	case ORDER_TRANSMIT:
		return pcsc_link_transmit(&w->link,
		        span_of(w->command, w->command_len), w->answer,
		        sizeof w->answer, &w->answer_len);
	case ORDER_RESET:
		return pcsc_link_reset(&w->link);
	default:
		return HUFU_ERR_STATE;
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	pthread_mutex_lock(&w->lock);
	while (w->order != ORDER_QUIT && !w->alone) {
		enum order order = w->order;
		if (order == ORDER_NONE) {
			pthread_cond_wait(&w->changed, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		int result = obey(w, order);
		pthread_mutex_lock(&w->lock);
		w->result = result;
		w->order = w->order == ORDER_QUIT ? ORDER_QUIT : ORDER_NONE;
		pthread_cond_broadcast(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	pcsc_link_done(&w->link);
	pthread_mutex_lock(&w->lock);
	bool last = w->alone;
	w->gone = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	if (last)
		worker_free(w);
	return NULL;
}

static int worker_start(const struct pcsc *p, struct worker **ret)
{
	pthread_condattr_t attr;
	pthread_t thread;
	struct worker *w = calloc(1, sizeof *w);
	if (!w)
		return HUFU_ERR_MEMORY;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	memcpy(w->link.reader, p->reader, sizeof w->link.reader);
	w->link.exclusive = p->options.exclusive;
	w->link.busy_limit_ms = p->options.busy_limit_ms;
	if (pthread_create(&thread, NULL, work, w) != 0) {
		worker_free(w);
		return HUFU_ERR_MEMORY;
	}
	pthread_detach(thread);
	*ret = w;
	return 0;
}

static struct timespec deadline_in(unsigned ms)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* always there on Linux */
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

/* Gives an order and waits for its end; the lock is held. */
static int run_locked(struct worker *w, enum order order, unsigned limit_ms)
{
	struct timespec until = deadline_in(limit_ms);
	w->order = order;
	pthread_cond_broadcast(&w->changed);
	while (w->order == order && !w->gone) {
		if (pthread_cond_timedwait(&w->changed, &w->lock, &until) !=
		                0 &&
		        w->order == order)
			return TERMINAL_READER_HANGS;
	}
	return w->result;
}

/*
 * A worker that did not answer in time is marked; while it hangs its reader
 * is not tried again.
 */
static int run(struct pcsc *p, enum order order, unsigned limit_ms)
{
	struct worker *w = p->worker;
	if (!w)
		return TERMINAL_LINK_LOST;
	pthread_mutex_lock(&w->lock);
	int rc = p->hangs && w->order != ORDER_NONE
	                 ? TERMINAL_READER_HANGS
	                 : run_locked(w, order, limit_ms);
	p->hangs = rc == TERMINAL_READER_HANGS;
	pthread_mutex_unlock(&w->lock);
	return rc;
}

static void take_atr(struct pcsc *p)
{
	struct worker *w = p->worker;
	pthread_mutex_lock(&w->lock);
	p->transport.atr_len = w->link.atr_len;
	memcpy(p->transport.atr, w->link.atr, w->link.atr_len);
	pthread_mutex_unlock(&w->lock);
}

static int pcsc_open(struct transport *t)
{
	struct pcsc *p = (struct pcsc *)t;
	int rc = p->worker ? 0 : worker_start(p, &p->worker);
	if (rc == 0)
		rc = run(p, ORDER_CONNECT,
		        OPEN_LIMIT_MS + p->options.busy_limit_ms);
	if (rc == 0)
		take_atr(p);
	return rc;
}

static int pcsc_transmit(
        struct transport *t, struct span command, struct writer *ret_answer)
{
	struct pcsc *p = (struct pcsc *)t;
	struct worker *w = p->worker;
	if (!w || p->hangs)
		return w ? TERMINAL_READER_HANGS : TERMINAL_LINK_LOST;
	if (command.len > sizeof w->command)
		return HUFU_ERR_LIMIT;
	memcpy(w->command, command.data, command.len);
	w->command_len = command.len;
	int rc = run(p, ORDER_TRANSMIT, p->options.transmit_limit_ms);
	if (rc == 0)
		writer_put(ret_answer, w->answer, w->answer_len);
	return rc;
}

static int pcsc_reset(struct transport *t)
{
	struct pcsc *p = (struct pcsc *)t;
	return run(p, ORDER_RESET, OPEN_LIMIT_MS);
}

static void pcsc_close(struct transport *t)
{
	struct pcsc *p = (struct pcsc *)t;
	struct worker *w = p->worker;
	struct timespec until = deadline_in(OPEN_LIMIT_MS);
	if (w) {
		pthread_mutex_lock(&w->lock);
		bool busy = w->order != ORDER_NONE;
		w->order = ORDER_QUIT;
		pthread_cond_broadcast(&w->changed);
		/* so that the card is free when this returns */
		while (!busy && !w->gone &&
		        pthread_cond_timedwait(&w->changed, &w->lock, &until) ==
		                0)
			;
		bool gone = w->gone;
		w->alone = true;
		pthread_mutex_unlock(&w->lock);
		if (gone)
			worker_free(w);
	}
	free(p);
}

static const struct transport_ops pcsc_ops = {
        .open = pcsc_open,
        .transmit = pcsc_transmit,
        .reset = pcsc_reset,
        .close = pcsc_close,
};

int pcsc_new(const struct pcsc_options *options, struct transport **ret)
{
	size_t len = strnlen(options->reader, PCSC_READER_NAME_MAX);
	if (len == 0 || len == PCSC_READER_NAME_MAX)
		return HUFU_ERR_ARGUMENT;
	struct pcsc *p = calloc(1, sizeof *p);
	if (!p)
		return HUFU_ERR_MEMORY;
	p->transport.ops = &pcsc_ops;
	p->options = *options;
	memcpy(p->reader, options->reader, len);
	p->options.reader = p->reader;
	if (p->options.transmit_limit_ms == 0)
		p->options.transmit_limit_ms = TRANSMIT_LIMIT_MS;
	*ret = &p->transport;
	return 0;
}
