#include "host/signer/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/local_socket.h"
#include "host/signer/wire.h"

struct signer {
	pthread_mutex_t lock; /* one question at a time */
	char *path;
	int timeout_ms;
	int fd; /* -1: not connected */
	atomic_uint timeouts; /* so many questions had no answer in time */
	uint8_t frame[WIRE_SMALL_MAX];
};

static _Thread_local char last_error[WIRE_WHY_MAX + 1];

const char *signer_error(void)
{
	return last_error;
}

static void hang_up(struct signer *s)
{
	if (s->fd >= 0)
		(void)close(s->fd); /* nothing is lost with it */
	s->fd = -1;
}

void signer_close(struct signer *s)
{
	if (!s)
		return;
	hang_up(s);
	(void)pthread_mutex_destroy(&s->lock);
	bytes_wipe(s->frame, sizeof(s->frame));
	free(s->path);
	free(s);
}

int signer_open(const char *socket_path, unsigned timeout_ms,
        struct signer **ret, struct problem *p)
{
	struct signer *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	s->fd = -1;
	s->timeout_ms = (int)timeout_ms;
	s->path = strdup(socket_path);
	if (!s->path || pthread_mutex_init(&s->lock, NULL)) {
		free(s->path);
		free(s);
		return problem_from_code(p, HUFU_ERR_MEMORY);
	}
	rc = local_connect(s->path, &s->fd);
	if (rc) {
		signer_close(s);
		return problem_set(p, rc, "signer-away",
		        "连不上签名服务：请启动 hufu-signd，并检查套接字 %s。",
		        "Cannot reach the signer: start hufu-signd and check "
		        "the socket %s.",
		        socket_path);
	}
	*ret = s;
	return 0;
}

static int exchange_once(
        struct signer *s, struct span question, struct span *ret_answer)
{
	size_t len = 0;
	int rc = frame_send(s->fd, question, s->timeout_ms);

	if (!rc)
		rc = frame_receive(
		        s->fd, s->frame, sizeof(s->frame), &len, s->timeout_ms);
	if (!rc)
		*ret_answer = span_of(s->frame, len);
	return rc;
}

/* A connection left over from before the signer's restart gets one retry. */
static int exchange(
        struct signer *s, struct span question, struct span *ret_answer)
{
	bool old = s->fd >= 0;
	int rc = old ? exchange_once(s, question, ret_answer) : HUFU_ERR_LINK;

	if (rc == HUFU_ERR_LINK) {
		hang_up(s);
		rc = local_connect(s->path, &s->fd);
		if (!rc)
			rc = exchange_once(s, question, ret_answer);
		else
			rc = HUFU_ERR_LINK;
	}
	if (rc)
		hang_up(s);
	return rc;
}

static int ask(struct signer *s, const struct wire_request *request,
        struct wire_answer *ret)
{
	size_t cap = WIRE_SMALL_MAX + request->files[SIGNER_TOKEN_LIST].len;
	_free_ uint8_t *frame = malloc(cap);
	struct span answer;
	struct writer w;
	unsigned asked;
	int rc;

	(void)snprintf(last_error, sizeof(last_error), "%s", "");
	if (!frame)
		return HUFU_ERR_MEMORY;
	writer_init(&w, frame, cap);
	wire_encode_request(&w, request);
	if (w.error)
		return w.error == HUFU_ERR_SPACE ? HUFU_ERR_LIMIT : w.error;
	asked = atomic_load(&s->timeouts);
	(void)pthread_mutex_lock(&s->lock);
	/* who stood behind a question that had no answer has waited, too */
	rc = atomic_load(&s->timeouts) == asked
	             ? exchange(s, writer_span(&w), &answer)
	             : HUFU_ERR_TIMEOUT;
	if (rc == HUFU_ERR_TIMEOUT)
		atomic_fetch_add(&s->timeouts, 1);
	if (!rc)
		rc = wire_decode_answer(answer, request->type, ret);
	bytes_wipe(s->frame, sizeof(s->frame));
	(void)pthread_mutex_unlock(&s->lock);
	if (!rc && ret->code) {
		rc = ret->code;
		(void)snprintf(last_error, sizeof(last_error), "%s", ret->why);
	}
	return rc;
}

static int ask_new(struct signer *s, const struct wire_request *request,
        struct wire_answer **ret)
{
	struct wire_answer *a = calloc(1, sizeof(*a));
	int rc;

