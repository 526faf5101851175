#include "host/print/ipp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host/print/ipp_judge.h"
#include "host/print/ipp_wire.h"
#include "host/print/raster.h"

enum { POLL_MS = 100, JOB_NONE = 0 };

static const char *const ATTRIBUTES[] = {"job-id", "job-name", "job-state",
        "job-state-reasons", "job-state-message", "job-impressions-completed",
        "job-printer-state-message", "job-printer-state-reasons"};
enum { ATTRIBUTES_LEN = sizeof(ATTRIBUTES) / sizeof(ATTRIBUTES[0]) };

static bool name_is_good(const char *name)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                               "abcdefghijklmnopqrstuvwxyz"
	                               "0123456789._:-";
	size_t len = strlen(name);

	return len > 0 && len <= PRINT_NAME_MAX &&
	       strspn(name, alphabet) == len;
}

static int error_of_status(ipp_status_t status)
{
	switch (status) {
	case IPP_STATUS_ERROR_NOT_FOUND:
	case IPP_STATUS_ERROR_GONE:
		return HUFU_ERR_NOT_FOUND;
	case IPP_STATUS_ERROR_NOT_POSSIBLE:
		return HUFU_ERR_STATE;
	case IPP_STATUS_ERROR_NOT_AUTHORIZED:
	case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
	case IPP_STATUS_ERROR_FORBIDDEN:
		return HUFU_ERR_DENIED;
	case IPP_STATUS_ERROR_BUSY:
	case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
		return HUFU_ERR_BUSY;
	default:
		return status < IPP_STATUS_REDIRECTION_OTHER_SITE
		               ? HUFU_OK
		               : HUFU_ERR_UNSUPPORTED;
	}
}

/* Asks without a document; HUFU_OK only with a successful answer. */
static int ask(struct wire *w, ipp_t *request, ipp_t **ret)
{
	ipp_t *answer;
	int rc = wire_ask(w, request, (struct span){0}, &answer);

	if (rc != HUFU_OK)
		return rc;
	rc = error_of_status(ippGetStatusCode(answer));
	if (rc != HUFU_OK)
		ippDelete(answer);
	else
		*ret = answer;
	return rc;
}

/* cupsd's queues lie below /printers/; printers themselves at /ipp/. */
static bool is_cupsd(const struct wire *w)
{
	return strncmp(w->resource, "/printers/", 10) == 0 ||
	       strncmp(w->resource, "/classes/", 9) == 0;
}

static void read_impressions(struct print_job *job, ipp_t *answer)
{
	ipp_attribute_t *attr = ippFindAttribute(
	        answer, "job-impressions-completed", IPP_TAG_INTEGER);

	job->impressions_known = attr && ippGetInteger(attr, 0) >= 0;
	job->impressions =
	        job->impressions_known ? (unsigned)ippGetInteger(attr, 0) : 0;
}

static int read_job(const struct wire *w, ipp_t *answer, struct print_job *ret)
{
	struct print_job job = {.via_cupsd = is_cupsd(w)};
	char printer[PRINT_TEXT_MAX];
	ipp_attribute_t *id, *state;

	id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
	state = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	if (!id || !state)
		return HUFU_ERR_MALFORMED;
	job.id = ippGetInteger(id, 0);
	job.state = ippGetInteger(state, 0);
	read_impressions(&job, answer);
	wire_text(answer, "job-name", job.name, sizeof(job.name));
	wire_text(
	        answer, "job-state-reasons", job.reasons, sizeof(job.reasons));
	wire_text(
	        answer, "job-printer-state-reasons", printer, sizeof(printer));
	job.history_missing =
	        ipp_has_reason(printer, "cups-ipp-missing-job-history");
	wire_text(answer,
	        job.via_cupsd ? "job-printer-state-message"
	                      : "job-state-message",
	        job.message, sizeof(job.message));
	*ret = job;
	return HUFU_OK;
}

/* Jobs stand one after another, each from its first job attribute on; the
 * ids only grow. */
static int newest_named(ipp_t *answer, const char *job_name)
{
	int id = JOB_NONE, newest = JOB_NONE;
	bool named = false;
	ipp_attribute_t *attr = ippFirstAttribute(answer);

	for (; attr; attr = ippNextAttribute(answer)) {
		const char *name = ippGetName(attr);

		if (!name) {
			id = JOB_NONE;
			named = false;
		} else if (strcmp(name, "job-id") == 0) {
			id = ippGetInteger(attr, 0);
		} else if (strcmp(name, "job-name") == 0) {
			const char *value = ippGetString(attr, 0, NULL);

			named = value && strcmp(value, job_name) == 0;
		}
		if (named && id > newest)
			newest = id;
	}
	return newest;
}

