/* The state table of applications: every state × event, and its rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/staff/staff.h"
#include "tests/unit/issue/office.h"

static struct office office;
static struct office *const o = &office;

static int setup(void **state)
{
	(void)state;
	office_open(o);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_check(o);
	office_close(o);
	return 0;
}

/* ---- every state × event ---- */

static int64_t at_state(enum application_state state, int n)
{
	int64_t id;

	office_add_person(o, n, 0);
	id = office_apply(o, n, APPLICATION_FIRST);
	switch (state) {
	case APPLICATION_RETURNED:
		assert_int_equal(office_act(o, id, APPLICATION_RETURN,
		                         o->step[0], "photo-old"),
		        0);
		break;
	case APPLICATION_REFERRED:
		assert_int_equal(office_act(o, id, APPLICATION_REFER,
		                         o->step[0], "unclear"),
		        0);
		break;
	case APPLICATION_QUEUED:
		office_decide(o, id);
		break;
	case APPLICATION_MADE:
	case APPLICATION_HANDED_OVER:
		office_decide(o, id);
		/* those that queued before come first */
		for (int more = 0;
		        office_application(o, id).state == APPLICATION_QUEUED;
		        more++)
			(void)office_make(o, 0, n * 100 + more);
		if (state == APPLICATION_MADE)
			break;
		assert_int_equal(
		        office_card_act(o, office_application(o, id).card,
		                CARD_HAND_OVER, o->desk, NULL),
		        0);
		break;
	case APPLICATION_REJECTED:
		assert_int_equal(office_act(o, id, APPLICATION_REJECT,
		                         o->step[0], "papers-forged"),
		        0);
		break;
	case APPLICATION_WITHDRAWN:
		assert_int_equal(
		        office_act(o, id, APPLICATION_WITHDRAW, o->desk, NULL),
		        0);
		break;
	default:
		break;
	}
	assert_int_equal(office_application(o, id).state, state);
	return id;
}

static int64_t actor_of(enum application_event event)
{
	switch (event) {
	case APPLICATION_OPINION_FOR:
	case APPLICATION_OPINION_AGAINST:
		return o->province2;
	case APPLICATION_CORRECT:
	case APPLICATION_WITHDRAW:
		return o->desk;
	default:
		return o->step[0];
	}
}

struct allowed {
	enum application_state from;
	enum application_event event;
	enum application_state to;
	enum log_type log;
	const char *ground; /* of the entry */
};

static const struct allowed allowed[] = {
        {APPLICATION_IN_REVIEW, APPLICATION_ACCEPT, APPLICATION_IN_REVIEW,
                LOG_DECIDED, "accepted"},
        {APPLICATION_IN_REVIEW, APPLICATION_RETURN, APPLICATION_RETURNED,
                LOG_RETURNED, "why"},
        {APPLICATION_IN_REVIEW, APPLICATION_REJECT, APPLICATION_REJECTED,
                LOG_REJECTED, "why"},
        {APPLICATION_IN_REVIEW, APPLICATION_REFER, APPLICATION_REFERRED,
                LOG_REFERRED, "why"},
        {APPLICATION_IN_REVIEW, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, "withdrawn-by-applicant"},
        {APPLICATION_RETURNED, APPLICATION_CORRECT, APPLICATION_IN_REVIEW,
                LOG_CORRECTED, "why"},
        {APPLICATION_RETURNED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, "withdrawn-by-applicant"},
        {APPLICATION_REFERRED, APPLICATION_OPINION_FOR, APPLICATION_IN_REVIEW,
                LOG_DECIDED, "opinion-for"},
        {APPLICATION_REFERRED, APPLICATION_OPINION_AGAINST,
                APPLICATION_REJECTED, LOG_REJECTED, "why"},
        {APPLICATION_REFERRED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, "withdrawn-by-applicant"},
        {APPLICATION_QUEUED, APPLICATION_WITHDRAW, APPLICATION_WITHDRAWN,
                LOG_REJECTED, "withdrawn-by-applicant"},
};

static const struct allowed *find(
        enum application_state from, enum application_event event)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (allowed[i].from == from && allowed[i].event == event)
			return &allowed[i];
	return NULL;
}

