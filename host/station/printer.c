#include "host/station/printer.h"

#include <string.h>

#include "host/print/raster.h"
#include "host/station/timing.h"

enum {
	LIMIT_MS = 60000,
	/* somebody is loading cards or a ribbon meanwhile */
	MENDING_LIMIT_MS = 900000,
	WANTS_A_PERSON = PRINT_WANT_CARDS | PRINT_WANT_RIBBON |
	                 PRINT_COVER_OPEN | PRINT_PAUSED,
	NOT_READY = WANTS_A_PERSON | PRINT_JAM | PRINT_OFFLINE,
};

int printer_init(struct printer *p, const char *uri, unsigned limit_ms)
{
	size_t len = strnlen(uri, sizeof p->dest.uri);
	memset(p, 0, sizeof *p);
	if (len == 0 || len == sizeof p->dest.uri)
		return HUFU_ERR_ARGUMENT;
	memcpy(p->dest.uri, uri, len);
	p->limit_ms = limit_ms ? limit_ms : LIMIT_MS;
	return 0;
}

static void copy_text(char to[PROMPT_TEXT_MAX], const char *from)
{
	size_t len = strnlen(from, PROMPT_TEXT_MAX - 1);
	memcpy(to, from, len);
	to[len] = 0;
}

void printer_get_status(
        const struct printer *p, struct station_transport_status *ret)
{
	struct printer_state state;
	int rc = print_get_printer(&p->dest, &state);
	ret->printer_ready =
	        rc == 0 && state.accepting && !(state.wants & NOT_READY);
	ret->bin_full = state.wants & PRINT_BIN_FULL;
	ret->ribbon_percent = state.ribbon_percent;
	copy_text(ret->zh, state.zh);
	copy_text(ret->en, state.en);
}

int printer_send(const struct printer *p, const struct station_sheet *sheet,
        struct problem *problem)
{
	int id = 0;
	int rc = print_submit(
	        &p->dest, sheet->job_name, sheet->raster, &id, problem);
	if (rc == 0)
		return 0;
	return rc == PRINT_FAILED ? STATION_PRINT_FAILED
	                          : STATION_PRINT_UNKNOWN;
}

struct watching {
	struct prompt *prompt; /* may be NULL */
	bool stopping;
	uint64_t until_ns;
	uint64_t limit_ns;
	uint64_t mending_until_ns;
};

/* The time for a card starts anew when a person has mended the printer. */
static bool watch(void *user, const struct print_job *job,
        const struct printer_state *state)
{
	struct watching *w = user;
	uint64_t now = timing_now_ns();
	(void)job; /* print_wait() sees its end itself */
	if (w->prompt) {
		bool wants = state && state->wants & NOT_READY;
		prompt_tell(w->prompt, wants ? state->zh : "",
		        wants ? state->en : "");
		w->stopping = prompt_is_cancelled(w->prompt);
	}
	if (state && state->wants & WANTS_A_PERSON && now < w->mending_until_ns)
		w->until_ns = now + w->limit_ns;
	return now < w->until_ns && !w->stopping;
}

int printer_wait(const struct printer *p, struct prompt *prompt,
        const char *job_name, struct problem *problem)
{
	struct print_job job;
	uint64_t now = timing_now_ns();
	struct watching w = {
	        .prompt = prompt,
	        .limit_ns = (uint64_t)p->limit_ms * 1000000,
	        .mending_until_ns = now + (uint64_t)MENDING_LIMIT_MS * 1000000,
	};
	w.until_ns = now + w.limit_ns;
	const struct print_wait how = {
	        .impressions = RASTER_PAGES,
	        .watch = watch,
	        .user = &w,
	};
	if (print_find_job(&p->dest, job_name, &job) != 0)
		return STATION_PRINT_UNKNOWN;
	int outcome = print_wait(&p->dest, job.id, &how, &job, problem);
	if (prompt)
		prompt_tell(prompt, "", "");
	switch (outcome) {
	case PRINT_PRINTED:
		return 0;
	case PRINT_FAILED:
		return STATION_PRINT_FAILED;
	case PRINT_RUNNING:
		if (w.stopping)
			return STATION_STOPPING; /* the next start looks on */
		return STATION_PRINT_UNKNOWN;
	default:
		return STATION_PRINT_UNKNOWN;
	}
}
