/*
 * One who has the database and the daemon's uid, but no log entry that
 * everyone can see, gets nothing out of the signer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/include/card_abi.h"
#include "card/terminal/scp03.h"
#include "crypto/core/sigcheck.h"
#include "crypto/openssl/aes.h"
#include "tests/unit/signer/request.h"

static struct hall hall;
static struct tree *tree;

static int set_up(void **state)
{
	struct signer_checkpoint c;

	(void)state;
	hall_open(&hall);
	hall_start(&hall, NULL);
	tree = calloc(1, sizeof(*tree));
	assert_non_null(tree);
	for (int i = 0; i < 5; i++)
		(void)put_other(tree);
	assert_int_equal(sign_tree(&hall, tree, 5, &c), HUFU_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hall_stop(&hall);
	hall_close(&hall);
	free(tree);
	return 0;
}

static struct signer_health health(void)
{
	struct signer_health h;

	assert_int_equal(signer_health(hall.signer, &h), HUFU_OK);
	return h;
}

/* The request answers this code and leaves no trace. */
static void card_refused(const struct signer_card *card, int code)
{
	struct signer_signatures sigs = {{0xA5}, {0}}, before = sigs;
	struct signer_health h = health(), after;

	assert_int_equal(signer_sign_card(hall.signer, card, &sigs), code);
	assert_memory_equal(&sigs, &before, sizeof(sigs));
	after = health();
	assert_memory_equal(&h, &after, sizeof(h));
}

struct asked {
	struct made_card made;
	struct made_proof proof;
	struct signer_card card;
};

static void ask_for(struct asked *a, int alg, uint32_t status_index)
{
	made_card_init(&a->made, &hall, alg, status_index);
	made_proof_init(&a->proof, &hall, tree, put_signed(tree, &a->made));
	a->card = (struct signer_card){
	        a->made.qr, a->made.chip, a->made.salt, a->proof.logged};
}

static void check_card(const struct asked *a, int alg)
{
	const struct signer_key *key = hall_key(&hall, SIGNER_CARD, alg);
	struct signer_signatures sigs, again;

	assert_int_equal(
	        signer_sign_card(hall.signer, &a->card, &sigs), HUFU_OK);
	assert_int_equal(check_signature(key, a->made.qr, sigs.qr), HUFU_OK);
	assert_int_equal(
	        check_signature(key, a->made.chip, sigs.chip), HUFU_OK);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a->card, &again), HUFU_OK);
	assert_memory_equal(&sigs, &again, sizeof(sigs));
}

static void signs_logged_cards_of_both_suites(void **state)
{
	struct signer_record records[SIGNER_RECORDS_MAX];
	struct signer_health before = health(), after;
	struct asked a;
	size_t count = 0;

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 100);
	check_card(&a, SIGCHECK_ES256);
	ask_for(&a, SIGCHECK_SM2, 101);
	check_card(&a, SIGCHECK_SM2);
	after = health();
	assert_int_equal(after.cards_signed, before.cards_signed + 2);
	assert_int_equal(signer_list_signed(hall.signer, a.proof.logged.index,
	                         records, &count),
	        HUFU_OK);
	assert_int_equal(count, 1);
	assert_int_equal(records[0].index, a.proof.logged.index);
	assert_int_equal(records[0].list, 7);
	assert_int_equal(records[0].status_index, 101);
}

static void refuses_card_without_entry(void **state)
{
	struct asked a;

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 200);
	a.proof.path.count--;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.proof.path.count++;
	a.card.logged.index ^= 1;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.card.logged.index = UINT64_MAX;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.card.logged.index = a.proof.logged.index;
	a.proof.path.hash[0][31] ^= 1;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.proof.path.hash[0][31] ^= 1;
	a.card.logged.entry.len--;
	card_refused(&a.card, HUFU_ERR_PROOF);
}

static void refuses_card_with_entry_of_other_bytes(void **state)
{
	struct asked a;
	uint8_t salt[LOG_SALT_LEN];

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 201);
	a.made.qr_space[a.made.qr.len - 1] ^= 1;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.made.qr_space[a.made.qr.len - 1] ^= 1;
	a.made.chip_space[a.made.chip.len - 1] ^= 1;
	card_refused(&a.card, HUFU_ERR_PROOF);
	a.made.chip_space[a.made.chip.len - 1] ^= 1;
	memcpy(salt, a.made.salt, sizeof(salt));
	salt[0] ^= 1;
	a.card.salt = salt;
	card_refused(&a.card, HUFU_ERR_PROOF);
}