static void expect_allowed(int64_t id, const struct allowed *a)
{
	int64_t size = office_log_size(o);
	struct application before = office_application(o, id);

	int rc = office_act(o, id, a->event, actor_of(a->event), "why");
	if (rc != 0)
		fail_msg("%d on %d: %d %s", a->event, a->from, rc,
		        o->problem.en);
	struct application now = office_application(o, id);
	assert_int_equal(now.state, a->to);
	assert_int_equal(
	        now.step, before.step + (a->event == APPLICATION_ACCEPT));
	int more = (int)(office_log_size(o) - size);
	assert_int_equal(more, a->from == APPLICATION_QUEUED ? 2 : 1);
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, a->log);
	assert_string_equal(e.ground, a->ground);
	assert_string_equal(e.area, OFFICE_AREA);
	assert_int_equal(e.kind, 1);
	assert_true(e.present & LOG_HAS(LOG_PERSON));
	assert_true(e.present & LOG_HAS(LOG_ACTOR));
}

static void expect_refused(int64_t id, enum application_event event)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	office_digest(o, before);
	assert_int_equal(office_act(o, id, event, actor_of(event), "why"),
	        HUFU_ERR_STATE);
	assert_int_equal(o->problem.code, HUFU_ERR_STATE);
	assert_string_equal(o->problem.type, "application-state");
	enum application_state s = office_application(o, id).state;
	assert_non_null(strstr(o->problem.zh, application_state_zh(s)));
	assert_non_null(strstr(o->problem.en, application_state_en(s)));
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void table_holds_for_every_state_and_event(void **state)
{
	int n = 1;

	(void)state;
	office_add_blanks(o, 0, 100);
	for (int s = 1; s < APPLICATION_STATES; s++) {
		if (s == APPLICATION_DECIDED)
			continue; /* queued in the same transaction */
		for (int e = 1; e < APPLICATION_EVENTS; e++) {
			const struct allowed *a = find(s, e);
			int64_t id = at_state(s, n++);
			if (a)
				expect_allowed(id, a);
			else
				expect_refused(id, e);
		}
		office_check(o);
	}
}

/* ---- the whole way, and the ways back ---- */

static void five_people_decide_and_a_job_waits(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	int64_t size = office_log_size(o);
	office_decide(o, id);
	assert_int_equal(office_log_size(o), size + 5);
	for (int i = 0; i < 5; i++) {
		struct log_entry e = office_log_entry(o, i);
		assert_int_equal(e.type, LOG_DECIDED);
		assert_int_equal(e.number, 5 - i);
	}
	struct job j = office_job(o, id);
	assert_int_equal(j.state, JOB_WAITING);
	struct card_record c = office_card(o, j.card);
	assert_int_equal(c.phase, CARD_RESERVED);
	assert_memory_equal(c.number, "320106126", 9);
	assert_int_equal(office_number(o, "SELECT value FROM status_entry"),
	        CARD_STATUS_SUSPENDED);
}

static void correction_goes_on_at_the_same_step(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	assert_int_equal(
	        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL), 0);
	assert_int_equal(office_act(o, id, APPLICATION_RETURN, o->step[1],
	                         "name-unclear"),
	        0);
	struct application a = office_application(o, id);
	assert_string_equal(a.last_ground, "name-unclear");
	assert_int_equal(office_act(o, id, APPLICATION_CORRECT, 0, NULL), 0);
	a = office_application(o, id);
	assert_int_equal(a.state, APPLICATION_IN_REVIEW);
	assert_int_equal(a.step, 2);
	assert_true(a.due_s == 0 || a.due_s > o->now_s);
	/* who returned it takes the same step again */
	office_decide(o, id);
}

static int correct(int64_t id, const char *field, unsigned kind)
{
	static const uint8_t photo[64] = {0xff, 0xd8, 0xff};
	struct application_receipt receipt;
	const struct application_act act = {
	        .application = id,
	        .event = APPLICATION_CORRECT,
	        .staff = o->desk2,
	        .field = field,
	        .kind = kind,
	        .materials = OFFICE_MATERIALS,
	        .photo = span_of(photo, sizeof(photo)),
	};

	return application_act(o->issue, &act, &receipt, &o->problem);
}

static int return_for(int64_t id, const char *field)
{
	struct application_receipt receipt;
	const struct application_act act = {
	        .application = id,
	        .event = APPLICATION_RETURN,
	        .staff = o->step[0],
	        .ground = "several-grounds",
	        .field = field,
	};

	return application_act(o->issue, &act, &receipt, &o->problem);
}

