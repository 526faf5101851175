#include "tests/unit/api/rights_things.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/base/number.h"
#include "host/issue/batch.h"
#include "host/issue/parcel.h"
#include "host/staff/access.h"
#include "host/staff/area.h"

enum { BLANKS = 3000, LOOSE = 200 };

static struct office *o;
static int people; /* generated so far */

static int64_t at_step(int step)
{
	office_add_person(o, ++people, 0);
	int64_t id = office_apply(o, people, APPLICATION_FIRST);
	for (int i = 1; i < step; i++)
		assert_int_equal(office_act(o, id, APPLICATION_ACCEPT,
		                         o->step[i - 1], NULL),
		        0);
	return id;
}

static int64_t moved(int step, enum application_event event)
{
	int64_t id = at_step(step);
	assert_int_equal(
	        office_act(o, id, event, o->step[step - 1], "other"), 0);
	return id;
}

static int64_t made(void)
{
	office_add_person(o, ++people, 0);
	(void)office_queue(o, people, APPLICATION_FIRST);
	return office_make(o, 0, people);
}

static int64_t after(int64_t card, enum card_event event, int64_t staff)
{
	assert_int_equal(office_card_act(o, card, event, staff, "other"), 0);
	return card;
}

static int64_t held(void)
{
	return after(made(), CARD_HAND_OVER, o->desk);
}

static int note(struct store_tx *tx, void *arg)
{
	return card_book_note(tx, arg);
}

static void unresolve(const struct card_record *c)
{
	struct card_noted noted = {.status_list = c->status_list,
	        .status_index = c->status_index,
	        .log_index = c->log_index,
	        .at_s = o->now_s,
	        .kind = 1};
	struct card_unresolved done = {0};
	(void)snprintf(noted.area, sizeof noted.area, "%s", c->area);
	assert_int_equal(store_write(o->store, note, &noted), 0);
	assert_int_equal(card_book_unresolve(o->issue, &done, &o->problem), 0);
	assert_int_equal(done.suspended, 1);
}

static int64_t unresolved(void)
{
	int64_t card = held();
	struct card_record c = office_card(o, card);
	unresolve(&c);
	return card;
}

static int propose(struct store_tx *tx, void *arg)
{
	return witness_propose(tx, arg);
}

/* A card that only the log knows. */
static int64_t unrecorded(void)
{
	static uint32_t index = 100;
	struct card_record c = {.status_list = OFFICE_LIST,
	        .log_index = 5,
	        .area = OFFICE_AREA};
	do
		c.status_index = index++;
	while (office_number_of(o,
	        "SELECT count(*) FROM status_entry WHERE idx = ?1",
	        c.status_index));
	unresolve(&c);
	return c.status_index;
}

static int64_t stuck(void)
{
	struct job_lease lease;
	office_add_person(o, ++people, 0);
	(void)office_queue(o, people, APPLICATION_FIRST);
	assert_int_equal(
	        job_claim(o->issue, o->station[0], &lease, &o->problem), 0);
	if (lease.state == JOB_WAITING)
		assert_int_equal(office_reserve(o, &lease, people), 0);
	o->now_s += OFFICE_LEASE_S + 1;
	return lease.job;
}

/* The keeper proposes that what the books show was found. */
static int64_t proposed(void)
{
	static const char body[] =
	        "{\"act\":\"count\",\"area\":\"" OFFICE_COUNTY
	        "\",\"count\":%d,\"booked\":%d}";
	int booked = (int)office_balance(o).count[STOCK_IN_STOCK];
	struct witness_proposal p = {.act = STOCK_ACT_COUNT,
	        .area = OFFICE_COUNTY,
	        .proposer = o->keeper,
	        .at_s = clock_now_s()};
	(void)snprintf(p.body, sizeof p.body, body, booked, booked);
	assert_int_equal(store_write(o->store, propose, &p), 0);
	return p.id;
}

static int64_t application_step(int n)
{
	return at_step(n);
}

/* A batch of a colleague. */
static int64_t drawn(void)
{
	int64_t application = at_step(1), id = 0;
	assert_int_equal(batch_draw(o->issue, o->step[0], &application, 1, &id,
	                         &o->problem),
	        0);
	return id;
}

static int64_t parcel(bool sent)
{
	int64_t card = made();
	const struct parcel_order order = {.area = OFFICE_COUNTY,
	        .destination = OFFICE_AREA,
	        .cards = &card,
	        .count = 1,
	        .staff = o->maker[0]};
	struct parcel p;
	assert_int_equal(parcel_pack(o->issue, &order, &p, &o->problem), 0);
	if (sent)
		assert_int_equal(parcel_send(o->issue, p.id, o->maker[0], &p,
		                         &o->problem),
		        0);
	return p.id;
}

static int64_t thing_by_word(const char *word)
{
	if (strcmp(word, "packed") == 0)
		return parcel(false);
	if (strcmp(word, "parcel") == 0)
		return parcel(true);
	if (strncmp(word, "step", 4) == 0)
		return application_step(word[4] - '0');
	if (strcmp(word, "returned") == 0)
		return moved(1, APPLICATION_RETURN);
	if (strcmp(word, "referred") == 0)
		return moved(3, APPLICATION_REFER);
	if (strcmp(word, "citizen") == 0)
		return office_application(o, at_step(1)).person;
	if (strcmp(word, "batch") == 0)
		return drawn();
	if (strcmp(word, "made") == 0)
		return made();
	if (strcmp(word, "sent") == 0)
		return after(made(), CARD_SEND, o->desk);
	if (strcmp(word, "held") == 0)
		return held();
	if (strcmp(word, "mislaid") == 0)
		return after(held(), CARD_LOSE_TEMPORARY, o->desk);
	if (strcmp(word, "suspended") == 0)
		return after(held(), CARD_SUSPEND, o->step[2]);
	if (strcmp(word, "unresolved") == 0)
		return unresolved();
	if (strcmp(word, "index") == 0)
		return unrecorded();
	if (strcmp(word, "proposed") == 0)
		return proposed();
	if (strcmp(word, "stuck") == 0)
		return stuck();
	fail_msg("no thing is called %s", word);
	return 0;
}