static void refuses_card_with_entry_of_another_type(void **state)
{
	struct asked a;
	uint8_t serial[10] = {1};

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 202);
	made_proof_init(
	        &a.proof, &hall, tree, put_reserved(tree, a.made.salt, serial));
	a.card.logged = a.proof.logged;
	card_refused(&a.card, HUFU_ERR_PROOF);
	made_proof_init(&a.proof, &hall, tree, put_other(tree));
	a.card.logged = a.proof.logged;
	card_refused(&a.card, HUFU_ERR_PROOF);
}

static void refuses_checkpoint_of_another_key(void **state)
{
	struct asked a;
	char *sig;

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 203);
	sig = strstr(a.proof.checkpoint.note, "\n\n");
	assert_non_null(sig);
	sig = strrchr(sig, ' ') + 20; /* within the signature */
	*sig = *sig == 'A' ? 'B' : 'A';
	card_refused(&a.card, HUFU_ERR_SIGNATURE);
	a.card.logged.note = "";
	card_refused(&a.card, HUFU_ERR_MALFORMED);
}

/* Chips that the credential does not name, a typed card, another issuer. */
static void refuses_bytes_that_disagree(void **state)
{
	struct asked a, b;

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 204);
	ask_for(&b, SIGCHECK_ES256, 205);
	memcpy(a.made.chip_space, b.made.chip_space, b.made.chip.len);
	a.made.chip.len = b.made.chip.len;
	made_proof_init(&a.proof, &hall, tree, put_signed(tree, &a.made));
	a.card.logged = a.proof.logged;
	a.card.chip_tbs = a.made.chip;
	card_refused(&a.card, HUFU_ERR_MALFORMED);
	/* the two swapped: each is well formed, but not in its place */
	a.made.chip = b.made.qr;
	a.made.qr = b.made.chip;
	made_proof_init(&a.proof, &hall, tree, put_signed(tree, &a.made));
	a.card = (struct signer_card){
	        a.made.qr, a.made.chip, a.made.salt, a.proof.logged};
	card_refused(&a.card, HUFU_ERR_MALFORMED);
}

static void refuses_card_under_the_lists_key(void **state)
{
	struct hall other = hall;
	struct asked a;

	(void)state;
	for (size_t i = 0; i < other.keys.count; i++) {
		if (other.keys.key[i].purpose == SIGNER_LIST)
			other.keys.key[i].purpose = SIGNER_CARD;
		else
			other.keys.key[i].alg = 0;
	}
	made_card_init(&a.made, &other, SIGCHECK_ES256, 206);
	made_proof_init(&a.proof, &hall, tree, put_signed(tree, &a.made));
	a.card = (struct signer_card){
	        a.made.qr, a.made.chip, a.made.salt, a.proof.logged};
	card_refused(&a.card, HUFU_ERR_NOT_FOUND);
}

static void refuses_status_reference_twice(void **state)
{
	struct signer_signatures sigs;
	struct asked a, b;

	(void)state;
	ask_for(&a, SIGCHECK_ES256, 207);
	assert_int_equal(
	        signer_sign_card(hall.signer, &a.card, &sigs), HUFU_OK);
	ask_for(&b, SIGCHECK_ES256, 207);
	card_refused(&b.card, HUFU_ERR_CONFLICT);
	/* the same bytes under a second entry are no second card either */
	made_proof_init(&b.proof, &hall, tree, put_signed(tree, &a.made));
	a.card.logged = b.proof.logged;
	card_refused(&a.card, HUFU_ERR_CONFLICT);
}

/* ---- checkpoints ---- */

static void checkpoint_refused(size_t size, const uint8_t root[32],
        const struct merkle_proof *proof, int code)
{
	struct signer_checkpoint c = {.size = 77}, last, after;
	struct signer_health h = health(), h_after;

	assert_int_equal(signer_last_checkpoint(hall.signer, &last), HUFU_OK);
	assert_int_equal(
	        signer_sign_checkpoint(hall.signer, size, root, proof, &c),
	        code);
	assert_int_equal(c.size, 77);
	assert_int_equal(signer_last_checkpoint(hall.signer, &after), HUFU_OK);
	assert_string_equal(last.note, after.note);
	h_after = health();
	assert_memory_equal(&h, &h_after, sizeof(h));
}

