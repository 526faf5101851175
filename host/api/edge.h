/*
 * Who asks at the edge. The session stands in the cookie __Host-hufu; a POST
 * also carries X-Hufu-Csrf, which the page is told when it signs in and no
 * other site can read. The client certificate is nginx's word
 * (X-Client-Verify, X-Client-Fingerprint), which it sets on every request.
 */
#ifndef API_EDGE_H
#define API_EDGE_H

#include "host/api/call.h"
#include "host/api/routes.h"

enum { EDGE_CSRF_LEN = 64 }; /* hexadecimal digits */

/*
 * Fills call->session, staff, roles and certificate. HUFU_ERR_DENIED with
 * the problem: session-over (status 401), csrf, proof-needed; an open route
 * asks for none of them.
 */
HUFU_MUST_USE int edge_identify(struct api_call *call,
        struct evhttp_request *req, const struct api_route *route);

/* The session's own value for X-Hufu-Csrf. */
void edge_csrf(const struct session *session, char ret[EDGE_CSRF_LEN + 1]);

/* Into call->cookie: the session's token, or that there is none any more. */
void edge_set_cookie(struct api_call *call, const struct session *session);
void edge_clear_cookie(struct api_call *call);

#endif
