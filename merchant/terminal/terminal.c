#include "merchant/terminal/terminal.h"

#include "merchant/terminal/port.h"

static struct screen_facts facts_of(struct terminal *t)
{
	const struct store *s = &t->store;
	int64_t now_s = service_now_s(&t->service);
	int64_t newest_s = store_newest_s(s);
	if (newest_s > now_s)
		now_s = newest_s;
	return (struct screen_facts){
	        .clock_set = t->service.clock.set,
	        .has_root = s->has_root,
	        .has_trust = s->has_trust,
	        .trust_expired = s->has_trust && now_s >= s->trust.expires_s,
	        .has_list = s->status_count > 0,
	};
}

static void show_idle(struct terminal *t)
{
	struct screen_facts facts = facts_of(t);
	t->shows = false;
	if (t->error)
		screen_show_failure(t->error);
	else
		screen_show_idle(&facts);
}

static void keep_on_screen(struct terminal *t)
{
	t->shows = true;
	t->shown_ms = port_clock_ms();
}

/* Signed times of what was verified are true whatever the clock says. A card
 * from the future is its issuer's mistake and moves nothing. */
static int raise_floor(struct terminal *t, const struct hufu_result *r)
{
	int64_t time_s = store_newest_s(&t->store);
	if (r->issued_s > time_s && r->issued_s <= r->checked_at_s)
		time_s = r->issued_s;
	return floor_raise(&t->store.floor, time_s);
}

static void verify(struct terminal *t, struct span text)
{
	struct store *s = &t->store;
	struct hufu_verifier *v = &t->verifier;
	struct screen_facts facts = facts_of(t);
	struct hufu_result r;
	hufu_verifier_init(v, sigs_core_check(&s->sigs), &s->trust);
	v->lists = s->status;
	v->list_count = s->status_count;
	v->time_floor_s = s->floor.time_s;

	struct hufu_text in = {(const char *)text.data, text.len};
	uint32_t start = port_clock_ticks();
	int rc = hufu_verify_qr(v, in, service_now_s(&t->service), &r);
	t->service.counts.ticks = port_clock_ticks() - start;
	t->service.counts.scans++;
	if (!rc)
		rc = raise_floor(t, &r);
	if (rc)
		screen_show_failure(rc);
	else
		screen_show_verdict(&r, &facts);
	keep_on_screen(t);
}

static void hear_scan(struct terminal *t, enum line_event event)
{
	if (event == LINE_READY && t->error == HUFU_OK) {
		verify(t, line_text(&t->scan));
	} else if (event == LINE_DAMAGED) {
		screen_show_damaged();
		keep_on_screen(t);
	}
}

/* The next event of a line, LINE_MORE when all that came is taken. */
static enum line_event listen(struct line *l, enum port_line port)
{
	enum line_event event = LINE_MORE;
	uint32_t now_ms = port_clock_ms();
	int byte;
	while (event == LINE_MORE && (byte = port_get(port)) != PORT_NONE)
		event = line_put(l, byte, now_ms);
	return event ? event : line_wait(l, now_ms, TERMINAL_LINE_LIMIT_MS);
}

void terminal_init(struct terminal *t)
{
	line_init(&t->scan, t->scan_text, sizeof t->scan_text);
	t->error = store_open(&t->store);
	service_init(&t->service, &t->store);
	show_idle(t);
}

bool terminal_step(struct terminal *t)
{
	enum line_event scan = listen(&t->scan, PORT_SCANNER);
	enum line_event asked = listen(&t->service.line, PORT_SERVICE);
	hear_scan(t, scan);
	if (asked)
		service_answer(&t->service, asked);
	bool worked = service_step(&t->service);
	if (t->shows && port_clock_ms() - t->shown_ms >= TERMINAL_SHOW_MS)
		show_idle(t);
	return scan || asked || worked;
}

void terminal_main(void)
{
	static struct terminal terminal;
	uint32_t fed_ms = 0;
	port_init();
	terminal_init(&terminal);
	for (;;) {
		uint32_t *longest_ms = &terminal.service.counts.longest_ms;
		uint32_t passed_ms = port_clock_ms() - fed_ms;
		if (passed_ms > *longest_ms)
			*longest_ms = passed_ms;
		fed_ms += passed_ms;
		port_feed_watchdog();
		if (!terminal_step(&terminal))
			port_wait();
	}
}
