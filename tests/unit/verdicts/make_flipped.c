/*
 * One bit flipped in each layer of a good card, the layers above made anew
 * without signing, so that the flip is met where it is.
 */
#include <string.h>
#include <zlib.h>

#include "crypto/core/base45.h"
#include "make_case.h"
#include "make_draft.h"

static struct draft d;

/* What a value's bits may become, by what it holds. */
enum value_kind {
	KIND_ASCII, /* bit 7 set: no longer UTF-8 */
	KIND_CHINESE, /* bits 0 to 5 give another character, or none */
	KIND_FREE, /* any bits will do */
};

static void begin(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
}

static void flip_in(struct writer *layer, size_t bit, enum draft_step from,
        const char *verdict, const char *where)
{
	layer->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	draft_run(&d, from);
	draft_put(&d, verdict, "flip-%s-%zu-%s", where, bit, d.by->label);
	layer->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* Any flip in r, s, R or S is another signature. */
static void flip_signature(const struct world_issuer *by)
{
	begin(by);
	for (size_t bit = 0; bit < 512; bit += 23)
		flip_in(&d.sig, bit, FROM_SIGNATURE, "wrong-signature", "sig");
	flip_in(&d.sig, 511, FROM_SIGNATURE, "wrong-signature", "sig");
}

/* The last eight bytes of the protected header: the kid. */
static void flip_kid(const struct world_issuer *by)
{
	begin(by);
	size_t end = 8 * d.protected.len;
	for (size_t bit = end - 64; bit < end; bit += 9)
		flip_in(&d.protected, bit, FROM_SIGNATURE, "unknown-issuer",
		        "kid");
}

/*
 * The value of 1: alg, where it is one byte. Bits 0 to 4 give another
 * negative number, bit 5 a positive one; 6 makes it a text, 7 a map.
 */
static void flip_alg(const struct world_issuer *by)
{
	static const size_t at = 2;
	begin(by);
	for (size_t bit = 0; bit < 8; bit++) {
		uint8_t v = (uint8_t)(d.protected.data[at] ^ 1u << bit);
		const char *verdict = bit >= 6 ? "malformed" : "unsupported";
		if (v == 0x26 || v == 0x27) /* ES256, EdDSA */
			verdict = "wrong-signature";
		flip_in(&d.protected, 8 * at + bit, FROM_SIGNATURE, verdict,
		        "alg");
	}
}

static const char *flipped_value(
        enum value_kind kind, const uint8_t *byte, size_t bit)
{
	if (kind == KIND_FREE)
		return "wrong-signature";
	if (kind == KIND_ASCII)
		return bit == 7 ? "malformed" : "wrong-signature";
	/* a lead E4..E9 keeps its form for bits 0, 1 and 3 unless it becomes
	 * E0 or ED, which bound the next byte; a continuation for 0 to 5 */
	if (*byte < 0xC0)
		return bit >= 6 ? "malformed" : "wrong-signature";
	return NULL;
}

/* Bits of the content of a claim's value, found by its bytes. */
static void flip_value(const struct world_issuer *by, struct span content,
        enum value_kind kind, size_t step, const char *name)
{
	begin(by);
	uint8_t *at = memmem(
	        d.payload.data, d.payload.len, content.data, content.len);
	if (!at)
		world_fail(name);
	size_t start = 8 * (size_t)(at - d.payload.data);
	for (size_t n = 0; n < 8 * content.len; n += step) {
		size_t bit = start + n;
		const char *verdict =
		        flipped_value(kind, &d.payload.data[bit / 8], bit % 8);
		if (verdict)
			flip_in(&d.payload, bit, FROM_SIGNATURE, verdict, name);
	}
}

static void flip_payload(const struct world_issuer *by)
{
	flip_value(by, span_of_text(by->iss), KIND_ASCII, 37, "iss");
	flip_value(by, span_of_text(by->card_number), KIND_ASCII, 29, "number");
	flip_value(by, span_of_text("生成样本"), KIND_CHINESE, 9, "name");
	flip_value(by, RAW("\x5A\x17\xC3\x08\x9E\x44\xB1\x6D"), KIND_FREE, 9,
	        "chip");
}

/* Small integers: another number of the same length, bits 0 to 3. */
static void flip_numbers(const struct world_issuer *by)
{
	begin(by);
	uint8_t *kind = memmem(d.payload.data, d.payload.len, "\x18\x4B", 2);
	uint8_t *benefits =
	        memmem(d.payload.data, d.payload.len, "\x18\x4C\x18", 3);
	if (!kind || !benefits)
		world_fail("a number's place");
	size_t kind_at = 8 * (size_t)(kind + 2 - d.payload.data);
	size_t benefits_at = 8 * (size_t)(benefits + 3 - d.payload.data);
	for (size_t bit = 0; bit < 4; bit++)
		flip_in(&d.payload, kind_at + bit, FROM_SIGNATURE,
		        "wrong-signature", "kind");
	for (size_t bit = 0; bit < 8; bit++)
		flip_in(&d.payload, benefits_at + bit, FROM_SIGNATURE,
		        "wrong-signature", "benefits");
}

/* exp and iat stand as 1A and four bytes: any bits are a time. */
static void flip_times(const struct world_issuer *by)
{
	static const char heads[][2] = {{0x04, 0x1A}, {0x06, 0x1A}};
	begin(by);
	for (size_t n = 0; n < 2; n++) {
		uint8_t *at =
		        memmem(d.payload.data, d.payload.len, heads[n], 2);
		if (!at)
			world_fail("a time's place");
		size_t start = 8 * (size_t)(at + 2 - d.payload.data);
		for (size_t bit = 0; bit < 32; bit += 5)
			flip_in(&d.payload, start + bit, FROM_SIGNATURE,
			        "wrong-signature", n ? "iat" : "exp");
	}
}

/*
 * What another reader of zlib says of changed bytes: the same plain bytes (a
 * bit that stands for nothing), or none, since the checksum would not fit.
 */
static const char *unpacked_verdict(struct span packed)
{
	static uint8_t again[DRAFT_MAX];
	uLongf len = sizeof again;
	uLong used = packed.len;
	if (uncompress2(again, &len, packed.data, &used) != Z_OK ||
	        used != packed.len)
		return "malformed";
	if (len != d.plain.len || memcmp(again, d.plain.data, len) != 0)
		world_fail("a collision of checksums");
	return "valid";
}

/*
 * The first two bytes, 78 DA: no single flip leaves a zlib header (RFC 1950:
 * the pair is a multiple of 31), and none gives the start of a COSE message
 * or a possible Brotli length. Later bits are judged by unpacked_verdict().
 */
static void flip_packed(const struct world_issuer *by)
{
	begin(by);
	for (size_t bit = 0; bit < 16; bit++)
		flip_in(&d.packed, bit, FROM_PACKED, "not-credential", "zlib");
	for (size_t bit = 16; bit < 8 * d.packed.len; bit += 131) {
		d.packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		const char *verdict = unpacked_verdict(writer_span(&d.packed));
		d.packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		flip_in(&d.packed, bit, FROM_PACKED, verdict, "zlib");
	}
	size_t end = 8 * d.packed.len;
	for (size_t bit = end - 32; bit < end; bit += 11) /* Adler-32 */
		flip_in(&d.packed, bit, FROM_PACKED, "malformed", "adler");
}

/* RFC 9285 by hand: whether every group is a number of its bytes. */
static bool is_base45(struct span text)
{
	static const char alphabet[] =
	        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	for (size_t i = 0; i < text.len; i += 3) {
		size_t n = text.len - i < 3 ? text.len - i : 3;
		unsigned value = 0, weight = 1;
		for (size_t k = 0; k < n; k++, weight *= 45) {
			const char *at =
			        text.data[i + k]
			                ? strchr(alphabet, text.data[i + k])
			                : NULL;
			if (!at)
				return false;
			value += (unsigned)(at - alphabet) * weight;
		}
		if (n == 1 || value >> (n == 2 ? 8 : 16))
			return false;
	}
	return true;
}

/* Past the zlib header: no Base45 is no credential, else as above. */
static void flip_text(const struct world_issuer *by)
{
	static uint8_t space[DRAFT_MAX];
	begin(by);
	for (size_t bit = 24; bit < 8 * d.text.len; bit += 151) {
		struct writer packed;
		const char *verdict = "not-credential";
		d.text.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		writer_init(&packed, space, sizeof space);
		if (is_base45(writer_span(&d.text)) &&
		        base45_decode(writer_span(&d.text), &packed) == 0)
			verdict = unpacked_verdict(writer_span(&packed));
		d.text.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		flip_in(&d.text, bit, FROM_TEXT, verdict, "text");
	}
}

void make_flipped(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		const struct world_issuer *by = &w->issuers[n];
		flip_signature(by);
		flip_kid(by);
		if (by->curve != COSE_CURVE_SM2) /* its alg has four bytes */
			flip_alg(by);
		flip_payload(by);
		flip_numbers(by);
		flip_times(by);
		flip_packed(by);
		flip_text(by);
	}
}
