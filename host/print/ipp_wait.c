#include <time.h>

#include "host/print/ipp.h"
#include "host/print/ipp_judge.h"
#include "host/print/ipp_wire.h"

enum { POLL_MS = 100 };

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail on Linux */
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void pause_ms(unsigned ms)
{
	const struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

	(void)nanosleep(&t, NULL); /* waking early only looks sooner */
}

/* False: give up waiting. */
static bool go_on(const struct print_dest *dest, const struct print_wait *how,
        const struct print_job *job, uint64_t start)
{
	struct printer_state state;

	if (how->watch) {
		int rc = print_get_printer(dest, &state);

		if (!how->watch(how->user, job, rc == HUFU_OK ? &state : NULL))
			return false;
	}
	if (how->timeout_ms && now_ms() - start >= how->timeout_ms)
		return false;
	pause_ms(how->poll_ms ? how->poll_ms : POLL_MS);
	return true;
}

/* A destination that forgot the job has restarted: anything may have
 * happened. One that does not answer may come back. */
static bool look(
        const struct print_dest *dest, int job_id, struct print_job *job)
{
	int rc = print_get_job(dest, job_id, job);

	if (rc == HUFU_ERR_NOT_FOUND) {
		*job = (struct print_job){.id = job_id,
		        .history_missing = true,
		        .reasons = "job-not-found"};
		return true;
	}
	return rc == HUFU_OK;
}

int print_wait(const struct print_dest *dest, int job_id,
        const struct print_wait *how, struct print_job *ret_job,
        struct problem *p)
{
	const uint64_t start = now_ms();
	struct print_job job = {.id = job_id, .state = IPP_JSTATE_PENDING};
	enum print_outcome outcome = PRINT_RUNNING;

	do {
		if (look(dest, job_id, &job))
			outcome = print_judge(&job, how->impressions);
	} while (outcome == PRINT_RUNNING && go_on(dest, how, &job, start));
	if (ret_job)
		*ret_job = job;
	return ipp_explain(outcome, &job, p);
}
