/*
 * A hufu-signd of its own in a temporary folder, over its real socket. With
 * HALL_TOKEN in the environment its keys lie on a token of SoftHSM.
 */
#ifndef TEST_HALL_H
#define TEST_HALL_H

#include <sys/types.h>

#include "host/signer/client.h"

#define HALL_ORIGIN "hall.example.invalid/log/1"
#define HALL_ISS    "https://hall.example.invalid"

struct hall {
	char folder[64];
	char ini[96];
	char socket[96];
	char journal[96];
	bool one_suite; /* P-256 only, for speed; set before opening */
	unsigned file_max; /* RLIMIT_FSIZE of the next start; 0: none */
	pid_t pid; /* 0: not running */
	struct signer *signer; /* connected while it runs */
	struct signer_keys keys;
	uint8_t transport[16], issuer[16]; /* master keys */
};

/* Fails the test if anything fails. *h is zero but for one_suite. */
void hall_open(struct hall *h);
void hall_close(struct hall *h); /* removes everything */

/* `fault` is HUFU_FAULT of the process; NULL: none. */
void hall_start(struct hall *h, const char *fault);
void hall_stop(struct hall *h); /* SIGTERM; must end with 0 */
void hall_kill(struct hall *h); /* SIGKILL */
void hall_reap(struct hall *h); /* it has killed itself */

/* Starts and expects this exit status before it is ready. */
void hall_start_fails(struct hall *h, int status);

/* Writes signd.ini anew, allowing this uid. */
void hall_allow(struct hall *h, uid_t uid);

/* A connection past the client: -1 on failure. */
int hall_dial(const struct hall *h);

/* The key of this purpose and COSE algorithm. */
const struct signer_key *hall_key(
        const struct hall *h, enum signer_purpose purpose, int alg);

#endif
