/*
 * Fills a configuration: @WORD@ is replaced by its value. A line that begins
 * with @IF-WORD stays when the value is not empty, one with @UNLESS-WORD
 * when it is; the mark itself goes.
 */
#ifndef CLI_EDGE_TEMPLATE_H
#define CLI_EDGE_TEMPLATE_H

#include <stdio.h>

#include "host/base/problem.h"

struct edge_word {
	const char *name; /* NULL ends the list */
	const char *value; /* nothing that nginx would read as more */
};

/* HUFU_ERR_ARGUMENT: a value that does not fit; HUFU_ERR_MALFORMED: a word
 * of the template that is not in the list. */
HUFU_MUST_USE int edge_template_fill(const char *text,
        const struct edge_word *words, FILE *out, struct problem *p);

#endif
