/*
 * What the card remembers, in the port's non-volatile memory:
 *
 *   0      header: serial and device key, written once
 *   1024   slot 0 of the commit record
 *   2048   slot 1
 *   3072   end of each block of STORE DATA in the stream, 2 bytes each
 *   5120   the stream: the DGIs of STORE DATA, one after the other
 *
 * A record counts if its CMAC under the device key holds; of two the one
 * with the higher sequence. Everything that changes together changes in one
 * commit; stream and block ends beyond what the record says are nothing.
 */
#ifndef CARD_MEMORY_H
#define CARD_MEMORY_H

#include "card/port/port.h"

enum {
	MEMORY_HEADER_AT = 0,
	MEMORY_SLOT_AT = 1024,
	MEMORY_SLOT_LEN = 1024,
	MEMORY_BLOCKS_AT = 3072,
	MEMORY_BLOCKS_MAX = 1024,
	MEMORY_STREAM_AT = 5120,
	MEMORY_STREAM_MAX = PORT_NV_SIZE - MEMORY_STREAM_AT,
	MEMORY_KEY_TRIES = 10, /* wrong host cryptograms until blocked */
};

enum memory_key {
	MEMORY_KEY_ENC,
	MEMORY_KEY_MAC,
	MEMORY_KEY_DEK,
	MEMORY_KEYS,
};

struct memory_record {
	uint32_t sequence;
	enum card_state state;
	uint8_t key_version;
	uint8_t key[MEMORY_KEYS][CARD_KEY_LEN];
	uint8_t tries;
	uint32_t channel_counter; /* 24 bits */
	uint8_t job[CARD_JOB_ID_LEN];
	uint64_t fencing;
	uint8_t suite; /* 0 before the first OPEN JOB */
	bool chip_key_present;
	struct port_key chip_key;
	uint32_t total_len; /* as block 0 announced */
	uint8_t total_hash[PORT_HASH_LEN];
	uint16_t blocks;
	bool complete; /* the last block is stored */
	uint32_t stream_len;
	uint8_t stream_hash[PORT_HASH_LEN]; /* SHA-256 */
	uint8_t object_hash[PORT_HASH_LEN]; /* H(EF.SO), from ACTIVATE on */
	uint8_t status[CARD_STATUS_LEN];
};

struct memory {
	struct card_port *port;
	bool valid;
	uint8_t serial[CARD_SERIAL_LEN];
	uint8_t device_key[CARD_KEY_LEN];
	struct memory_record now;
	struct port_hash running; /* SHA-256 over the stream so far */
};

/* HUFU_ERR_CORRUPT if there is no valid header, record or stream. */
HUFU_MUST_USE int memory_open(struct memory *m, struct card_port *port);

/* Writes, reads back and takes over `next`; its sequence is set here. */
HUFU_MUST_USE int memory_commit(
        struct memory *m, const struct memory_record *next);

/*
 * Writes a block behind the stream, reads it back and commits `next` with
 * the stream's new length, hash and number of blocks. HUFU_ERR_FULL when
 * it does not fit; nothing is changed then.
 */
HUFU_MUST_USE int memory_append(
        struct memory *m, struct span block, struct memory_record *next);

/* The same for no stream at all; `next` is still to be committed. */
void memory_empty_stream(struct memory_record *next);

/* Where block n lies in the stream; n < now.blocks. */
HUFU_MUST_USE int memory_find_block(
        struct memory *m, uint16_t n, uint32_t *ret_at, uint32_t *ret_len);

/* Bytes of the stream; the range lies within now.stream_len. */
HUFU_MUST_USE int memory_read(
        struct memory *m, uint32_t at, uint8_t *ret, size_t len);

/* After the state TERMINATED is committed: erases all but state and serial. */
HUFU_MUST_USE int memory_wipe(struct memory *m);

/* What the maker of blanks writes. */
struct memory_blank {
	uint8_t serial[CARD_SERIAL_LEN];
	uint8_t key[MEMORY_KEYS][CARD_KEY_LEN]; /* transport keys */
};
HUFU_MUST_USE int memory_make_blank(
        struct card_port *port, const struct memory_blank *blank);

#endif
