/* Opening the trust list that the settings name, checked under the root. */
#ifndef DAEMON_OPENING_TRUST_H
#define DAEMON_OPENING_TRUST_H

#include "crypto/core/trust_list.h"
#include "host/daemon/opening.h"

struct opening_trust {
	struct trust_list list; /* points into the two below */
	uint8_t *file;
	uint8_t *space;
};

/* `ret` is to be zeroed before, and done with also after a failure. */
HUFU_MUST_USE int opening_trust_read(struct opening_trust *ret,
        const struct settings *settings, struct problem *ret_problem);
void opening_trust_done(struct opening_trust *trust);

#endif
