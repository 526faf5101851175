/*
 * One exchange with an IPP destination (RFC 8010, 8011).
 */
#ifndef HOST_PRINT_IPP_WIRE_H
#define HOST_PRINT_IPP_WIRE_H

#include <cups/cups.h>

#include "host/print/ipp.h"

struct wire {
	http_t *http;
	char resource[HTTP_MAX_URI];
	const char *uri;
	unsigned timeout_ms;
};

/* HUFU_ERR_ARGUMENT (no ipp or ipps URI), HUFU_ERR_LINK. */
HUFU_MUST_USE int wire_open(struct wire *w, const struct print_dest *dest);
void wire_close(struct wire *w);

/* A request with the attributes that every one carries; job_id 0: none. */
ipp_t *wire_request(const struct wire *w, ipp_op_t operation, int job_id);
void wire_ask_for(ipp_t *request, const char *const *names, int count);

/*
 * Sends and frees `request`. HUFU_OK with an answer of any status for the
 * caller to free, or HUFU_ERR_LINK, HUFU_ERR_TIMEOUT.
 */
HUFU_MUST_USE int wire_ask(
        struct wire *w, ipp_t *request, struct span body, ipp_t **ret);

/* All values of an attribute, by comma; "" if it is not there. */
void wire_text(ipp_t *answer, const char *name, char *out, size_t cap);

#endif
