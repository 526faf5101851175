#include "host/signer/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/local_socket.h"
#include "host/base/notify.h"

enum {
	PEERS_MAX = 32,
	HEAD_LEN = 4,
	STRANGER_MS = 5000, /* how long one that may not ask is kept */
	POLL_MS = 1000,
};

struct peer {
	int fd; /* -1: free */
	bool allowed;
	bool closing; /* after the answer */
	int64_t since_ms;
	uint8_t head[HEAD_LEN];
	uint8_t *in; /* the frame being read */
	size_t want; /* its length; 0: head not yet read */
	size_t have; /* bytes of head, then of in */
	uint8_t *out; /* HEAD_LEN + WIRE_SMALL_MAX */
	size_t out_len, out_sent;
};

struct serve {
	struct desk *desk;
	int listener;
	struct peer peers[PEERS_MAX];
	struct wire_answer answer;
};

static void drop_frame(struct peer *p)
{
	if (p->in)
		bytes_wipe(p->in, p->want);
	free(p->in);
	p->in = NULL;
	p->want = p->have = 0;
}

static void drop_peer(struct peer *p)
{
	drop_frame(p);
	if (p->out)
		bytes_wipe(p->out, HEAD_LEN + WIRE_SMALL_MAX);
	free(p->out);
	if (p->fd >= 0)
		(void)close(p->fd); /* the peer sees the end of the stream */
	*p = (struct peer){.fd = -1};
}

static void accept_peer(struct serve *s)
{
	struct peer *p = s->peers;
	struct local_peer who;
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	while (p < s->peers + PEERS_MAX && p->fd >= 0)
		p++;
	if (p == s->peers + PEERS_MAX || local_peer(fd, &who)) {
		(void)close(fd); /* the caller comes again */
		return;
	}
	*p = (struct peer){.fd = fd, .since_ms = clock_steady_ms()};
	p->allowed = signd_config_allows(s->desk->config, who.uid);
	p->out = malloc(HEAD_LEN + WIRE_SMALL_MAX);
	if (!p->out)
		drop_peer(p);
}

static void set_answer(
        struct peer *p, enum wire_type type, const struct wire_answer *a)
{
	struct writer w, head;

	writer_init(&w, p->out + HEAD_LEN, WIRE_SMALL_MAX);
	wire_encode_answer(&w, type, a);
	writer_init(&head, p->out, HEAD_LEN);
	writer_put_u32(&head, (uint32_t)w.len);
	p->out_len = HEAD_LEN + w.len;
	p->out_sent = 0;
	if (w.error)
		drop_peer(p);
}

static void set_refusal(struct peer *p, int code, const char *why)
{
	struct wire_answer a = {.code = code};

	(void)snprintf(a.why, sizeof(a.why), "%s", why);
	set_answer(p, WIRE_HEALTH, &a);
}

static void answer_frame(struct serve *s, struct peer *p)
{
	enum wire_type type;

	if (!p->allowed) {
		p->closing = true;
		set_refusal(p, HUFU_ERR_DENIED, "this user may not ask");
	} else {
		desk_answer(
		        s->desk, span_of(p->in, p->want), &type, &s->answer);
		set_answer(p, type, &s->answer);
		bytes_wipe(&s->answer, sizeof(s->answer));
	}
	drop_frame(p);
}

/* The head is whole: make room, or say that no frame is that long. */
static void begin_frame(struct peer *p)
{
	struct reader r;
	size_t len;

	reader_init(&r, span_of(p->head, HEAD_LEN));
	len = reader_get_u32(&r);
	if (len > 0 && len <= (p->allowed ? WIRE_FRAME_MAX : WIRE_SMALL_MAX))
		p->in = malloc(len);
	if (!p->in) {
		p->closing = true;
		set_refusal(p, HUFU_ERR_LIMIT, "frame empty or too long");
		return;
	}
	p->want = len;
	p->have = 0;
}

