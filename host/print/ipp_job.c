#include "host/print/ipp_job.h"

#include <string.h>

#include "host/print/ipp.h"

bool ipp_job_name_is_good(const char *name)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                               "abcdefghijklmnopqrstuvwxyz"
	                               "0123456789._:-";
	size_t len = strlen(name);

	return len > 0 && len <= PRINT_NAME_MAX &&
	       strspn(name, alphabet) == len;
}

int ipp_job_error(ipp_status_t status)
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

int ipp_job_ask(struct wire *w, ipp_t *request, ipp_t **ret)
{
	ipp_t *answer;
	int rc = wire_ask(w, request, (struct span){0}, &answer);

	if (rc != HUFU_OK)
		return rc;
	rc = ipp_job_error(ippGetStatusCode(answer));
	if (rc != HUFU_OK)
		ippDelete(answer);
	else
		*ret = answer;
	return rc;
}

/* Jobs stand one after another, each from its first job attribute on; the
 * ids only grow. */
static int newest_named(ipp_t *answer, const char *job_name)
{
	int id = IPP_JOB_NONE, newest = IPP_JOB_NONE;
	bool named = false;
	ipp_attribute_t *attr = ippFirstAttribute(answer);

	for (; attr; attr = ippNextAttribute(answer)) {
		const char *name = ippGetName(attr);

		if (!name) {
			id = IPP_JOB_NONE;
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
	ipp_t *request = wire_request(w, IPP_OP_GET_JOBS, IPP_JOB_NONE);
	ipp_t *answer;
	int rc;

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs",
	        NULL, which);
	wire_ask_for(request, wanted, 2);
	rc = ipp_job_ask(w, request, &answer);
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
int ipp_job_find(struct wire *w, const char *job_name, int *ret_id)
{
	int running = IPP_JOB_NONE, ended = IPP_JOB_NONE;
	int rc = find_among(w, job_name, "not-completed", &running);

	if (rc == HUFU_OK)
		rc = find_among(w, job_name, "completed", &ended);
	if (rc != HUFU_OK)
		return rc;
	if (running == IPP_JOB_NONE && ended == IPP_JOB_NONE)
		return HUFU_ERR_NOT_FOUND;
	*ret_id = running > ended ? running : ended;
	return HUFU_OK;
}
