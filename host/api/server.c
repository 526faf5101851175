#include "host/api/server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/thread.h>
#include <event2/util.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/api/edge.h"
#include "host/api/event_stream.h"
#include "host/api/metrics.h"
#include "host/api/routes.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/local_socket.h"
#include "host/store/store.h"

enum {
	SERVER_THREADS_MAX = 16,
	SERVER_THREADS = 4,
	SERVER_IDLE_S = 30,
	SERVER_BACKLOG = 128,
};

struct worker {
	pthread_t thread;
	bool running;
	struct event_base *base;
	struct evhttp *http;
	struct event_streams *streams;
	struct api_server *server;
};

struct api_server {
	struct api_server_options options;
	char *socket_path;
	int fd;
	size_t worker_count;
	struct worker workers[SERVER_THREADS_MAX];
};

struct who {
	uid_t uid;
	struct staff staff;
	uint32_t roles;
};

static int find_staff(struct store_tx *tx, void *arg)
{
	struct who *who = arg;
	int r = staff_find_by_uid(tx, who->uid, &who->staff);
	return r ? r : staff_find_roles(tx, who->staff.id, &who->roles);
}

static int peer_uid(struct evhttp_request *req, uid_t *ret)
{
	struct evhttp_connection *con = evhttp_request_get_connection(req);
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(con));
	struct local_peer peer;
	int r = local_peer(fd, &peer);
	if (r == HUFU_OK)
		*ret = peer.uid;
	return r;
}

/* The socket says who it is; HUFU_ERR_DENIED for a stranger. */
static int identify_operator(struct evhttp_request *req, struct api_call *call)
{
	struct who who = {0};
	int r = peer_uid(req, &who.uid);
	if (r)
		return r;
	r = store_read(call->services->store, find_staff, &who);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&call->problem, HUFU_ERR_DENIED, "stranger",
		        "系统账户 %u 没有登记为工作人员，请安全管理员登记。",
		        "System user %u is not registered as staff; ask the "
		        "security administrator.",
		        (unsigned)who.uid);
	call->staff = who.staff;
	call->roles = who.roles;
	return r;
}

static int check_edge_peer(
        struct evhttp_request *req, struct api_call *call, uid_t wanted)
{
	uid_t uid;
	int r = peer_uid(req, &uid);
	if (r || uid == wanted)
		return r;
	return problem_set(&call->problem, HUFU_ERR_DENIED, "not-the-edge",
	        "此接口只接受 nginx 的连接。", "Only nginx is heard here.");
}

/* Who asks at all, before anything is said of what there is to ask. */
static int check_peer(const struct worker *worker, struct evhttp_request *req,
        struct api_call *call)
{
	return call->door == API_EDGE
	               ? check_edge_peer(
	                         req, call, worker->server->options.edge_uid)
	               : identify_operator(req, call);
}

static int check_right(struct evhttp_request *req, struct api_call *call,
        const struct api_route *route)
{
	int r = call->door == API_EDGE ? edge_identify(call, req, route)
	                               : HUFU_OK;
	if (r || route->flags & API_OPEN || route->roles & call->roles)
		return r;
	return problem_set(&call->problem, HUFU_ERR_DENIED, "role-missing",
	        "您的岗位不办理这项业务。", "None of your roles does this.");
}

/* A request that two readers could take for different ones is refused. */
static int check_headers(struct evhttp_request *req, struct api_call *call)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
	int hosts = 0, lengths = 0, codings = 0;
	struct evkeyval *h;
	TAILQ_FOREACH(h, headers, next)
	{
		hosts += evutil_ascii_strcasecmp(h->key, "Host") == 0;
		lengths +=
		        evutil_ascii_strcasecmp(h->key, "Content-Length") == 0;
		codings += evutil_ascii_strcasecmp(
		                   h->key, "Transfer-Encoding") == 0;
	}
	if (hosts == 1 && lengths <= 1 && lengths + codings <= 1)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "headers",
	        "请求头不正确：须有且只有一个 Host，正文长度只能说明一次。",
	        "Bad headers: exactly one Host, and the body's length told "
	        "once.");
}

