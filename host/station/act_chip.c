/* Acts that make the chip: from an empty way to a card that verifies. */
#include <string.h>

#include "card/terminal/perso.h"
#include "crypto/core/sha256.h"
#include "host/base/fault_point.h"
#include "host/issue/status_publish.h"
#include "host/station/acts.h"
#include "host/station/chip.h"
#include "host/station/document.h"
#include "host/station/evidence.h"
#include "host/station/inspection.h"

enum {
	LOOKS = 3, /* at a blank that comes and goes */
	PUBLISH_LIMIT_MS = 30000,
};

/* No blank was taken: the job goes back, with the words that are there. */
static int let_go(struct saga *s, enum ground ground)
{
	s->ground = ground;
	return SAGA_RELEASE;
}

static int let_go_saying(struct saga *s, enum ground ground)
{
	return ground_problem(&s->problem, let_go(s, ground), ground);
}

/* Serial of what lies on the reader, if it may be a blank. */
static int look_at_blank(struct saga *s, uint8_t ret_serial[CARD_SERIAL_LEN])
{
	struct perso_progress progress;
	int rc = 0;
	for (int i = 0; i < LOOKS; i++) {
		rc = chip_open(s);
		if (rc == 0)
			rc = perso_identify(&s->terminal, ret_serial);
		if (rc == 0)
			rc = perso_get_progress(&s->terminal, &progress);
		if (rc != TERMINAL_LINK_LOST)
			break;
	}
	if (rc >= CHIP_END)
		return SAGA_RELEASE;
	if (rc == TERMINAL_TERMINATED)
		return let_go_saying(s, GROUND_FOREIGN_CARD);
	if (rc != 0)
		return let_go_saying(s, ground_of_terminal(rc));
	if (progress.state != CARD_OP_READY &&
	        progress.state != CARD_INITIALIZED)
		return let_go_saying(s, GROUND_PERSONALISED);
	return 0;
}

static int reserve(struct saga *s, const uint8_t serial[CARD_SERIAL_LEN])
{
	if (atomic_load(s->stale))
		return SAGA_STALE;
	fault_point("station.before.reserved");
	int rc =
	        job_reserve(s->services->issue, &s->lease, serial, &s->problem);
	switch (rc) {
	case 0:
		break;
	case JOB_STALE:
		return SAGA_STALE;
	case JOB_INELIGIBLE:
		return SAGA_CLOSED;
	case JOB_NO_BLANK:
		return let_go_saying(s, GROUND_NO_BLANK);
	case JOB_FOREIGN_BLANK:
		return let_go_saying(s, GROUND_NOT_IN_STOCK);
	default:
		return saga_end_job(s, rc);
	}
	fault_point("station.after.reserved");
	s->sure_of_card = true;
	return 0;
}

int act_reserve(struct saga *s)
{
	uint8_t serial[CARD_SERIAL_LEN];
	int rc = s->transport->ops->feed(s->transport, &s->problem);
	if (rc != 0)
		return let_go(s, ground_of_transport(rc));
	timing_switch(&s->timing, TIMING_IDENTIFY);
	rc = look_at_blank(s, serial);
	return rc ? rc : reserve(s, serial);
}

/* A name that no font can draw must cost no blank. */
static int check_name(struct saga *s)
{
	int rc = saga_read_subject(s);
	if (rc != 0)
		return rc;
	rc = face_check_name(s->fonts, s->papers->subject.name, &s->problem);
	return rc ? saga_end_said(s, GROUND_UNDRAWABLE) : 0;
}

int act_intend_chip(struct saga *s)
{
	const struct job_step step = {.to = JOB_CHIP_INTENT};
	struct log_checkpoint checkpoint;
	int rc = check_name(s);
	if (rc == 0)
		rc = chip_see(s);
	if (rc != 0)
		return rc;
	timing_switch(&s->timing, TIMING_LOG);
	rc = log_wait(s->services->log, s->lease.reserved_index, &checkpoint,
	        &s->problem);
	if (rc != 0)
		return saga_end(
		        s, evidence_waiting_ground(rc, GROUND_LOG_AWAY));
	return saga_advance(s, &step);
}

static int generate_key(struct saga *s)
{
	fault_point("station.generate-key");
	int rc = perso_generate_key(&s->terminal, s->papers->point);
	fault_point("station.key-generated");
	return rc;
}

int act_key(struct saga *s)
{
	timing_switch(&s->timing, TIMING_KEYS);
	int rc = chip_run(s, generate_key);
	if (rc != 0)
		return rc;
	s->papers->has_point = true;
	const struct job_step step = {
	        .to = JOB_KEYED,
	        .facts_count = 1,
	        .facts = {{JOB_FACT_CHIP_KEY,
	                span_of(s->papers->point, CARD_POINT_LEN)}},
	};
	return saga_advance(s, &step);
}