static void correction_changes_what_was_returned_alone(void **state)
{
	static const char asked[] = "materials:material-missing,photo:blurred";
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	assert_int_equal(return_for(id, "photo,photo"), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "return-field");
	assert_int_equal(return_for(id, "name"), HUFU_ERR_ARGUMENT);
	assert_int_equal(return_for(id, "photo:Bad Ground"), HUFU_ERR_ARGUMENT);
	assert_int_equal(return_for(id, "photo,"), HUFU_ERR_ARGUMENT);
	assert_int_equal(return_for(id, asked), 0);
	assert_string_equal(office_application(o, id).last_field, asked);
	office_digest(o, before);
	assert_int_equal(correct(id, "photo", 0), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "field-left-out");
	assert_int_equal(
	        correct(id, "photo,materials,kind", 1), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "field-not-returned");
	assert_int_equal(correct(id, "other", 0), HUFU_ERR_ARGUMENT);
	assert_int_equal(correct(id, "", 0), HUFU_ERR_ARGUMENT);
	assert_string_equal(o->problem.type, "correction-field");
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
	assert_int_equal(correct(id, "materials,photo", 0), 0);
	assert_int_equal(
	        office_application(o, id).state, APPLICATION_IN_REVIEW);
	assert_int_equal(office_application(o, id).kind, 1);
	assert_int_equal(office_number(o, "SELECT count(*) FROM photo"), 2);
	assert_int_equal(return_for(id, "kind"), 0);
	assert_int_equal(correct(id, "kind", 0), HUFU_ERR_ARGUMENT);
}

static void incomplete_application_is_returned_until_complete(void **state)
{
	char id_number[19];
	struct application_receipt receipt;
	struct application_act act = {
	        .event = APPLICATION_CORRECT,
	        .field = "materials",
	        .materials = 1u << 1 | 1u << 2,
	};

	(void)state;
	office_add_person(o, 1, 0);
	struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	r.materials = 1u << 1;
	assert_int_equal(
	        application_apply(o->issue, &r, &receipt, &o->problem), 0);
	assert_int_equal(receipt.state, APPLICATION_RETURNED);
	assert_int_equal(office_log_entry(o, 0).type, LOG_RETURNED);
	assert_string_equal(office_log_entry(o, 0).ground, "incomplete");
	assert_int_equal(office_log_entry(o, 1).type, LOG_APPLIED);
	act.application = receipt.id;
	assert_int_equal(
	        application_act(o->issue, &act, &receipt, &o->problem), 0);
	assert_int_equal(receipt.state, APPLICATION_RETURNED);
	struct application a = office_application(o, receipt.id);
	assert_string_equal(a.last_ground, "material-discharge");
	act.materials = OFFICE_MATERIALS;
	assert_int_equal(
	        application_act(o->issue, &act, &receipt, &o->problem), 0);
	assert_int_equal(receipt.state, APPLICATION_IN_REVIEW);
	assert_int_equal(office_number(o, "SELECT count(*) FROM verdict"), 3);
}

static void ineligible_person_is_refused_with_every_reason(void **state)
{
	char id_number[19];
	struct application_receipt receipt;

	(void)state;
	office_add_person(o, 1, 1); /* dismissed */
	const struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	assert_int_equal(application_apply(o->issue, &r, &receipt, &o->problem),
	        APPLICATION_REFUSED);
	assert_string_equal(o->problem.type, "not-eligible");
	assert_non_null(strstr(o->problem.zh, "25"));
	assert_int_equal(receipt.state, APPLICATION_REJECTED);
	assert_string_equal(office_application(o, receipt.id).last_ground,
	        "ground-dismissed");
	/* the log keeps the ground to itself */
	struct log_entry e = office_log_entry(o, 0);
	assert_int_equal(e.type, LOG_REJECTED);
	assert_string_equal(e.ground, "not-eligible");
	assert_int_equal(office_number(o, "SELECT count(*) FROM verdict"
	                                  " WHERE outcome = 3"),
	        1);
}

