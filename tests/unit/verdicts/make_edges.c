/*
 * Values of r and s, or R and S, at and past the edges of their range, and
 * signatures of another length: all are wrong signatures. Only n − s of
 * ES256 is one too (FIPS 186-5: both s verify), and nothing here depends on
 * the bytes of a signature.
 */
#include <openssl/bn.h>
#include <string.h>

#include "crypto/openssl/owned.h"
#include "crypto/openssl/pkey.h"
#include "make_case.h"
#include "make_draft.h"

enum { HALF = 32, EDGES = 7 };

static struct draft d;

static const char p256_n[] =
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
static const char sm2_n[] =
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";
static const char ed25519_l[] =
        "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED";

static const char *const edge_names[EDGES] = {
        "0", "1", "n-1", "n", "n+1", "max", "real"};

static void order_of(const struct world_issuer *by, BIGNUM **ret)
{
	const char *hex = by->curve == COSE_CURVE_P256  ? p256_n
	                  : by->curve == COSE_CURVE_SM2 ? sm2_n
	                                                : ed25519_l;
	if (BN_hex2bn(ret, hex) == 0)
		world_fail("an order");
}

/* The edge as 32 bytes, big-endian; the last is what the signature has. */
static void put_edge(const struct world_issuer *by, int edge,
        const uint8_t real[HALF], uint8_t ret[HALF])
{
	BIGNUM *n = NULL;
	order_of(by, &n);
	if (edge == 6)
		memcpy(ret, real, HALF);
	else if (edge == 5)
		memset(ret, 0xFF, HALF);
	else if (edge < 2) {
		memset(ret, 0, HALF);
		ret[HALF - 1] = (uint8_t)edge;
	} else if ((edge == 2 && BN_sub_word(n, 1) != 1) ||
	           (edge == 4 && BN_add_word(n, 1) != 1) ||
	           BN_bn2binpad(n, ret, HALF) != HALF) {
		world_fail("an edge");
	}
	BN_free(n);
}

static void reverse(uint8_t half[HALF])
{
	for (int i = 0; i < HALF / 2; i++) {
		uint8_t swap = half[i];
		half[i] = half[HALF - 1 - i];
		half[HALF - 1 - i] = swap;
	}
}

static void put_edges(const struct world_issuer *by)
{
	uint8_t real[2 * HALF];
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	memcpy(real, d.sig.data, sizeof real);
	for (int r = 0; r < EDGES; r++)
		for (int s = 0; s < EDGES; s++) {
			/* the good one; and of Ed25519 the half of them */
			if ((r == 6 && s == 6) ||
			        (by->curve == COSE_CURVE_ED25519 && r != 6 &&
			                s != 6 && (r + s) % 2))
				continue;
			put_edge(by, r, real, d.sig.data);
			put_edge(by, s, real + HALF, d.sig.data + HALF);
			if (by->curve == COSE_CURVE_ED25519) {
				/* little-endian */
				if (r != 6)
					reverse(d.sig.data);
				if (s != 6)
					reverse(d.sig.data + HALF);
			}
			draft_run(&d, FROM_SIGNATURE);
			draft_put(&d, "wrong-signature", "edge-%s-%s-%s",
			        edge_names[r], edge_names[s], by->label);
		}
}

/* n − v, or v + n where that fits; big-endian. */
static void reflect(const struct world_issuer *by, bool add,
        const uint8_t v[HALF], uint8_t ret[HALF])
{
	BIGNUM *n = NULL;
	order_of(by, &n);
	OWNED(bignum) BIGNUM *value = BN_bin2bn(v, HALF, NULL);
	OWNED(bignum) BIGNUM *out = BN_new();
	if (!value || !out ||
	        (add ? BN_add(out, n, value) : BN_sub(out, n, value)) != 1 ||
	        BN_bn2binpad(out, ret, HALF) != HALF)
		world_fail("a reflected value");
	BN_free(n);
}

static void put_reflected(const struct world_issuer *by)
{
	uint8_t real[2 * HALF];
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	memcpy(real, d.sig.data, sizeof real);
	reflect(by, false, real + HALF, d.sig.data + HALF);
	draft_finish(&d, FROM_SIGNATURE,
	        by->curve == COSE_CURVE_P256 ? "valid" : "wrong-signature",
	        "edge-n-minus-s");
	memcpy(d.sig.data, real, sizeof real);
	reflect(by, false, real, d.sig.data);
	draft_finish(&d, FROM_SIGNATURE, "wrong-signature", "edge-n-minus-r");
	/* r + s = n: t of SM2 is 0 */
	memcpy(d.sig.data, real, sizeof real);
	reflect(by, false, real, d.sig.data + HALF);
	draft_finish(&d, FROM_SIGNATURE, "wrong-signature", "edge-sum-is-n");
	memcpy(d.sig.data, real + HALF, HALF);
	memcpy(d.sig.data + HALF, real, HALF);
	draft_finish(&d, FROM_SIGNATURE, "wrong-signature", "edge-swapped");
}

/* Ed25519: S + L would verify without the range check of RFC 8032, 5.1.7;
 * the points of small order as R. */
static void put_ed25519(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	reverse(d.sig.data + HALF);
	reflect(by, true, d.sig.data + HALF, d.sig.data + HALF);
	reverse(d.sig.data + HALF);
	draft_finish(&d, FROM_SIGNATURE, "wrong-signature", "edge-s-plus-l");
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	d.sig.data[HALF - 1] ^= 0x80; /* sign of R */
	draft_finish(&d, FROM_SIGNATURE, "wrong-signature", "edge-sign-of-r");
}

static void put_length(
        const struct world_issuer *by, struct span sig, const char *id)
{
	draft_replace(&d.sig, sig);
	draft_run(&d, FROM_SIGNATURE);
	draft_put(&d, "wrong-signature", "sig-%s-%s", id, by->label);
}

static void put_lengths(const struct world_issuer *by)
{
	uint8_t real[130] = {0}, der[PKEY_DER_MAX];
	size_t der_len;
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
	memcpy(real, d.sig.data, 64);
	memcpy(real + 65, real, 64);
	put_length(by, span_of("", 0), "empty");
	put_length(by, span_of(real, 1), "of-1");
	put_length(by, span_of(real, 32), "of-32");
	put_length(by, span_of(real, 63), "of-63");
	put_length(by, span_of(real, 65), "of-65");
	put_length(by, span_of(real + 64, 65), "shifted");
	put_length(by, span_of(real, 128), "of-128");
	if (by->curve == COSE_CURVE_ED25519)
		return;
	if (pkey_sig_to_der(span_of(real, 64), der, &der_len))
		world_fail("a DER signature");
	put_length(by, span_of(der, der_len), "der");
}

void make_edges(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		const struct world_issuer *by = &w->issuers[n];
		put_edges(by);
		put_lengths(by);
		if (by->curve == COSE_CURVE_ED25519)
			put_ed25519(by);
		else
			put_reflected(by);
	}
}
