#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	HOST_CHALLENGE_LEN = 8,
	COUNTER_MAX = 0xFFFFFF, /* three bytes on the wire */
	KEY_TYPE_AES = 0x88,
	KEY_CHECK_LEN = 3,
	P2_THREE_KEYS = 0x81, /* from key 1, more than one */
	VERSION_MAX = 0x7F,
};

uint16_t instruction_initialize_update(
        struct card *c, const struct command *in, struct writer *out)
{
	static const uint8_t app[] = CARD_AID, isd[] = CARD_ISD_AID;
	const struct memory_record *now = &c->memory.now;
	uint8_t offer[CHANNEL_OFFER_LEN];
	struct span aid = c->application ? span_of(app, sizeof app)
	                                 : span_of(isd, sizeof isd);
	card_close_channel(c);
	if (in->p2 != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len != HOST_CHALLENGE_LEN)
		return CARD_SW_WRONG_LENGTH;
	if (in->p1 != 0 && in->p1 != now->key_version)
		return CARD_SW_DATA_NOT_FOUND;
	if (now->tries == 0 || now->channel_counter >= COUNTER_MAX)
		return CARD_SW_BLOCKED;
	int rc = channel_offer(
	        &c->channel, &c->memory, aid, in->data.data, offer);
	if (rc)
		return instruction_failed(rc);
	writer_put(out, offer, sizeof offer);
	return CARD_SW_OK;
}

/*
 * The try is taken, and the challenge used up, before anything is compared:
 * power cut in the middle never gives a free try.
 */
uint16_t instruction_external_authenticate(
        struct card *c, const struct command *in, struct writer *out)
{
	struct memory_record next = c->memory.now;
	uint16_t sw = CARD_SW_CONDITIONS;
	(void)out; /* no data in the answer */
	if (c->channel.phase != CHANNEL_OFFERED)
		goto out;
	sw = CARD_SW_WRONG_P1P2;
	if (in->p1 != CARD_SCP03_LEVEL || in->p2 != 0)
		goto out;
	next.tries--;
	next.channel_counter++;
	sw = instruction_commit(c, &next);
	if (sw != CARD_SW_OK)
		goto out;
	int rc = channel_accept(&c->channel, c->port, in);
	if (rc) {
		sw = rc == HUFU_ERR_SIGNATURE ? CARD_SW_CRYPTOGRAM
		                              : instruction_failed(rc);
		goto out;
	}
	next.tries = MEMORY_KEY_TRIES;
	sw = instruction_commit(c, &next);
out:
	if (sw != CARD_SW_OK)
		card_close_channel(c);
	bytes_wipe(&next, sizeof next);
	return sw;
}

/* First bytes of the key's encryption of a block of 01. */
static int key_check_value(struct card *c, const uint8_t key[CARD_KEY_LEN],
        uint8_t ret[KEY_CHECK_LEN])
{
	uint8_t block[PORT_BLOCK_LEN];
	memset(block, 1, sizeof block);
	int rc = port_aes_encrypt(c->port, key, block, block);
	if (!rc)
		memcpy(ret, block, KEY_CHECK_LEN);
	return rc;
}

/* 88 11 10 <16> 03 <3>, or 88 10 <16> 03 <3> as some tools send it. */
static int decode_key(struct card *c, struct reader *r,
        uint8_t ret_key[CARD_KEY_LEN], uint8_t ret_check[KEY_CHECK_LEN])
{
	static const uint8_t zero_iv[PORT_BLOCK_LEN];
	uint8_t type = reader_get_u8(r);
	uint8_t len = reader_get_u8(r);
	if (len == CARD_KEY_LEN + 1)
		len = reader_get_u8(r);
	struct span sealed = reader_get_span(r, CARD_KEY_LEN);
	uint8_t check_len = reader_get_u8(r);
	struct span check = reader_get_span(r, KEY_CHECK_LEN);
	if (r->error || type != KEY_TYPE_AES || len != CARD_KEY_LEN ||
	        check_len != KEY_CHECK_LEN)
		return HUFU_ERR_MALFORMED;
	const struct port_cbc how = {
	        c->memory.now.key[MEMORY_KEY_DEK], zero_iv, false};
	int rc =
	        port_aes_cbc(c->port, &how, sealed.data, CARD_KEY_LEN, ret_key);
	if (!rc)
		rc = key_check_value(c, ret_key, ret_check);
	if (!rc && memcmp(ret_check, check.data, KEY_CHECK_LEN) != 0)
		rc = HUFU_ERR_MALFORMED;
	return rc;
}

static int decode_keys(struct card *c, struct span data,
        struct memory_record *next, struct writer *out)
{
	uint8_t check[KEY_CHECK_LEN];
	struct reader r;
	reader_init(&r, data);
	next->key_version = reader_get_u8(&r);
	writer_put_u8(out, next->key_version);
	if (next->key_version == 0 || next->key_version > VERSION_MAX ||
	        next->key_version == CARD_KVN_TRANSPORT)
		return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < MEMORY_KEYS; i++) {
		int rc = decode_key(c, &r, next->key[i], check);
		if (rc)
			return rc;
		writer_put(out, check, sizeof check);
	}
	return reader_done(&r);
}

uint16_t instruction_put_key(
        struct card *c, const struct command *in, struct writer *out)
{
	struct memory_record next = c->memory.now;
	uint16_t sw;
	if (in->p2 != P2_THREE_KEYS)
		return CARD_SW_WRONG_P1P2;
	if (in->p1 != 0 && in->p1 != next.key_version)
		return CARD_SW_DATA_NOT_FOUND;
	int rc = decode_keys(c, in->data, &next, out);
	if (rc) {
		sw = instruction_failed(rc);
		goto out;
	}
	if (next.state == CARD_OP_READY)
		next.state = CARD_INITIALIZED;
	next.tries = MEMORY_KEY_TRIES;
	next.channel_counter = 0;
	sw = instruction_commit(c, &next);
out:
	bytes_wipe(&next, sizeof next);
	return sw;
}