static void refuses_forked_and_shrunk_trees(void **state)
{
	struct tree *fork = malloc(sizeof(*fork));
	struct merkle_proof proof = {0}, none = {0};
	struct signer_checkpoint c;
	uint8_t root[32];
	size_t size;

	(void)state;
	assert_non_null(fork);
	(void)put_other(tree);
	size = tree->size;
	assert_int_equal(sign_tree(&hall, tree, size, &c), HUFU_OK);
	*fork = *tree;
	fork->leaf[2][0] ^= 1;
	tree_root(fork, size, root);
	checkpoint_refused(size, root, &none, HUFU_ERR_CONFLICT);
	(void)put_other(fork);
	(void)put_other(fork);
	tree_root(fork, size + 2, root);
	tree_extend(fork, size, size + 2, &proof);
	checkpoint_refused(size + 2, root, &proof, HUFU_ERR_PROOF);
	checkpoint_refused(size + 2, root, &none, HUFU_ERR_PROOF);
	tree_root(tree, size - 1, root);
	checkpoint_refused(size - 1, root, &none, HUFU_ERR_STALE);
	checkpoint_refused(0, root, &none, HUFU_ERR_STALE);
	free(fork);
}

static void repeats_checkpoint_of_equal_tree(void **state)
{
	struct signer_checkpoint a, b;

	(void)state;
	(void)put_other(tree);
	assert_int_equal(sign_tree(&hall, tree, tree->size, &a), HUFU_OK);
	assert_int_equal(sign_tree(&hall, tree, tree->size, &b), HUFU_OK);
	assert_string_equal(a.note, b.note);
}

/* ---- card sessions ---- */

struct channel {
	uint8_t salt[LOG_SALT_LEN];
	uint8_t serial[10];
	struct made_proof proof;
	struct signer_session_request request;
};

static void reserve(struct channel *c, uint8_t number, uint8_t key_version)
{
	bool transport = key_version == CARD_KVN_TRANSPORT;

	*c = (struct channel){.serial = {0x10, number}, .salt = {number, 1}};
	made_proof_init(
	        &c->proof, &hall, tree, put_reserved(tree, c->salt, c->serial));
	make_session(&c->request, transport ? hall.transport : hall.issuer,
	        key_version, c->serial);
	c->request.salt = c->salt;
	c->request.logged = c->proof.logged;
}

static void session_refused(const struct channel *c, int code)
{
	struct signer_session s = {.put_key_len = 99};

	assert_int_equal(
	        signer_open_session(hall.signer, &c->request, &s), code);
	assert_int_equal(s.put_key_len, 99);
}

static void derive_for(const struct channel *c, const uint8_t master[16],
        uint8_t which, uint8_t ret[16])
{
	uint8_t data[16] = {1, 0, 0, 0, which, 0};

	memcpy(data + 6, c->serial, 10);
	assert_int_equal(
	        scp03_cmac(master, span_of(data, sizeof(data)), ret), HUFU_OK);
}

static void check_session_keys(
        const struct channel *c, const struct signer_session *s)
{
	uint8_t context[16] = {0}, enc[16], mac[16], want[16];
	const uint8_t *master = c->request.key_version == CARD_KVN_TRANSPORT
	                                ? hall.transport
	                                : hall.issuer;
	struct span where = span_of(context, sizeof(context));

	memcpy(context, c->request.host_challenge, 8);
	memcpy(context + 8, c->request.card_challenge, 8);
	derive_for(c, master, 1, enc);
	derive_for(c, master, 2, mac);
	assert_int_equal(scp03_derive(enc, 4, where, 128, want), HUFU_OK);
	assert_memory_equal(want, s->s_enc, 16);
	assert_int_equal(scp03_derive(mac, 7, where, 128, want), HUFU_OK);
	assert_memory_equal(want, s->s_rmac, 16);
	assert_int_equal(scp03_derive(mac, 6, where, 128, want), HUFU_OK);
	assert_memory_equal(want, s->s_mac, 16);
	assert_int_equal(scp03_derive(want, 1, where, 64, enc), HUFU_OK);
	assert_memory_equal(enc, s->host_cryptogram, 8);
}

