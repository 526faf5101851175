/*
 * One request and its answer. A handler reads the parsed request, does its
 * work and leaves `reply` (JSON) or `raw`; what it returns becomes the HTTP
 * status, and `problem` the problem details (RFC 9457) of a refusal.
 */
#ifndef API_CALL_H
#define API_CALL_H

#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "crypto/core/bytes.h"
#include "host/api/services.h"
#include "host/base/json.h"
#include "host/base/problem.h"
#include "host/staff/access.h"

/* How a request came in. */
enum api_door {
	API_OPERATOR, /* the peer's uid is the staff member */
	API_EDGE, /* nginx; a session is the staff member */
};

enum {
	API_COOKIE_MAX = 160,
	API_BODY_MAX = 8 << 20, /* bytes; a photo in Base64 and its words */
	API_CSV_MAX = 256 << 20, /* a registry of a million people */
	API_EDGE_CSV_MAX = 32 << 20, /* what a page may send */
	API_HEADERS_MAX = 16 << 10,
	API_NAME_MAX = 32,
	API_LIST_MAX = 500,
};

struct api_route;

struct api_call {
	const struct api_services *services;
	enum api_door door;
	struct session session; /* API_EDGE, once signed in */
	char certificate[SESSION_CERTIFICATE_LEN + 1]; /* API_EDGE; "": none */
	struct staff staff; /* who asks */
	uint32_t roles; /* theirs, bits 1u << enum staff_role */
	const struct api_route *route; /* NULL: none found */
	int64_t id; /* from {id} of the path */
	char name[API_NAME_MAX + 1]; /* from {name} */
	struct evkeyvalq query;
	struct span body;
	json_t *json; /* the body, when the route takes JSON */
	struct json_reader in; /* over `json` */

	json_t *reply; /* owned */
	uint8_t *raw; /* owned; instead of reply */
	size_t raw_len;
	const char *raw_type;
	char cookie[API_COOKIE_MAX]; /* Set-Cookie; "": none */
	bool stream; /* instead of either: a stream of events */
	int status; /* 0: by the handler's result */
	struct problem problem;
};

/* Every member of the body has been asked for, and none was wrong. */
HUFU_MUST_USE int call_input_done(struct api_call *call);

/* Bounded number of the query, or `fallback`; wrong: HUFU_ERR_ARGUMENT. */
HUFU_MUST_USE int call_query_number(
        struct api_call *call, const char *key, int64_t fallback, int64_t *ret);
/* NULL when absent. */
const char *call_query_text(struct api_call *call, const char *key);

/* Base64 of a member into fresh memory; free() it. len 0 when absent. */
HUFU_MUST_USE int call_get_base64(struct api_call *call, const char *name,
        size_t max_len, uint8_t **ret, size_t *ret_len);

/* Bytes as a JSON text in Base64; null when there are none. */
json_t *call_base64(struct span bytes);

/* Does whoever asks hold a role that makes this call and reaches `area`? */
HUFU_MUST_USE int call_check_reach(
        struct store_tx *tx, struct api_call *call, const char *area);

/* The same of this office's own area; a transaction over a call. */
int call_check_office(struct store_tx *tx, void *call);

/* The area that a list shows: *area when it is in the caller's reach; when
 * none was asked for, the caller's own in `space`. */
HUFU_MUST_USE int call_settle_area(struct store_tx *tx, struct api_call *call,
        const char **area, char space[AREA_CODE_MAX + 1]);

/* A status has changed: the list goes out soon, where one is published. */
void call_wake_lists(struct api_call *call);

/* HTTP status of a result code. */
int call_http_status(int code);

/* Fills `problem` from the code when the handler left it empty. */
void call_settle(struct api_call *call, int code);
void call_done(struct api_call *call);

#endif