	if (!a)
		return HUFU_ERR_MEMORY;
	rc = ask(s, request, a);
	if (rc)
		free(a);
	else
		*ret = a;
	return rc;
}

static void put_proof(struct wire_request *r, const struct signer_proof *logged)
{
	r->index = logged->index;
	r->entry = logged->entry;
	r->path = *logged->path;
	r->note = span_of_text(logged->note);
}

static int ask_checkpoint(struct signer *s, const struct wire_request *request,
        struct signer_checkpoint *ret)
{
	_free_ struct wire_answer *a = NULL;
	int rc = ask_new(s, request, &a);

	if (!rc)
		*ret = a->checkpoint;
	return rc;
}

int signer_last_checkpoint(struct signer *s, struct signer_checkpoint *ret)
{
	struct wire_request r = {.type = WIRE_LAST};

	return ask_checkpoint(s, &r, ret);
}

int signer_sign_checkpoint(struct signer *s, uint64_t size,
        const uint8_t root[MERKLE_HASH_LEN], const struct merkle_proof *proof,
        struct signer_checkpoint *ret)
{
	struct wire_request r = {.type = WIRE_CHECKPOINT, .size = size};

	memcpy(r.root, root, sizeof(r.root));
	r.path = *proof;
	return ask_checkpoint(s, &r, ret);
}

int signer_sign_card(struct signer *s, const struct signer_card *card,
        struct signer_signatures *ret)
{
	struct wire_request r = {.type = WIRE_CARD,
	        .qr_tbs = card->qr_tbs,
	        .chip_tbs = card->chip_tbs};
	_free_ struct wire_answer *a = NULL;
	int rc;

	memcpy(r.salt, card->salt, sizeof(r.salt));
	put_proof(&r, &card->logged);
	rc = ask_new(s, &r, &a);
	if (!rc)
		*ret = a->card;
	return rc;
}

int signer_sign_edition(struct signer *s, const struct signer_edition *edition,
        uint8_t ret[SIGNER_FILES][SIGNER_SIGNATURE_LEN])
{
	struct wire_request r = {.type = WIRE_LIST};
	_free_ struct wire_answer *a = NULL;
	int rc;

	memcpy(r.files, edition->tbs, sizeof(r.files));
	put_proof(&r, &edition->logged);
	rc = ask_new(s, &r, &a);
	if (!rc)
		memcpy(ret, a->files, sizeof(a->files));
	return rc;
}

int signer_list_signed(struct signer *s, uint64_t from,
        struct signer_record ret[SIGNER_RECORDS_MAX], size_t *ret_count)
{
	struct wire_request r = {.type = WIRE_SIGNED, .from = from};
	_free_ struct wire_answer *a = NULL;
	int rc = ask_new(s, &r, &a);

	if (rc)
		return rc;
	memcpy(ret, a->records, a->record_count * sizeof(*ret));
	*ret_count = a->record_count;
	return 0;
}

int signer_open_session(struct signer *s,
        const struct signer_session_request *request,
        struct signer_session *ret)
{
	struct wire_request r = {
	        .type = WIRE_SESSION, .key_version = request->key_version};
	_free_ struct wire_answer *a = NULL;
	int rc;

	memcpy(r.serial, request->serial, sizeof(r.serial));
	memcpy(r.host_challenge, request->host_challenge, 8);
	memcpy(r.card_challenge, request->card_challenge, 8);
	memcpy(r.card_cryptogram, request->card_cryptogram, 8);
	memcpy(r.sequence, request->sequence, sizeof(r.sequence));
	memcpy(r.salt, request->salt, sizeof(r.salt));
	put_proof(&r, &request->logged);
	rc = ask_new(s, &r, &a);
	if (rc)
		return rc;
	*ret = a->session;
	bytes_wipe(&a->session, sizeof(a->session));
	return 0;
}

int signer_public_keys(struct signer *s, struct signer_keys *ret)
{
	struct wire_request r = {.type = WIRE_KEYS};
	_free_ struct wire_answer *a = NULL;
	int rc = ask_new(s, &r, &a);

	if (!rc)
		*ret = a->keys;
	return rc;
}

int signer_health(struct signer *s, struct signer_health *ret)
{
	struct wire_request r = {.type = WIRE_HEALTH};
	_free_ struct wire_answer *a = NULL;
	int rc = ask_new(s, &r, &a);

	if (!rc)
		*ret = a->health;
	return rc;
}