/* 31, then three times 88 11 10 <key under DEK> 03 <check value>. */
static void check_put_key(
        const struct channel *c, const struct signer_session *s)
{
	static const uint8_t zero[16];
	uint8_t dek[16], key[16], want[16], ones[16];

	memset(ones, 1, sizeof(ones));
	assert_int_equal(s->put_key_len, SIGNER_PUT_KEY_LEN);
	assert_int_equal(s->put_key[0], CARD_KVN_ISSUER);
	derive_for(c, hall.transport, 3, dek);
	for (uint8_t i = 0; i < 3; i++) {
		const uint8_t *at = s->put_key + 1 + 23 * i;

		assert_memory_equal(at, "\x88\x11\x10", 3);
		assert_int_equal(
		        aes_cbc_decrypt(dek, zero, span_of(at + 3, 16), key),
		        HUFU_OK);
		derive_for(c, hall.issuer, (uint8_t)(i + 1), want);
		assert_memory_equal(key, want, 16);
		assert_int_equal(at[19], 3);
		assert_int_equal(aes_encrypt_block(key, ones, want), HUFU_OK);
		assert_memory_equal(at + 20, want, 3);
	}
}

static void opens_sessions_for_reserved_chips(void **state)
{
	struct signer_session s;
	struct channel c;

	(void)state;
	reserve(&c, 1, CARD_KVN_TRANSPORT);
	assert_int_equal(
	        signer_open_session(hall.signer, &c.request, &s), HUFU_OK);
	check_session_keys(&c, &s);
	check_put_key(&c, &s);
	reserve(&c, 2, CARD_KVN_ISSUER);
	assert_int_equal(
	        signer_open_session(hall.signer, &c.request, &s), HUFU_OK);
	check_session_keys(&c, &s);
	assert_int_equal(s.put_key_len, 0);
}

static void refuses_session_without_reservation(void **state)
{
	struct channel c;

	(void)state;
	reserve(&c, 3, CARD_KVN_TRANSPORT);
	c.request.serial[9] ^= 1;
	session_refused(&c, HUFU_ERR_PROOF);
	c.request.serial[9] ^= 1;
	c.salt[0] ^= 1;
	session_refused(&c, HUFU_ERR_PROOF);
	c.salt[0] ^= 1;
	c.proof.path.count = 0;
	session_refused(&c, HUFU_ERR_PROOF);
	assert_int_equal(health().serials_refused, 0);
	c.request.key_version = 0x55;
	tree_include(tree, c.proof.logged.index, tree->size, &c.proof.path);
	session_refused(&c, HUFU_ERR_UNSUPPORTED);
}

static void gives_a_chip_one_attempt(void **state)
{
	struct channel c;
	uint64_t before = health().serials_refused;

	(void)state;
	reserve(&c, 4, CARD_KVN_TRANSPORT);
	c.request.card_cryptogram[0] ^= 1;
	session_refused(&c, HUFU_ERR_SIGNATURE);
	assert_int_equal(health().serials_refused, before + 1);
	c.request.card_cryptogram[0] ^= 1;
	session_refused(&c, HUFU_ERR_DENIED);
	/* not even a new reservation and a restart give it another */
	hall_kill(&hall);
	hall_start(&hall, NULL);
	reserve(&c, 4, CARD_KVN_TRANSPORT);
	session_refused(&c, HUFU_ERR_DENIED);
	assert_int_equal(health().serials_refused, before + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(signs_logged_cards_of_both_suites),
	        cmocka_unit_test(refuses_card_without_entry),
	        cmocka_unit_test(refuses_card_with_entry_of_other_bytes),
	        cmocka_unit_test(refuses_card_with_entry_of_another_type),
	        cmocka_unit_test(refuses_checkpoint_of_another_key),
	        cmocka_unit_test(refuses_bytes_that_disagree),
	        cmocka_unit_test(refuses_card_under_the_lists_key),
	        cmocka_unit_test(refuses_status_reference_twice),
	        cmocka_unit_test(refuses_forked_and_shrunk_trees),
	        cmocka_unit_test(repeats_checkpoint_of_equal_tree),
	        cmocka_unit_test(opens_sessions_for_reserved_chips),
	        cmocka_unit_test(refuses_session_without_reservation),
	        cmocka_unit_test(gives_a_chip_one_attempt),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
