/*
 * Server-sent events (the EventSource of the WHATWG's HTML): what the
 * stations do, sent to every listener whenever it changes. One of these for
 * each of the server's threads, used by that thread alone.
 */
#ifndef API_EVENT_STREAM_H
#define API_EVENT_STREAM_H

#include <event2/event.h>
#include <event2/http.h>

#include "host/api/call.h"

enum {
	EVENT_LISTENERS_MAX = 32, /* a thread */
	EVENT_LIFE_S =
	        300, /* then the listener asks again, and proves itself */
	EVENT_HEARTBEAT_S = 15,
	EVENT_LOOK_MS = 500,
	EVENT_BEHIND_MAX = 256 * 1024, /* bytes not taken: cut off */
};

struct event_streams;

HUFU_MUST_USE int event_streams_new(struct event_base *base,
        const struct api_services *services, struct event_streams **ret);
/* After the evhttp whose requests they are; NULL is legal. */
void event_streams_free(struct event_streams *streams);

/*
 * Answers the request by a stream, beginning with what is, unless its
 * Last-Event-ID says that this is known. HUFU_ERR_BUSY: too many listen.
 */
HUFU_MUST_USE int event_streams_add(struct event_streams *streams,
        struct evhttp_request *req, struct problem *ret_problem);

#endif
