/* The ID numbers seen in one file, with the line of each. */
#ifndef HOST_ID_SET_H
#define HOST_ID_SET_H

#include "host/person/person.h"

struct id_set;

HUFU_MUST_USE int id_set_new(struct id_set **ret);
void id_set_free(struct id_set *set); /* wipes; NULL is legal */

/* 0 and *ret_line 0: new. *ret_line > 0: seen on that line. */
HUFU_MUST_USE int id_set_add(struct id_set *set, const char *id_number,
        size_t line, size_t *ret_line);

#endif