static int find_among(
        struct wire *w, const char *job_name, const char *which, int *ret_id)
{
	static const char *const wanted[] = {"job-id", "job-name"};
	ipp_t *request = wire_request(w, IPP_OP_GET_JOBS, JOB_NONE);
	ipp_t *answer;
	int rc;

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs",
	        NULL, which);
	wire_ask_for(request, wanted, 2);
	rc = ask(w, request, &answer);
	if (rc == HUFU_ERR_NOT_FOUND)
		return HUFU_OK; /* no jobs at all */
	if (rc != HUFU_OK)
		return rc;
	*ret_id = newest_named(answer, job_name);
	ippDelete(answer);
	return HUFU_OK;
}

/* In this order a job that ends between the questions is seen by the
 * second. */
static int find_id(struct wire *w, const char *job_name, int *ret_id)
{
	int running = JOB_NONE, ended = JOB_NONE;
	int rc = find_among(w, job_name, "not-completed", &running);

	if (rc == HUFU_OK)
		rc = find_among(w, job_name, "completed", &ended);
	if (rc != HUFU_OK)
		return rc;
	if (running == JOB_NONE && ended == JOB_NONE)
		return HUFU_ERR_NOT_FOUND;
	*ret_id = running > ended ? running : ended;
	return HUFU_OK;
}

static int get_job_there(struct wire *w, int job_id, struct print_job *ret)
{
	ipp_t *request = wire_request(w, IPP_OP_GET_JOB_ATTRIBUTES, job_id);
	ipp_t *answer;
	int rc;

	wire_ask_for(request, ATTRIBUTES, ATTRIBUTES_LEN);
	rc = ask(w, request, &answer);
	if (rc != HUFU_OK)
		return rc;
	rc = read_job(w, answer, ret);
	ippDelete(answer);
	return rc;
}

static int read_device(struct wire *w, struct print_dest *ret)
{
	static const char *const wanted[] = {"device-uri"};
	ipp_t *request = wire_request(w, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
	ipp_t *answer;
	int rc;

	wire_ask_for(request, wanted, 1);
	rc = ask(w, request, &answer);
	if (rc != HUFU_OK)
		return rc;
	wire_text(answer, "device-uri", ret->uri, sizeof(ret->uri));
	ippDelete(answer);
	return HUFU_OK;
}

static int ask_device(const struct print_dest *device, const char *job_name,
        struct print_job *ret)
{
	struct wire w;
	int id, rc = wire_open(&w, device);

	if (rc != HUFU_OK)
		return rc;
	rc = find_id(&w, job_name, &id);
	if (rc == HUFU_OK)
		rc = get_job_there(&w, id, ret);
	wire_close(&w);
	return rc;
}

/*
 * cupsd never takes back that a printer once forgot a job, so one restart
 * would cast doubt on every later card. The printer itself is asked: if it
 * remembers this job as complete, nothing is missing.
 */
static void ask_behind_cupsd(struct wire *w, struct print_job *job)
{
	struct print_dest device = {.timeout_ms = w->timeout_ms};
	struct print_job there;

	if (!job->via_cupsd || !job->history_missing ||
	        job->state != IPP_JSTATE_COMPLETED)
		return;
	if (read_device(w, &device) == HUFU_OK &&
	        ask_device(&device, job->name, &there) == HUFU_OK &&
	        there.impressions_known &&
	        print_judge(&there, job->impressions) == PRINT_PRINTED)
		job->history_missing = false;
}

static int get_job(struct wire *w, int job_id, struct print_job *ret)
{
	struct print_job job;
	int rc = get_job_there(w, job_id, &job);

	if (rc != HUFU_OK)
		return rc;
	ask_behind_cupsd(w, &job);
	*ret = job;
	return HUFU_OK;
}

int print_get_job(
        const struct print_dest *dest, int job_id, struct print_job *ret)
{
	struct wire w;
	int rc = wire_open(&w, dest);

	if (rc != HUFU_OK)
		return rc;
	rc = get_job(&w, job_id, ret);
	wire_close(&w);
	return rc;
}

int print_find_job(const struct print_dest *dest, const char *job_name,
        struct print_job *ret)
{
	struct wire w;
	int id, rc;

	if (!name_is_good(job_name))
		return HUFU_ERR_ARGUMENT;
	rc = wire_open(&w, dest);
	if (rc != HUFU_OK)
		return rc;
	rc = find_id(&w, job_name, &id);
	if (rc == HUFU_OK)
		rc = get_job(&w, id, ret);
	wire_close(&w);
	return rc;
}

static int fail_link(struct problem *p)
{
	return problem_set(p, PRINT_FAILED, "printer-unreachable",
	        "打印机没有应答。请检查电源和连接。",
	        "The printer does not answer. Check its power and its cable.");
}

static int fail_refused(struct problem *p, ipp_t *answer)
{
	ipp_status_t status = ippGetStatusCode(answer);

	return problem_set(p, PRINT_FAILED, "printer-refused",
	        "打印机拒绝了任务（%s）。请检查打印机设置和卡片规格。",
	        "The printer refused the job (%s). Check its settings and its "
	        "card size.",
	        ippErrorString(status));
}

static ipp_t *create_request(const struct wire *w, const char *job_name)
{
	ipp_t *request = wire_request(w, IPP_OP_CREATE_JOB, JOB_NONE);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
	        job_name);
	/* Refuse rather than print on something else. */
	ippAddBoolean(request, IPP_TAG_OPERATION, "ipp-attribute-fidelity", 1);
	ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL,
	        RASTER_MEDIA);
	ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", NULL,
	        "two-sided-long-edge");
	ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-color-mode",
	        NULL, "color");
	return request;
}