int act_log(struct saga *s)
{
	struct saga_papers *p = s->papers;
	int rc = saga_read_point(s);
	timing_switch(&s->timing, TIMING_SIGN);
	if (rc == 0)
		rc = saga_read_subject(s);
	if (rc == 0)
		rc = document_build(s);
	if (rc != 0)
		return rc;
	const struct job_step step = {
	        .to = JOB_LOGGED,
	        .facts_count = 3,
	        .facts = {{JOB_FACT_ELEMENTS,
	                          span_of(p->elements, p->elements_len)},
	                {JOB_FACT_QR_TBS, span_of(p->qr_tbs, p->qr_tbs_len)},
	                {JOB_FACT_CHIP_TBS,
	                        span_of(p->chip_tbs, p->chip_tbs_len)}},
	};
	return saga_advance(s, &step);
}

/* The list that calls this card suspended is out before it is signed. */
static int wait_for_list(struct saga *s)
{
	timing_switch(&s->timing, TIMING_LOG);
	int rc = status_publish_wait_index(s->services->publish,
	        s->papers->subject.status_index, PUBLISH_LIMIT_MS, &s->problem);
	return rc ? saga_end(s, evidence_waiting_ground(rc, GROUND_LISTS_AWAY))
	          : 0;
}

static int ask_signer(struct saga *s, struct signer_signatures *ret)
{
	struct saga_papers *p = s->papers;
	struct evidence evidence;
	uint8_t salt[LOG_SALT_LEN];
	size_t salt_len = 0;
	int rc = evidence_get(s, s->lease.signed_index, &evidence);
	if (rc == 0)
		rc = saga_read_fact(
		        s, JOB_FACT_SIGNED_SALT, salt, sizeof salt, &salt_len);
	if (rc != 0)
		return rc;
	const struct signer_card card = {
	        .qr_tbs = span_of(p->qr_tbs, p->qr_tbs_len),
	        .chip_tbs = span_of(p->chip_tbs, p->chip_tbs_len),
	        .salt = salt,
	        .logged = evidence.proof,
	};
	timing_switch(&s->timing, TIMING_SIGN);
	fault_point("station.sign-card");
	rc = signer_sign_card(s->services->signer, &card, ret);
	fault_point("station.card-signed");
	return rc ? saga_end(s, evidence_ground(rc)) : 0;
}

int act_sign(struct saga *s)
{
	struct saga_papers *p = s->papers;
	struct signer_signatures sigs;
	uint8_t hash[SHA256_LEN];
	int rc = document_load_tbs(s);
	if (rc == 0)
		rc = saga_read_subject(s);
	if (rc == 0)
		rc = wait_for_list(s);
	if (rc == 0)
		rc = ask_signer(s, &sigs);
	if (rc == 0)
		rc = document_finish(s, span_of(sigs.qr, sizeof sigs.qr),
		        span_of(sigs.chip, sizeof sigs.chip));
	if (rc != 0)
		return rc;
	sha256_of(span_of(p->stream, p->stream_len), hash);
	const struct job_step step = {
	        .to = JOB_SIGNED,
	        .facts_count = 4,
	        .facts = {{JOB_FACT_QR_SIGNATURE,
	                          span_of(sigs.qr, sizeof sigs.qr)},
	                {JOB_FACT_CHIP_SIGNATURE,
	                        span_of(sigs.chip, sizeof sigs.chip)},
	                {JOB_FACT_QR_TEXT, span_of_text(p->text)},
	                {JOB_FACT_CHIP_HASH, span_of(hash, sizeof hash)}},
	};
	return saga_advance(s, &step);
}

/* Writes what the chip does not have yet; activates it once. */
static int write_chip(struct saga *s)
{
	struct saga_papers *p = s->papers;
	struct perso_progress progress;
	uint8_t point[CARD_POINT_LEN], hash[SHA256_LEN];
	struct span stream = span_of(p->stream, p->stream_len);
	int rc = perso_get_progress(&s->terminal, &progress);
	sha256_of(stream, hash);
	if (rc == 0 && progress.state == CARD_SECURED)
		return memcmp(progress.hash, hash, sizeof hash) == 0
		               ? 0
		               : TERMINAL_MISMATCH;
	if (rc == 0)
		rc = perso_generate_key(&s->terminal, point);
	if (rc == 0 && memcmp(point, p->point, sizeof point) != 0)
		rc = CHIP_END + saga_end(s, GROUND_CHIP_CHANGED);
	if (rc == 0)
		rc = perso_store(&s->terminal, stream, NULL);
	fault_point("station.stored");
	if (rc == 0)
		rc = perso_activate(&s->terminal, hash);
	fault_point("station.activated");
	return rc;
}

int act_write(struct saga *s)
{
	const struct job_step step = {.to = JOB_CHIP_VERIFIED};
	int rc = saga_read_point(s);
	if (rc == 0)
		rc = document_load_signed(s);
	timing_switch(&s->timing, TIMING_WRITE);
	if (rc == 0)
		rc = chip_run(s, write_chip);
	timing_switch(&s->timing, TIMING_VERIFY);
	if (rc == 0)
		rc = chip_run(s, inspection_run);
	if (rc != 0)
		return rc;
	chip_detach(s); /* the printer may take the card now */
	return saga_advance(s, &step);
}
