/*
 * The registry of persons: one row a person, found by a keyed blind index
 * of the ID number; what names a person is sealed column by column.
 */
#ifndef HOST_PERSON_H
#define HOST_PERSON_H

#include "host/base/area_code.h"
#include "host/base/date.h"
#include "host/base/problem.h"
#include "host/policy/eligibility.h"
#include "host/store/store.h"

enum {
	PERSON_NAME_MAX = 200, /* bytes of UTF-8 */
	PERSON_ID_NUMBER_LEN = 18,
	PERSON_PHONE_MAX = 20,
	PERSON_ADDRESS_MAX = 300,
	PERSON_FACTS_MAX = 16, /* service facts */
	PERSON_FACT_KEY_MAX = 32,
	PERSON_FACT_VALUE_MAX = 96,
};

/* GB/T 2261.1 */
enum person_sex {
	PERSON_SEX_UNKNOWN = 0,
	PERSON_MALE = 1,
	PERSON_FEMALE = 2,
	PERSON_SEX_UNSTATED = 9,
};

struct person_fact {
	char key[PERSON_FACT_KEY_MAX + 1]; /* "enlisted" */
	char value[PERSON_FACT_VALUE_MAX + 1];
};

struct person {
	int64_t id; /* 0: not stored yet */
	char name[PERSON_NAME_MAX + 1];
	char id_number[PERSON_ID_NUMBER_LEN + 1];
	char phone[PERSON_PHONE_MAX + 1]; /* "" when unknown */
	char address[PERSON_ADDRESS_MAX + 1];
	enum person_sex sex;
	unsigned ethnicity; /* GB/T 3304; 0: unknown */
	struct eligibility_person facts;
	size_t service_count;
	struct person_fact service[PERSON_FACTS_MAX];
};

/* Wipes what was sealed; a cleanup function too. */
void person_done(struct person *p);

HUFU_MUST_USE int person_find(
        struct store_tx *tx, const char *id_number, int64_t *ret_id);
HUFU_MUST_USE int person_load(
        struct store_tx *tx, int64_t id, struct person *ret);
/* Only what eligibility needs: opens nothing that is sealed but the date
 * of birth. */
HUFU_MUST_USE int person_load_facts(
        struct store_tx *tx, int64_t id, struct eligibility_person *ret);
/*
 * Adds a person or changes the one with this ID number.
 * PERSON_UNCHANGED: it stood there already, nothing was written.
 */
enum { PERSON_ADDED = 1, PERSON_CHANGED = 2, PERSON_UNCHANGED = 3 };
HUFU_MUST_USE int person_save(
        struct store_tx *tx, const struct person *p, int64_t *ret_id);

/* 欧阳**, 1101**********002X: what may be shown without a reason given. */
void person_mask_name(const char *name, char ret[PERSON_NAME_MAX + 1]);
void person_mask_id_number(
        const char *id_number, char ret[PERSON_ID_NUMBER_LEN + 1]);

#endif
