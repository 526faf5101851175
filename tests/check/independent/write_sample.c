/*
 * Writes what the issuer's code makes, for readers that nobody here wrote:
 * write_sample FOLDER                    cards, lists, keys and a log
 * write_sample --sm2 PEM MESSAGE SIG     checks a DER signature made elsewhere
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "crypto/core/cose.h"
#include "crypto/core/log_entry.h"
#include "crypto/core/tlog_proof.h"
#include "crypto/issuer/note_sign.h"
#include "crypto/issuer/tiles_prove.h"
#include "crypto/openssl/pkey.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "tests/check/independent/write_sample.h"
#include "tests/unit/merchant-cli/pictures.h"

enum {
	LOG_SIZE = 256 * 256 + 300, /* three levels of tiles */
	LOG_OLD_SIZE = 40000,
	LOG_INDEX = 12345,
	LOG_SIGNED_INDEX = LOG_SIZE - 1, /* that of the card */
	PATH_LEN = 512,
};

/* Random in life; here it must be the same in entry and proof. */
#define SALT "thirty-two bytes that are a salt"

static const char *folder;

static void die(const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

static void make_folders(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			die(path);
		*p = '/';
	}
}

void put_file(const char *name, struct span s)
{
	char path[PATH_LEN];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	make_folders(path);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(s.data, 1, s.len, f) != s.len || fclose(f) != 0)
		die(path);
}

static struct span get_file(const char *path, uint8_t *space, size_t cap)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		die(path);
	size_t len = fread(space, 1, cap, f);
	(void)fclose(f); /* read only */
	return span_of(space, len);
}

void put_pem(const char *name, const struct signing_key *key)
{
	uint8_t space[PUBLIC_PEM_MAX];
	struct writer w;
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        public_pem_encode(signing_key_public(key), &w), HUFU_OK);
	put_file(name, writer_span(&w));
}

static void put_card(const struct sample *s, const char *suite)
{
	char name[64];
	(void)snprintf(name, sizeof name, "%s/credential.txt", suite);
	put_file(name, s->text);
	(void)snprintf(name, sizeof name, "%s/card.pem", suite);
	put_pem(name, s->card);
	(void)snprintf(name, sizeof name, "%s/root.pem", suite);
	put_pem(name, s->root);
	(void)snprintf(name, sizeof name, "%s/list.pem", suite);
	put_pem(name, s->list);
	(void)snprintf(name, sizeof name, "%s/chip.pem", suite);
	put_pem(name, s->chip);
	(void)snprintf(name, sizeof name, "%s/object.cbor", suite);
	put_file(name, s->object);
	(void)snprintf(name, sizeof name, "%s/trust.cbor", suite);
	put_file(name, s->trust);
	(void)snprintf(name, sizeof name, "%s/status.cbor", suite);
	put_file(name, s->status);
	for (unsigned i = 0; i < SAMPLE_ELEMENTS; i++) {
		(void)snprintf(
		        name, sizeof name, "%s/element-%u.cbor", suite, i);
		put_file(name, s->files[i]);
	}
}

static void put_picture(const char *suite, const char *file, struct span s)
{
	char name[64];
	(void)snprintf(name, sizeof name, "%s/%s", suite, file);
	put_file(name, s);
	free((void *)(uintptr_t)s.data);
}

/* 4 dots a module, as on the card; somewhat blurred. */
static void put_pictures(const struct sample *s, const char *suite)
{
	struct canvas c = canvas_new(400, 400);
	put_picture(suite, "empty.png", canvas_encode_png(&c));
	canvas_put_code(&c, s->text_space, 40, 40, 4);
	canvas_blur(&c);
	put_picture(suite, "card.png", canvas_encode_png(&c));
	put_picture(suite, "card.jpg", canvas_encode_jpeg(&c));
	struct span cut = canvas_encode_png(&c);
	cut.len /= 2;
	put_picture(suite, "broken.png", cut);
	free(c.gray);
}

/* The TBS with its signature in DER, as OpenSSL's command takes it. */
static void put_signed_message(const struct sample *s)
{
	uint8_t sig[SIGNING_KEY_SIG_LEN], der[PKEY_DER_MAX];
	size_t len;
	assert_int_equal(signing_key_sign(s->card, s->qr_tbs, sig), HUFU_OK);
	assert_int_equal(
	        pkey_sig_to_der(span_of(sig, sizeof sig), der, &len), HUFU_OK);
	put_file("sm/message", s->qr_tbs);
	put_file("sm/message.sig", span_of(der, len));
}

static int put_tile(void *arg, const struct tile *t, struct span bytes)
{
	char path[TILE_PATH_MAX], name[TILE_PATH_MAX + 8];
	(void)arg;
	tile_path_encode(t, path);
	(void)snprintf(name, sizeof name, "log/%s", path);
	put_file(name, bytes);
	return HUFU_OK;
}

static int get_tile(void *arg, const struct tile *t, struct writer *ret)
{
	static uint8_t space[1 << 20];
	char path[TILE_PATH_MAX], name[PATH_LEN];
	(void)arg;
	tile_path_encode(t, path);
	(void)snprintf(name, sizeof name, "%s/log/%s", folder, path);
	writer_put_span(ret, get_file(name, space, sizeof space));
	return ret->error;
}

