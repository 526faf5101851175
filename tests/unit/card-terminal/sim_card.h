/* A virtual card in this process, behind the direct transport. */
#ifndef TEST_SIM_CARD_H
#define TEST_SIM_CARD_H

#include "card/port/sim/sim.h"
#include "card/terminal/scp03.h"

struct sim_card {
	struct sim *sim;
	uint8_t serial[CARD_SERIAL_LEN];
	uint8_t transport_master[CARD_KEY_LEN];
	uint8_t issuer_master[CARD_KEY_LEN];
	unsigned long commands; /* since sim_card_pull_at() */
	unsigned long pull_at; /* gone at this command; 0: never */
	bool pull_after; /* after it was done, before it is answered */
	unsigned provided; /* calls of sim_card_provide() */
	unsigned stores; /* STORE DATA commands seen */
};

void sim_card_init(struct sim_card *c);
void sim_card_done(struct sim_card *c);
struct transport *sim_card_transport(struct sim_card *c);
void sim_card_pull_at(struct sim_card *c, unsigned long n, bool after);

/* What the signer does: session keys from either master. */
int sim_card_provide(
        void *arg, const struct scp03_request *q, struct scp03_keys *ret);
/* PUT KEY's data field: issuer keys under the transport DEK. */
void sim_card_key_block(struct sim_card *c, uint8_t ret[70]);

#endif
