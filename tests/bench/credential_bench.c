/*
 * Whole verifications a second, text in and verdict out, one thread: by the
 * core's own signature checks, and the same pipeline with OpenSSL's. CPU time
 * is counted, turn by turn and the best of each, since the machine is shared.
 * credential_bench FOLDER writes the card and its key for the Node chain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hufu/hufu.h>

#include "crypto/core/sigs_core.h"
#include "crypto/openssl/public_pem.h"
#include "tests/unit/crypto-issuer/sample.h"

enum { ROUNDS = 7, TURN_MS = 120 };

struct contender {
	const char *name;
	int (*verify)(struct contender *c, struct hufu_result *ret);
	struct hufu_verifier *verifier;
	struct hufu *library;
	const struct sample *sample;
	double best_per_s;
};

static int64_t cpu_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int verify_directly(struct contender *c, struct hufu_result *ret)
{
	struct hufu_text text = {c->sample->text_space, c->sample->text.len};
	return hufu_verify_qr(c->verifier, text, SAMPLE_NOW_S + 60, ret);
}

static int verify_by_library(struct contender *c, struct hufu_result *ret)
{
	return hufu_check_qr(c->library, c->sample->text_space,
	        c->sample->text.len, SAMPLE_NOW_S + 60, ret);
}

static void turn(struct contender *c)
{
	enum { BETWEEN_LOOKS = 32 };
	struct hufu_result r;
	unsigned long count = 0;
	int64_t from = cpu_ns();
	int64_t spent = 0;
	while (spent < (int64_t)TURN_MS * 1000000) {
		for (int i = 0; i < BETWEEN_LOOKS; i++)
			if (c->verify(c, &r) || r.verdict != HUFU_VALID ||
			        r.status_stale)
				exit(1);
		count += BETWEEN_LOOKS;
		spent = cpu_ns() - from;
	}
	double per_s = (double)count * 1e9 / (double)spent;
	if (per_s > c->best_per_s)
		c->best_per_s = per_s;
}

static const struct sigcheck *with_tables(const struct trust_list *trust)
{
	static struct sigs_core core;
	static struct sigs_core_key keys[2];
	static uint8_t generators[2 * EC_TABLE_FAST_LEN];
	static uint8_t tables[2 * EC_TABLE_FAST_LEN];
	sigs_core_init(&core, keys, 2);
	if (sigs_core_build_generators(
	            &core, EC_TABLE_FAST, generators, sizeof generators) ||
	        sigs_core_use_trust(
	                &core, trust, EC_TABLE_FAST, tables, sizeof tables))
		exit(1);
	return sigs_core_check(&core);
}

static struct hufu *load_library(const struct sample *s)
{
	uint8_t pem[PUBLIC_PEM_MAX];
	struct hufu *h;
	struct writer w;
	writer_init(&w, pem, sizeof pem);
	if (public_pem_encode(signing_key_public(s->root), &w) ||
	        hufu_new(&h) || hufu_set_root(h, pem, w.len) ||
	        hufu_load_trust(h, s->trust.data, s->trust.len) ||
	        hufu_load_status(h, s->status.data, s->status.len) ||
	        hufu_prepare(h))
		exit(1);
	return h;
}

static void measure(const struct sample *s, const char *name)
{
	struct sample_verifier *openssl = sample_verifier_new(s);
	struct sample_verifier *core = sample_verifier_new(s);
	struct hufu *library = load_library(s);
	core->v.sigs = with_tables(&core->trust);
	struct contender all[] = {
	        {"openssl", verify_directly, &openssl->v, NULL, s, 0},
	        {"core", verify_directly, &core->v, NULL, s, 0},
	        {"libhufu", verify_by_library, NULL, library, s, 0},
	};
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			turn(&all[i]);
	printf("{\"bench\": \"credential_%s\", \"openssl_per_s\": %.0f, "
	       "\"core_per_s\": %.0f, \"libhufu_per_s\": %.0f}\n",
	        name, all[0].best_per_s, all[1].best_per_s, all[2].best_per_s);
	hufu_free(library);
	free(openssl);
	free(core);
}

static void put_file(const char *folder, const char *name, struct span s)
{
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(s.data, 1, s.len, f) != s.len || fclose(f) != 0)
		exit(1);
}

static void write_card(const struct sample *s, const char *folder)
{
	uint8_t pem[PUBLIC_PEM_MAX];
	struct writer w;
	writer_init(&w, pem, sizeof pem);
	if (public_pem_encode(signing_key_public(s->card), &w))
		exit(1);
	put_file(folder, "card.txt", s->text);
	put_file(folder, "card.pem", writer_span(&w));
}

int main(int argc, char **argv)
{
	struct sample *intl = sample_new(SUITE_INTL);
	struct sample *sm = sample_new(SUITE_SM);
	if (argc == 2) {
		write_card(intl, argv[1]);
	} else {
		measure(intl, "es256");
		measure(sm, "sm2");
	}
	sample_free(intl);
	sample_free(sm);
	return 0;
}
