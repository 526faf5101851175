#include "host/api/event_stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/sha256.h"
#include "host/api/routes.h"
#include "host/base/clock.h"

enum { ID_LEN = 16, WRITE_LIMIT_S = 30 };

struct listener {
	struct evhttp_request *req; /* NULL: free place */
	struct event_streams *streams;
	int64_t since_ms;
	int64_t sent_ms;
};

struct event_streams {
	const struct api_services *services;
	struct event *look;
	unsigned count;
	char id[ID_LEN + 1]; /* of the text: its hash, begun */
	char *text; /* what all have been sent; NULL: nobody listens */
	struct listener listeners[EVENT_LISTENERS_MAX];
};

static void forget(struct listener *l)
{
	struct event_streams *s = l->streams;
	l->req = NULL;
	if (--s->count > 0)
		return;
	evtimer_del(s->look);
	free(s->text);
	s->text = NULL;
}

static void on_close(struct evhttp_connection *con, void *arg)
{
	(void)con;
	forget(arg);
}

/* From now on the connection is evhttp's alone. */
static void end(struct listener *l)
{
	struct evhttp_request *req = l->req;
	evhttp_connection_set_closecb(
	        evhttp_request_get_connection(req), NULL, NULL);
	forget(l);
	evhttp_send_reply_end(req);
}

static size_t bytes_behind(const struct listener *l)
{
	struct bufferevent *b = evhttp_connection_get_bufferevent(
	        evhttp_request_get_connection(l->req));
	return evbuffer_get_length(bufferevent_get_output(b));
}

/* Takes the buffer; NULL: no memory, and the next change comes anyway. */
static void send_chunk(struct listener *l, struct evbuffer *chunk)
{
	if (!chunk)
		return;
	evhttp_send_reply_chunk(l->req, chunk);
	evbuffer_free(chunk);
	l->sent_ms = clock_steady_ms();
}

static void send_state(struct listener *l)
{
	struct evbuffer *chunk = evbuffer_new();
	if (chunk)
		evbuffer_add_printf(chunk,
		        "id: %s\nevent: stations\ndata: %s\n\n", l->streams->id,
		        l->streams->text);
	send_chunk(l, chunk);
}

static void send_line(struct listener *l, const char *line)
{
	struct evbuffer *chunk = evbuffer_new();
	if (chunk)
		evbuffer_add_printf(chunk, "%s\n\n", line);
	send_chunk(l, chunk);
}

/* True when it differs from what all have been sent. */
static bool look_again(struct event_streams *s)
{
	static const char digits[] = "0123456789abcdef";
	json_t *json = api_stations_json(s->services);
	char *text = json_dumps(json, JSON_COMPACT);
	uint8_t hash[SHA256_LEN];
	json_decref(json);
	if (!text || (s->text && strcmp(text, s->text) == 0)) {
		free(text);
		return false;
	}
	sha256_of(span_of(text, strlen(text)), hash);
	for (int i = 0; i < ID_LEN; i++)
		s->id[i] = digits[hash[i / 2] >> (i % 2 ? 0 : 4) & 15];
	free(s->text);
	s->text = text;
	return true;
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	struct event_streams *s = arg;
	bool changed = look_again(s);
	int64_t now = clock_steady_ms();
	(void)fd;
	(void)what;
	for (size_t i = 0; i < EVENT_LISTENERS_MAX && s->count > 0; i++) {
		struct listener *l = &s->listeners[i];
		if (!l->req)
			continue;
		if (now - l->since_ms >= EVENT_LIFE_S * 1000 ||
		        bytes_behind(l) > EVENT_BEHIND_MAX)
			end(l);
		else if (changed && s->text)
			send_state(l);
		else if (now - l->sent_ms >= EVENT_HEARTBEAT_S * 1000)
			send_line(l, ": heartbeat");
	}
}

static void begin(struct listener *l, struct evhttp_request *req)
{
	struct evhttp_connection *con = evhttp_request_get_connection(req);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct timeval limit = {WRITE_LIMIT_S, 0};
	const char *known = evhttp_find_header(
	        evhttp_request_get_input_headers(req), "Last-Event-ID");
	l->req = req;
	l->since_ms = clock_steady_ms();
	evhttp_add_header(headers, "Content-Type", "text/event-stream");
	evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "X-Accel-Buffering", "no"); /* nginx */
	evhttp_connection_set_closecb(con, on_close, l);
	/* nothing more is read, and that must not look like an idle client */
	(void)bufferevent_set_timeouts(
	        evhttp_connection_get_bufferevent(con), NULL, &limit);
	evhttp_send_reply_start(req, 200, "OK");
	send_line(l, "retry: 1000"); /* ms */
	if (!known || strcmp(known, l->streams->id) != 0)
		send_state(l);
}

int event_streams_add(struct event_streams *s, struct evhttp_request *req,
        struct problem *ret_problem)
{
	static const struct timeval every = {
	        EVENT_LOOK_MS / 1000, EVENT_LOOK_MS % 1000 * 1000};
	struct listener *place = NULL;
	for (size_t i = 0; !place && i < EVENT_LISTENERS_MAX; i++)
		if (!s->listeners[i].req)
			place = &s->listeners[i];
	if (!place)
		return problem_set(ret_problem, HUFU_ERR_BUSY, "events-full",
		        "同时打开的制证页面太多，请关闭一些再试。",
		        "Too many making pages are open; close some and try "
		        "again.");
	(void)look_again(s);
	if (!s->text)
		return HUFU_ERR_MEMORY;
	if (s->count++ == 0)
		(void)evtimer_add(s->look, &every); /* fails without memory */
	begin(place, req);
	return HUFU_OK;
}

int event_streams_new(struct event_base *base,
        const struct api_services *services, struct event_streams **ret)
{
	struct event_streams *s = calloc(1, sizeof *s);
	if (!s)
		return HUFU_ERR_MEMORY;
	s->services = services;
	for (size_t i = 0; i < EVENT_LISTENERS_MAX; i++)
		s->listeners[i].streams = s;
	s->look = event_new(base, -1, EV_PERSIST, on_look, s);
	if (!s->look) {
		free(s);
		return HUFU_ERR_MEMORY;
	}
	*ret = s;
	return HUFU_OK;
}

void event_streams_free(struct event_streams *s)
{
	if (!s)
		return;
	event_free(s->look);
	free(s->text);
	free(s);
}
