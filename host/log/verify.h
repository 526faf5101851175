/*
 * The full re-hash: every entry row, entry bundle, tile and the checkpoint
 * against each other. A single flipped bit anywhere is found and named.
 */
#ifndef HOST_LOG_VERIFY_H
#define HOST_LOG_VERIFY_H

#include "host/log/log.h"

enum log_place {
	LOG_PLACE_CHECKPOINT, /* signature, form, or root */
	LOG_PLACE_ROW, /* entry row of the database */
	LOG_PLACE_BUNDLE, /* tile/entries/... */
	LOG_PLACE_TILE, /* tile/<level>/... */
	LOG_PLACE_STORED, /* checkpoint row of the database */
};

struct log_fault {
	enum log_place place;
	uint64_t index; /* of the entry, or of the tile in its level */
	unsigned level;
	int code; /* NOT_FOUND missing, MALFORMED, PROOF, SIGNATURE */
	char file[80]; /* below the log's folder, "" for rows */
};

typedef void (*log_fault_fn)(const struct log_fault *fault, void *arg);

struct log_verify_options {
	struct store *store; /* NULL: the published files alone */
	const char *folder;
	const char *origin;
	const char *vkey;
	log_fault_fn found; /* called per fault; may be NULL */
	void *arg;
};

struct log_verdict {
	uint64_t size; /* of the published checkpoint */
	uint64_t entries; /* re-hashed */
	uint64_t pending; /* rows not yet under a checkpoint */
	uint64_t tiles;
	uint64_t faults;
	struct log_fault first;
};

/* LOG_FAULTY: everything was read and something is wrong. */
enum { LOG_FAULTY = 2 };

/* 0, LOG_FAULTY, or what kept it from reading (HUFU_ERR_IO, ...). */
HUFU_MUST_USE int log_verify(const struct log_verify_options *options,
        struct log_verdict *ret, struct problem *ret_problem);

/* "条目 17 (tile/entries/000)" style words for a report. */
void log_fault_describe(const struct log_fault *fault, struct problem *ret);

#endif
