#include "host/station/prompt.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct prompt {
	pthread_mutex_t lock;
	pthread_cond_t answered; /* on the monotonic clock */
	struct prompt_question question;
	struct prompt_question told; /* kind PROMPT_NONE */
	uint64_t asked; /* number of the last question */
	bool has_answer;
	bool cancelled;
	char answer[PROMPT_ANSWER_MAX + 1];
};

int prompt_new(struct prompt **ret)
{
	pthread_condattr_t attr;
	struct prompt *p = calloc(1, sizeof *p);
	if (!p)
		return HUFU_ERR_MEMORY;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->answered, &attr);
	pthread_condattr_destroy(&attr);
	*ret = p;
	return 0;
}

void prompt_free(struct prompt *p)
{
	if (!p)
		return;
	pthread_cond_destroy(&p->answered);
	pthread_mutex_destroy(&p->lock);
	free(p);
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

/* 0 when answered; the lock is held. */
static int wait_locked(struct prompt *p, unsigned timeout_ms)
{
	struct timespec until = deadline_in(timeout_ms);
	while (!p->has_answer && !p->cancelled) {
		if (pthread_cond_timedwait(&p->answered, &p->lock, &until) !=
		                0 &&
		        !p->has_answer)
			return HUFU_ERR_TIMEOUT;
	}
	return p->has_answer ? 0 : PROMPT_CANCELLED;
}

static int take_answer(const struct prompt *p, char *ret_answer, size_t cap)
{
	if (strcmp(p->answer, "no") == 0)
		return PROMPT_REFUSED;
	if (!ret_answer)
		return 0;
	size_t len = strlen(p->answer);
	if (len >= cap)
		return HUFU_ERR_SPACE;
	memcpy(ret_answer, p->answer, len + 1);
	return 0;
}

int prompt_ask(struct prompt *p, const struct prompt_question *question,
        unsigned timeout_ms, char *ret_answer, size_t cap)
{
	pthread_mutex_lock(&p->lock);
	p->question = *question;
	p->question.number = ++p->asked;
	p->has_answer = false;
	int rc = wait_locked(p, timeout_ms);
	if (rc == 0)
		rc = take_answer(p, ret_answer, cap);
	p->question.kind = PROMPT_NONE;
	memset(p->answer, 0, sizeof p->answer);
	p->has_answer = false;
	pthread_mutex_unlock(&p->lock);
	return rc;
}

void prompt_tell(struct prompt *p, const char *zh, const char *en)
{
	pthread_mutex_lock(&p->lock);
	(void)snprintf(p->told.zh, sizeof p->told.zh, "%s", zh);
	(void)snprintf(p->told.en, sizeof p->told.en, "%s", en);
	pthread_mutex_unlock(&p->lock);
}

void prompt_get(struct prompt *p, struct prompt_question *ret)
{
	pthread_mutex_lock(&p->lock);
	bool open = p->question.kind != PROMPT_NONE && !p->has_answer;
	*ret = open ? p->question : p->told;
	ret->number = p->question.number;
	pthread_mutex_unlock(&p->lock);
}

int prompt_answer(struct prompt *p, uint64_t number, const char *answer)
{
	size_t len = strnlen(answer, PROMPT_ANSWER_MAX + 1);
	if (len > PROMPT_ANSWER_MAX)
		return HUFU_ERR_LIMIT;
	pthread_mutex_lock(&p->lock);
	bool open = p->question.kind != PROMPT_NONE && !p->has_answer &&
	            p->question.number == number;
	if (open) {
		memcpy(p->answer, answer, len + 1);
		p->has_answer = true;
		pthread_cond_broadcast(&p->answered);
	}
	pthread_mutex_unlock(&p->lock);
	return open ? 0 : HUFU_ERR_NOT_FOUND;
}

void prompt_cancel(struct prompt *p)
{
	pthread_mutex_lock(&p->lock);
	p->cancelled = true;
	pthread_cond_broadcast(&p->answered);
	pthread_mutex_unlock(&p->lock);
}

void prompt_resume(struct prompt *p)
{
	pthread_mutex_lock(&p->lock);
	p->cancelled = false;
	pthread_mutex_unlock(&p->lock);
}

bool prompt_is_cancelled(struct prompt *p)
{
	pthread_mutex_lock(&p->lock);
	bool cancelled = p->cancelled;
	pthread_mutex_unlock(&p->lock);
	return cancelled;
}