static void put_checkpoint(const char *name, const struct note_signer *signer,
        const struct tiles *t)
{
	uint8_t root[MERKLE_HASH_LEN], space[1024];
	struct writer w;
	tiles_root(t, root);
	writer_init(&w, space, sizeof space);
	assert_int_equal(
	        note_sign_checkpoint(signer, tiles_size(t), root, &w), HUFU_OK);
	put_file(name, writer_span(&w));
}

static void put_proof(
        const struct tiles_io *io, const char *name, struct tlog_proof *p)
{
	uint8_t space[TLOG_PROOF_MAX], note[1024];
	char path[PATH_LEN];
	struct writer w;
	(void)snprintf(path, sizeof path, "%s/log/checkpoint", folder);
	p->checkpoint = get_file(path, note, sizeof note);
	assert_int_equal(
	        tiles_prove_inclusion(io, p->index, LOG_SIZE, &p->proof),
	        HUFU_OK);
	writer_init(&w, space, sizeof space);
	tlog_proof_encode(&w, p);
	assert_int_equal(w.error, HUFU_OK);
	put_file(name, writer_span(&w));
}

static void put_proofs(const struct tiles_io *io)
{
	struct tlog_proof p = {.index = LOG_INDEX};
	struct tlog_proof signed_one = {.index = LOG_SIGNED_INDEX,
	        .has_extra = true,
	        .extra_len = LOG_SALT_LEN,
	        .extra = SALT};
	struct merkle_proof consistency;
	put_proof(io, "log/proof", &p);
	put_proof(io, "log/signed.proof", &signed_one);
	assert_int_equal(tiles_prove_consistency(
	                         io, LOG_OLD_SIZE, LOG_SIZE, &consistency),
	        HUFU_OK);
	put_file("log/consistency",
	        span_of(consistency.hash[0],
	                consistency.count * MERKLE_HASH_LEN));
}

/* What the log says of the sample's card. */
static struct span signed_entry(const struct sample *s, uint8_t *space)
{
	uint8_t chip_tbs[MSO_MAX];
	struct log_entry e = {.type = LOG_SIGNED,
	        .time_s = SAMPLE_NOW_S,
	        .present = LOG_HAS(LOG_BINDING)};
	struct cose_sign1 c;
	struct writer w;
	assert_int_equal(cose_decode_sign1(s->object, &c), HUFU_OK);
	writer_init(&w, chip_tbs, sizeof chip_tbs);
	cose_encode_tbs(&w, c.protected, c.payload);
	log_bind_signed(
	        (const uint8_t *)SALT, s->qr_tbs, writer_span(&w), e.binding);
	writer_init(&w, space, LOG_ENTRY_MAX);
	log_entry_encode(&w, &e);
	assert_int_equal(w.error, HUFU_OK);
	put_file("log/signed.entry", writer_span(&w));
	return writer_span(&w);
}

static void put_log(const struct sample *s)
{
	uint8_t entry_space[LOG_ENTRY_MAX];
	struct note_signer signer = {span_of_text(SAMPLE_ORIGIN), s->checkpoint,
	        s->suite == SUITE_SM ? s->card : NULL};
	struct tiles_io io = {NULL, put_tile, get_tile};
	struct tiles *t;
	uint8_t vkey[256];
	struct writer w;
	writer_init(&w, vkey, sizeof vkey);
	assert_int_equal(note_sign_vkey(&signer, &w), HUFU_OK);
	put_file("log/vkey", writer_span(&w));
	assert_int_equal(tiles_new(&t), HUFU_OK);
	for (unsigned i = 0; i < LOG_SIGNED_INDEX; i++) {
		char entry[32];
		int n = snprintf(entry, sizeof entry, "entry %u", i);
		if (i == LOG_OLD_SIZE)
			put_checkpoint("log/checkpoint.old", &signer, t);
		assert_int_equal(
		        tiles_append(t, span_of(entry, (size_t)n)), HUFU_OK);
	}
	assert_int_equal(
	        tiles_append(t, signed_entry(s, entry_space)), HUFU_OK);
	assert_int_equal(tiles_flush(t, &io), HUFU_OK);
	put_checkpoint("log/checkpoint", &signer, t);
	put_proofs(&io);
	tiles_free(t);
}

static int check_sm2(const char *pem, const char *message, const char *sig)
{
	uint8_t pem_space[1024], msg_space[8192], der_space[256];
	uint8_t rs[SIGCHECK_SIG_LEN], point[SIGCHECK_POINT_LEN];
	struct cose_key key;
	const struct sigcheck *sigs = sigs_openssl();
	int r = public_pem_decode(
	        get_file(pem, pem_space, sizeof pem_space), &key);
	if (!r)
		r = pkey_sig_from_der(
		        get_file(sig, der_space, sizeof der_space), rs);
	if (!r)
		r = sigs->verify(sigs->ctx, SIGCHECK_SM2,
		        cose_key_public(&key, point),
		        get_file(message, msg_space, sizeof msg_space),
		        span_of(rs, sizeof rs));
	return r ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "--sm2") == 0)
		return check_sm2(argv[2], argv[3], argv[4]);
	if (argc != 2)
		return 2;
	folder = argv[1];
	struct sample *intl = sample_new(SUITE_INTL);
	struct sample *sm = sample_new(SUITE_SM);
	put_card(intl, "intl");
	put_card(sm, "sm");
	put_pictures(intl, "intl");
	put_pictures(sm, "sm");
	put_signed_message(sm);
	put_log(intl);
	put_lists(intl, "intl"); /* last: they change the map */
	put_lists(sm, "sm");
	sample_free(intl);
	sample_free(sm);
	return 0;
}
