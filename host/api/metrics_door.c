#include "host/api/metrics_door.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/thread.h>
#include <event2/util.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/api/metrics.h"
#include "host/base/local_socket.h"

enum {
	DOOR_IDLE_S = 10,
	DOOR_HEADERS_MAX = 8 << 10,
	DOOR_MODE = 0666, /* the folder's mode says who comes near */
};

struct metrics_door {
	const struct api_services *services;
	char *path;
	int fd;
	struct event_base *base;
	struct evhttp *http;
	pthread_t thread;
	bool running;
};

static void on_metrics(struct evhttp_request *req, void *arg)
{
	const struct metrics_door *door = arg;
	struct evbuffer *body = evbuffer_new();
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int r = out && body ? metrics_print(door->services, out)
	                    : HUFU_ERR_MEMORY;
	if (out && fclose(out) != 0)
		r = HUFU_ERR_MEMORY;
	if (r == HUFU_OK && evbuffer_add(body, text, len) == 0) {
		evhttp_add_header(evhttp_request_get_output_headers(req),
		        "Content-Type",
		        "text/plain; version=0.0.4; charset=utf-8");
		evhttp_send_reply(req, 200, NULL, body);
	} else {
		evhttp_send_error(req, 503, NULL);
	}
	free(text);
	if (body)
		evbuffer_free(body);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static void *door_main(void *arg)
{
	struct metrics_door *door = arg;
	event_base_loop(door->base, EVLOOP_NO_EXIT_ON_EMPTY);
	return NULL;
}

static int start(struct metrics_door *door, struct problem *p)
{
	int r = local_listen(door->path, DOOR_MODE, &door->fd, p);
	if (r)
		return r;
	door->base = event_base_new();
	door->http = door->base ? evhttp_new(door->base) : NULL;
	if (!door->http)
		return HUFU_ERR_MEMORY;
	evhttp_set_max_body_size(door->http, 0);
	evhttp_set_max_headers_size(door->http, DOOR_HEADERS_MAX);
	evhttp_set_timeout(door->http, DOOR_IDLE_S);
	evhttp_set_allowed_methods(door->http, EVHTTP_REQ_GET);
	int fd = dup(door->fd); /* evhttp closes what it is given */
	if (fd < 0)
		return HUFU_ERR_IO;
	if (evutil_make_socket_nonblocking(fd) != 0 ||
	        evhttp_set_cb(door->http, "/metrics", on_metrics, door) != 0 ||
	        evhttp_accept_socket(door->http, fd) != 0) {
		close(fd);
		return HUFU_ERR_IO;
	}
	door->running =
	        pthread_create(&door->thread, NULL, door_main, door) == 0;
	return door->running ? HUFU_OK : HUFU_ERR_MEMORY;
}

int metrics_door_open(const struct api_services *services,
        const char *socket_path, struct metrics_door **ret,
        struct problem *ret_problem)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, (void (*)(void))evthread_use_pthreads);
	struct metrics_door *door = calloc(1, sizeof *door);
	if (!door)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	door->services = services;
	door->fd = -1;
	door->path = strdup(socket_path);
	int r = door->path ? start(door, ret_problem) : HUFU_ERR_MEMORY;
	if (r) {
		metrics_door_close(door);
		return r;
	}
	*ret = door;
	return HUFU_OK;
}

void metrics_door_close(struct metrics_door *door)
{
	if (!door)
		return;
	if (door->running) {
		event_base_once(
		        door->base, -1, EV_TIMEOUT, on_stop, door->base, NULL);
		pthread_join(door->thread, NULL);
	}
	if (door->http)
		evhttp_free(door->http);
	if (door->base)
		event_base_free(door->base);
	if (door->fd >= 0) {
		close(door->fd);
		unlink(door->path);
	}
	free(door->path);
	free(door);
}
