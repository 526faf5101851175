/*
 * Who gets a card: a pure function of facts, rules and a date. It finds
 * every reason, not only the first, so that an applicant hears all of it
 * at once. Asked at acceptance and again just before making.
 */
#ifndef HOST_ELIGIBILITY_H
#define HOST_ELIGIBILITY_H

#include "host/policy/policy.h"

enum {
	ELIGIBILITY_REASONS_MAX = 48,
	ELIGIBILITY_TEXT_MAX = 192,
};

/* What the registry knows of a person. */
struct eligibility_person {
	struct date born;
	bool registered; /* 建档立卡 */
	bool chinese_household;
	bool dead;
	uint32_t classes; /* bits 1u << class number */
	uint32_t grounds; /* bits 1u << ground number */
	struct date ground_ended[POLICY_GROUNDS_MAX]; /* zero: lasts */
	char residence[AREA_CODE_MAX + 1]; /* 户籍地 */
};

enum eligibility_acting {
	ELIGIBILITY_SELF = 0,
	ELIGIBILITY_GUARDIAN = 1,
	ELIGIBILITY_PROXY = 2,
	ELIGIBILITY_HOME_VISIT = 3,
};

enum eligibility_purpose {
	ELIGIBILITY_FIRST = 0,
	ELIGIBILITY_REPLACEMENT = 1,
	ELIGIBILITY_RENEWAL = 2,
};

struct eligibility_application {
	unsigned kind; /* asked for */
	enum eligibility_purpose purpose;
	enum eligibility_acting acting;
	bool gravely_ill; /* or bedridden: home visit without age limit */
	uint32_t materials; /* bits 1u << material number, as handed in */
	char area[AREA_CODE_MAX + 1]; /* of the station */
	bool habitual; /* the applicant lives there (常住地) */
	bool has_live_card;
	bool has_pending_card;
	bool has_open_application; /* another one */
};

enum eligibility_outcome {
	ELIGIBILITY_YES = 0,
	ELIGIBILITY_INCOMPLETE = 1, /* return for correction */
	ELIGIBILITY_REFER = 2, /* the province decides */
	ELIGIBILITY_NO = 3, /* refuse */
};

struct eligibility_reason {
	char code[POLICY_WORD_MAX + 16]; /* "ground-dismissed" */
	enum eligibility_outcome weight; /* what it alone leads to */
	struct date until; /* allow-after: free from this day; else zero */
	char zh[ELIGIBILITY_TEXT_MAX];
	char en[ELIGIBILITY_TEXT_MAX];
};

struct eligibility_verdict {
	enum eligibility_outcome outcome; /* heaviest of the reasons */
	char version[POLICY_VERSION_MAX + 1]; /* of the policy */
	struct date day;
	unsigned kind;
	uint32_t benefits; /* when YES or REFER: of kind and all classes */
	struct date valid_to; /* when YES or REFER */
	size_t count;
	struct eligibility_reason reason[ELIGIBILITY_REASONS_MAX];
};

void eligibility_judge(const struct eligibility_person *person,
        const struct eligibility_application *application,
        const struct policy *policy, struct date day,
        struct eligibility_verdict *ret);

const char *eligibility_outcome_word(enum eligibility_outcome outcome);

#endif