/* ---- staff and places ---- */

struct new_member {
	char login[STAFF_LOGIN_MAX + 1];
	bool invited;
};

static int add_member(struct store_tx *tx, void *arg)
{
	const struct new_member *m = arg;
	char code[ACCESS_INVITE_LEN + 1];
	struct problem p;
	int64_t id = 0;
	int r = staff_add(tx, m->login, m->login, STAFF_NO_UID, &id);
	if (r == 0)
		r = staff_grant(tx, id, STAFF_TOWNSHIP, OFFICE_AREA, &p);
	if (r == 0 && m->invited)
		r = access_invite(tx, id, clock_now_s() + 1000, code);
	return r;
}

static void member(bool invited, char *ret, size_t size)
{
	static int n;
	struct new_member m = {.invited = invited};
	(void)snprintf(m.login, sizeof m.login, "member%d", ++n);
	assert_int_equal(store_write(o->store, add_member, &m), 0);
	(void)snprintf(ret, size, "%s", m.login);
}

static const char *thing(const char *word);

/* Texts that are no number of a thing. */
static bool text_by_word(const char *word, char *ret, size_t size)
{
	static int n;
	char id[19];
	n++;
	if (strcmp(word, "login") == 0) {
		(void)snprintf(ret, size, "new%d", n);
	} else if (strcmp(word, "area") == 0) {
		(void)snprintf(
		        ret, size, "320106%03u", 100 + (unsigned)n % 900);
	} else if (strcmp(word, "file") == 0) {
		(void)snprintf(ret, size, "%s/copy%d.db", o->folder, n);
	} else if (strcmp(word, "member") == 0) {
		member(false, ret, size);
	} else if (strcmp(word, "invited") == 0) {
		member(true, ret, size);
	} else if (strcmp(word, "person") == 0) {
		office_add_person(o, ++people, 0);
		office_id_number(people, id);
		(void)snprintf(ret, size, "%s", id);
	} else if (strcmp(word, "holder") == 0) {
		int64_t card = 0;
		assert_int_equal(
		        number_parse_text(thing("made"),
		                (struct number_range){1, INT64_MAX}, &card),
		        0);
		assert_int_equal(office_holder(o, card, id), 0);
		(void)snprintf(ret, size, "%s", id);
	} else if (strcmp(word, "number") == 0) {
		(void)snprintf(ret, size, "%s", office_card(o, made()).number);
	} else if (strcmp(word, "loose") == 0) {
		(void)snprintf(ret, size, "%d",
		        (int)office_number(o,
		                "SELECT count(*) FROM blank WHERE"
		                " area = '" OFFICE_COUNTY "' AND state = 1"));
	} else {
		return false;
	}
	return true;
}

static void unknown(const char *word, char *ret, size_t size)
{
	char id[19];
	if (strcmp(word, "person") == 0 || strcmp(word, "holder") == 0) {
		office_id_number(99999, id);
		(void)snprintf(ret, size, "%s", id);
	} else {
		(void)snprintf(ret, size, "%s",
		        strcmp(word, "index") == 0 ? "9" : "999999999");
	}
}

/* ---- by word ---- */

enum { WORDS_MAX = 4, WORD_MAX = 16 };
static struct {
	char word[WORD_MAX];
	char text[THING_TEXT_MAX];
} there[WORDS_MAX];
static size_t there_count;

void things_forget(void)
{
	there_count = 0;
}

static const char *thing(const char *word)
{
	for (size_t i = 0; i < there_count; i++)
		if (strcmp(there[i].word, word) == 0)
			return there[i].text;
	if (strcmp(word, "holder") == 0)
		(void)thing("made"); /* whose it is */
	assert_true(there_count < WORDS_MAX);
	char *text = there[there_count].text;
	if (!text_by_word(word, text, THING_TEXT_MAX))
		(void)snprintf(text, THING_TEXT_MAX, "%lld",
		        (long long)thing_by_word(word));
	(void)snprintf(there[there_count].word, WORD_MAX, "%s", word);
	there_count++;
	return text;
}

void things_fill(const char *text, bool known, char *ret, size_t size)
{
	size_t len = 0;
	while (*text) {
		char word[WORD_MAX], other[THING_TEXT_MAX];
		if (*text != '$') {
			assert_true(len + 1 < size);
			ret[len++] = *text++;
			continue;
		}
		size_t n =
		        strspn(++text, "abcdefghijklmnopqrstuvwxyz0123456789");
		assert_true(n < sizeof word);
		(void)snprintf(word, sizeof word, "%.*s", (int)n, text);
		text += n;
		unknown(word, other, sizeof other);
		len += (size_t)snprintf(ret + len, size - len, "%s",
		        known ? thing(word) : other);
		assert_true(len < size);
	}
	ret[len] = 0;
}

static void loose_blanks(void)
{
	const struct stock_by by = {
	        .store = o->store, .staff = o->keeper, .at_s = o->now_s};
	const struct stock_batch batch = {OFFICE_COUNTY, "T-0", 0, LOOSE};
	int64_t id = 0;
	assert_int_equal(stock_receive(&by, &batch, &id, &o->problem), 0);
}

void things_open(struct office *office)
{
	o = office;
	people = 0;
	things_forget();
	office_add_blanks(o, 0, BLANKS);
	loose_blanks();
}
