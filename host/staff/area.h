/* The tree of areas that this office knows (province to village). */
#ifndef HOST_AREA_H
#define HOST_AREA_H

#include "host/base/area_code.h"
#include "host/base/problem.h"
#include "host/store/store.h"

enum { AREA_NAME_MAX = 96 };

struct area {
	char code[AREA_CODE_MAX + 1];
	enum area_level level;
	char name[AREA_NAME_MAX + 1];
};

/* HUFU_ERR_NOT_FOUND when this office does not know the code. */
HUFU_MUST_USE int area_find(
        struct store_tx *tx, const char *code, struct area *ret);
/*
 * Whether the tree has the county of this code and, when it lists that
 * county's townships at all, its township. HUFU_ERR_NOT_FOUND.
 */
HUFU_MUST_USE int area_find_place(struct store_tx *tx, const char *code);
/* The parent must be there. HUFU_ERR_CONFLICT: there already. */
HUFU_MUST_USE int area_add(struct store_tx *tx, const char *code,
        const char *name, struct problem *ret_problem);

/* HUFU_ERR_ARGUMENT: no name; HUFU_ERR_NOT_FOUND: no such area. */
HUFU_MUST_USE int area_rename(struct store_tx *tx, const char *code,
        const char *name, struct problem *ret_problem);

#endif
