#include "tests/unit/issue/publishing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "crypto/openssl/sigs.h"
#include "host/base/file.h"

enum { SPACE_MORE = 1024 };

struct publishing publishing;
static struct publishing *const p = &publishing;

int publishing_try_open(void)
{
	const struct status_publish_options options = {
	        .issue = p->office.issue,
	        .store = p->office.store,
	        .log = p->log,
	        .signer = p->hall.signer,
	        .folder = p->lists,
	        .issuer = HALL_ISS,
	        .alg = p->alg,
	        .uri = PUBLISHING_URI,
	        .ttl_s = PUBLISHING_TTL_S,
	        .gather_ms = p->gather_ms,
	        .delta_max = p->delta_max,
	};

	return status_publish_open(&options, &p->publish, &p->office.problem);
}

void publishing_open(void)
{
	int rc = publishing_try_open();

	if (rc != 0)
		fail_msg("publish: %d %s", rc, p->office.problem.en);
}

void publishing_close(void)
{
	status_publish_close(p->publish);
	p->publish = NULL;
}

int publishing_set_up(void **state)
{
	struct log_options log = {.store = NULL, .origin = HALL_ORIGIN};
	char folder[96];

	(void)state;
	p->alg = SIGCHECK_ES256;
	p->gather_ms = 20;
	p->delta_max = 0;
	hall_open(&p->hall);
	hall_start(&p->hall, NULL);
	office_open(&p->office);
	(void)snprintf(folder, sizeof(folder), "%s/log", p->office.folder);
	(void)snprintf(
	        p->lists, sizeof(p->lists), "%s/status", p->office.folder);
	log.store = p->office.store;
	log.signer = p->hall.signer;
	log.folder = folder;
	assert_int_equal(log_open(&log, &p->log, &p->office.problem), 0);
	office_add_blanks(&p->office, 0, 10);
	publishing_open();
	return 0;
}

int publishing_tear_down(void **state)
{
	(void)state;
	publishing_close();
	log_close(p->log);
	office_check(&p->office);
	office_close(&p->office);
	if (p->hall.pid == 0) /* the test has killed it */
		signer_close(p->hall.signer);
	hall_close(&p->hall);
	return 0;
}

void publishing_wait(void)
{
	int rc = status_publish_wait(
	        p->publish, PUBLISHING_LIMIT_MS, &p->office.problem);

	if (rc != 0)
		fail_msg("wait: %d %s", rc, p->office.problem.en);
}

/* Not by the hall, which would take our connection along. */
void publishing_kill_signer(void)
{
	assert_int_equal(kill(p->hall.pid, SIGKILL), 0);
	assert_int_equal(waitpid(p->hall.pid, NULL, 0), p->hall.pid);
	p->hall.pid = 0;
}

static const struct trust_list *trust_in_the_list_key(void)
{
	static struct trust_list trust;
	const struct signer_key *key = hall_key(&p->hall, SIGNER_LIST, p->alg);
	struct trust_issuer *issuer = &trust.issuers[0];

	trust = (struct trust_list){.issuer_count = 1};
	issuer->purpose = TRUST_STATUS_LIST;
	issuer->alg = p->alg;
	issuer->iss = span_of_text(HALL_ISS);
	issuer->valid_to_s = INT64_MAX;
	assert_int_equal(
	        cose_key_from_public(p->alg == SIGCHECK_SM2 ? COSE_CURVE_SM2
	                                                    : COSE_CURVE_P256,
	                span_of(key->point, sizeof(key->point)), &issuer->key),
	        0);
	cose_key_id(&issuer->key, issuer->kid);
	return &trust;
}

static struct writer take_file(struct seen *s, const char *name)
{
	struct writer space;
	char path[160];

	(void)snprintf(
	        path, sizeof(path), "%s/%d/%s", p->lists, OFFICE_LIST, name);
	assert_int_equal(
	        file_read(path, PUBLISHING_FILE_MAX, &s->file, &s->len), 0);
	s->space = malloc(s->len + SPACE_MORE);
	assert_non_null(s->space);
	writer_init(&space, s->space, s->len + SPACE_MORE);
	return space;
}

void seen_list(struct seen *s)
{
	struct writer space = take_file(s, "list.cwt");

	assert_int_equal(status_list_open(span_of(s->file, s->len),
	                         trust_in_the_list_key(), sigs_openssl(),
	                         &space, &s->list),
	        0);
	assert_int_equal(
	        status_list_expand(&s->list, s->map, sizeof(s->map)), 0);
}

void seen_compact(struct seen *s, const char *name)
{
	struct writer space = take_file(s, name);

	assert_int_equal(compact_list_open(span_of(s->file, s->len),
	                         trust_in_the_list_key(), sigs_openssl(),
	                         &space, &s->compact),
	        0);
	if (s->compact.kind == COMPACT_SNAPSHOT)
		assert_int_equal(compact_list_expand(&s->compact, s->map,
		                         sizeof(s->map), &s->list),
		        0);
}

void seen_done(struct seen *s)
{
	free(s->file);
	free(s->space);
}

enum status_value published_value(int64_t card)
{
	struct card_record c = office_card(&p->office, card);
	enum status_value v = STATUS_VALID;
	struct seen s;

	seen_list(&s);
	assert_int_equal(status_list_find(&s.list, c.status_index, &v), 0);
	seen_done(&s);
	return v;
}
