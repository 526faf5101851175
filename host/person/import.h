/*
 * Import of persons from CSV: UTF-8 with or without BOM, or GB 18030;
 * columns named in Chinese or English by the first line. Every row stands
 * for itself: good rows are kept, bad ones reported by line. Running the
 * same file again changes nothing. What changes a person already registered
 * is logged (LOG_PERSON_CHANGED) in the same transaction.
 */
#ifndef HOST_IMPORT_H
#define HOST_IMPORT_H

#include "host/person/person.h"

enum {
	IMPORT_FILE_MAX = 1 << 30, /* bytes */
	IMPORT_TEXT_MAX = 256,
};

struct import_issue {
	size_t line; /* in the file, from 1 */
	bool warning; /* row was kept */
	char column[64]; /* as the file names it; "" for the whole row */
	char code[32]; /* "id-number-check" */
	char zh[IMPORT_TEXT_MAX];
	char en[IMPORT_TEXT_MAX];
};

struct import_result {
	size_t rows, added, changed, unchanged, refused, warnings;
	char encoding[16]; /* "UTF-8", "GB18030" */
};

/* Called for every issue, in order of lines, on the caller's thread. */
typedef void (*import_report)(void *arg, const struct import_issue *issue);

struct import_options {
	struct store *store;
	const struct policy *policy; /* classes and grounds by name */
	struct date today;
	int64_t staff; /* who imports, for the log; 0: nobody of ours */
	bool check_only; /* write nothing */
	import_report report;
	/* Whether the office's tree of areas has this one; NULL: not asked. */
	bool (*knows_area)(void *arg, const char *code);
	/* In the transaction that saved a new or changed person; or NULL. */
	int (*saved)(struct store_tx *tx, void *arg, int64_t person,
	        const struct eligibility_person *facts);
	void *arg; /* of all three */
};

/* An error means that the file as a whole was no good, or the store. */
HUFU_MUST_USE int import_file(const struct import_options *options,
        const char *path, struct import_result *ret,
        struct problem *ret_problem);
HUFU_MUST_USE int import_bytes(const struct import_options *options,
        struct span csv, struct import_result *ret,
        struct problem *ret_problem);

#endif
