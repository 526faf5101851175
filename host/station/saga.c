#include "host/station/saga.h"

#include <stdio.h>
#include <string.h>

#include "host/base/fault_point.h"
#include "host/station/acts.h"
#include "host/station/chip.h"

/* State → act, and the points before and after the commit that ends it. */
static const struct {
	int (*act)(struct saga *s);
	const char *before;
	const char *after;
} table[JOB_STATES] = {
        [JOB_WAITING] = {act_reserve, "station.before.reserved",
                "station.after.reserved"},
        [JOB_RESERVED] = {act_intend_chip, "station.before.chip-intent",
                "station.after.chip-intent"},
        [JOB_CHIP_INTENT] = {act_key, "station.before.keyed",
                "station.after.keyed"},
        [JOB_KEYED] = {act_log, "station.before.logged",
                "station.after.logged"},
        [JOB_LOGGED] = {act_sign, "station.before.signed",
                "station.after.signed"},
        [JOB_SIGNED] = {act_write, "station.before.chip-verified",
                "station.after.chip-verified"},
        [JOB_CHIP_VERIFIED] = {act_intend_print, "station.before.print-intent",
                "station.after.print-intent"},
        [JOB_PRINT_INTENT] = {act_print, "station.before.print-done",
                "station.after.print-done"},
        [JOB_PRINT_DONE] = {act_check, "station.before.checked",
                "station.after.checked"},
        [JOB_CHECKED] = {act_issue, "station.before.issued",
                "station.after.issued"},
};

int saga_end_said(struct saga *s, enum ground ground)
{
	int end = ground_spoils(ground) ? SAGA_SPOIL : SAGA_DEFER;
	s->ground = ground;
	if (s->problem.zh[0] == 0) /* nobody said anything after all */
		return ground_problem(&s->problem, end, ground);
	return end;
}

int saga_end(struct saga *s, enum ground ground)
{
	return ground_problem(&s->problem, saga_end_said(s, ground), ground);
}

int saga_end_job(struct saga *s, int rc)
{
	if (rc == JOB_STALE)
		return SAGA_STALE;
	return saga_end(
	        s, rc == HUFU_ERR_STATE ? GROUND_FAULT : GROUND_STORE_FAILED);
}

int saga_advance(struct saga *s, const struct job_step *step)
{
	enum job_state from = s->lease.state;
	if (atomic_load(s->stale))
		return SAGA_STALE;
	fault_point(table[from].before);
	int rc = job_advance(s->services->issue, &s->lease, step, &s->problem);
	if (rc != 0)
		return saga_end_job(s, rc);
	fault_point(table[from].after);
	return 0;
}

int saga_read_fact(struct saga *s, enum job_fact fact, uint8_t *ret, size_t cap,
        size_t *ret_len)
{
	struct writer w;
	writer_init(&w, ret, cap);
	int rc = job_read_fact(s->services->issue, &s->lease, fact, &w);
	if (rc == 0)
		rc = w.error;
	if (rc != 0)
		return saga_end_job(s, rc);
	*ret_len = w.len;
	return 0;
}

int saga_read_subject(struct saga *s)
{
	if (s->papers->has_subject)
		return 0;
	int rc = job_read_subject(
	        s->services->issue, &s->lease, &s->papers->subject);
	if (rc != 0)
		return saga_end_job(s, rc);
	s->papers->has_subject = true;
	return 0;
}

int saga_read_point(struct saga *s)
{
	size_t len = 0;
	if (s->papers->has_point)
		return 0;
	int rc = saga_read_fact(s, JOB_FACT_CHIP_KEY, s->papers->point,
	        sizeof s->papers->point, &len);
	if (rc == 0 && len != sizeof s->papers->point)
		rc = saga_end(s, GROUND_FAULT);
	s->papers->has_point = rc == 0;
	return rc;
}

void saga_print_name(const struct saga *s, char ret[SAGA_PRINT_NAME_MAX])
{
	size_t at = (size_t)snprintf(ret, SAGA_PRINT_NAME_MAX, "hufu-");
	for (size_t i = 0; i < JOB_KEY_LEN; i++)
		at += (size_t)snprintf(ret + at, SAGA_PRINT_NAME_MAX - at,
		        "%02x", s->lease.key[i]);
}

void saga_wipe_papers(struct saga *s)
{
	bytes_wipe(s->papers, sizeof *s->papers);
}

/* After the store has said so, the plastic follows. */
static void throw_out(struct saga *s)
{
	struct problem moved;
	if (s->transport->ops->reject(s->transport, &moved) != 0)
		s->problem = moved; /* the operator must take it out */
}

static int spoil(struct saga *s)
{
	fault_point("station.before.spoiled");
	struct problem kept = s->problem;
	int rc = job_spoil(s->services->issue, &s->lease,
	        ground_slug(s->ground), &s->problem);
	if (rc == JOB_STALE)
		return SAGA_STALE;
	if (rc != 0)
		return saga_end(s, GROUND_STORE_FAILED);
	fault_point("station.after.spoiled");
	s->problem = kept;
	throw_out(s);
	return SAGA_SPOIL;
}

static int defer(struct saga *s)
{
	struct problem kept = s->problem;
	int rc = job_defer(s->services->issue, &s->lease,
	        ground_slug(s->ground), &s->problem);
	s->problem = kept;
	return rc == JOB_STALE ? SAGA_STALE : SAGA_DEFER;
}

/* A card that is none of this job's goes out before the job is let go. */
static bool is_stranger(enum ground ground)
{
	return ground == GROUND_FOREIGN_CARD || ground == GROUND_PERSONALISED ||
	       ground == GROUND_NOT_IN_STOCK;
}

static int release(struct saga *s)
{
	struct problem kept = s->problem;
	int rc = job_release(s->services->issue, &s->lease, &s->problem);
	s->problem = kept;
	if (is_stranger(s->ground))
		throw_out(s);
	return rc == JOB_STALE ? SAGA_STALE : SAGA_RELEASE;
}

static int settle(struct saga *s, int end)
{
	switch (end) {
	case SAGA_SPOIL:
		/* nothing is reserved yet: there is no blank to spoil */
		return s->lease.state == JOB_WAITING ? release(s) : spoil(s);
	case SAGA_DEFER:
		return s->lease.state == JOB_WAITING ? release(s) : defer(s);
	case SAGA_RELEASE:
		return release(s);
	default:
		return end;
	}
}

int saga_run(struct saga *s)
{
	int end = 0;
	saga_wipe_papers(s);
	s->ground = GROUND_NONE;
	s->sure_of_card = false;
	memset(&s->problem, 0, sizeof s->problem);
	timing_start(&s->timing, TIMING_FEED);
	while (end == 0) {
		s->report(s->report_arg, s);
		if (s->lease.state >= JOB_STATES || !table[s->lease.state].act)
			end = SAGA_STALE;
		else if (atomic_load(s->stale))
			end = SAGA_STALE;
		else
			end = table[s->lease.state].act(s);
	}
	chip_detach(s);
	blob_done(&s->raster);
	end = settle(s, end);
	timing_stop(&s->timing);
	saga_wipe_papers(s);
	return end;
}
