#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/base/file.h"
#include "host/log/audit.h"
#include "tests/unit/log/office.h"

static struct log_audit audit;

static int set_up(void **state)
{
	(void)state;
	audit = (struct log_audit){0};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	log_audit_done(&audit);
	return 0;
}

struct event {
	enum log_type type;
	const char *area;
	uint64_t count; /* 0: absent */
	const char *ground;
};

static void entry_of(const struct event *e, struct log_entry *ret)
{
	*ret = (struct log_entry){
	        .type = e->type, .time_s = OFFICE_TIME_S, .count = e->count};
	if (e->type == LOG_RESERVED || e->type == LOG_SIGNED)
		ret->present |= LOG_HAS(LOG_BINDING);
	if (e->area) {
		ret->present |= LOG_HAS(LOG_AREA);
		(void)snprintf(ret->area, sizeof(ret->area), "%s", e->area);
	}
	if (e->count)
		ret->present |= LOG_HAS(LOG_COUNT);
	if (e->ground) {
		ret->present |= LOG_HAS(LOG_GROUND);
		(void)snprintf(
		        ret->ground, sizeof(ret->ground), "%s", e->ground);
	}
}

static void pass(enum log_type type, const char *area, uint64_t count)
{
	struct event e = {type, area, count, NULL};
	struct log_audit_fault fault;
	struct log_entry entry;

	entry_of(&e, &entry);
	assert_int_equal(log_audit_entry(&audit, &entry, &fault), HUFU_OK);
}

static void is_wrong(enum log_type type, const char *area, uint64_t count)
{
	struct log_balance before = audit.balance;
	struct event e = {type, area, count, NULL};
	struct log_audit_fault fault = {0};
	uint64_t faults = audit.faults, at = audit.size;
	struct log_entry entry;

	entry_of(&e, &entry);
	assert_int_equal(log_audit_entry(&audit, &entry, &fault), LOG_FAULTY);
	assert_int_equal(fault.index, at);
	assert_int_equal(fault.type, type);
	assert_non_null(fault.zh);
	assert_non_null(fault.en);
	assert_int_equal(audit.faults, faults + 1);
	assert_memory_equal(&before, &audit.balance, sizeof(before));
}

static void check_balance(void)
{
	const struct log_balance *b = &audit.balance;

	assert_int_equal(b->received, b->in_stock + b->reserved + b->issued +
	                                      b->spoiled + b->missing);
}

static void make_card(const char *area)
{
	pass(LOG_RESERVED, area, 0);
	pass(LOG_KEYED, area, 0);
	pass(LOG_SIGNED, area, 0);
	pass(LOG_PRINTED, area, 0);
	pass(LOG_ISSUED, area, 0);
}

static void balances_a_day(void **state)
{
	struct event spoiled = {LOG_SPOILED, "320100", 3, "stock"};
	struct log_audit_fault fault;
	struct log_entry entry;

	(void)state;
	pass(LOG_BLANK_RECEIVED, "320100", 100);
	pass(LOG_BLANK_RECEIVED, "320200", 50);
	make_card("320100");
	make_card("320200");
	pass(LOG_HANDED_OVER, "320100", 0);
	pass(LOG_RESERVED, "320100", 0);
	pass(LOG_SPOILED, "320100", 0); /* in the making */
	entry_of(&spoiled, &entry);
	assert_int_equal(log_audit_entry(&audit, &entry, &fault), HUFU_OK);
	pass(LOG_RESERVED, "320200", 0);
	pass(LOG_RELEASED, "320200", 0);
	pass(LOG_BLANK_MISSING, "320200", 2);
	pass(LOG_BLANK_COUNTED, "320200", 47);
	pass(LOG_BLANK_COUNTED, "320100", 95);
	pass(LOG_BLANK_DESTROYED, "320100", 4);
	check_balance();
	assert_int_equal(audit.balance.received, 150);
	assert_int_equal(audit.balance.in_stock, 142);
	assert_int_equal(audit.balance.issued, 2);
	assert_int_equal(audit.balance.spoiled, 4);
	assert_int_equal(audit.balance.missing, 2);
	assert_int_equal(audit.balance.destroyed, 4);
	assert_int_equal(audit.balance.reserved, 0);
	assert_int_equal(audit.events[LOG_ISSUED], 2);
	assert_int_equal(audit.faults, 0);
}

static void finds_cards_missed_that_were_never_sent(void **state)
{
	(void)state;
	is_wrong(LOG_PARCEL_MISSING, "320100", 0);
	pass(LOG_PARCEL_SENT, "320100", 0);
	pass(LOG_PARCEL_MISSING, "320100", 0);
	pass(LOG_PARCEL_RECEIVED, "320100", 0); /* it turned up */
	is_wrong(LOG_PARCEL_MISSING, "320100", 0);
	is_wrong(LOG_PARCEL_RECEIVED, "320100", 0);
	pass(LOG_PARCEL_SURPLUS, "320100", 2);
}