static void province_speaks_for_a_referred_person(void **state)
{
	char id_number[19];
	struct application_receipt receipt;

	(void)state;
	office_add_blanks(o, 0, 2);
	office_add_person(o, 1, 6); /* punished once: refer */
	const struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	assert_int_equal(
	        application_apply(o->issue, &r, &receipt, &o->problem), 0);
	assert_int_equal(receipt.state, APPLICATION_REFERRED);
	assert_int_equal(office_act(o, receipt.id, APPLICATION_OPINION_FOR,
	                         o->step[0], NULL),
	        HUFU_ERR_DENIED);
	assert_int_equal(office_act(o, receipt.id, APPLICATION_OPINION_FOR,
	                         o->province2, NULL),
	        0);
	/* whoever gave the opinion takes no step of the case */
	for (int i = 0; i < 4; i++)
		assert_int_equal(office_act(o, receipt.id, APPLICATION_ACCEPT,
		                         o->step[i], NULL),
		        0);
	assert_int_equal(office_act(o, receipt.id, APPLICATION_ACCEPT,
	                         o->province2, NULL),
	        HUFU_ERR_DENIED);
	assert_string_equal(o->problem.type, "one-person-one-step");
	office_decide(o, receipt.id);
	/* and the card is made although the ground still stands */
	(void)office_make(o, 0, 1);
}

/* ---- who may ---- */

static void expect_denied(int64_t id, enum application_event event,
        int64_t staff, const char *type)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	office_digest(o, before);
	assert_int_equal(
	        office_act(o, id, event, staff, "why"), HUFU_ERR_DENIED);
	if (type)
		assert_string_equal(o->problem.type, type);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void who_entered_does_not_decide(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	expect_denied(
	        id, APPLICATION_ACCEPT, o->desk, "who-entered-does-not-decide");
	expect_denied(
	        id, APPLICATION_REJECT, o->desk, "who-entered-does-not-decide");
	expect_denied(
	        id, APPLICATION_RETURN, o->desk, "who-entered-does-not-decide");
	/* a correction is an entry, too */
	assert_int_equal(
	        office_act(o, id, APPLICATION_RETURN, o->step[0], "why"), 0);
	expect_denied(id, APPLICATION_CORRECT, o->step[0],
	        "who-decided-does-not-enter");
	assert_int_equal(
	        office_act(o, id, APPLICATION_CORRECT, o->desk2, NULL), 0);
	expect_denied(id, APPLICATION_ACCEPT, o->desk2,
	        "who-entered-does-not-decide");
}

static int grant(struct store_tx *tx, void *arg)
{
	struct problem p;

	return staff_grant(
	        tx, *(int64_t *)arg, STAFF_COUNTY_CENTRE, OFFICE_COUNTY, &p);
}

static void one_person_takes_one_step(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	/* step 1's reviewer also holds step 2's role */
	assert_int_equal(store_write(o->store, grant, &o->step[0]), 0);
	assert_int_equal(
	        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL), 0);
	expect_denied(
	        id, APPLICATION_ACCEPT, o->step[0], "one-person-one-step");
	expect_denied(
	        id, APPLICATION_REJECT, o->step[0], "one-person-one-step");
}

static void role_and_area_are_needed(void **state)
{
	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	for (int i = 1; i < OFFICE_STEPS; i++)
		expect_denied(id, APPLICATION_ACCEPT, o->step[i], NULL);
	expect_denied(id, APPLICATION_ACCEPT, o->keeper, NULL);
	expect_denied(id, APPLICATION_ACCEPT, 0, NULL);
	expect_denied(id, APPLICATION_ACCEPT, 9999, NULL);
}

static void ground_is_needed_to_say_no(void **state)
{
	static const char *const bad[] = {NULL, "", "Because", "a b", "理由",
	        "-x", "123456789012345678901234567890123"};

	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(office_act(o, id, APPLICATION_REJECT,
		                         o->step[0], bad[i]),
		        HUFU_ERR_ARGUMENT);
		assert_string_equal(o->problem.type, "ground-missing");
	}
	assert_int_equal(
	        office_application(o, id).state, APPLICATION_IN_REVIEW);
}

/* ---- taking in ---- */

