/* What this port keeps: memory, faults, OpenSSL's contexts. */
#ifndef CARD_SIM_PORT_STATE_H
#define CARD_SIM_PORT_STATE_H

#include <openssl/evp.h>

#include "card/port/port.h"
#include "card/port/sim/sim.h"

struct card_port {
	uint8_t nv[PORT_NV_SIZE];
	int fd; /* -1: only in this process */
	bool sync;
	bool powered;
	unsigned long writes;
	unsigned long cut_at; /* value of `writes` to be, 0 for never */
	enum sim_tear tear;
	EVP_CIPHER_CTX *ecb;
	EVP_CIPHER_CTX *cbc;
	EVP_MAC_CTX *cmac;
};

/* HUFU_ERR_CRYPTO; port_crypto_done() in any case. */
HUFU_MUST_USE int port_crypto_init(struct card_port *p);
void port_crypto_done(struct card_port *p);

#endif
