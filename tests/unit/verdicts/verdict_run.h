/*
 * Runs every line of tests/vectors/verdicts/cases.tsv through one verifier
 * and says of each whether verdict and facts are as they must be.
 */
#ifndef VERDICT_RUN_H
#define VERDICT_RUN_H

#include "verdict_case.h"

#define VERDICT_FOLDER HUFU_VECTORS "/verdicts/"

enum { VERDICT_LISTS = 3, VERDICT_FILE_MAX = 1 << 16 };

struct verdict_runner {
	const char *name;
	/* what hufu_verify_qr() answers */
	int (*verify)(const struct verdict_case *c, struct hufu_result *ret);
	/* more to look at, or NULL; verdict_complain() if it is wrong */
	void (*look)(const struct verdict_case *c, const struct hufu_result *r);
	bool show_times;
};

/* Fails the test after the last case, if any was wrong. */
void verdict_run(const struct verdict_runner *r);

/* All of them are told, so that one run shows what a change does. */
void verdict_complain(const char *format, ...)
        __attribute__((format(printf, 1, 2)));

/* A file of the folder; fails the test if it is missing or too long. */
size_t verdict_read_file(const char *name, uint8_t space[VERDICT_FILE_MAX]);
/* "status-1.cwt" to "status-3.cwt" */
size_t verdict_read_list(int number, uint8_t space[VERDICT_FILE_MAX]);

#endif