static void expect_apply(
        const struct application_request *r, int code, const char *type)
{
	uint8_t before[SHA256_LEN], after[SHA256_LEN];
	struct application_receipt receipt = {.id = -1};

	office_digest(o, before);
	assert_int_equal(
	        application_apply(o->issue, r, &receipt, &o->problem), code);
	assert_string_equal(o->problem.type, type);
	assert_int_equal(receipt.id, -1);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static void wrong_requests_change_nothing(void **state)
{
	static const uint8_t large[APPLICATION_PHOTO_MAX + 1];
	char id_number[19];
	struct application_request r;

	(void)state;
	office_add_person(o, 1, 0);
	const struct application_request sound =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	r = sound;
	r.area = "3201";
	expect_apply(&r, HUFU_ERR_ARGUMENT, "area-code");
	r = sound;
	r.delivery_area = "x";
	expect_apply(&r, HUFU_ERR_ARGUMENT, "area-code");
	r = sound;
	r.kind = 0;
	expect_apply(&r, HUFU_ERR_ARGUMENT, "application-kind");
	r = sound;
	r.ground = APPLICATION_LOST;
	expect_apply(&r, HUFU_ERR_ARGUMENT, "replacement-ground");
	r = sound;
	r.photo = span_of(large, sizeof(large));
	expect_apply(&r, HUFU_ERR_LIMIT, "photo-too-large");
	r = sound;
	r.id_number = "11010519491231002X";
	expect_apply(&r, HUFU_ERR_NOT_FOUND, "no-person");
	r = sound;
	r.reason = APPLICATION_REPLACEMENT;
	r.ground = APPLICATION_LOST;
	expect_apply(&r, HUFU_ERR_CONFLICT, "nothing-to-replace");
}

static void second_open_application_is_refused(void **state)
{
	char id_number[19];

	(void)state;
	office_add_person(o, 1, 0);
	int64_t id = office_apply(o, 1, APPLICATION_FIRST);
	const struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	expect_apply(&r, HUFU_ERR_CONFLICT, "application-open");
	assert_int_equal(
	        office_act(o, id, APPLICATION_WITHDRAW, o->desk, NULL), 0);
	(void)office_apply(o, 1, APPLICATION_FIRST);
}

static void repeated_request_answers_the_same(void **state)
{
	static const uint8_t key[APPLICATION_KEY_LEN] = {7};
	char id_number[19];
	struct application_receipt first, again;
	uint8_t before[SHA256_LEN], after[SHA256_LEN];

	(void)state;
	office_add_person(o, 1, 0);
	struct application_request r =
	        office_request(o, 1, APPLICATION_FIRST, id_number);
	r.request_key = key;
	assert_int_equal(
	        application_apply(o->issue, &r, &first, &o->problem), 0);
	office_digest(o, before);
	assert_int_equal(application_apply(o->issue, &r, &again, &o->problem),
	        APPLICATION_REPEATED);
	assert_int_equal(again.id, first.id);
	office_digest(o, after);
	assert_memory_equal(before, after, SHA256_LEN);
}

static int look_history(struct store_tx *tx, void *arg)
{
	struct application_history h[8];
	size_t count = 0;

	int rc = application_list_history(tx, *(int64_t *)arg, h, 8, &count);
	assert_int_equal(count, 1);
	assert_int_equal(h[0].event, APPLICATION_RETURN);
	assert_string_equal(h[0].note, "按规定办理");
	assert_string_equal(h[0].ground, "photo-old");
	return rc;
}

static int look_photo(struct store_tx *tx, void *arg)
{
	uint8_t bytes[128];
	struct writer w;

	writer_init(&w, bytes, sizeof(bytes));
	int rc = application_read_photo(tx, *(int64_t *)arg, &w);
	assert_int_equal(w.len, 64);
	assert_memory_equal(bytes, "\xff\xd8\xff", 3);
	return rc;
}

static void personal_texts_are_sealed(void **state)
{
	(void)state;
	int64_t id = at_state(APPLICATION_RETURNED, 1);
	assert_int_equal(store_read(o->store, look_history, &id), 0);
	assert_int_equal(store_read(o->store, look_photo, &id), 0);
	assert_int_equal(
	        office_number(o, "SELECT count(*) FROM application_act WHERE"
	                         " instr(sealed, CAST('按规定' AS BLOB))"),
	        0);
	assert_int_equal(office_number(o, "SELECT count(*) FROM photo WHERE"
	                                  " instr(sealed, x'ffd8ff')"),
	        0);
}

struct listing {
	struct application_filter filter;
	struct application found[10];
	size_t count;
};

static int list(struct store_tx *tx, void *arg)
{
	struct listing *l = arg;

	return application_list(tx, &l->filter, l->found, 10, &l->count);
}

static int list_two(struct store_tx *tx, void *arg)
{
	struct listing *l = arg;

	return application_list(tx, &l->filter, l->found, 2, &l->count);
}

static size_t count_listed(const struct application_filter *filter)
{
	struct listing l = {.filter = *filter};

	assert_int_equal(store_read(o->store, list, &l), 0);
	return l.count;
}

static void list_shows_what_a_person_may_decide(void **state)
{
	struct application_filter f = {.state = APPLICATION_IN_REVIEW};

	(void)state;
	(void)at_state(APPLICATION_IN_REVIEW, 1);
	(void)at_state(APPLICATION_IN_REVIEW, 2);
	int64_t id = at_state(APPLICATION_IN_REVIEW, 3);
	(void)at_state(APPLICATION_REJECTED, 4);
	assert_int_equal(count_listed(&f), 3);
	f.area = "320100";
	assert_int_equal(count_listed(&f), 3);
	f.area = "320107";
	assert_int_equal(count_listed(&f), 0);
	f.area = NULL;
	f.staff = o->desk;
	assert_int_equal(count_listed(&f), 0);
	f.staff = o->step[0];
	assert_int_equal(count_listed(&f), 3);
	assert_int_equal(
	        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL), 0);
	assert_int_equal(count_listed(&f), 2);
	f.staff = 0;
	f.step = 2;
	assert_int_equal(count_listed(&f), 1);
	f.step = 0;
	struct application last = office_application(o, id);
	f.after = application_place_of(&last);
	assert_int_equal(count_listed(&f), 0);
}

