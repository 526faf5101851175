#include "card/terminal/scp03.h"

#include <string.h>

#include "card/terminal/cipher.h"
#include "crypto/openssl/random.h"

enum {
	INIT_UPDATE_LEN = 32, /* with a sequence counter, i=70 */
	SCP_ID = 0x03,
	DERIVE_CARD_CRYPTOGRAM = 0x00,
	CRYPTOGRAM_BITS = 64,
	DERIVE_LABEL_LEN = 12,
	PADDING = 0x80,
	SECURED_MAX = 256, /* data of a protected command */
	R_ICV = 0x80, /* first byte of the counter block of answers */
};

int scp03_cmac(const uint8_t key[SCP03_KEY_LEN], struct span message,
        uint8_t ret[SCP03_BLOCK_LEN])
{
	struct cipher_cmac *c = NULL;
	int rc = cipher_cmac_new(key, &c);
	if (rc == 0)
		rc = cipher_cmac_run(c, &message, 1, ret);
	cipher_cmac_free(c);
	return rc;
}

int scp03_derive(const uint8_t key[SCP03_KEY_LEN], uint8_t constant,
        struct span context, unsigned bits, uint8_t *ret)
{
	uint8_t space[DERIVE_LABEL_LEN + 4 + 2 * SCP03_CHALLENGE_LEN] = {0};
	uint8_t block[SCP03_BLOCK_LEN];
	struct writer w;
	if (bits % 8 || bits > 8 * SCP03_BLOCK_LEN)
		return HUFU_ERR_ARGUMENT;
	writer_init(&w, space, sizeof space);
	w.len = DERIVE_LABEL_LEN - 1; /* zeros */
	writer_put_u8(&w, constant);
	writer_put_u8(&w, 0); /* separator */
	writer_put_u16(&w, (uint16_t)bits);
	writer_put_u8(&w, 1); /* the one round of the counter */
	writer_put_span(&w, context);
	if (w.error)
		return w.error;
	int rc = scp03_cmac(key, writer_span(&w), block);
	if (rc == 0)
		memcpy(ret, block, bits / 8);
	bytes_wipe(block, sizeof block);
	return rc;
}

static int parse_init_update(struct span in, struct scp03_request *q)
{
	struct reader r;
	if (in.len != INIT_UPDATE_LEN)
		return HUFU_ERR_MALFORMED;
	reader_init(&r, in);
	struct span kdd = reader_get_span(&r, CARD_SERIAL_LEN);
	memcpy(q->kdd, kdd.data, CARD_SERIAL_LEN);
	q->key_version = reader_get_u8(&r);
	uint8_t id = reader_get_u8(&r);
	uint8_t option = reader_get_u8(&r);
	struct span challenge = reader_get_span(&r, SCP03_CHALLENGE_LEN);
	memcpy(q->card_challenge, challenge.data, SCP03_CHALLENGE_LEN);
	struct span cryptogram = reader_get_span(&r, SCP03_CRYPTOGRAM_LEN);
	memcpy(q->card_cryptogram, cryptogram.data, SCP03_CRYPTOGRAM_LEN);
	struct span sequence = reader_get_span(&r, SCP03_SEQUENCE_LEN);
	memcpy(q->sequence, sequence.data, SCP03_SEQUENCE_LEN);
	if (id != SCP_ID || option != CARD_SCP03_I)
		return HUFU_ERR_UNSUPPORTED;
	return reader_done(&r);
}

static int initialize_update(
        struct scp03 *s, struct transport *t, uint8_t key_version)
{
	uint8_t space[256 + 2];
	struct writer answer;
	uint16_t sw = 0;
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_INITIALIZE_UPDATE,
	        .p1 = key_version,
	        .data = {s->request.host_challenge, SCP03_CHALLENGE_LEN},
	        .le = APDU_LE_SHORT,
	};
	writer_init(&answer, space, sizeof space);
	int rc = random_fill(s->request.host_challenge, SCP03_CHALLENGE_LEN);
	if (rc == 0)
		rc = apdu_exchange(t, &a, &answer, &sw);
	if (rc != 0)
		return rc;
	switch (sw) {
	case CARD_SW_OK:
		return parse_init_update(writer_span(&answer), &s->request);
	case CARD_SW_BLOCKED:
		return TERMINAL_LOCKED;
	default:
		return TERMINAL_REFUSED;
	}
}

/* The provider has checked it; a lying provider must not cost a try. */
static int check_card_cryptogram(
        const struct scp03_request *q, const struct scp03_keys *keys)
{
	uint8_t context[2 * SCP03_CHALLENGE_LEN];
	uint8_t want[SCP03_CRYPTOGRAM_LEN];
	memcpy(context, q->host_challenge, SCP03_CHALLENGE_LEN);
	memcpy(context + SCP03_CHALLENGE_LEN, q->card_challenge,
	        SCP03_CHALLENGE_LEN);
	int rc = scp03_derive(keys->mac, DERIVE_CARD_CRYPTOGRAM,
	        span_of(context, sizeof context), CRYPTOGRAM_BITS, want);
	if (rc == 0 &&
	        !bytes_equal_secret(want, q->card_cryptogram, sizeof want))
		rc = TERMINAL_WRONG_KEY;
	return rc;
}

