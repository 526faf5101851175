/*
 * People who work here, their roles, and the areas that each role reaches.
 * A role granted for an area holds for all that lies within it. That the
 * three administrators (三员) are three people stands in the schema.
 */
#ifndef HOST_STAFF_H
#define HOST_STAFF_H

#include <sys/types.h>

#include "host/base/area_code.h"
#include "host/base/problem.h"
#include "host/store/store.h"

enum {
	STAFF_LOGIN_MAX = 32, /* [a-z][a-z0-9._-]* */
	STAFF_TITLE_MAX = 96, /* bytes of UTF-8 */
};

/* Values stand in the database: append only. */
enum staff_role {
	STAFF_VILLAGE = 1,
	STAFF_TOWNSHIP = 2,
	STAFF_COUNTY_CENTRE = 3,
	STAFF_COUNTY_BUREAU = 4,
	STAFF_CITY = 5,
	STAFF_PROVINCE = 6,
	STAFF_PERSONALISER = 7,
	STAFF_STOCK_KEEPER = 8,
	STAFF_KEY_CUSTODIAN = 9,
	STAFF_AUDITOR = 10,
	STAFF_SYSTEM_ADMIN = 11,
	STAFF_SECURITY_ADMIN = 12,
	STAFF_AUDIT_ADMIN = 13,
	STAFF_ROLE_MAX = 13,
};

struct staff {
	int64_t id;
	char login[STAFF_LOGIN_MAX + 1];
	char title[STAFF_TITLE_MAX + 1]; /* what colleagues see */
	bool active;
};

/* HUFU_ERR_NOT_FOUND: nobody, or no longer active. */
HUFU_MUST_USE int staff_find_by_uid(
        struct store_tx *tx, uid_t uid, struct staff *ret);
HUFU_MUST_USE int staff_find_by_login(
        struct store_tx *tx, const char *login, struct staff *ret);
HUFU_MUST_USE int staff_find(
        struct store_tx *tx, int64_t id, struct staff *ret);

/* 0, or HUFU_ERR_DENIED with a problem that names role and area. */
HUFU_MUST_USE int staff_check(struct store_tx *tx, int64_t id,
        enum staff_role role, const char *area, struct problem *ret_problem);
/* 0 when any of `roles` (bits 1 << role) reaches the area. */
HUFU_MUST_USE int staff_check_any(struct store_tx *tx, int64_t id,
        uint32_t roles, const char *area, struct problem *ret_problem);

/* Bits 1u << role of every role held anywhere; none when dismissed. */
HUFU_MUST_USE int staff_find_roles(
        struct store_tx *tx, int64_t id, uint32_t *ret_roles);

struct staff_right {
	enum staff_role role;
	char area[AREA_CODE_MAX + 1];
};

HUFU_MUST_USE int staff_list_rights(struct store_tx *tx, int64_t id,
        struct staff_right *ret, size_t cap, size_t *ret_count);

/* Those with a login after `after` ("": from the first), dismissed too. */
HUFU_MUST_USE int staff_list(struct store_tx *tx, const char *after,
        struct staff *ret, size_t cap, size_t *ret_count);

/* The widest area that one of `roles` (bits) is theirs for.
 * HUFU_ERR_NOT_FOUND: none. */
HUFU_MUST_USE int staff_find_home(struct store_tx *tx, int64_t id,
        uint32_t roles, char ret_area[AREA_CODE_MAX + 1]);

#define STAFF_NO_UID ((uid_t)-1) /* works at the pages alone */

/* A uid stands for one active member. HUFU_ERR_CONFLICT: login or uid is
 * taken. */
HUFU_MUST_USE int staff_add(struct store_tx *tx, const char *login,
        const char *title, uid_t uid, int64_t *ret_id);
HUFU_MUST_USE int staff_grant(struct store_tx *tx, int64_t id,
        enum staff_role role, const char *area, struct problem *ret_problem);
HUFU_MUST_USE int staff_revoke(struct store_tx *tx, int64_t id,
        enum staff_role role, const char *area);
HUFU_MUST_USE int staff_dismiss(struct store_tx *tx, int64_t id);

const char *staff_role_word(enum staff_role role); /* "county-centre" */
enum staff_role staff_role_of(const char *word); /* 0: unknown */

#endif
