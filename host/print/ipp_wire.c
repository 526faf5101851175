#include "host/print/ipp_wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, CHUNK = 65536 };

/* 0 ends the wait: a silent printer must not hold a station for ever. */
static int on_timeout(http_t *http, void *user)
{
	(void)http;
	(void)user;
	return 0;
}

static bool is_ipp(const char *scheme)
{
	return strcmp(scheme, "ipp") == 0 || strcmp(scheme, "ipps") == 0;
}

int wire_open(struct wire *w, const struct print_dest *dest)
{
	char scheme[32], user[128], host[256];
	unsigned timeout_ms = dest->timeout_ms ? dest->timeout_ms : TIMEOUT_MS;
	http_encryption_t encryption = HTTP_ENCRYPTION_IF_REQUESTED;
	int port;

	if (httpSeparateURI(HTTP_URI_CODING_ALL, dest->uri, scheme,
	            sizeof(scheme), user, sizeof(user), host, sizeof(host),
	            &port, w->resource, sizeof(w->resource)) < HTTP_URI_OK ||
	        !is_ipp(scheme) || host[0] == '\0')
		return HUFU_ERR_ARGUMENT;
	if (strcmp(scheme, "ipps") == 0)
		encryption = HTTP_ENCRYPTION_ALWAYS;
	w->uri = dest->uri;
	w->timeout_ms = timeout_ms;
	w->http = httpConnect2(host, port, NULL, AF_UNSPEC, encryption, 1,
	        (int)timeout_ms, NULL);
	if (!w->http)
		return HUFU_ERR_LINK;
	httpSetTimeout(w->http, timeout_ms / 1000.0, on_timeout, NULL);
	return HUFU_OK;
}

void wire_close(struct wire *w)
{
	if (w->http)
		httpClose(w->http);
	w->http = NULL;
}

ipp_t *wire_request(const struct wire *w, ipp_op_t operation, int job_id)
{
	ipp_t *request = ippNewRequest(operation);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
	        NULL, w->uri);
	if (job_id)
		ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER,
		        "job-id", job_id);
	/* The same name at every request: cupsd shows a job's name only to
	 * its owner. */
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
	        "requesting-user-name", NULL, cupsUser());
	return request;
}

void wire_ask_for(ipp_t *request, const char *const *names, int count)
{
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
	        "requested-attributes", count, NULL, names);
}

static bool send_body(struct wire *w, struct span body)
{
	for (size_t pos = 0; pos < body.len; pos += CHUNK) {
		size_t len = body.len - pos < CHUNK ? body.len - pos : CHUNK;

		if (cupsWriteRequestData(w->http, (const char *)body.data + pos,
		            len) != HTTP_STATUS_CONTINUE)
			return false;
	}
	return true;
}

static int error_now(struct wire *w)
{
	return httpError(w->http) == ETIMEDOUT ||
	                       cupsLastError() == IPP_STATUS_ERROR_TIMEOUT
	               ? HUFU_ERR_TIMEOUT
	               : HUFU_ERR_LINK;
}

int wire_ask(struct wire *w, ipp_t *request, struct span body, ipp_t **ret)
{
	size_t total = ippLength(request) + body.len;
	http_status_t status =
	        cupsSendRequest(w->http, request, w->resource, total);
	ipp_t *answer = NULL;

	ippDelete(request);
	/* A printer may answer, and refuse, before it has read it all. */
	if (status == HTTP_STATUS_CONTINUE)
		(void)send_body(w, body);
	if (status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK)
		answer = cupsGetResponse(w->http, w->resource);
	if (!answer)
		return error_now(w);
	*ret = answer;
	return HUFU_OK;
}

void wire_text(ipp_t *answer, const char *name, char *out, size_t cap)
{
	ipp_attribute_t *attr = ippFindAttribute(answer, name, IPP_TAG_ZERO);
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; attr && i < ippGetCount(attr); i++) {
		const char *value = ippGetString(attr, i, NULL);
		int n;

		if (!value)
			continue;
		n = snprintf(
		        out + len, cap - len, "%s%s", len ? "," : "", value);
		if (n < 0 || (size_t)n >= cap - len) {
			out[len] = '\0'; /* whole values only */
			return;
		}
		len += (size_t)n;
	}
}
