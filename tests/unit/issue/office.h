/*
 * A whole small office for tests: store, rules, areas, staff with every
 * role, two stations, generated persons, and a clock that the test moves.
 */
#ifndef TEST_OFFICE_H
#define TEST_OFFICE_H

#include "crypto/core/sha256.h"
#include "host/issue/application.h"
#include "host/issue/card_book.h"
#include "host/issue/job.h"
#include "host/issue/summary.h"
#include "host/stock/stock.h"

#define OFFICE_AREA      "320106001" /* a township */
#define OFFICE_COUNTY    "320106"
#define OFFICE_MATERIALS (1u << 1 | 1u << 2 | 1u << 4)

enum {
	OFFICE_STEPS = 5,
	OFFICE_LIST = 1,
	OFFICE_BITS = 14,
	OFFICE_LEASE_S = 30,
	OFFICE_BACK_OFF_S = 4,
	OFFICE_ATTEMPTS = 3,
};

struct office {
	char folder[64];
	char database[96];
	struct sqlite3 *db; /* a look from outside; opened at first use */
	struct sealer *sealer;
	struct store *store;
	struct policy_book *policies;
	struct issue *issue;
	int64_t now_s;
	int64_t desk; /* enters and hands over */
	int64_t desk2; /* the same role */
	int64_t step[OFFICE_STEPS]; /* who decides at step 1.. */
	int64_t province2;
	int64_t maker[2];
	int64_t keeper;
	int64_t witness;
	int64_t station[2];
	struct problem problem; /* of the last call */
};

void office_open(struct office *o);
void office_close(struct office *o);
void office_open_again(struct office *o); /* as after a crash */

/* An ID number with its check digit, of nobody: sequence n. */
void office_id_number(int n, char ret[19]);
/* Registers generated person n, with this ground (0: none) against it. */
void office_add_person(struct office *o, int n, unsigned ground);
/* Persons from .. from + count - 1, in order, in few transactions. */
void office_add_persons(struct office *o, int from, int count);
/* The keeper, or whoever, proposes an act for a second to confirm. */
int64_t office_propose(
        struct office *o, const char *act, const char *area, int64_t staff);
void office_add_blanks(struct office *o, int station, uint32_t count);

/* A request that is in order, for person n. */
struct application_request office_request(const struct office *o, int n,
        enum application_reason reason, char id_number[19]);
int64_t office_apply(struct office *o, int n, enum application_reason reason);
int office_act(struct office *o, int64_t application,
        enum application_event event, int64_t staff, const char *ground);
/* Accepts steps from the current one to the last. */
void office_decide(struct office *o, int64_t application);
int64_t office_queue(struct office *o, int n, enum application_reason reason);

void office_serial(int n, uint8_t ret[CARD_SERIAL_LEN]);
int office_reserve(struct office *o, struct job_lease *lease, int serial);
/* One step on, with the facts that it needs. */
int office_step(struct office *o, struct job_lease *lease);
void office_step_to(
        struct office *o, struct job_lease *lease, enum job_state to);
/* Claims, reserves and makes whatever comes next; its card. */
int64_t office_make(struct office *o, int station, int serial);
/* The ID number on the ID card of the card's holder. */
int office_holder(
        struct office *o, int64_t card, char ret[PERSON_ID_NUMBER_LEN + 1]);
/* Handing over is to the holder, who signs on paper. */
int office_card_act(struct office *o, int64_t card, enum card_event event,
        int64_t staff, const char *ground);
/* From nothing to a card in its holder's hand. */
int64_t office_issue(struct office *o, int n);

/* ---- looking ---- */

struct application office_application(struct office *o, int64_t id);
struct card_record office_card(struct office *o, int64_t id);
struct job office_job(struct office *o, int64_t application);
struct stock_balance office_balance(struct office *o);
/* One number from the database, by SQL; 0 when there is no row. */
int64_t office_number(struct office *o, const char *sql);
/* The same with ?1 bound. */
int64_t office_number_of(struct office *o, const char *sql, int64_t of);
/* Runs SQL straight on the database; its result code and message. */
int office_sql(struct office *o, const char *sql, char *message, size_t size);
/* Hash over every row of what issuing writes. */
void office_digest(struct office *o, uint8_t ret[SHA256_LEN]);
int64_t office_log_size(struct office *o);
/* The nth entry from the end, 0 the last. */
struct log_entry office_log_entry(struct office *o, int back);

/* The office's invariants: cards, list, stock and log say the same. */
void office_check(struct office *o);

#endif
