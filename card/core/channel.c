#include "card/core/channel.h"

#include "crypto/core/mem.h"

/* Derivation constants, Amendment D table 4-1. */
enum {
	DERIVE_CARD_CRYPTOGRAM = 0x00,
	DERIVE_HOST_CRYPTOGRAM = 0x01,
	DERIVE_CARD_CHALLENGE = 0x02,
	DERIVE_S_ENC = 0x04,
	DERIVE_S_MAC = 0x06,
	DERIVE_S_RMAC = 0x07,
};

enum {
	CHALLENGE_LEN = 8,
	CRYPTOGRAM_LEN = 8,
	PADDING_MARK = 0x80, /* ISO/IEC 9797-1 method 2 */
	ANSWER_MARK = 0x80, /* first byte of an answer's counter block */
	HEADER_MAX = 7,
};

struct derivation {
	const uint8_t *key;
	uint8_t constant;
	uint16_t bits; /* 64 or 128: one block of the KDF */
};

/* KDF in counter mode (NIST SP 800-108), Amendment D section 4.1.5. */
static int derive(struct card_port *port, const struct derivation *d,
        const struct span context[2], uint8_t *ret)
{
	uint8_t head[16] = {0}, block[PORT_BLOCK_LEN];
	struct span parts[3] = {{head, sizeof head}, context[0], context[1]};
	head[11] = d->constant;
	head[13] = (uint8_t)(d->bits >> 8);
	head[14] = (uint8_t)d->bits;
	head[15] = 1;
	int rc = port_cmac(port, d->key, parts, 3, block);
	if (!rc)
		memcpy(ret, block, d->bits / 8u);
	bytes_wipe(block, sizeof block);
	return rc;
}

void channel_close(struct channel *c)
{
	bytes_wipe(c, sizeof *c);
}

static int derive_session(struct channel *c, const struct memory *m,
        const struct span challenges[2], uint8_t *ret_card_cryptogram)
{
	const uint8_t *enc = m->now.key[MEMORY_KEY_ENC];
	const uint8_t *mac = m->now.key[MEMORY_KEY_MAC];
	const struct {
		struct derivation how;
		uint8_t *ret;
	} steps[] = {
	        {{enc, DERIVE_S_ENC, 128}, c->s_enc},
	        {{mac, DERIVE_S_MAC, 128}, c->s_mac},
	        {{mac, DERIVE_S_RMAC, 128}, c->s_rmac},
	        {{c->s_mac, DERIVE_CARD_CRYPTOGRAM, 64}, ret_card_cryptogram},
	        {{c->s_mac, DERIVE_HOST_CRYPTOGRAM, 64}, c->host_cryptogram},
	};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		int rc = derive(
		        m->port, &steps[i].how, challenges, steps[i].ret);
		if (rc)
			return rc;
	}
	return HUFU_OK;
}

int channel_offer(struct channel *c, const struct memory *m, struct span aid,
        const uint8_t host_challenge[8], uint8_t ret[CHANNEL_OFFER_LEN])
{
	uint8_t counter[3], challenge[CHALLENGE_LEN],
	        cryptogram[CRYPTOGRAM_LEN];
	struct writer w;
	writer_init(&w, counter, sizeof counter);
	writer_put_u8(&w, (uint8_t)(m->now.channel_counter >> 16));
	writer_put_u16(&w, (uint16_t)m->now.channel_counter);
	channel_close(c);
	const struct derivation how = {
	        m->now.key[MEMORY_KEY_ENC], DERIVE_CARD_CHALLENGE, 64};
	const struct span seed[2] = {{counter, sizeof counter}, aid};
	int rc = derive(m->port, &how, seed, challenge);
	const struct span both[2] = {
	        {host_challenge, CHALLENGE_LEN}, {challenge, sizeof challenge}};
	if (!rc)
		rc = derive_session(c, m, both, cryptogram);
	if (rc) {
		channel_close(c);
		return rc;
	}
	writer_init(&w, ret, CHANNEL_OFFER_LEN);
	writer_put(&w, m->serial, CARD_SERIAL_LEN);
	writer_put_u8(&w, m->now.key_version);
	writer_put_u8(&w, 0x03);
	writer_put_u8(&w, CARD_SCP03_I);
	writer_put(&w, challenge, sizeof challenge);
	writer_put(&w, cryptogram, sizeof cryptogram);
	writer_put(&w, counter, sizeof counter);
	c->phase = CHANNEL_OFFERED;
	return w.error;
}

