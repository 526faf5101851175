#include "terminal_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/compact_build.h"
#include "crypto/issuer/trust_build.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"

static struct span read_file(
        const char *folder, const char *name, uint8_t space[FILES_MAX])
{
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		world_fail(path);
	size_t len = fread(space, 1, FILES_MAX, file);
	if (fclose(file) != 0 || len == FILES_MAX)
		world_fail(path);
	return span_of(space, len);
}

/* A compact list has no value 3. */
static void drop_unknown(uint8_t *map)
{
	map[WORLD_UNKNOWN_INDEX / 4] &=
	        (uint8_t) ~(3u << (WORLD_UNKNOWN_INDEX % 4 * 2));
}

static void read_status(struct files *f, unsigned n, const char *folder)
{
	static uint8_t space[FILES_MAX + COSE_TBS_OVERHEAD];
	struct status_list *t = &f->status[n];
	struct writer w;
	char name[32];
	(void)snprintf(name, sizeof name, "status-%u.cwt", n + 1);
	writer_init(&w, space, sizeof space);
	if (status_list_open(read_file(folder, name, f->read[n + 1]), &f->trust,
	            sigs_openssl(), &w, t) ||
	        status_list_expand(t, f->maps[n], sizeof f->maps[n]))
		world_fail(name);
	drop_unknown(f->maps[n]);
}

void files_init(struct files *f, const char *folder)
{
	static uint8_t pem[FILES_MAX], space[FILES_MAX + COSE_TBS_OVERHEAD];
	struct writer w;
	world_init(&f->world);
	f->entries = WORLD_LIST_ENTRIES;
	writer_init(&w, space, sizeof space);
	if (public_pem_decode(read_file(folder, "root.pem", pem), &f->root) ||
	        trust_list_open(
	                read_file(folder, "trust-list.cbor", f->read[0]),
	                &f->root, sigs_openssl(), &w, &f->trust))
		world_fail("the trust list");
	for (unsigned n = 0; n < FILES_LISTS; n++)
		read_status(f, n, folder);
}

void files_done(struct files *f)
{
	world_done(&f->world);
}

void files_put_trust(const struct files *f, const struct signing_key *root,
        struct writer *out)
{
	if (trust_build_file(&f->trust, root, out))
		world_fail("a trust list");
}

static struct compact_list claims_of(
        const struct files *f, unsigned n, uint64_t sequence)
{
	const struct status_list *t = &f->status[n];
	return (struct compact_list){.suite = cose_key_suite(signing_key_public(
	                                     f->world.issuers[n].list)),
	        .iss = t->iss,
	        .number = t->number,
	        .entries = f->entries,
	        .sequence = sequence,
	        .issued_s =
	                t->issued_s + (int64_t)(sequence - t->sequence) * 60,
	        .expires_s = t->expires_s};
}

static void sign(const struct files *f, unsigned n,
        const struct compact_list *t, uint8_t *body, uint8_t **ret_file,
        size_t *ret_len)
{
	const struct signing_key *key = f->world.issuers[n].list;
	uint8_t space[COMPACT_LIST_SPACE], sig[SIGNING_KEY_SIG_LEN];
	struct writer tbs;
	writer_init(&tbs, space, sizeof space);
	if (compact_build_tbs(t, signing_key_public(key), &tbs) ||
	        signing_key_sign(key, writer_span(&tbs), sig) ||
	        compact_build_file(writer_span(&tbs), span_of(sig, sizeof sig),
	                span_of(body, compact_list_body_len(t)), ret_file,
	                ret_len))
		world_fail("a compact list");
	free(body);
}

static void put_signed(const struct files *f, unsigned n,
        const struct compact_list *t, uint8_t *body, struct writer *out)
{
	uint8_t *file;
	size_t len;
	sign(f, n, t, body, &file, &len);
	writer_put(out, file, len);
	free(file);
}

enum status_value files_full_value(uint32_t index)
{
	/* spread by a multiplication, so that gaps are of every length */
	uint32_t mixed = (index ^ index >> 15) * UINT32_C(0x2C1B3C6D);
	mixed = (mixed ^ mixed >> 12) * UINT32_C(0x297A2D39);
	return (mixed ^ mixed >> 15) % 100 == 0 ? STATUS_INVALID : STATUS_VALID;
}

void files_make_full(const struct files *f, uint64_t sequence,
        uint8_t **ret_file, size_t *ret_len)
{
	enum { MAP_LEN = FILES_FULL_ENTRIES / 4 };
	struct compact_list t = claims_of(f, 0, sequence);
	uint8_t *map = calloc(1, MAP_LEN), *body;
	if (!map)
		world_fail("a full list");
	for (uint32_t i = WORLD_LIST_ENTRIES; i < FILES_FULL_ENTRIES; i++)
		status_list_put(map, i, files_full_value(i));
	memcpy(map, f->maps[0], sizeof f->maps[0]);
	if (compact_build_snapshot(&t, span_of(map, MAP_LEN), &body))
		world_fail("a full list");
	free(map);
	sign(f, 0, &t, body, ret_file, ret_len);
}

void files_put_snapshot(
        const struct files *f, unsigned n, uint64_t sequence, struct writer *w)
{
	struct compact_list t = claims_of(f, n, sequence);
	uint8_t *body;
	if (compact_build_snapshot(
	            &t, span_of(f->maps[n], sizeof f->maps[n]), &body))
		world_fail("a snapshot");
	put_signed(f, n, &t, body, w);
}

void files_put_delta(const struct files *f, unsigned n, uint64_t base,
        uint32_t index, enum status_value value, struct writer *out)
{
	struct compact_list t = claims_of(f, n, base + 1);
	struct compact_change change = {index, value};
	uint8_t *body;
	t.base = base;
	if (compact_build_delta(&t, &change, 1, &body))
		world_fail("a delta");
	put_signed(f, n, &t, body, out);
}
