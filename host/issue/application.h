/*
 * Applications: what came in, and the state table that they live by.
 *
 *   in review (step 1..n) ⇄ returned;  in review ⇄ referred
 *   in review → decided → queued → made → handed over
 *   anything open → rejected or withdrawn
 *
 * Every change writes its log entry in the same transaction. A refusal
 * fills the problem and changes nothing, but for APPLICATION_REFUSED: that
 * application is kept, closed, with every reason.
 */
#ifndef HOST_APPLICATION_H
#define HOST_APPLICATION_H

#include "host/issue/issue.h"
#include "host/policy/eligibility.h"

enum application_outcome {
	APPLICATION_REFUSED = 1, /* not eligible: stored as rejected */
	APPLICATION_REPEATED = 2, /* this request key came before: same id */
};

enum application_reason {
	APPLICATION_FIRST = 1,
	APPLICATION_RENEWAL = 2,
	APPLICATION_REPLACEMENT = 3,
};

/* Why a replacement is asked; the old card is handed in but for LOST. */
enum application_ground {
	APPLICATION_GROUND_NONE = 0,
	APPLICATION_LOST = 1,
	APPLICATION_CHIP_UNREADABLE = 2,
	APPLICATION_FACE_ILLEGIBLE = 3,
	APPLICATION_FACE_CHANGED = 4,
	APPLICATION_PROVINCE_CHANGED = 5,
	APPLICATION_KIND_CHANGED = 6,
	APPLICATION_OTHER = 7,
};

enum application_state {
	APPLICATION_IN_REVIEW = 1, /* waits for `step` */
	APPLICATION_RETURNED = 2, /* to the applicant, comes back to `step` */
	APPLICATION_REFERRED = 3, /* upward, for an opinion */
	APPLICATION_DECIDED = 4,
	APPLICATION_QUEUED = 5,
	APPLICATION_MADE = 6,
	APPLICATION_HANDED_OVER = 7,
	APPLICATION_REJECTED = 8,
	APPLICATION_WITHDRAWN = 9,
	APPLICATION_STATES = 10,
};

enum application_event {
	APPLICATION_ACCEPT = 1,
	APPLICATION_RETURN = 2,
	APPLICATION_CORRECT = 3,
	APPLICATION_REJECT = 4,
	APPLICATION_REFER = 5,
	APPLICATION_OPINION_FOR = 6,
	APPLICATION_OPINION_AGAINST = 7,
	APPLICATION_WITHDRAW = 8,
	APPLICATION_QUEUE = 9, /* to a station of ours */
	APPLICATION_MAKE = 10, /* the job says: issued */
	APPLICATION_LAPSE = 11, /* no longer eligible just before making */
	APPLICATION_HAND_OVER = 12,
	APPLICATION_EVENTS = 13,
};

enum {
	APPLICATION_NOTE_MAX = 512,
	APPLICATION_FIELD_MAX = 160, /* of returned.h */
	APPLICATION_RETURN_GROUND_MAX = 32, /* of one field */
	APPLICATION_GROUND_MAX = 48,
	APPLICATION_PHOTO_MAX = 64 * 1024,
	APPLICATION_KEY_LEN = 16,
	APPLICATION_LIST_MAX = 500,
};

/* The person who acts for the applicant; texts may be NULL when SELF. */
struct application_agent {
	const char *name;
	const char *id_number;
	const char *phone;
	const char *relation;
};

/* A photo taken in although the look for a face found fault with it. */
struct application_override {
	const char *ground; /* why, one of a list; NULL: nothing overridden */
	int fault; /* enum photo_fault, as the log's number */
};

struct application_request {
	int64_t entered_by; /* staff; 0: kiosk, nobody of ours */
	const char *id_number; /* the person is found by its blind index */
	unsigned kind; /* number in policy.ini: 1 A 退役军人, 2 B 三属 */
	enum application_reason reason;
	enum application_ground ground; /* with REPLACEMENT only */
	enum eligibility_acting acting;
	bool gravely_ill; /* or bedridden */
	bool habitual; /* taken in where the applicant lives, 常住地 */
	struct application_agent agent; /* unless acting is SELF */
	const char *area; /* where it is taken in, GB/T 2260 */
	const char *delivery_area; /* where handed over; NULL: `area` */
	uint32_t materials; /* bits 1u << number in policy.ini */
	struct span photo; /* JPEG already checked by the photo rule */
	struct application_override photo_override;
	const uint8_t *request_key; /* APPLICATION_KEY_LEN, or NULL */
};

struct application_receipt {
	int64_t id; /* also the receipt number */
	enum application_state state;
	uint64_t log_index;
};

/*
 * Takes an application in, with the eligibility verdict of today's rules.
 * 0, APPLICATION_REFUSED (problem names the reasons), APPLICATION_REPEATED,
 * HUFU_ERR_NOT_FOUND (no such person), HUFU_ERR_CONFLICT (one is open, or a
 * live card forbids this reason), HUFU_ERR_DENIED, HUFU_ERR_ARGUMENT.
 */
HUFU_MUST_USE int application_apply(struct issue *issue,
        const struct application_request *request,
        struct application_receipt *ret, struct problem *ret_problem);