static int set_keys(struct scp03 *s, const struct scp03_keys *keys)
{
	int rc = cipher_cmac_new(keys->mac, &s->mac);
	if (rc == 0)
		rc = cipher_cmac_new(keys->rmac, &s->rmac);
	if (rc == 0)
		rc = cipher_cbc_new(keys->enc, &s->enc);
	return rc;
}

/* C-MAC: appends 8 bytes to `w`, whose first bytes are the header and Lc. */
static int put_mac(struct scp03 *s, struct writer *w)
{
	const struct span parts[] = {
	        {s->chaining, SCP03_BLOCK_LEN},
	        writer_span(w),
	};
	uint8_t mac[SCP03_BLOCK_LEN];
	int rc = cipher_cmac_run(s->mac, parts, 2, mac);
	if (rc != 0)
		return rc;
	memcpy(s->chaining, mac, sizeof mac);
	writer_put(w, mac, SCP03_MAC_LEN);
	return w->error;
}

static int external_authenticate(struct scp03 *s, struct transport *t,
        const uint8_t cryptogram[SCP03_CRYPTOGRAM_LEN])
{
	uint8_t space[5 + SCP03_CRYPTOGRAM_LEN + SCP03_MAC_LEN];
	uint8_t ignored[2 + 256];
	uint16_t sw = 0;
	struct writer w, answer;
	writer_init(&w, space, sizeof space);
	writer_init(&answer, ignored, sizeof ignored);
	writer_put_u8(&w, CARD_CLA_GP | CARD_CLA_SECURE);
	writer_put_u8(&w, CARD_INS_EXTERNAL_AUTHENTICATE);
	writer_put_u8(&w, CARD_SCP03_LEVEL);
	writer_put_u8(&w, 0);
	writer_put_u8(&w, SCP03_CRYPTOGRAM_LEN + SCP03_MAC_LEN);
	writer_put(&w, cryptogram, SCP03_CRYPTOGRAM_LEN);
	int rc = put_mac(s, &w);
	const struct apdu a = {
	        .cla = CARD_CLA_GP | CARD_CLA_SECURE,
	        .ins = CARD_INS_EXTERNAL_AUTHENTICATE,
	        .p1 = CARD_SCP03_LEVEL,
	        .data = {space + 5, SCP03_CRYPTOGRAM_LEN + SCP03_MAC_LEN},
	};
	if (rc == 0)
		rc = apdu_exchange(t, &a, &answer, &sw);
	if (rc != 0)
		return rc;
	if (sw == CARD_SW_OK)
		return 0;
	if (sw == CARD_SW_CRYPTOGRAM || sw == CARD_SW_SM_WRONG ||
	        sw == CARD_SW_SECURITY_STATUS)
		return TERMINAL_WRONG_KEY;
	return sw == CARD_SW_BLOCKED ? TERMINAL_LOCKED : TERMINAL_REFUSED;
}

int scp03_open(struct scp03 *s, struct transport *t, uint8_t key_version,
        scp03_provider provider, void *arg)
{
	struct scp03_keys keys = {0};
	scp03_done(s);
	int rc = initialize_update(s, t, key_version);
	if (rc == 0)
		rc = provider(arg, &s->request, &keys);
	if (rc == 0)
		rc = check_card_cryptogram(&s->request, &keys);
	if (rc == 0)
		rc = set_keys(s, &keys);
	if (rc == 0)
		rc = external_authenticate(s, t, keys.host_cryptogram);
	bytes_wipe(&keys, sizeof keys);
	s->open = rc == 0;
	s->counter = 1;
	if (rc != 0) {
		struct scp03_request said = s->request;
		scp03_done(s);
		s->request = said; /* whose card it was */
	}
	return rc;
}

/* Counter block, encrypted: the initial chaining vector of C-ENC, R-ENC. */
static int make_icv(
        struct scp03 *s, uint8_t first, uint8_t ret[SCP03_BLOCK_LEN])
{
	const uint8_t zero[SCP03_BLOCK_LEN] = {0};
	struct writer w;
	memset(ret, 0, SCP03_BLOCK_LEN);
	writer_init(&w, ret, SCP03_BLOCK_LEN);
	w.len = SCP03_BLOCK_LEN - 4;
	writer_put_u32(&w, s->counter);
	ret[0] = first;
	/* one CBC block from a zero vector is one ECB block */
	return cipher_cbc_encrypt(s->enc, zero, ret, SCP03_BLOCK_LEN);
}

