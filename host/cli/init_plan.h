/*
 * hufu init: what a new office is made of. Run as root, it gives every
 * part to the user that will run it; run as another user, all is that
 * user's (a training machine).
 */
#ifndef CLI_INIT_PLAN_H
#define CLI_INIT_PLAN_H

#include <limits.h>
#include <sys/types.h>

#include "host/base/problem.h"
#include "host/daemon/settings.h"
#include "host/signer/client.h"

enum { INIT_ADMINS = 3, INIT_URI_MAX = 256 };

struct init_plan {
	const char *folder; /* absolute */
	const char *area, *name, *issuer, *origin;
	const char *areas_file; /* CSV of code,name; parents first */
	const char *policy_file;
	const char *signd; /* path of hufu-signd */
	bool training, sm;
	uid_t host_uid, signer_uid;
	/* LOGIN:UID of system, security and audit administrator */
	const char *admins[INIT_ADMINS];
	unsigned valid_years; /* of the trust list */
	char status_uri[INIT_URI_MAX]; /* where list 1 is fetched */
};

/* ret holds folder/name. */
void init_path(
        const struct init_plan *plan, const char *name, char ret[PATH_MAX]);

/* Folders, configuration, secrets; nothing that exists is overwritten. */
HUFU_MUST_USE int init_files(const struct init_plan *plan, struct problem *p);

/* The main group of that user; the same number when it has no entry. */
gid_t init_gid_of(uid_t uid);

/* From root to that user and its main group, for good; as another user
 * nothing is done. */
HUFU_MUST_USE bool init_become(uid_t uid);

/* Runs `work` in a child under `uid`; its result comes back. */
HUFU_MUST_USE int init_as(uid_t uid, int (*work)(void *arg, struct problem *p),
        void *arg, struct problem *p);

/* Keys of the signer by hufu-signd --init, then asked from it. */
HUFU_MUST_USE int init_signer(const struct init_plan *plan,
        struct signer_keys *ret, struct problem *p);

/* Offline root, trust list, root.pem, log.vkey. */
HUFU_MUST_USE int init_trust(const struct init_plan *plan,
        const struct signer_keys *keys, struct problem *p);

/* Database with areas and the three administrators; runs as the host. */
HUFU_MUST_USE int init_database(
        const struct init_plan *plan, struct problem *p);

#endif
