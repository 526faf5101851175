/* Lists of words in configuration values, and the tables they name. */
#ifndef HOST_WORDS_H
#define HOST_WORDS_H

#include "host/policy/policy.h"

/*
 * Takes the next word from a list separated by commas; blanks around it
 * fall away, a longer one is cut. False at the end.
 */
bool words_next(const char **list, char *ret, size_t size);

/* Number by word or Chinese name; 0: none. */
unsigned words_find(
        const struct policy_material *among, int max, const char *word);

#endif