static int take_body(struct evhttp_request *req, struct api_call *call,
        const struct api_route *route)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t len = evbuffer_get_length(in);
	call->body = span_of(evbuffer_pullup(in, -1), len);
	if (route->body == API_NO_BODY && len > 0)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unexpected-body", "此请求不应带有正文。",
		        "This request takes no body.");
	if (route->body != API_CSV && len > API_BODY_MAX)
		return problem_set(&call->problem, HUFU_ERR_LIMIT,
		        "body-too-large", "正文超过 %d MB。",
		        "The body is longer than %d MB.", API_BODY_MAX >> 20);
	if (route->body != API_JSON)
		return HUFU_OK;
	int r = json_parse(call->body, &call->json, &call->problem);
	if (r == HUFU_OK)
		json_reader_init(&call->in, call->json);
	return r;
}

static int run_call(const struct worker *worker, struct evhttp_request *req,
        struct api_call *call)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);
	int r = check_headers(req, call);
	if (r == HUFU_OK)
		r = check_peer(worker, req, call);
	if (r)
		return r;
	bool other = false;
	const struct api_route *route = api_route_find(call,
	        evhttp_request_get_command(req), path ? path : "", &other);
	call->route = route;
	if (!route) {
		call->status = other ? 405 : 404;
		return problem_set(&call->problem, HUFU_ERR_NOT_FOUND,
		        "no-such-call", "没有这个接口。",
		        "There is no such call.");
	}
	r = check_right(req, call, route);
	if (r)
		return r;
	if (query && evhttp_parse_query_str(query, &call->query) != 0)
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT, "query",
		        "查询参数无法解析。", "The query cannot be parsed.");
	r = take_body(req, call, route);
	return r ? r : route->run(call);
}

static void put_json(struct evhttp_request *req, struct evbuffer *out,
        const json_t *json, const char *type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	_free_ char *text = json_dumps(json, JSON_COMPACT);
	evhttp_add_header(headers, "Content-Type", type);
	if (text)
		evbuffer_add(out, text, strlen(text));
}

static void put_problem(struct evhttp_request *req, struct evbuffer *out,
        const struct api_call *call)
{
	json_t *json = json_pack("{s:s+, s:s, s:s, s:s, s:i}", "type",
	        "urn:hufu:problem:", call->problem.type, "title",
	        call->problem.zh, "detail", call->problem.en, "zh",
	        call->problem.zh, "status", call->status);
	if (!json) /* a sentence that is no UTF-8: say the rest */
		json = json_pack("{s:s, s:i}", "detail", "refused", "status",
		        call->status);
	if (json && call->reply)
		json_object_update_missing(json, call->reply);
	put_json(req, out, json, "application/problem+json");
	json_decref(json);
}

static void answer(struct evhttp_request *req, struct api_call *call, int code)
{
	call_settle(call, code);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct evbuffer *out = evbuffer_new();
	if (!out) {
		evhttp_send_error(req, 500, NULL);
		return;
	}
	evhttp_add_header(headers, "Cache-Control", "no-store");
	if (call->cookie[0])
		evhttp_add_header(headers, "Set-Cookie", call->cookie);
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	if (code != HUFU_OK) {
		put_problem(req, out, call);
	} else if (call->raw) {
		evhttp_add_header(headers, "Content-Type", call->raw_type);
		evbuffer_add(out, call->raw, call->raw_len);
	} else {
		put_json(req, out, call->reply, "application/json");
	}
	evhttp_send_reply(req, call->status ? call->status : 200, NULL, out);
	evbuffer_free(out);
}