/* Header, Lc, encrypted data and MAC into `w`. */
static int secure_command(
        struct scp03 *s, const struct apdu *a, struct writer *w)
{
	uint8_t data[SECURED_MAX];
	uint8_t icv[SCP03_BLOCK_LEN];
	size_t len = 0;
	if (a->data.len > CARD_PLAIN_MAX)
		return HUFU_ERR_LIMIT;
	if (a->data.len) {
		len = (a->data.len / SCP03_BLOCK_LEN + 1) * SCP03_BLOCK_LEN;
		memset(data, 0, len);
		memcpy(data, a->data.data, a->data.len);
		data[a->data.len] = PADDING;
		int rc = make_icv(s, 0, icv);
		if (rc == 0)
			rc = cipher_cbc_encrypt(s->enc, icv, data, len);
		if (rc != 0) {
			bytes_wipe(data, sizeof data);
			return rc;
		}
	}
	writer_put_u8(w, a->cla | CARD_CLA_SECURE);
	writer_put_u8(w, a->ins);
	writer_put_u8(w, a->p1);
	writer_put_u8(w, a->p2);
	writer_put_u8(w, (uint8_t)(len + SCP03_MAC_LEN));
	writer_put(w, data, len);
	return put_mac(s, w);
}

static int check_rmac(struct scp03 *s, struct span answer, uint16_t sw)
{
	const uint8_t sw_bytes[2] = {(uint8_t)(sw >> 8), (uint8_t)sw};
	uint8_t mac[SCP03_BLOCK_LEN];
	if (answer.len < SCP03_MAC_LEN)
		return TERMINAL_CHANNEL_BROKEN;
	size_t len = answer.len - SCP03_MAC_LEN;
	const struct span parts[] = {
	        {s->chaining, SCP03_BLOCK_LEN},
	        {answer.data, len},
	        {sw_bytes, sizeof sw_bytes},
	};
	int rc = cipher_cmac_run(s->rmac, parts, 3, mac);
	if (rc == 0 &&
	        !bytes_equal_secret(mac, answer.data + len, SCP03_MAC_LEN))
		rc = TERMINAL_CHANNEL_BROKEN;
	return rc;
}

/* Length without the padding 80 00 …, or SIZE_MAX if there is none. */
static size_t unpadded_len(const uint8_t *data, size_t len)
{
	while (len > 0 && data[len - 1] == 0)
		len--;
	if (len == 0 || data[len - 1] != PADDING)
		return SIZE_MAX;
	return len - 1;
}

static int open_answer(
        struct scp03 *s, struct span answer, uint16_t sw, struct writer *ret)
{
	uint8_t data[SECURED_MAX];
	uint8_t icv[SCP03_BLOCK_LEN];
	int rc = check_rmac(s, answer, sw);
	if (rc != 0)
		return rc;
	size_t len = answer.len - SCP03_MAC_LEN;
	if (len == 0)
		return 0;
	if (len > sizeof data || len % SCP03_BLOCK_LEN)
		return TERMINAL_CHANNEL_BROKEN;
	memcpy(data, answer.data, len);
	rc = make_icv(s, R_ICV, icv);
	if (rc == 0)
		rc = cipher_cbc_decrypt(s->enc, icv, data, len);
	if (rc == 0) {
		size_t plain = unpadded_len(data, len);
		if (plain == SIZE_MAX)
			rc = TERMINAL_CHANNEL_BROKEN;
		else
			writer_put(ret, data, plain);
	}
	bytes_wipe(data, sizeof data);
	return rc ? rc : ret->error;
}

static bool is_protected(uint16_t sw)
{
	return sw == CARD_SW_OK || sw >> 8 == 0x62 || sw >> 8 == 0x63;
}

int scp03_exchange(struct scp03 *s, struct transport *t, const struct apdu *a,
        struct writer *ret_data, uint16_t *ret_sw)
{
	uint8_t space[5 + SECURED_MAX], got[256 + 2];
	struct writer w, answer;
	uint16_t sw = 0;
	if (!s->open)
		return HUFU_ERR_STATE;
	writer_init(&w, space, sizeof space);
	writer_init(&answer, got, sizeof got);
	int rc = secure_command(s, a, &w);
	if (rc == 0) {
		const struct apdu secured = {
		        .cla = a->cla | CARD_CLA_SECURE,
		        .ins = a->ins,
		        .p1 = a->p1,
		        .p2 = a->p2,
		        .data = {space + 5, w.len - 5},
		        .le = APDU_LE_SHORT, /* the R-MAC at least */
		};
		rc = apdu_exchange(t, &secured, &answer, &sw);
	}
	/* an error without MAC may be anybody's: it ends nothing good */
	if (rc == 0 && is_protected(sw))
		rc = open_answer(s, writer_span(&answer), sw, ret_data);
	if (rc == 0) {
		s->counter++;
		*ret_sw = sw;
	} else {
		s->open = false;
	}
	return rc;
}

void scp03_done(struct scp03 *s)
{
	cipher_cmac_free(s->mac);
	cipher_cmac_free(s->rmac);
	cipher_cbc_free(s->enc);
	bytes_wipe(s, sizeof *s);
}
