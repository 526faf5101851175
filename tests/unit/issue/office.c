#include "tests/unit/issue/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/openssl/seal.h"
#include "host/base/clock.h"
#include "host/person/person.h"
#include "host/staff/area.h"
#include "host/staff/staff.h"

static int64_t office_clock(void *arg)
{
	return ((struct office *)arg)->now_s;
}

static int64_t add_staff(struct store_tx *tx, const char *login,
        enum staff_role role, const char *area)
{
	static uid_t uid = 70000;
	struct problem p;
	int64_t id = 0;

	assert_int_equal(staff_add(tx, login, login, uid++, &id), 0);
	assert_int_equal(staff_grant(tx, id, role, area, &p), 0);
	return id;
}

static int furnish(struct store_tx *tx, void *arg)
{
	static const char *const areas[][2] = {{"320000", "测试省"},
	        {"320100", "测试市"}, {"320106", "测试区"},
	        {"320106001", "测试街道"}, {"320107", "另一区"}};
	struct office *o = arg;
	struct problem p;

	for (size_t i = 0; i < sizeof(areas) / sizeof(*areas); i++)
		assert_int_equal(area_add(tx, areas[i][0], areas[i][1], &p), 0);
	o->desk = add_staff(tx, "desk", STAFF_TOWNSHIP, OFFICE_AREA);
	o->desk2 = add_staff(tx, "desk2", STAFF_TOWNSHIP, OFFICE_AREA);
	o->step[0] = add_staff(tx, "step1", STAFF_TOWNSHIP, OFFICE_AREA);
	o->step[1] = add_staff(tx, "step2", STAFF_COUNTY_CENTRE, OFFICE_COUNTY);
	o->step[2] = add_staff(tx, "step3", STAFF_COUNTY_BUREAU, OFFICE_COUNTY);
	o->step[3] = add_staff(tx, "step4", STAFF_CITY, "320100");
	o->step[4] = add_staff(tx, "step5", STAFF_PROVINCE, "320000");
	o->province2 = add_staff(tx, "province2", STAFF_PROVINCE, "320000");
	o->maker[0] =
	        add_staff(tx, "maker1", STAFF_PERSONALISER, OFFICE_COUNTY);
	o->maker[1] =
	        add_staff(tx, "maker2", STAFF_PERSONALISER, OFFICE_COUNTY);
	o->keeper = add_staff(tx, "keeper", STAFF_STOCK_KEEPER, OFFICE_COUNTY);
	o->witness = add_staff(tx, "witness", STAFF_AUDITOR, OFFICE_COUNTY);
	return 0;
}

static void open_all(struct office *o)
{
	const struct store_options store = {
	        .url = o->database,
	        .sealer = o->sealer,
	        .create = true,
	        .busy_timeout_ms = 2000,
	};
	struct issue_options issue = {
	        .status_list = OFFICE_LIST,
	        .status_bits = OFFICE_BITS,
	        .status_key = {1, 2, 3, 4},
	        .lease_s = OFFICE_LEASE_S,
	        .back_off_s = OFFICE_BACK_OFF_S,
	        .attempts_max = OFFICE_ATTEMPTS,
	        .policies = o->policies,
	        .clock = office_clock,
	        .clock_arg = o,
	};

	int rc = store_open(&store, &o->store, &o->problem);
	if (rc < 0)
		fail_msg("store: %s", o->problem.en);
	issue.store = o->store;
	assert_int_equal(issue_open(&issue, &o->issue, &o->problem), 0);
}

void office_open(struct office *o)
{
	char keys[96];

	memset(o, 0, sizeof(*o));
	(void)snprintf(o->folder, sizeof(o->folder), "/tmp/hufu-issue-XXXXXX");
	assert_non_null(mkdtemp(o->folder));
	(void)snprintf(
	        o->database, sizeof(o->database), "%s/hufu.db", o->folder);
	(void)snprintf(keys, sizeof(keys), "%s/seal.key", o->folder);
	o->now_s = clock_start_of((struct date){2026, 8, 3}) + 9 * 3600;
	assert_int_equal(sealer_create_file(keys, SUITE_INTL), 0);
	assert_int_equal(sealer_load(keys, &o->sealer), 0);
	assert_int_equal(
	        policy_book_open(HUFU_POLICY, &o->policies, &o->problem), 0);
	open_all(o);
	assert_int_equal(store_write(o->store, furnish, o), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		        job_open_station(o->issue, i == 0 ? "hall-1" : "hall-2",
		                OFFICE_COUNTY, o->maker[i], &o->station[i],
		                &o->problem),
		        0);
}

static void close_store(struct office *o)
{
	issue_close(o->issue);
	store_close(o->store);
	o->issue = NULL;
	o->store = NULL;
}

void office_open_again(struct office *o)
{
	close_store(o);
	open_all(o);
}

