/*
 * Signatures by the core against itself: with a generator's table, with the
 * key's, and with none it must say the same. Byte 0 chooses the algorithm,
 * its top bit the key's table; key, signature and message follow.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/core/sigs_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WINDOW = EC_TABLE_SMALL, MESSAGE_MAX = 4096 };

static uint8_t generators[2 * EC_TABLE_SMALL_LEN];
static uint8_t table_space[EC_TABLE_SMALL_LEN];
static struct sigs_core plain, tabled, keyed;
static struct sigs_core_key key_space[1];

struct input {
	int32_t alg;
	struct span key;
	struct span sig;
	struct span message;
};

static int verify(struct sigs_core *s, const struct input *in)
{
	const struct sigcheck *sigs = sigs_core_check(s);

	return sigs->verify(sigs->ctx, in->alg, in->key, in->message, in->sig);
}

static void set_up(void)
{
	static bool ready;

	if (ready)
		return;
	sigs_core_init(&plain, NULL, 0);
	sigs_core_init(&tabled, NULL, 0);
	if (sigs_core_build_generators(
	            &tabled, WINDOW, generators, sizeof generators))
		abort();
	ready = true;
}

/* The key's own table; 1 if it can have none. */
static int verify_keyed(const struct input *in)
{
	struct ec_table table;

	if (in->alg == SIGCHECK_EDDSA)
		return 1;
	sigs_core_init(&keyed, key_space, 1);
	if (sigs_core_use_generator(&keyed, &tabled.p256) ||
	        sigs_core_use_generator(&keyed, &tabled.sm2))
		abort();
	int rc = ec_table_build((enum sigcheck_alg)in->alg, in->key, WINDOW,
	        table_space, sizeof table_space, &table);
	if (rc)
		return 1;
	if (sigs_core_add_key(&keyed, in->key, &table))
		abort();
	return verify(&keyed, in);
}

/*
 * No signature is of two messages, unless under an Ed25519 key of small
 * order, as RFC 8032 has it: such a key's owner could only harm himself.
 */
static void check_other_message(struct input in)
{
	static uint8_t other[MESSAGE_MAX + 1];

	if (in.message.len > MESSAGE_MAX)
		return;
	if (in.message.len)
		memcpy(other, in.message.data, in.message.len);
	other[in.message.len] = 0;
	in.message = span_of(other, in.message.len + 1);
	if (verify(&plain, &in) == HUFU_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int32_t algs[] = {
	        SIGCHECK_ES256, SIGCHECK_SM2, SIGCHECK_EDDSA};
	struct input in;
	struct reader r;

	set_up();
	reader_init(&r, span_of(data, size));
	uint8_t choice = reader_get_u8(&r);
	in.alg = algs[choice % 3];
	in.key = reader_get_span(&r, in.alg == SIGCHECK_EDDSA
	                                     ? SIGCHECK_ED25519_LEN
	                                     : SIGCHECK_POINT_LEN);
	in.sig = reader_get_span(&r, SIGCHECK_SIG_LEN);
	in.message = reader_get_span(&r, reader_left(&r));
	if (r.error)
		return 0;
	int rc = verify(&plain, &in);
	if (verify(&tabled, &in) != rc)
		abort();
	int with_key = choice >> 7 ? verify_keyed(&in) : 1;
	if (with_key <= 0 && with_key != rc)
		abort();
	if (rc == HUFU_OK && in.alg != SIGCHECK_EDDSA)
		check_other_message(in);
	return 0;
}