static void on_request(struct evhttp_request *req, void *arg)
{
	struct worker *worker = arg;
	struct api_call *call = calloc(1, sizeof *call);
	if (!call) {
		evhttp_send_error(req, 503, NULL);
		return;
	}
	TAILQ_INIT(&call->query);
	call->services = worker->server->options.services;
	call->door = worker->server->options.door;
	int64_t since = clock_steady_us();
	int r = run_call(worker, req, call);
	if (r == HUFU_OK && call->stream)
		r = event_streams_add(worker->streams, req, &call->problem);
	if (r || !call->stream)
		answer(req, call, r);
	metrics_count(call->services->metrics, call->route,
	        call->status ? call->status : 200, clock_steady_us() - since);
	call_done(call);
	free(call);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	event_base_loop(worker->base, EVLOOP_NO_EXIT_ON_EMPTY);
	return NULL;
}

static int worker_open(struct api_server *server, struct worker *worker)
{
	worker->server = server;
	worker->base = event_base_new();
	worker->http = worker->base ? evhttp_new(worker->base) : NULL;
	if (!worker->http)
		return HUFU_ERR_MEMORY;
	int r = event_streams_new(
	        worker->base, server->options.services, &worker->streams);
	if (r)
		return r;
	evhttp_set_gencb(worker->http, on_request, worker);
	evhttp_set_max_body_size(worker->http, server->options.door == API_EDGE
	                                               ? API_EDGE_CSV_MAX
	                                               : API_CSV_MAX);
	evhttp_set_max_headers_size(worker->http, API_HEADERS_MAX);
	evhttp_set_timeout(worker->http, SERVER_IDLE_S);
	evhttp_set_allowed_methods(
	        worker->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
	int fd = dup(server->fd); /* evhttp closes what it is given */
	if (fd < 0)
		return HUFU_ERR_IO;
	if (evhttp_accept_socket(worker->http, fd) != 0) {
		close(fd);
		return HUFU_ERR_IO;
	}
	if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
		return HUFU_ERR_MEMORY;
	worker->running = true;
	return HUFU_OK;
}

int api_server_open(const struct api_server_options *options,
        struct api_server **ret, struct problem *ret_problem)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, (void (*)(void))evthread_use_pthreads);
	struct api_server *server = calloc(1, sizeof *server);
	if (!server)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	server->options = *options;
	server->fd = -1;
	server->socket_path = strdup(options->socket_path);
	int r = server->socket_path ? local_listen(options->socket_path,
	                                      options->socket_mode, &server->fd,
	                                      ret_problem)
	                            : HUFU_ERR_MEMORY;
	if (r == HUFU_OK && options->socket_group != (gid_t)-1 &&
	        chown(options->socket_path, (uid_t)-1, options->socket_group) !=
	                0)
		r = problem_set(ret_problem, HUFU_ERR_DENIED, "socket-group",
		        "不能把 %s 交给用户组 %u：本服务的用户须在该组内。",
		        "Cannot give %s to group %u: this daemon's user must "
		        "be a member of it.",
		        options->socket_path, (unsigned)options->socket_group);
	if (r == HUFU_OK && evutil_make_socket_nonblocking(server->fd) != 0)
		r = HUFU_ERR_IO;
	size_t want = options->threads ? options->threads : SERVER_THREADS;
	if (want > SERVER_THREADS_MAX)
		want = SERVER_THREADS_MAX;
	while (r == HUFU_OK && server->worker_count < want)
		r = worker_open(
		        server, &server->workers[server->worker_count++]);
	if (r) {
		api_server_close(server);
		return r;
	}
	*ret = server;
	return HUFU_OK;
}

void api_server_close(struct api_server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < server->worker_count; i++) {
		struct worker *worker = &server->workers[i];
		if (worker->running) {
			/* An event, because a break before the loop has
			 * begun would be forgotten. */
			event_base_once(worker->base, -1, EV_TIMEOUT, on_stop,
			        worker->base, NULL);
			pthread_join(worker->thread, NULL);
		}
		if (worker->http)
			evhttp_free(worker->http);
		event_streams_free(worker->streams);
		if (worker->base)
			event_base_free(worker->base);
	}
	if (server->fd >= 0) {
		close(server->fd);
		unlink(server->socket_path);
	}
	free(server->socket_path);
	free(server);
}