/* One read; true when a frame is whole. */
static bool read_peer(struct peer *p)
{
	bool head = p->want == 0;
	uint8_t *to = head ? p->head : p->in;
	size_t end = head ? HEAD_LEN : p->want;
	ssize_t n = recv(p->fd, to + p->have, end - p->have, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		drop_peer(p);
		return false;
	}
	p->have += (size_t)n;
	if (p->have < end)
		return false;
	if (!head)
		return true;
	begin_frame(p);
	return false;
}

static void write_peer(struct peer *p)
{
	ssize_t n = send(p->fd, p->out + p->out_sent, p->out_len - p->out_sent,
	        MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		drop_peer(p);
		return;
	}
	p->out_sent += (size_t)n;
	if (p->out_sent < p->out_len)
		return;
	bytes_wipe(p->out, p->out_len);
	p->out_len = p->out_sent = 0;
	if (p->closing)
		drop_peer(p);
}

static bool stays_too_long(const struct peer *p)
{
	return p->fd >= 0 && !p->allowed &&
	       clock_steady_ms() - p->since_ms > STRANGER_MS;
}

/* Fills the poll set: listener, then every peer at its own place. */
static void gather(const struct serve *s, struct pollfd set[PEERS_MAX + 1])
{
	bool room = false;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		const struct peer *p = &s->peers[i];

		set[i + 1] = (struct pollfd){.fd = p->fd};
		set[i + 1].events = p->out_len ? POLLOUT : POLLIN;
		room = room || p->fd < 0;
	}
	set[0] = (struct pollfd){
	        .fd = room ? s->listener : -1, .events = POLLIN};
}

/* Reads and answers into the buffers; nothing leaves before settling. */
static void take_requests(
        struct serve *s, const struct pollfd set[PEERS_MAX + 1], bool *fresh)
{
	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *p = &s->peers[i];

		if (p->fd < 0 || p->fd != set[i + 1].fd || p->out_len ||
		        !set[i + 1].revents)
			continue;
		while (p->fd >= 0 && p->want == 0 && !p->out_len) {
			size_t before = p->have;

			if (read_peer(p) || (p->want == 0 && p->have == before))
				break;
		}
		while (p->fd >= 0 && p->want > 0 && !p->out_len) {
			size_t before = p->have;

			if (read_peer(p)) {
				answer_frame(s, p);
				fresh[i] = true;
			} else if (p->fd >= 0 && p->have == before) {
				break;
			}
		}
	}
}

static int settle(struct serve *s, const bool *fresh)
{
	int rc = desk_settle(s->desk);

	if (!rc)
		return 0;
	for (size_t i = 0; i < PEERS_MAX; i++) {
		if (fresh[i] && s->peers[i].fd >= 0)
			set_refusal(&s->peers[i], rc, "journal not writable");
	}
	return s->desk->ledger ? 0 : rc;
}

static int turn(struct serve *s)
{
	struct pollfd set[PEERS_MAX + 1];
	bool fresh[PEERS_MAX] = {false};
	int rc;

	gather(s, set);
	if (poll(set, PEERS_MAX + 1, POLL_MS) < 0)
		return errno == EINTR ? 0 : HUFU_ERR_IO;
	take_requests(s, set, fresh);
	rc = settle(s, fresh);
	for (size_t i = 0; i < PEERS_MAX; i++) {
		if (s->peers[i].fd >= 0 && s->peers[i].out_len)
			write_peer(&s->peers[i]);
		if (stays_too_long(&s->peers[i]))
			drop_peer(&s->peers[i]);
	}
	if (set[0].fd >= 0 && set[0].revents)
		accept_peer(s);
	return rc;
}

int serve_run(
        struct desk *desk, int listener, const volatile sig_atomic_t *stop)
{
	_free_ struct serve *s = calloc(1, sizeof(*s));
	int rc = 0;

	if (!s)
		return HUFU_ERR_MEMORY;
	s->desk = desk;
	s->listener = listener;
	for (size_t i = 0; i < PEERS_MAX; i++)
		s->peers[i].fd = -1;
	while (!rc && !*stop) {
		rc = turn(s);
		notify_alive();
	}
	for (size_t i = 0; i < PEERS_MAX; i++)
		drop_peer(&s->peers[i]);
	return rc;
}
