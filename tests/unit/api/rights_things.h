/*
 * What a row of rights.txt acts on, by the word that stands for it: made
 * when it is first wanted, and again when an act has used it up.
 */
#ifndef TEST_RIGHTS_THINGS_H
#define TEST_RIGHTS_THINGS_H

#include "tests/unit/issue/office.h"

enum { THING_TEXT_MAX = 160 };

/* Prepares the office for all of them. */
void things_open(struct office *o);
/* Replaces each $word of `text`; `known`: by one that is there, else by one
 * that never was. */
void things_fill(const char *text, bool known, char *ret, size_t size);
void things_forget(void); /* all are used up */

#endif