/* Over the header as sent and the data up to its MAC. */
static int check_mac(
        struct channel *c, struct card_port *port, const struct command *in)
{
	uint8_t header[HEADER_MAX], mac[PORT_BLOCK_LEN];
	struct writer w;
	if (in->data.len < CHANNEL_MAC_LEN)
		return HUFU_ERR_SIGNATURE;
	size_t body = in->data.len - CHANNEL_MAC_LEN;
	writer_init(&w, header, sizeof header);
	writer_put_u8(&w, in->cla);
	writer_put_u8(&w, in->ins);
	writer_put_u8(&w, in->p1);
	writer_put_u8(&w, in->p2);
	if (in->extended) {
		writer_put_u8(&w, 0);
		writer_put_u16(&w, (uint16_t)in->data.len);
	} else {
		writer_put_u8(&w, (uint8_t)in->data.len);
	}
	const struct span parts[3] = {{c->chaining, PORT_BLOCK_LEN},
	        writer_span(&w), {in->data.data, body}};
	int rc = port_cmac(port, c->s_mac, parts, 3, mac);
	if (rc)
		return rc;
	if (!bytes_equal_secret(mac, in->data.data + body, CHANNEL_MAC_LEN))
		return HUFU_ERR_SIGNATURE;
	memcpy(c->chaining, mac, PORT_BLOCK_LEN);
	return HUFU_OK;
}

int channel_accept(
        struct channel *c, struct card_port *port, const struct command *in)
{
	int rc = check_mac(c, port, in);
	if (!rc && (in->data.len != CRYPTOGRAM_LEN + CHANNEL_MAC_LEN ||
	                   !bytes_equal_secret(in->data.data,
	                           c->host_cryptogram, CRYPTOGRAM_LEN)))
		rc = HUFU_ERR_SIGNATURE;
	if (rc) {
		channel_close(c);
		return rc;
	}
	c->phase = CHANNEL_OPEN;
	return HUFU_OK;
}

static int counter_block(struct channel *c, struct card_port *port,
        uint8_t mark, uint8_t ret[PORT_BLOCK_LEN])
{
	uint8_t block[PORT_BLOCK_LEN] = {mark};
	struct writer w;
	writer_init(&w, block + 12, 4);
	writer_put_u32(&w, c->counter);
	return port_aes_encrypt(port, c->s_enc, block, ret);
}

/* Length without ISO/IEC 9797-1 method 2 padding, or len if there is none. */
static size_t unpadded_len(const uint8_t *data, size_t len)
{
	size_t n = len;
	while (n > 0 && len - n < PORT_BLOCK_LEN && data[n - 1] == 0)
		n--;
	if (n > 0 && len - n < PORT_BLOCK_LEN && data[n - 1] == PADDING_MARK)
		return n - 1;
	return len;
}

static int decrypt(struct channel *c, struct card_port *port, struct span body,
        uint8_t *ret_data, size_t *ret_len)
{
	uint8_t iv[PORT_BLOCK_LEN];
	if (body.len == 0) {
		*ret_len = 0;
		return HUFU_OK;
	}
	if (body.len % PORT_BLOCK_LEN != 0)
		return HUFU_ERR_SIGNATURE;
	int rc = counter_block(c, port, 0, iv);
	const struct port_cbc how = {c->s_enc, iv, false};
	if (!rc)
		rc = port_aes_cbc(port, &how, body.data, body.len, ret_data);
	if (rc)
		return rc;
	size_t len = unpadded_len(ret_data, body.len);
	if (len == body.len)
		return HUFU_ERR_SIGNATURE;
	*ret_len = len;
	return HUFU_OK;
}

int channel_unwrap(struct channel *c, struct card_port *port,
        const struct command *in, uint8_t *ret_data, size_t *ret_len)
{
	int rc = check_mac(c, port, in);
	c->counter++;
	if (!rc)
		rc = decrypt(c, port,
		        span_of(in->data.data, in->data.len - CHANNEL_MAC_LEN),
		        ret_data, ret_len);
	if (rc)
		channel_close(c);
	return rc;
}

int channel_wrap(struct channel *c, struct card_port *port, uint16_t sw,
        uint8_t *data, size_t *len)
{
	uint8_t iv[PORT_BLOCK_LEN], mac[PORT_BLOCK_LEN];
	uint8_t status[2] = {(uint8_t)(sw >> 8), (uint8_t)sw};
	size_t n = *len;
	int rc = HUFU_OK;
	if (n > 0) {
		size_t padded = (n / PORT_BLOCK_LEN + 1) * PORT_BLOCK_LEN;
		memset(data + n, 0, padded - n);
		data[n] = PADDING_MARK;
		n = padded;
		rc = counter_block(c, port, ANSWER_MARK, iv);
		const struct port_cbc how = {c->s_enc, iv, true};
		if (!rc)
			rc = port_aes_cbc(port, &how, data, n, data);
	}
	const struct span parts[3] = {{c->chaining, PORT_BLOCK_LEN}, {data, n},
	        {status, sizeof status}};
	if (!rc)
		rc = port_cmac(port, c->s_rmac, parts, 3, mac);
	if (rc) {
		channel_close(c);
		return rc;
	}
	memcpy(data + n, mac, CHANNEL_MAC_LEN);
	*len = n + CHANNEL_MAC_LEN;
	return HUFU_OK;
}
