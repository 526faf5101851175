#include <stdlib.h>

#include "crypto/core/note.h"
#include "crypto/core/tlog_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t space[1 << 15];

static int believe_all(void *ctx, int32_t alg, struct span key, struct span tbs,
        struct span sig)
{
	(void)ctx;
	(void)alg;
	(void)key;
	(void)tbs;
	return sig.len > 0 ? HUFU_OK : HUFU_ERR_SIGNATURE;
}

static void check_note(struct span in)
{
	static const struct sigcheck sigs = {NULL, believe_all};
	struct note n;
	struct note_sig sig;
	struct checkpoint c;
	if (note_decode(in, &n) != HUFU_OK)
		return;
	if (n.text.len + 1 + n.sigs.len != in.len)
		abort();
	struct span rest = n.sigs;
	if (note_next_sig(&rest, &sig) != HUFU_OK)
		abort();
	struct note_key key = {.name = sig.name};
	for (size_t i = 0; i < NOTE_KEY_ID_LEN; i++)
		key.id[i] = sig.id[i];
	if (note_check(&n, &key, &sigs) != HUFU_OK)
		abort();
	if (checkpoint_decode(n.text, &c) == HUFU_OK && c.size > INT64_MAX)
		abort();
}

static void check_vkey(struct span in)
{
	struct note_key key;
	struct writer w;
	if (note_decode_vkey(in, &key) != HUFU_OK)
		return;
	writer_init(&w, space, sizeof space);
	note_encode_vkey(&w, &key);
	if (w.error || !span_equal(writer_span(&w), in))
		abort();
}

static void check_proof(struct span in)
{
	static struct tlog_proof p;
	struct writer w;
	if (tlog_proof_decode(in, &p) != HUFU_OK)
		return;
	writer_init(&w, space, sizeof space);
	tlog_proof_encode(&w, &p);
	if (w.error || !span_equal(writer_span(&w), in))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_note(span_of(data, size));
	check_vkey(span_of(data, size));
	check_proof(span_of(data, size));
	return 0;
}