static void finds_cards_made_from_nothing(void **state)
{
	(void)state;
	is_wrong(LOG_RESERVED, "320100", 0);
	is_wrong(LOG_ISSUED, "320100", 0);
	is_wrong(LOG_SIGNED, "320100", 0);
	is_wrong(LOG_HANDED_OVER, "320100", 0);
	pass(LOG_BLANK_RECEIVED, "320100", 1);
	is_wrong(LOG_RESERVED, "320200", 0); /* of another area */
	make_card("320100");
	is_wrong(LOG_RESERVED, "320100", 0);
	is_wrong(LOG_SIGNED, "320100", 0);
	check_balance();
}

static void finds_counts_that_disagree(void **state)
{
	(void)state;
	pass(LOG_BLANK_RECEIVED, "320100", 10);
	is_wrong(LOG_BLANK_COUNTED, "320100", 9);
	is_wrong(LOG_BLANK_COUNTED, "320200", 10);
	is_wrong(LOG_BLANK_MISSING, "320100", 11);
	is_wrong(LOG_BLANK_DESTROYED, "320100", 1);
	is_wrong(LOG_SPOILED, "320100", 0);
	is_wrong(LOG_BLANK_RECEIVED, "320100", 0); /* no count */
	is_wrong(LOG_BLANK_RECEIVED, "320100", UINT64_MAX);
	check_balance();
}

static void finds_time_going_back(void **state)
{
	struct log_entry e = {.type = LOG_APPLIED, .time_s = OFFICE_TIME_S};
	struct log_audit_fault fault;

	(void)state;
	assert_int_equal(log_audit_entry(&audit, &e, &fault), HUFU_OK);
	e.time_s -= 60; /* two halls a minute apart */
	assert_int_equal(log_audit_entry(&audit, &e, &fault), HUFU_OK);
	e.time_s -= 86400;
	assert_int_equal(log_audit_entry(&audit, &e, &fault), LOG_FAULTY);
	assert_int_equal(audit.last_s, OFFICE_TIME_S);
}

/* ---- the published folder ---- */

static int run_audit(const struct office *o, struct log_audit *ret)
{
	struct log_audit_options options = {.folder = o->tiles,
	        .origin = HALL_ORIGIN,
	        .vkey = o->hall.keys.vkey};

	return log_audit(&options, ret, NULL);
}

static void append_event(struct office *o, enum log_type type, uint64_t count)
{
	struct event e = {type, "320100", count, NULL};
	struct log_draft d = {0};
	uint64_t index;

	entry_of(&e, &d.entry);
	assert_int_equal(office_append_draft(o, &d, &index), HUFU_OK);
}

static void audits_the_published_folder(void **state)
{
	static struct office office;
	struct log_audit result = {.size = 77};
	uint8_t *bytes = NULL;
	char path[320];
	size_t len = 0;

	(void)state;
	office_open(&office);
	append_event(&office, LOG_BLANK_RECEIVED, 20);
	append_event(&office, LOG_RESERVED, 0);
	assert_int_equal(run_audit(&office, &result), HUFU_ERR_NOT_FOUND);
	assert_int_equal(result.size, 77);
	office_wait(&office);
	assert_int_equal(run_audit(&office, &result), HUFU_OK);
	assert_int_equal(result.size, 2);
	assert_int_equal(result.balance.in_stock, 19);
	append_event(&office, LOG_ISSUED, 0); /* never signed */
	office_wait(&office);
	assert_int_equal(run_audit(&office, &result), LOG_FAULTY);
	assert_int_equal(result.faults, 1);
	(void)snprintf(
	        path, sizeof(path), "%s/tile/entries/000.p/3", office.tiles);
	assert_int_equal(file_read(path, 4096, &bytes, &len), HUFU_OK);
	bytes[len - 1] ^= 1; /* an area no longer the one signed for */
	assert_int_equal(file_write(path, span_of(bytes, len), 0644), HUFU_OK);
	assert_int_equal(run_audit(&office, &result), HUFU_ERR_PROOF);
	free(bytes);
	office_close(&office);
}

int main(void)
{
#define WITH_AUDIT(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        WITH_AUDIT(balances_a_day),
	        WITH_AUDIT(finds_cards_missed_that_were_never_sent),
	        WITH_AUDIT(finds_cards_made_from_nothing),
	        WITH_AUDIT(finds_counts_that_disagree),
	        WITH_AUDIT(finds_time_going_back),
	        WITH_AUDIT(audits_the_published_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
