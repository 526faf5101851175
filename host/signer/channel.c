#include "host/signer/channel.h"

#include <string.h>

#include "card/include/card_abi.h"
#include "crypto/openssl/aes.h"

/* Derivation constants, Amendment D table 4-1. */
enum derive {
	DERIVE_CARD_CRYPTOGRAM = 0x00,
	DERIVE_HOST_CRYPTOGRAM = 0x01,
	DERIVE_S_ENC = 0x04,
	DERIVE_S_MAC = 0x06,
	DERIVE_S_RMAC = 0x07,
};

enum {
	KEY_ENC = 1,
	KEY_MAC = 2,
	KEY_DEK = 3,
	KEY_TYPE_AES = 0x88,
	KCV_LEN = 3,
	CRYPTOGRAM_LEN = 8,
	CONTEXT_LEN = 16, /* host challenge ‖ card challenge */
	DATA_LEN = 16 + CONTEXT_LEN,
};

struct card_keys {
	uint8_t enc[AES_KEY_LEN];
	uint8_t mac[AES_KEY_LEN];
	uint8_t dek[AES_KEY_LEN];
};

/* SP 800-108 counter mode, one block: label, 00, length in bits, 1, context. */
static int derive(const uint8_t key[AES_KEY_LEN], enum derive constant,
        const struct wire_request *r, uint8_t ret[AES_BLOCK_LEN])
{
	uint8_t data[DATA_LEN] = {0};
	bool cryptogram = constant <= DERIVE_HOST_CRYPTOGRAM;

	data[11] = (uint8_t)constant;
	data[14] = cryptogram ? CRYPTOGRAM_LEN * 8 : AES_KEY_LEN * 8;
	data[15] = 1;
	memcpy(&data[16], r->host_challenge, sizeof(r->host_challenge));
	memcpy(&data[24], r->card_challenge, sizeof(r->card_challenge));
	return aes_cmac(key, span_of(data, sizeof(data)), ret);
}

static int derive_static(const uint8_t master[AES_KEY_LEN],
        const uint8_t serial[AES_KDD_LEN], struct card_keys *ret)
{
	int rc = aes_derive_card_key(master, KEY_ENC, serial, ret->enc);

	if (!rc)
		rc = aes_derive_card_key(master, KEY_MAC, serial, ret->mac);
	if (!rc)
		rc = aes_derive_card_key(master, KEY_DEK, serial, ret->dek);
	return rc;
}

static int put_one_key(struct writer *w, const uint8_t dek[AES_KEY_LEN],
        const uint8_t key[AES_KEY_LEN])
{
	uint8_t ones[AES_BLOCK_LEN], check[AES_BLOCK_LEN];
	uint8_t sealed[AES_BLOCK_LEN];
	int rc;

	memset(ones, 0x01, sizeof(ones));
	rc = aes_encrypt_block(key, ones, check);
	/* CBC with a zero ICV of one block is the block itself */
	if (!rc)
		rc = aes_encrypt_block(dek, key, sealed);
	if (rc)
		return rc;
	writer_put_u8(w, KEY_TYPE_AES);
	writer_put_u8(w, 1 + AES_KEY_LEN);
	writer_put_u8(w, AES_KEY_LEN);
	writer_put(w, sealed, sizeof(sealed));
	writer_put_u8(w, KCV_LEN);
	writer_put(w, check, KCV_LEN);
	return w->error;
}

static int put_key_block(const struct channel_masters *masters,
        const uint8_t serial[AES_KDD_LEN], const uint8_t dek[AES_KEY_LEN],
        struct signer_session *s)
{
	struct card_keys issuer = {0};
	struct writer w;
	int rc = derive_static(masters->issuer, serial, &issuer);

	writer_init(&w, s->put_key, sizeof(s->put_key));
	writer_put_u8(&w, CARD_KVN_ISSUER);
	if (!rc)
		rc = put_one_key(&w, dek, issuer.enc);
	if (!rc)
		rc = put_one_key(&w, dek, issuer.mac);
	if (!rc)
		rc = put_one_key(&w, dek, issuer.dek);
	s->put_key_len = w.len;
	bytes_wipe(&issuer, sizeof(issuer));
	return rc;
}

static int derive_session(const struct card_keys *card,
        const struct wire_request *r, struct signer_session *s)
{
	uint8_t mac[AES_BLOCK_LEN];
	int rc = derive(card->enc, DERIVE_S_ENC, r, s->s_enc);

	if (!rc)
		rc = derive(card->mac, DERIVE_S_MAC, r, s->s_mac);
	if (!rc)
		rc = derive(card->mac, DERIVE_S_RMAC, r, s->s_rmac);
	if (!rc)
		rc = derive(s->s_mac, DERIVE_CARD_CRYPTOGRAM, r, mac);
	if (!rc && !bytes_equal_secret(mac, r->card_cryptogram, CRYPTOGRAM_LEN))
		rc = HUFU_ERR_SIGNATURE;
	if (!rc)
		rc = derive(s->s_mac, DERIVE_HOST_CRYPTOGRAM, r, mac);
	if (!rc)
		memcpy(s->host_cryptogram, mac, CRYPTOGRAM_LEN);
	bytes_wipe(mac, sizeof(mac));
	return rc;
}

int channel_open(const struct channel_masters *masters,
        const struct wire_request *r, struct signer_session *ret)
{
	bool transport = r->key_version == CARD_KVN_TRANSPORT;
	struct signer_session s = {0};
	struct card_keys card = {0};
	int rc;

	if (!transport && r->key_version != CARD_KVN_ISSUER)
		return HUFU_ERR_UNSUPPORTED;
	rc = derive_static(transport ? masters->transport : masters->issuer,
	        r->serial, &card);
	if (!rc)
		rc = derive_session(&card, r, &s);
	if (!rc && transport)
		rc = put_key_block(masters, r->serial, card.dek, &s);
	if (!rc)
		*ret = s;
	bytes_wipe(&card, sizeof(card));
	bytes_wipe(&s, sizeof(s));
	return rc;
}
