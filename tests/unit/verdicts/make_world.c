#include "make_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/status_list.h"
#include "crypto/issuer/status_build.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/public_pem.h"

static const struct world_issuer templates[WORLD_ISSUERS] = {
        {.label = "es256",
                .curve = COSE_CURVE_P256,
                .iss = "https://es256.hufu.example",
                .display_name = "生成样本一市",
                .area_prefix = "3201",
                .address = "https://es256.hufu.example/status/7",
                .card_number = "32010112600000018",
                .valid_from_s = WORLD_KEY_FROM_S,
                .valid_to_s = WORLD_KEY_UNTIL_S},
        {.label = "sm2",
                .curve = COSE_CURVE_SM2,
                .iss = "https://sm2.hufu.example",
                .display_name = "生成样本二市",
                .area_prefix = "3202",
                .address = "https://sm2.hufu.example/status/7",
                .card_number = "32020112600000014",
                .valid_from_s = WORLD_KEY_FROM_S,
                .valid_to_s = WORLD_KEY_UNTIL_S},
        {.label = "eddsa",
                .curve = COSE_CURVE_ED25519,
                .iss = "https://eddsa.hufu.example",
                .display_name = "生成样本三市",
                .area_prefix = "3203",
                .address = "https://eddsa.hufu.example/status/7",
                .card_number = "32030112600000011",
                .valid_from_s = WORLD_KEY_FROM_S,
                .valid_to_s = WORLD_KEY_UNTIL_S},
        {.label = "old",
                .curve = COSE_CURVE_P256,
                .iss = "https://es256.hufu.example",
                .display_name = "生成样本一市（旧钥）",
                .area_prefix = "3201",
                .card_number = "32010112600000018",
                .valid_from_s = WORLD_OLD_FROM_S,
                .valid_to_s = WORLD_OLD_UNTIL_S},
};

void world_fail(const char *what)
{
	fprintf(stderr, "make_verdicts: %s could not be made\n", what);
	exit(1);
}

void world_init(struct world *w)
{
	w->root = world_key("root", COSE_CURVE_P256, KEY_ROOT);
	for (size_t n = 0; n < WORLD_ISSUERS; n++) {
		struct world_issuer *i = &w->issuers[n];
		char label[32];
		*i = templates[n];
		i->card = world_key(i->label, i->curve, KEY_CARD);
		(void)snprintf(label, sizeof label, "%s list", i->label);
		if (i->address)
			i->list = world_key(label, i->curve, KEY_LIST);
	}
}

void world_done(struct world *w)
{
	for (size_t n = 0; n < WORLD_ISSUERS; n++) {
		signing_key_free(w->issuers[n].card);
		signing_key_free(w->issuers[n].list);
	}
	signing_key_free(w->root);
}

void world_write_file(const char *folder, const char *name, struct span content)
{
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(content.data, 1, content.len, f) != content.len ||
	        fclose(f) != 0)
		world_fail(path);
}

static void add_issuer(struct trust_list *t, const struct world_issuer *i,
        enum trust_purpose purpose)
{
	struct trust_issuer *to = &t->issuers[t->issuer_count++];
	*to = (struct trust_issuer){
	        .valid_from_s = i->valid_from_s,
	        .valid_to_s = i->valid_to_s,
	        .purpose = purpose,
	        .iss = span_of_text(i->iss),
	        .display_name = span_of_text(i->display_name),
	        .area_prefix = span_of_text(i->area_prefix),
	        .address_count = i->address ? 1 : 0,
	};
	if (i->address)
		to->addresses[0] = span_of_text(i->address);
	trust_build_set_key(to,
	        signing_key_public(purpose == TRUST_CARD ? i->card : i->list));
}

static void write_trust(const struct world *w, const char *folder)
{
	static struct trust_list t;
	static uint8_t space[TRUST_LIST_MAX];
	struct writer file;
	t = (struct trust_list){.sequence = 1,
	        .issued_s = WORLD_IAT_S,
	        .expires_s = WORLD_TRUST_UNTIL_S};
	for (size_t n = 0; n < WORLD_ISSUERS; n++) {
		add_issuer(&t, &w->issuers[n], TRUST_CARD);
		if (w->issuers[n].list)
			add_issuer(&t, &w->issuers[n], TRUST_STATUS_LIST);
	}
	writer_init(&file, space, sizeof space);
	if (trust_build_file(&t, w->root, &file))
		world_fail("the trust list");
	world_write_file(folder, "trust-list.cbor", writer_span(&file));
}

/* 0 valid, 1 invalid, 2 suspended, 3 of no meaning; 4 and on valid, but
 * each 97th invalid and each 89th suspended. */
static void fill(uint8_t map[WORLD_LIST_ENTRIES / 4])
{
	for (uint32_t n = 0; n < WORLD_LIST_ENTRIES; n++) {
		enum status_value value = n <= 3        ? (enum status_value)n
		                          : n % 97 == 0 ? STATUS_INVALID
		                          : n % 89 == 0 ? STATUS_SUSPENDED
		                                        : STATUS_VALID;
		status_list_put(map, n, value);
	}
}

static void write_status(
        const struct world_issuer *i, size_t number, const char *folder)
{
	uint8_t map[WORLD_LIST_ENTRIES / 4], sig[SIGNING_KEY_SIG_LEN];
	uint8_t *tbs, *file;
	size_t tbs_len, file_len;
	char name[32];
	fill(map);
	struct status_list t = {.address = span_of_text(i->address),
	        .number = WORLD_LIST_NUMBER,
	        .sequence = 5,
	        .issued_s = WORLD_LIST_S,
	        .expires_s = WORLD_LIST_UNTIL_S,
	        .ttl_s = 3600,
	        .map = span_of(map, sizeof map)};
	if (status_build_tbs(&t, signing_key_public(i->list), &tbs, &tbs_len) ||
	        signing_key_sign(i->list, span_of(tbs, tbs_len), sig) ||
	        status_build_file(span_of(tbs, tbs_len),
	                span_of(sig, sizeof sig), &file, &file_len))
		world_fail("a status list");
	(void)snprintf(name, sizeof name, "status-%zu.cwt", number);
	world_write_file(folder, name, span_of(file, file_len));
	free(tbs);
	free(file);
}

void world_write(const struct world *w, const char *folder)
{
	uint8_t pem[PUBLIC_PEM_MAX];
	struct writer text;
	writer_init(&text, pem, sizeof pem);
	if (public_pem_encode(signing_key_public(w->root), &text))
		world_fail("the root key");
	world_write_file(folder, "root.pem", writer_span(&text));
	write_trust(w, folder);
	for (size_t n = 0; n < WORLD_ISSUERS; n++)
		if (w->issuers[n].list)
			write_status(&w->issuers[n], n + 1, folder);
}
