/*
 * What hufu-verify says, Chinese first, and what it exits with.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include <hufu/hufu.h>

#include "crypto/core/bytes.h"
#include "merchant/cli/arguments.h"

/* 0 is valid; 2 to 10 are the other verdicts, by their number. */
enum report_exit {
	REPORT_EXIT_STALE = 1, /* valid, but the status is not certain */
	REPORT_EXIT_NOT_PROVEN = 11, /* a proof or its binding is wrong */
	REPORT_EXIT_NO_CODE = 12, /* no QR code in an image, or several */
	REPORT_EXIT_NO_CARD = 13, /* no reader, no card, or it went away */
	REPORT_EXIT_KEPT = 14, /* a list was not taken; the old one stays */
	REPORT_EXIT_USAGE = 64, /* as sysexits.h has them */
	REPORT_EXIT_DATA = 65, /* a list or key is broken or forged */
	REPORT_EXIT_NO_INPUT = 66, /* a file cannot be read */
	REPORT_EXIT_SOFTWARE = 70,
};

/* All answer what to exit with. */
int report_exit_status(const struct hufu_result *r);
int report_usage(const char *zh, const char *en);
int report_file_error(const char *path, int error);
int report_error(int error);
/* What libhufu says of a list, key or state. */
int report_list_error(const char *path, int error);
/* Something else was found out: an exit status and two sentences. */
int report_outcome(
        const struct arguments *a, int status, const char *zh, const char *en);

/* `source` is the file that the QR came from, or NULL. */
int report_result(const struct arguments *a, const char *source,
        const struct hufu_result *result);
/* The same as one line: a word of the verdict, last four digits, name. */
int report_line(
        FILE *out, const struct arguments *a, const struct hufu_result *result);

#endif
