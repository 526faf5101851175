/*
 * make_terminal_files VECTORS FOLDER: the files that terminal_qemu.py sends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/issuer/trust_build.h"

#include "terminal_files.h"

static struct files files;
static uint8_t space[FILES_MAX];
static const char *folder;

static struct writer begin(void)
{
	struct writer w;
	writer_init(&w, space, sizeof space);
	return w;
}

static void end(const struct writer *w, const char *name)
{
	if (w->error)
		world_fail(name);
	world_write_file(folder, name, writer_span(w));
}

static void put_trust(uint64_t sequence, const char *name)
{
	struct writer w = begin();
	files.trust.sequence = sequence;
	files_put_trust(&files, files.world.root, &w);
	end(&w, name);
}

static void put_full(void)
{
	uint8_t *file;
	size_t len;
	files_make_full(&files, FILES_SEQUENCE + 1, &file, &len);
	world_write_file(folder, "list-1-full.bin", span_of(file, len));
	free(file);
	files.entries = FILES_FULL_ENTRIES;
	struct writer w = begin();
	files_put_delta(&files, 0, FILES_SEQUENCE + 1, 0, STATUS_SUSPENDED, &w);
	end(&w, "list-1-full-delta.bin");
}

/* The trust list with the key of a published vector, which has no kid. */
static void put_published(const char *vectors)
{
	char path[4096];
	uint8_t key[32];
	size_t left = files.trust.issuer_count++;
	struct trust_issuer *i = &files.trust.issuers[left];
	struct cose_key public;
	(void)snprintf(path, sizeof path,
	        "%s/../claim169/valid/ed25519-signed.json", vectors);
	json_t *v = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	const char *hex = NULL, *iss = NULL;
	if (json_unpack(v, "{s:{s:s},s:{s:s}}", "signing_key", "public_key_hex",
	            &hex, "expected_cwt_meta", "issuer", &iss) ||
	        strlen(hex) != 2 * sizeof key)
		world_fail(path);
	for (size_t n = 0; n < sizeof key; n++)
		if (sscanf(hex + 2 * n, "%2hhx", &key[n]) != 1)
			world_fail(path);
	if (cose_key_from_public(
	            COSE_CURVE_ED25519, span_of(key, sizeof key), &public))
		world_fail(path);
	*i = (struct trust_issuer){.valid_to_s = WORLD_TRUST_UNTIL_S,
	        .purpose = TRUST_CARD,
	        .iss = span_of_text(iss),
	        .display_name = span_of_text("Published vector")};
	trust_build_set_key(i, &public);
	put_trust(3, "trust-published.cbor");
	files.trust.issuer_count = left;
	json_decref(v);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return EXIT_FAILURE;
	folder = argv[2];
	files_init(&files, argv[1]);
	struct writer w = begin();
	cose_key_encode(&w, &files.root);
	end(&w, "root.cbor");
	put_trust(1, "trust-1.cbor");
	put_trust(2, "trust-2.cbor");
	for (unsigned n = 0; n < FILES_LISTS; n++) {
		char name[32];
		(void)snprintf(name, sizeof name, "list-%u.bin", n + 1);
		w = begin();
		files_put_snapshot(&files, n, FILES_SEQUENCE, &w);
		end(&w, name);
	}
	w = begin();
	files_put_snapshot(&files, 0, FILES_SEQUENCE + 1, &w);
	end(&w, "list-1-newer.bin");
	w = begin();
	files_put_delta(&files, 0, FILES_SEQUENCE, 0, STATUS_SUSPENDED, &w);
	end(&w, "list-1-delta.bin");
	put_published(argv[1]);
	put_full();
	files_done(&files);
	return EXIT_SUCCESS;
}
