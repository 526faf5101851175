#include "host/print/ipp.h"

#include <string.h>

#include "host/print/ipp_job.h"
#include "host/print/ipp_judge.h"

static const char *const ATTRIBUTES[] = {"job-id", "job-name", "job-state",
        "job-state-reasons", "job-state-message", "job-impressions-completed",
        "job-printer-state-message", "job-printer-state-reasons"};
enum { ATTRIBUTES_LEN = sizeof(ATTRIBUTES) / sizeof(ATTRIBUTES[0]) };

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

static int get_job_there(struct wire *w, int job_id, struct print_job *ret)
{
	ipp_t *request = wire_request(w, IPP_OP_GET_JOB_ATTRIBUTES, job_id);
	ipp_t *answer;
	int rc;

	wire_ask_for(request, ATTRIBUTES, ATTRIBUTES_LEN);
	rc = ipp_job_ask(w, request, &answer);
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
	rc = ipp_job_ask(w, request, &answer);
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
	rc = ipp_job_find(&w, job_name, &id);
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

	if (!ipp_job_name_is_good(job_name))
		return HUFU_ERR_ARGUMENT;
	rc = wire_open(&w, dest);
	if (rc != HUFU_OK)
		return rc;
	rc = ipp_job_find(&w, job_name, &id);
	if (rc == HUFU_OK)
		rc = get_job(&w, id, ret);
	wire_close(&w);
	return rc;
}
