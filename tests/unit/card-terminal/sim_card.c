#include "sim_card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "card/terminal/direct.h"
#include "crypto/openssl/aes.h"

void sim_card_init(struct sim_card *c)
{
	memset(c, 0, sizeof *c);
	memcpy(c->serial, "\xA0\1\2\3\4\5\6\7\x08\x09", sizeof c->serial);
	memset(c->transport_master, 0x11, sizeof c->transport_master);
	memset(c->issuer_master, 0x22, sizeof c->issuer_master);
	assert_int_equal(
	        sim_new_blank(NULL, c->serial, c->transport_master, &c->sim),
	        0);
}

void sim_card_done(struct sim_card *c)
{
	sim_free(c->sim);
}

static int power(void *card, struct writer *ret_atr)
{
	struct sim_card *c = card;
	uint8_t atr[SIM_ATR_LEN];
	assert_int_equal(sim_power_on(c->sim), 0);
	sim_get_atr(atr);
	writer_put(ret_atr, atr, sizeof atr);
	return 0;
}

static int exchange(void *card, struct span command, struct writer *ret_answer)
{
	struct sim_card *c = card;
	uint8_t answer[CARD_ANSWER_MAX];
	bool pulled = ++c->commands == c->pull_at;
	if (pulled && !c->pull_after) {
		sim_power_off(c->sim);
		return 0;
	}
	c->stores += command.data[1] == CARD_INS_STORE_DATA;
	size_t len = sim_transmit(c->sim, command, answer);
	if (pulled) {
		sim_power_off(c->sim);
		return 0;
	}
	writer_put(ret_answer, answer, len);
	return 0;
}

struct transport *sim_card_transport(struct sim_card *c)
{
	struct transport *t = NULL;
	const struct direct_card card = {
	        .power = power,
	        .exchange = exchange,
	        .card = c,
	};
	assert_int_equal(direct_new(&card, &t), 0);
	return t;
}

void sim_card_pull_at(struct sim_card *c, unsigned long n, bool after)
{
	c->commands = 0;
	c->pull_at = n;
	c->pull_after = after;
}

static void derive(const struct sim_card *c, uint8_t version, uint8_t which,
        uint8_t ret[CARD_KEY_LEN])
{
	const uint8_t *master = version == CARD_KVN_ISSUER
	                                ? c->issuer_master
	                                : c->transport_master;
	assert_int_equal(aes_derive_card_key(master, which, c->serial, ret), 0);
}

int sim_card_provide(
        void *arg, const struct scp03_request *q, struct scp03_keys *ret)
{
	struct sim_card *c = arg;
	uint8_t enc[16], mac[16], cryptogram[8];
	uint8_t context[16] = {0};
	struct span both = span_of(context, sizeof context);
	c->provided++;
	derive(c, q->key_version, 1, enc);
	derive(c, q->key_version, 2, mac);
	memcpy(context, q->host_challenge, 8);
	memcpy(context + 8, q->card_challenge, 8);
	assert_int_equal(scp03_derive(enc, 4, both, 128, ret->enc), 0);
	assert_int_equal(scp03_derive(mac, 6, both, 128, ret->mac), 0);
	assert_int_equal(scp03_derive(mac, 7, both, 128, ret->rmac), 0);
	assert_int_equal(scp03_derive(ret->mac, 0, both, 64, cryptogram), 0);
	assert_int_equal(
	        scp03_derive(ret->mac, 1, both, 64, ret->host_cryptogram), 0);
	return memcmp(cryptogram, q->card_cryptogram, 8) ? TERMINAL_WRONG_KEY
	                                                 : 0;
}

void sim_card_key_block(struct sim_card *c, uint8_t ret[70])
{
	static const uint8_t zero_iv[16];
	uint8_t dek[16], key[16], check[16], ones[16];
	struct writer w;
	memset(ones, 1, sizeof ones);
	derive(c, CARD_KVN_TRANSPORT, 3, dek);
	writer_init(&w, ret, 70);
	writer_put_u8(&w, CARD_KVN_ISSUER);
	for (uint8_t i = 1; i <= 3; i++) {
		derive(c, CARD_KVN_ISSUER, i, key);
		assert_int_equal(aes_encrypt_block(key, ones, check), 0);
		assert_int_equal(
		        aes_cbc_encrypt(dek, zero_iv, span_of(key, 16), key),
		        0);
		writer_put(&w, "\x88\x11\x10", 3);
		writer_put(&w, key, 16);
		writer_put_u8(&w, 3);
		writer_put(&w, check, 3);
	}
	assert_int_equal(w.error, 0);
	assert_int_equal(w.len, 70);
}