/* Deadlines as they come, some equal, some none. */
static void set_dues(void)
{
	static const char sql[] = "UPDATE application SET due ="
	                          " iif(id % 4 = 0, 0, 7000 - id / 3 * 1000)";
	char message[160];

	assert_int_equal(office_sql(o, sql, message, sizeof(message)), 0);
}

static void list_goes_on_where_it_stopped(void **state)
{
	struct listing l = {.filter = {.area = "320106"}};
	struct application_place last = {0, 0};
	size_t seen = 0;

	(void)state;
	for (int n = 1; n <= 11; n++)
		(void)at_state(
		        n % 3 ? APPLICATION_IN_REVIEW : APPLICATION_RETURNED,
		        n);
	set_dues();
	do {
		l.count = 0;
		assert_int_equal(store_read(o->store, list_two, &l), 0);
		for (size_t i = 0; i < l.count; i++, seen++) {
			struct application_place at =
			        application_place_of(&l.found[i]);
			assert_true(at.due_order_s > last.due_order_s ||
			            (at.due_order_s == last.due_order_s &&
			                    at.id > last.id));
			last = at;
		}
		l.filter.after = last;
	} while (l.count == 2);
	assert_int_equal(seen, 11);
}

static void list_shows_what_waits_for_a_role(void **state)
{
	struct application_filter f = {.deciding = o->policies};

	(void)state;
	int64_t id = at_state(APPLICATION_IN_REVIEW, 1);
	(void)at_state(APPLICATION_RETURNED, 2);
	f.staff = o->step[0];
	assert_int_equal(count_listed(&f), 1);
	f.staff = o->step[1];
	assert_int_equal(count_listed(&f), 0);
	assert_int_equal(
	        office_act(o, id, APPLICATION_ACCEPT, o->step[0], NULL), 0);
	assert_int_equal(count_listed(&f), 1);
	f.area = "320107";
	assert_int_equal(count_listed(&f), 0);
	f.area = "320106";
	set_dues();
	f.overdue_at_s = office_application(o, id).due_s;
	assert_true(f.overdue_at_s > 0);
	assert_int_equal(count_listed(&f), 0);
	f.overdue_at_s++;
	assert_int_equal(count_listed(&f), 1);
	f.staff = o->maker[0];
	assert_int_equal(count_listed(&f), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(table_holds_for_every_state_and_event),
	        TEST(five_people_decide_and_a_job_waits),
	        TEST(correction_goes_on_at_the_same_step),
	        TEST(correction_changes_what_was_returned_alone),
	        TEST(incomplete_application_is_returned_until_complete),
	        TEST(ineligible_person_is_refused_with_every_reason),
	        TEST(province_speaks_for_a_referred_person),
	        TEST(who_entered_does_not_decide),
	        TEST(one_person_takes_one_step),
	        TEST(role_and_area_are_needed),
	        TEST(ground_is_needed_to_say_no),
	        TEST(wrong_requests_change_nothing),
	        TEST(second_open_application_is_refused),
	        TEST(repeated_request_answers_the_same),
	        TEST(personal_texts_are_sealed),
	        TEST(list_shows_what_a_person_may_decide),
	        TEST(list_goes_on_where_it_stopped),
	        TEST(list_shows_what_waits_for_a_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