/* No document is there yet, so whatever happens here prints nothing. */
static int create_job(
        struct wire *w, const char *job_name, int *ret_id, struct problem *p)
{
	ipp_attribute_t *id;
	ipp_t *answer;
	int rc = wire_ask(
	        w, create_request(w, job_name), (struct span){0}, &answer);

	if (rc != HUFU_OK)
		return fail_link(p);
	id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
	rc = error_of_status(ippGetStatusCode(answer));
	if (rc == HUFU_ERR_BUSY)
		rc = problem_set(p, rc, "printer-busy",
		        "打印机正忙。请稍候再试。",
		        "The printer is busy. Try again in a moment.");
	else if (rc != HUFU_OK || !id)
		rc = fail_refused(p, answer);
	else
		*ret_id = ippGetInteger(id, 0);
	ippDelete(answer);
	return rc;
}

static int cancel(struct wire *w, int job_id)
{
	ipp_t *answer;
	int rc = ask(w, wire_request(w, IPP_OP_CANCEL_JOB, job_id), &answer);

	if (rc == HUFU_OK)
		ippDelete(answer);
	return rc;
}

static int send_document(
        struct wire *w, int job_id, struct span raster, struct problem *p)
{
	ipp_t *request = wire_request(w, IPP_OP_SEND_DOCUMENT, job_id);
	ipp_t *answer;
	int rc;

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
	        "document-format", NULL, RASTER_MIME);
	ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
	rc = wire_ask(w, request, raster, &answer);
	if (rc != HUFU_OK)
		return problem_set(p, PRINT_UNKNOWN, "print-link-lost",
		        "传送途中连接中断，无法确定是否已打印。请查看出卡口，"
		        "不要重打。",
		        "The link broke while sending; the card may have been "
		        "printed. Look at the output tray; do not print "
		        "again.");
	if (error_of_status(ippGetStatusCode(answer)) != HUFU_OK) {
		rc = fail_refused(p, answer);
		(void)cancel(w, job_id); /* it has no document to print */
	}
	ippDelete(answer);
	return rc;
}

static int submit(struct wire *w, const char *job_name, struct span raster,
        int *ret_job_id, struct problem *p)
{
	int id = 0, rc = find_id(w, job_name, &id);

	if (rc == HUFU_OK)
		return problem_set(p, HUFU_ERR_CONFLICT, "print-duplicate",
		        "该任务已经送交打印。请查看打印结果，不要重打。",
		        "This job has been sent already. Look at its outcome; "
		        "do not print again.");
	if (rc != HUFU_ERR_NOT_FOUND)
		return fail_link(p);
	rc = create_job(w, job_name, &id, p);
	if (rc != HUFU_OK)
		return rc;
	rc = send_document(w, id, raster, p);
	if (rc == HUFU_OK || rc == PRINT_UNKNOWN)
		*ret_job_id = id;
	return rc;
}

int print_submit(const struct print_dest *dest, const char *job_name,
        struct span raster, int *ret_job_id, struct problem *p)
{
	struct wire w;
	int rc;

	if (!name_is_good(job_name) || !raster_is_pwg(raster))
		return problem_from_code(p, HUFU_ERR_ARGUMENT);
	rc = wire_open(&w, dest);
	if (rc == HUFU_ERR_ARGUMENT)
		return problem_from_code(p, rc);
	if (rc != HUFU_OK)
		return fail_link(p);
	rc = submit(&w, job_name, raster, ret_job_id, p);
	wire_close(&w);
	return rc;
}

int print_cancel(const struct print_dest *dest, int job_id)
{
	struct wire w;
	int rc = wire_open(&w, dest);

	if (rc != HUFU_OK)
		return rc;
	rc = cancel(&w, job_id);
	wire_close(&w);
	return rc;
}

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
