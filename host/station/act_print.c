/* Acts that make the face: from a verified chip to an issued card. */
#include <stdio.h>
#include <string.h>

#include "crypto/core/sha256.h"
#include "host/base/fault_point.h"
#include "host/print/raster.h"
#include "host/station/acts.h"
#include "host/station/chip.h"
#include "host/station/document.h"
#include "host/station/inspection.h"
#include "host/station/likeness.h"

enum {
	SCANS = 3, /* of a face by hand */
	SCAN_LIMIT_MS = 600000,
};

static int render(struct saga *s)
{
	const struct job_subject *subject = &s->papers->subject;
	struct face *face = NULL;
	const struct likeness likeness = {.subject = subject,
	        .serial = s->lease.serial,
	        .qr_text = s->papers->text,
	        .training = s->services->training,
	        .text = s->services->face_text};
	int rc = likeness_draw(&likeness, s->fonts, &face, &s->problem);
	if (rc == 0)
		rc = raster_encode(face, &s->raster);
	face_free(&face);
	return rc ? saga_end_said(s, GROUND_UNDRAWABLE) : 0;
}

static int check_printer(struct saga *s)
{
	struct station_transport_status status;
	int rc = s->transport->ops->status(s->transport, &status);
	if (rc == 0 && status.printer_ready && !status.bin_full)
		return 0;
	enum ground ground = rc == 0 && status.bin_full
	                             ? GROUND_BIN_FULL
	                             : GROUND_PRINTER_NOT_READY;
	if (rc != 0 || status.zh[0] == 0)
		return saga_end(s, ground);
	return problem_set(&s->problem, saga_end_said(s, ground),
	        ground_slug(ground), "%s%.0s", "%.0s%s", status.zh, status.en);
}

int act_intend_print(struct saga *s)
{
	uint8_t hash[SHA256_LEN];
	int rc = chip_see(s);
	chip_detach(s);
	if (rc == 0)
		rc = document_load_signed(s);
	timing_switch(&s->timing, TIMING_RENDER);
	if (rc == 0)
		rc = check_printer(s);
	if (rc == 0)
		rc = render(s);
	if (rc != 0)
		return rc;
	sha256_of(blob_span(&s->raster), hash);
	const struct job_step step = {
	        .to = JOB_PRINT_INTENT,
	        .facts_count = 1,
	        .facts = {{JOB_FACT_RASTER_HASH, span_of(hash, sizeof hash)}},
	};
	return saga_advance(s, &step);
}

/* Reads the printed face; a person scans it where the machine cannot see. */
static int look(struct saga *s, char ret_text[PROMPT_ANSWER_MAX + 1])
{
	static const struct prompt_question question = {
	        .kind = PROMPT_SCAN,
	        .zh = "请用扫码枪扫描刚打印的卡背面二维码",
	        .en = "Scan the QR code on the back of the card just printed",
	};
	char name[SAGA_PRINT_NAME_MAX];
	saga_print_name(s, name);
	int rc = s->transport->ops->look(s->transport, name, ret_text,
	        PROMPT_ANSWER_MAX + 1, &s->problem);
	if (rc != STATION_CANNOT_LOOK)
		return rc;
	rc = prompt_ask(s->transport->prompt, &question, SCAN_LIMIT_MS,
	        ret_text, PROMPT_ANSWER_MAX + 1);
	return rc == PROMPT_CANCELLED ? STATION_STOPPING
	       : rc == 0              ? 0
	                              : STATION_OPERATOR_AWAY;
}

/* Whether a machine that sees for itself finds the right face on the card. */
static bool is_seen(struct saga *s)
{
	char text[PROMPT_ANSWER_MAX + 1];
	if (!(s->transport->capabilities & STATION_CAN_LOOK))
		return false;
	return look(s, text) == 0 && inspection_check_text(s, text) == 0;
}

static int send_sheet(struct saga *s, const char *name)
{
	const struct station_sheet sheet = {
	        .job_name = name,
	        .raster = blob_span(&s->raster),
	        .hold = s->transport->capabilities & STATION_CAN_HOLD,
	};
	fault_point("station.print");
	int rc = s->transport->ops->print(s->transport, &sheet, &s->problem);
	fault_point("station.print-sent");
	return rc;
}

int act_print(struct saga *s)
{
	const struct job_step step = {.to = JOB_PRINT_DONE};
	char name[SAGA_PRINT_NAME_MAX];
	int rc = saga_read_point(s);
	if (rc == 0)
		rc = document_load_signed(s);
	if (rc != 0)
		return rc;
	timing_switch(&s->timing, TIMING_PRINT);
	saga_print_name(s, name);
	/* a job met again in this state was perhaps sent: never once more */
	if (s->raster.len > 0)
		rc = send_sheet(s, name);
	blob_done(&s->raster);
	if (rc == 0)
		rc = s->transport->ops->wait(s->transport, name, &s->problem);
	if (rc == STATION_PRINT_UNKNOWN && is_seen(s))
		rc = 0;
	if (rc == STATION_STOPPING || rc == STATION_OPERATOR_AWAY)
		return saga_end_said(s, ground_of_transport(rc));
	if (rc == STATION_PRINT_FAILED)
		return saga_end_said(s, GROUND_PRINT_FAILED);
	if (rc != 0)
		return saga_end(s, GROUND_PRINT_UNKNOWN);
	return saga_advance(s, &step);
}

/* A person's scanner may have caught another card: it may try again. */
static int check_face(struct saga *s)
{
	char text[PROMPT_ANSWER_MAX + 1];
	bool by_hand = !(s->transport->capabilities & STATION_CAN_LOOK);
	int rc = 0;
	for (int i = 0; i < (by_hand ? SCANS : 1); i++) {
		rc = look(s, text);
		if (rc == STATION_STOPPING || rc == STATION_OPERATOR_AWAY)
			return saga_end(s, ground_of_transport(rc));
		if (rc != 0)
			return saga_end(s, GROUND_FACE_UNREADABLE);
		rc = inspection_check_text(s, text);
		if (rc == 0)
			return 0;
	}
	return saga_end(s, rc > 0 ? GROUND_FACE_DIFFERS : GROUND_FAULT);
}

int act_check(struct saga *s)
{
	const struct job_step step = {.to = JOB_CHECKED};
	int rc = saga_read_point(s);
	if (rc == 0)
		rc = document_load_signed(s);
	timing_switch(&s->timing, TIMING_CHECK);
	if (rc == 0)
		rc = check_face(s);
	return rc ? rc : saga_advance(s, &step);
}

int act_issue(struct saga *s)
{
	const struct job_step step = {.to = JOB_ISSUED};
	uint8_t space[1024];
	struct problem moved;
	struct writer w;
	timing_switch(&s->timing, TIMING_FINISH);
	int ejected = s->transport->ops->eject(s->transport, &moved);
	fault_point("station.ejected");
	timing_stop(&s->timing);
	writer_init(&w, space, sizeof space);
	timing_encode(&s->timing, &w);
	int rc = job_write_fact(s->services->issue, &s->lease, JOB_FACT_TIMINGS,
	        writer_span(&w));
	if (rc != 0)
		return saga_end_job(s, rc);
	rc = saga_advance(s, &step);
	if (rc != 0)
		return rc;
	if (ejected != 0)
		s->problem = moved; /* made, but not out yet */
	return SAGA_DONE;
}
