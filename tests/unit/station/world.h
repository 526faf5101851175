/*
 * A service hall in shared memory, which survives the death of the process
 * that works in it: queue, log and signer behind their real headers, blanks
 * as files of virtual cards, a machine that moves them, and a printer.
 */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "card/port/sim/sim.h"
#include "card/terminal/transport.h"
#include "host/issue/job.h"
#include "host/signer/client.h"
#include "host/station/station.h"

enum {
	WORLD_BLANKS = 4,
	WORLD_ENTRIES = 64,
	WORLD_FACT_MAX = 80 * 1024,
	WORLD_PRINTS = 8,
	WORLD_TRACE = 2048,
	WORLD_DIED = 77, /* exit status of a process at its fault point */
};

enum blank_state {
	BLANK_IN_STOCK = 1,
	BLANK_RESERVED,
	BLANK_ISSUED,
	BLANK_SPOILED,
};

enum bin { BIN_HOPPER = 1, BIN_INSIDE, BIN_OUT, BIN_REJECT };

struct world_blank {
	uint8_t serial[CARD_SERIAL_LEN];
	enum blank_state state; /* as the queue has it */
	enum bin bin; /* where the plastic is */
};

struct world_fact {
	size_t len;
	uint8_t data[WORLD_FACT_MAX];
};

struct world_entry {
	size_t len;
	uint8_t bytes[LOG_ENTRY_MAX];
};

struct world_print {
	char name[64];
	char text[SIGNER_TBS_MAX]; /* of the QR on the face */
};

struct world {
	char folder[128]; /* of the card files */
	uint8_t transport_master[16];
	uint8_t issuer_master[16];
	int suite;

	/* the one job */
	enum job_state state;
	int64_t fencing;
	int64_t round;
	int64_t attempts;
	int64_t card;
	bool leased;
	uint8_t key[JOB_KEY_LEN];
	uint8_t serial[CARD_SERIAL_LEN];
	uint64_t reserved_index;
	uint64_t signed_index;
	struct world_fact facts[JOB_FACTS];
	struct world_blank blanks[WORLD_BLANKS];
	unsigned released;
	unsigned deferred;
	unsigned spoiled;
	unsigned heartbeats;
	char ground[33]; /* of the last spoiling or deferral */

	/* the log and the signer */
	struct world_entry entries[WORLD_ENTRIES];
	uint64_t entry_count;
	bool published; /* lists waited for since the last reservation */
	bool signed_once;
	struct signer_signatures signatures;
	uint8_t quarantined[CARD_SERIAL_LEN];
	unsigned sessions;

	/* the printer */
	struct world_print prints[WORLD_PRINTS];
	unsigned print_count;

	/* what goes wrong: codes to answer instead, once or for good */
	int reserve_answer;
	int advance_answer; /* at the step to advance_answer_at */
	enum job_state advance_answer_at;
	int session_answer;
	int sign_answer;
	int log_answer;
	int publish_answer;
	int heartbeat_answer;
	int feed_answer;
	int wait_answer;
	int look_answer;
	int open_answer; /* of the reader */
	bool forged_signature;
	bool wrong_face; /* another text stands on the printed card */
	bool printer_away;
	unsigned print_ms; /* a print takes so long */
	bool cannot_look;
	bool undrawable;
	bool foreign_card; /* lies on the reader */
	unsigned long pull_at; /* the card leaves at this command, once */
	bool pull_after;
	unsigned long commands;
	bool gone; /* the card was taken away for good */

	/* fault points passed, in order, and where to die */
	char trace[WORLD_TRACE][32];
	size_t trace_count;
	char die_at[32];
	unsigned die_nth;
	unsigned die_passed;
};

extern struct world *world; /* mapped once */

void world_open(void); /* once a program */
void world_start(int suite); /* everything as in the morning */
void world_close(void);

/* Services and a fresh station; world_leave() ends it. */
struct station *world_enter(void);
void world_leave(struct station *station);

struct station_transport *world_machine(void);
int world_open_reader(void *arg, const char *name, struct transport **ret);

/* Blanks in a state, and in a bin. */
unsigned world_count(enum blank_state state);
unsigned world_in(enum bin bin);
struct world_blank *world_inside(void); /* NULL: nothing in the way */

/* The rules that hold whatever happened: books and plastic agree. */
void world_check(void);

#endif
