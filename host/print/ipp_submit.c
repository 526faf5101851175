#include "host/print/ipp.h"
#include "host/print/ipp_job.h"
#include "host/print/raster.h"

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
	ipp_t *request = wire_request(w, IPP_OP_CREATE_JOB, IPP_JOB_NONE);

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
	rc = ipp_job_error(ippGetStatusCode(answer));
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
	int rc = ipp_job_ask(
	        w, wire_request(w, IPP_OP_CANCEL_JOB, job_id), &answer);

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
	if (ipp_job_error(ippGetStatusCode(answer)) != HUFU_OK) {
		rc = fail_refused(p, answer);
		(void)cancel(w, job_id); /* it has no document to print */
	}
	ippDelete(answer);
	return rc;
}

static int submit(struct wire *w, const char *job_name, struct span raster,
        int *ret_job_id, struct problem *p)
{
	int id = 0, rc = ipp_job_find(w, job_name, &id);

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

	if (!ipp_job_name_is_good(job_name) || !raster_is_pwg(raster))
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
