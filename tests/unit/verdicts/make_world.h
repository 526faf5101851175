/*
 * The generated issuers of the verdict vectors, their lists and the time in
 * which they live. Every private key is derived from its label, so that it
 * is the same each time; nothing is secret and nobody must ever trust them.
 */
#ifndef MAKE_WORLD_H
#define MAKE_WORLD_H

#include "crypto/core/trust_list.h"
#include "crypto/issuer/signing_key.h"

#define WORLD_DAY_S INT64_C(86400)
/* 2026-08-01T00:00:00Z: the trust list, and every card unless it says so */
#define WORLD_IAT_S         INT64_C(1785542400)
#define WORLD_LIST_S        (WORLD_IAT_S + 9 * WORLD_DAY_S)
#define WORLD_LIST_UNTIL_S  (WORLD_LIST_S + 10 * WORLD_DAY_S)
#define WORLD_NOW_S         (WORLD_LIST_S + WORLD_DAY_S + 43200)
#define WORLD_EXP_S         (WORLD_IAT_S + 3650 * WORLD_DAY_S)
#define WORLD_TRUST_UNTIL_S (WORLD_IAT_S + 7300 * WORLD_DAY_S)
/* spans of the keys; that of the old one has passed */
#define WORLD_KEY_FROM_S  (WORLD_IAT_S - 200 * WORLD_DAY_S)
#define WORLD_KEY_UNTIL_S (WORLD_IAT_S + 1800 * WORLD_DAY_S)
#define WORLD_OLD_FROM_S  (WORLD_IAT_S - 2400 * WORLD_DAY_S)
#define WORLD_OLD_UNTIL_S (WORLD_IAT_S - 600 * WORLD_DAY_S)

enum {
	WORLD_LIST_NUMBER = 7,
	WORLD_LIST_ENTRIES = 4096,
	WORLD_UNKNOWN_INDEX = 3, /* has the status value 3 */
	WORLD_LIVE_ISSUERS = 3,
	WORLD_ISSUERS = 4, /* and the old key of the first */
};

struct world_issuer {
	const char *label; /* in case ids: es256, sm2, eddsa, old */
	enum cose_curve curve;
	const char *iss;
	const char *display_name;
	const char *area_prefix;
	const char *address; /* of its status list; NULL: it has none */
	const char *card_number;
	int64_t valid_from_s;
	int64_t valid_to_s;
	struct signing_key *card;
	struct signing_key *list; /* NULL: it has none */
};

struct world {
	struct signing_key *root;
	struct world_issuer issuers[WORLD_ISSUERS];
};

/* All of it fails by ending the program. */
void world_init(struct world *w);
void world_done(struct world *w);
/* root.pem, trust-list.cbor and status-N.cwt in the folder */
void world_write(const struct world *w, const char *folder);

/* The key of this label; a stranger's, if no issuer has it. */
struct signing_key *world_key(
        const char *label, enum cose_curve curve, enum key_purpose purpose);

void world_write_file(
        const char *folder, const char *name, struct span content);
_Noreturn void world_fail(const char *what);

#endif
