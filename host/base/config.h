/*
 * Strict INI files. A value is asked for by section and key; what nobody
 * asked for is unknown, and unknown or double keys and bad values are
 * errors that name file, line and key. The first error sticks: later calls
 * answer the fallback, and config_done() tells.
 */
#ifndef HOST_CONFIG_H
#define HOST_CONFIG_H

#include <stdbool.h>

#include "host/base/date.h"
#include "host/base/number.h"
#include "host/base/problem.h"

enum {
	CONFIG_FILE_MAX = 1 << 20,
	CONFIG_LINE_MAX = 198, /* bytes; inih holds no longer one */
};

/* As a fallback: the key must be there. */
#define CONFIG_REQUIRED ((const char *)0)

struct config;

struct config_int {
	int64_t min, max;
	int64_t fallback;
	bool required;
};

struct config_choice {
	const char *word;
	int value;
};

HUFU_MUST_USE int config_open(
        const char *path, struct config **ret, struct problem *ret_problem);
/* Takes the text from memory; `name` stands for the file in problems. */
HUFU_MUST_USE int config_parse(const char *text, const char *name,
        struct config **ret, struct problem *ret_problem);
void config_free(struct config *c);
void config_cleanup(struct config **c);

/* Answers live as long as *c. */
const char *config_text(struct config *c, const char *section, const char *key,
        const char *fallback);
int64_t config_number(struct config *c, const char *section, const char *key,
        const struct config_int *rule);
bool config_bool(struct config *c, const char *section, const char *key,
        bool fallback); /* yes or no */
/* `choices` ends with a NULL word; its first is the fallback. */
int config_word(struct config *c, const char *section, const char *key,
        const struct config_choice *choices);
/* required, or the zero date when the key is absent */
struct date config_date(
        struct config *c, const char *section, const char *key, bool required);
bool config_has(struct config *c, const char *section, const char *key);

/* Name of the nth section that begins with `prefix`, or NULL. */
const char *config_section(struct config *c, const char *prefix, int nth);

/* The caller's own check failed: zh and en say what is wanted. */
void config_refuse(struct config *c, const char *section, const char *key,
        const char *zh, const char *en);
int config_error(const struct config *c); /* 0 or HUFU_ERR_CONFIG */

/* The first error, else the first key nobody asked for, else 0. */
HUFU_MUST_USE int config_done(struct config *c, struct problem *ret_problem);

#endif