/* One act of review or of the applicant; which one says `event`. */
struct application_act {
	int64_t application;
	enum application_event event; /* ACCEPT .. WITHDRAW */
	int64_t staff;
	const char *ground; /* slug, [a-z0-9-], for RETURN, REJECT, REFER */
	const char *field; /* RETURN: which fields, each with its ground as
	                    * returned.h has it; CORRECT: "photo,kind" */
	const char *note; /* for people, sealed; NULL or "" when none */
	struct span photo; /* CORRECT "photo"; else empty */
	struct application_override photo_override;
	unsigned kind; /* CORRECT "kind" */
	uint32_t materials; /* CORRECT "materials" */
};

/*
 * 0, HUFU_ERR_STATE (the table has no such move), HUFU_ERR_DENIED (entered
 * it, took another step of it, or lacks the role or area),
 * HUFU_ERR_ARGUMENT (ground missing), APPLICATION_REFUSED (a correction
 * showed that the person is not eligible).
 */
HUFU_MUST_USE int application_act(struct issue *issue,
        const struct application_act *act, struct application_receipt *ret,
        struct problem *ret_problem);

/* Could this person accept it now, by state, role and area? As
 * application_act(); the rest it says itself. */
HUFU_MUST_USE int application_check_accept(struct store_tx *tx,
        struct issue *issue, int64_t id, int64_t staff,
        struct problem *ret_problem);

struct application {
	int64_t id;
	int64_t person;
	unsigned kind;
	enum application_reason reason;
	enum application_ground ground;
	enum eligibility_acting acting;
	bool gravely_ill;
	bool habitual;
	enum application_state state;
	int64_t step; /* the step that it waits for, from 1 */
	int64_t steps; /* of its chain */
	char area[AREA_CODE_MAX + 1];
	char delivery_area[AREA_CODE_MAX + 1];
	uint32_t materials;
	char rule_version[POLICY_VERSION_MAX + 1]; /* its review chain */
	int64_t entered_by; /* 0: kiosk */
	int64_t entered_at_s;
	int64_t step_since_s;
	int64_t due_s; /* of this step; 0: none */
	char last_ground[APPLICATION_GROUND_MAX +
	                 1]; /* of the last return, rejection or refusal */
	char last_field[APPLICATION_FIELD_MAX + 1];
	int64_t card; /* the one made, or in making; 0: none */
};

HUFU_MUST_USE int application_read(
        struct store_tx *tx, int64_t id, struct application *ret);

/* Where a list stands: lists are by deadline, then by number. */
struct application_place {
	int64_t due_order_s; /* what has no deadline comes last: INT64_MAX */
	int64_t id;
};

struct application_filter {
	enum application_state state; /* 0: any open one */
	int64_t step; /* 0: any */
	const char *area; /* this area and those below it; NULL: all */
	int64_t staff; /* leave out what this person may not decide; 0 */
	const struct policy_book *deciding; /* with `staff`: only what waits
	                                       for a role of theirs; NULL */
	int64_t overdue_at_s; /* only those due before; 0: all */
	int64_t person; /* theirs alone, with `state`; 0: of anybody */
	struct application_place after; /* to go on from; 0: the first */
};

/* At most `cap`, oldest deadline first. */
HUFU_MUST_USE int application_list(struct store_tx *tx,
        const struct application_filter *filter, struct application *ret,
        size_t cap, size_t *ret_count);
enum { APPLICATION_AREAS_MAX = 16 };
/* Where a person has applied: each area once. */
HUFU_MUST_USE int application_list_areas(struct store_tx *tx, int64_t person,
        char ret[APPLICATION_AREAS_MAX][AREA_CODE_MAX + 1], size_t *ret_count);

struct application_place application_place_of(const struct application *a);

/* Photo as it came, unsealed; HUFU_ERR_SPACE if `w` is too small. */
HUFU_MUST_USE int application_read_photo(
        struct store_tx *tx, int64_t id, struct writer *ret);

struct application_verdict {
	int64_t at_s;
	int64_t stage; /* 1 at acceptance, 2 at correction, 3 before making */
	enum eligibility_outcome outcome;
	char rule_version[POLICY_VERSION_MAX + 1];
	char codes[512]; /* of every reason, separated by blanks */
};

/* Oldest first. */
HUFU_MUST_USE int application_list_verdicts(struct store_tx *tx, int64_t id,
        struct application_verdict *ret, size_t cap, size_t *ret_count);

struct application_history {
	int64_t at_s;
	int64_t staff;
	enum application_event event;
	int64_t step;
	char ground[APPLICATION_GROUND_MAX + 1];
	char field[APPLICATION_FIELD_MAX + 1];
	char note[APPLICATION_NOTE_MAX + 1];
	uint64_t log_index;
};

HUFU_MUST_USE int application_list_history(struct store_tx *tx, int64_t id,
        struct application_history *ret, size_t cap, size_t *ret_count);

/* "审核中" / "in review"; NULL when there is no such state. */
const char *application_state_zh(enum application_state state);
const char *application_state_en(enum application_state state);

#endif
