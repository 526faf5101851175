/*
 * Opening the parts that the daemon and the offline commands share.
 */
#ifndef DAEMON_OPENING_H
#define DAEMON_OPENING_H

#include "crypto/openssl/seal.h"
#include "host/daemon/settings.h"
#include "host/issue/issue.h"
#include "host/policy/calendar.h"
#include "host/policy/policy.h"
#include "host/store/store.h"

struct opening {
	const struct settings *settings;
	struct sealer *sealer;
	struct store *store;
	struct policy_book *policies;
	struct calendar *calendar; /* NULL: as built in */
	struct issue *issue;
};

HUFU_MUST_USE int opening_store(
        struct opening *o, bool create, struct problem *ret_problem);
/* After the store. */
HUFU_MUST_USE int opening_issue(struct opening *o, struct problem *ret_problem);
void opening_done(struct opening *o); /* closes what is open */

/* A file that the settings name is missing, damaged or open to others. */
int opening_refuse_file(
        struct problem *p, int code, const char *key, const char *path);

#endif