static int remove_one(
        const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void office_close(struct office *o)
{
	(void)sqlite3_close(o->db);
	close_store(o);
	sealer_free(o->sealer);
	policy_book_free(o->policies);
	assert_int_equal(
	        nftw(o->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* ---- persons and blanks ---- */

void office_id_number(int n, char ret[19])
{
	static const int weight[17] = {
	        7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	unsigned u = (unsigned)n % 280000;

	/* a day of birth each thousand, the sequence below it */
	(void)snprintf(ret, 19, "3201061960%02u%02u%03u", u / 28000 + 1,
	        u / 1000 % 28 + 1, u % 1000);
	for (int i = 0; i < 17; i++)
		sum += (ret[i] - '0') * weight[i];
	ret[17] = "10X98765432"[sum % 11];
	ret[18] = '\0';
}

struct adding {
	struct office *office;
	int n;
	unsigned ground;
};

static int add_person(struct store_tx *tx, void *arg)
{
	const struct adding *a = arg;
	struct person person = {
	        .sex = PERSON_MALE,
	        .ethnicity = 1,
	        .facts =
	                {
	                        .born = {1965, 1, 1},
	                        .registered = true,
	                        .chinese_household = true,
	                        .classes = 1u << 1,
	                        .grounds = a->ground ? 1u << a->ground : 0,
	                        .residence = OFFICE_AREA,
	                },
	};
	int64_t id = 0;

	(void)snprintf(person.name, sizeof(person.name), "生成%d", a->n);
	office_id_number(a->n, person.id_number);
	int rc = person_save(tx, &person, &id);
	assert_true(rc >= 0);
	return 0;
}

void office_add_person(struct office *o, int n, unsigned ground)
{
	struct adding a = {o, n, ground};

	assert_int_equal(store_write(o->store, add_person, &a), 0);
}

struct crowd {
	int from;
	int count;
};

static int add_crowd(struct store_tx *tx, void *arg)
{
	const struct crowd *c = arg;

	for (int i = 0; i < c->count; i++) {
		struct adding a = {NULL, c->from + i, 0};
		int rc = add_person(tx, &a);
		if (rc != 0)
			return rc;
	}
	return 0;
}

void office_add_persons(struct office *o, int from, int count)
{
	enum { AT_ONCE = 1000 };

	for (int done = 0; done < count; done += AT_ONCE) {
		int left = count - done;
		struct crowd c = {from + done, left < AT_ONCE ? left : AT_ONCE};
		assert_int_equal(store_write(o->store, add_crowd, &c), 0);
	}
}

static int propose(struct store_tx *tx, void *arg)
{
	return witness_propose(tx, arg);
}

int64_t office_propose(
        struct office *o, const char *act, const char *area, int64_t staff)
{
	struct witness_proposal p = {
	        .body = "{}", .proposer = staff, .at_s = o->now_s};

	(void)snprintf(p.act, sizeof(p.act), "%s", act);
	(void)snprintf(p.area, sizeof(p.area), "%s", area);
	assert_int_equal(store_write(o->store, propose, &p), 0);
	assert_true(p.id > 0 && p.expires_s > p.at_s);
	return p.id;
}

void office_add_blanks(struct office *o, int station, uint32_t count)
{
	const struct stock_by by = {
	        .store = o->store, .staff = o->keeper, .at_s = o->now_s};
	const struct stock_batch batch = {
	        OFFICE_COUNTY, "T-1", o->station[station], count};
	int64_t id = 0;

	assert_int_equal(stock_receive(&by, &batch, &id, &o->problem), 0);
	assert_true(id > 0);
}

/* ---- a case ---- */

struct application_request office_request(const struct office *o, int n,
        enum application_reason reason, char id_number[19])
{
	static const uint8_t photo[64] = {0xff, 0xd8, 0xff};

	office_id_number(n, id_number);
	return (struct application_request){
	        .entered_by = o->desk,
	        .id_number = id_number,
	        .kind = 1,
	        .reason = reason,
	        .ground = reason == APPLICATION_REPLACEMENT
	                          ? APPLICATION_FACE_ILLEGIBLE
	                          : APPLICATION_GROUND_NONE,
	        .area = OFFICE_AREA,
	        .materials = OFFICE_MATERIALS,
	        .photo = span_of(photo, sizeof(photo)),
	};
}

int64_t office_apply(struct office *o, int n, enum application_reason reason)
{
	char id_number[19];
	const struct application_request r =
	        office_request(o, n, reason, id_number);
	struct application_receipt receipt = {0};

	int rc = application_apply(o->issue, &r, &receipt, &o->problem);
	if (rc != 0)
		fail_msg("apply: %d %s", rc, o->problem.en);
	assert_int_equal(receipt.state, APPLICATION_IN_REVIEW);
	return receipt.id;
}

int office_act(struct office *o, int64_t application,
        enum application_event event, int64_t staff, const char *ground)
{
	const struct application_act act = {
	        .application = application,
	        .event = event,
	        .staff = staff,
	        .ground = ground,
	        .field = event == APPLICATION_CORRECT ? "other" : NULL,
	        .note = "按规定办理",
	};
	struct application_receipt receipt;

	return application_act(o->issue, &act, &receipt, &o->problem);
}

void office_decide(struct office *o, int64_t application)
{
	struct application a = office_application(o, application);

	for (int64_t step = a.step; step <= a.steps; step++) {
		int rc = office_act(o, application, APPLICATION_ACCEPT,
		        o->step[step - 1], NULL);
		if (rc != 0)
			fail_msg(
			        "step %d: %d %s", (int)step, rc, o->problem.en);
	}
	a = office_application(o, application);
	assert_int_equal(a.state, APPLICATION_QUEUED);
}

int64_t office_queue(struct office *o, int n, enum application_reason reason)
{
	int64_t id = office_apply(o, n, reason);

	office_decide(o, id);
	return id;
}

/* ---- making ---- */

void office_serial(int n, uint8_t ret[CARD_SERIAL_LEN])
{
	memset(ret, 0x5A, CARD_SERIAL_LEN);
	for (int i = 0; i < 4; i++)
		ret[i] = (uint8_t)(n >> (8 * i));
}

int office_reserve(struct office *o, struct job_lease *lease, int serial)
{
	uint8_t bytes[CARD_SERIAL_LEN];

	office_serial(serial, bytes);
	return job_reserve(o->issue, lease, bytes, &o->problem);
}

int office_step(struct office *o, struct job_lease *lease)
{
	static const uint8_t bytes[64] = {4, 1, 2, 3};
	const struct span value = span_of(bytes, sizeof(bytes));
	struct job_step step = {.to = (enum job_state)(lease->state + 1)};

	switch (step.to) {
	case JOB_KEYED:
		step.facts_count = 1;
		step.facts[0] =
		        (struct job_fact_value){JOB_FACT_CHIP_KEY, value};
		break;
	case JOB_LOGGED:
		step.facts_count = 2;
		step.facts[0] = (struct job_fact_value){JOB_FACT_QR_TBS, value};
		step.facts[1] =
		        (struct job_fact_value){JOB_FACT_CHIP_TBS, value};
		break;
	case JOB_SIGNED:
		step.facts_count = 2;
		step.facts[0] =
		        (struct job_fact_value){JOB_FACT_QR_SIGNATURE, value};
		step.facts[1] =
		        (struct job_fact_value){JOB_FACT_CHIP_SIGNATURE, value};
		break;
	default:
		break;
	}
	return job_advance(o->issue, lease, &step, &o->problem);
}

void office_step_to(
        struct office *o, struct job_lease *lease, enum job_state to)
{
	while (lease->state < to) {
		enum job_state next = (enum job_state)(lease->state + 1);
		int rc = office_step(o, lease);
		if (rc != 0)
			fail_msg("to %s: %d %s", job_state_name(next), rc,
			        o->problem.en);
		assert_int_equal(lease->state, next);
	}
}

int64_t office_make(struct office *o, int station, int serial)
{
	struct job_lease lease;

	int rc = job_claim(o->issue, o->station[station], &lease, &o->problem);
	assert_int_equal(rc, 0);
	rc = office_reserve(o, &lease, serial);
	if (rc != 0)
		fail_msg("reserve: %d %s", rc, o->problem.en);
	office_step_to(o, &lease, JOB_ISSUED);
	return lease.card;
}

struct holder_look {
	int64_t card;
	struct person person;
};

static int look_at_holder(struct store_tx *tx, void *arg)
{
	struct holder_look *look = arg;
	struct card_record card;
	int rc = card_book_read(tx, look->card, &card);

	return rc < 0 ? rc : person_load(tx, card.person, &look->person);
}

int office_holder(
        struct office *o, int64_t card, char ret[PERSON_ID_NUMBER_LEN + 1])
{
	struct holder_look look = {.card = card};

	int rc = store_read(o->store, look_at_holder, &look);
	if (rc == 0)
		memcpy(ret, look.person.id_number,
		        sizeof(look.person.id_number));
	return rc;
}

int office_card_act(struct office *o, int64_t card, enum card_event event,
        int64_t staff, const char *ground)
{
	char id_number[PERSON_ID_NUMBER_LEN + 1] = "";
	const struct hand_over collected = {.collector = HAND_OVER_HOLDER,
	        .how = HAND_OVER_ON_PAPER,
	        .id_number = id_number};
	const struct card_act act = {.card = card,
	        .event = event,
	        .staff = staff,
	        .ground = ground,
	        .hand_over = &collected};
	struct card_record record;

	int rc = 0;
	if (event == CARD_HAND_OVER)
		rc = office_holder(o, card, id_number);
	if (rc < 0)
		return rc;
	return card_book_act(o->issue, &act, &record, &o->problem);
}

int64_t office_issue(struct office *o, int n)
{
	office_add_person(o, n, 0);
	(void)office_queue(o, n, APPLICATION_FIRST);
	int64_t card = office_make(o, 0, n);
	int rc = office_card_act(o, card, CARD_HAND_OVER, o->desk, NULL);
	if (rc != 0)
		fail_msg("hand-over: %d %s", rc, o->problem.en);
	return card;
}
