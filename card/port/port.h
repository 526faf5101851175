/*
 * What the card application needs from the machine it runs on. One
 * implementation is linked: port/sim (OpenSSL, file) or a chip's.
 *
 * Every function answers HUFU_OK, or HUFU_ERR_IO (memory, power) or
 * HUFU_ERR_CRYPTO; outputs are untouched on failure.
 */
#ifndef CARD_PORT_H
#define CARD_PORT_H

#include "card/include/card_abi.h"
#include "crypto/core/bytes.h"

struct card_port; /* the implementation's own state */

enum {
	PORT_NV_SIZE = 65536,
	PORT_BLOCK_LEN = 16, /* AES */
	PORT_HASH_LEN = 32,
	PORT_PRIVATE_LEN = 32,
	PORT_HASH_STATE_LEN = 192,
};

/*
 * Non-volatile memory, rewritable in place. A write or erase that fails or
 * is cut short leaves any mixture of old and new in its own bytes and
 * changes no other. Erased bytes read FF.
 */
HUFU_MUST_USE int port_nv_read(
        struct card_port *p, uint32_t at, uint8_t *ret, size_t len);
HUFU_MUST_USE int port_nv_write(
        struct card_port *p, uint32_t at, const uint8_t *data, size_t len);
HUFU_MUST_USE int port_nv_erase(struct card_port *p, uint32_t at, size_t len);

HUFU_MUST_USE int port_random(struct card_port *p, uint8_t *ret, size_t len);

/* Called in long work: feeds a watchdog, asks the reader for more time. */
void port_tick(struct card_port *p);

/* AES-128; `len` is a multiple of 16; `ret` may be `data`. */
HUFU_MUST_USE int port_aes_encrypt(struct card_port *p,
        const uint8_t key[CARD_KEY_LEN], const uint8_t in[PORT_BLOCK_LEN],
        uint8_t ret[PORT_BLOCK_LEN]);

struct port_cbc {
	const uint8_t *key; /* CARD_KEY_LEN */
	const uint8_t *iv; /* PORT_BLOCK_LEN */
	bool encrypt;
};
HUFU_MUST_USE int port_aes_cbc(struct card_port *p, const struct port_cbc *how,
        const uint8_t *data, size_t len, uint8_t *ret);

/* AES-CMAC (RFC 4493) over the parts, one after the other. */
HUFU_MUST_USE int port_cmac(struct card_port *p,
        const uint8_t key[CARD_KEY_LEN], const struct span *parts, size_t count,
        uint8_t ret[PORT_BLOCK_LEN]);

/*
 * SHA-256 (CARD_SUITE_INTL) or SM3 (CARD_SUITE_SM). The state is plain
 * bytes: a copy of it can be ended while the original goes on; end wipes.
 */
struct port_hash {
	enum card_suite suite;
	uint8_t state[PORT_HASH_STATE_LEN];
};
void port_hash_init(struct port_hash *h, enum card_suite suite);
void port_hash_put(struct port_hash *h, const uint8_t *data, size_t len);
void port_hash_end(struct port_hash *h, uint8_t ret[PORT_HASH_LEN]);

/* The chip's own key pair: P-256 or SM2. */
struct port_key {
	enum card_suite suite;
	uint8_t private_key[PORT_PRIVATE_LEN];
	uint8_t point[CARD_POINT_LEN];
};
HUFU_MUST_USE int port_key_generate(
        struct card_port *p, enum card_suite suite, struct port_key *ret);

/*
 * ECDSA with SHA-256 over the message, or SM2 with SM3 and the user id
 * 1234567812345678. Writes r ‖ s.
 */
HUFU_MUST_USE int port_key_sign(struct card_port *p, const struct port_key *key,
        struct span message, uint8_t ret[CARD_SIGNATURE_LEN]);

#endif
