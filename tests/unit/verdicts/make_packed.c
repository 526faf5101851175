/*
 * zlib and Base45: every good encoding of the same bytes is as valid, a
 * broken stream is malformed, another compression is unsupported.
 */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "crypto/core/base45.h"
#include "make_case.h"
#include "make_draft.h"

static struct draft d;
static uint8_t space[DRAFT_MAX];

static void begin(const struct world_issuer *by)
{
	draft_begin(&d, by);
	draft_run(&d, FROM_CLAIMS);
}

/* d.plain by zlib with these settings; flush_each: an empty stored block
 * after each so many bytes. */
static struct span compress_with(
        int level, int bits, int strategy, size_t flush_each)
{
	z_stream z = {0};
	if (deflateInit2(&z, level, Z_DEFLATED, bits, 8, strategy) != Z_OK)
		world_fail("a compressor");
	z.next_out = space;
	z.avail_out = sizeof space;
	size_t done = 0;
	while (flush_each > 0 && done < d.plain.len) {
		size_t n = d.plain.len - done;
		n = n < flush_each ? n : flush_each;
		z.next_in = d.plain.data + done;
		z.avail_in = (uInt)n;
		if (deflate(&z, Z_FULL_FLUSH) != Z_OK)
			world_fail("a flushed block");
		done += n;
	}
	z.next_in = d.plain.data + done;
	z.avail_in = (uInt)(d.plain.len - done);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		world_fail("a stream's end");
	size_t len = z.total_out;
	(void)deflateEnd(&z);
	return span_of(space, len);
}

static void put(struct span packed, const char *verdict, const char *id)
{
	draft_replace(&d.packed, packed);
	draft_finish(&d, FROM_PACKED, verdict, id);
}

static void put_settings(const struct world_issuer *by)
{
	char id[32];
	begin(by);
	for (int level = 0; level <= 8; level++) {
		(void)snprintf(id, sizeof id, "zlib-level-%d", level);
		put(compress_with(level, 15, Z_DEFAULT_STRATEGY, 0), "valid",
		        id);
	}
	for (int bits = 9; bits <= 14; bits++) {
		(void)snprintf(id, sizeof id, "zlib-window-%d", bits);
		put(compress_with(9, bits, Z_DEFAULT_STRATEGY, 0), "valid", id);
	}
	put(compress_with(9, 15, Z_FIXED, 0), "valid", "zlib-fixed");
	put(compress_with(9, 15, Z_HUFFMAN_ONLY, 0), "valid", "zlib-huffman");
	put(compress_with(9, 15, Z_RLE, 0), "valid", "zlib-rle");
	put(compress_with(9, 15, Z_DEFAULT_STRATEGY, 7), "valid",
	        "zlib-blocks-of-7");
	put(compress_with(0, 15, Z_DEFAULT_STRATEGY, 1), "valid",
	        "zlib-stored-of-1");
	/* gzip's first bytes are taken for those of Brotli: another
	 * compression of a credential either way (0012) */
	put(compress_with(9, 31, Z_DEFAULT_STRATEGY, 0), "unsupported",
	        "zlib-gzip");
}

/* The plain bytes as they are, and as a Brotli stream (RFC 7932) of one
 * uncompressed meta-block and an empty last one. */
static void put_unpacked(const struct world_issuer *by)
{
	static const char *const names[] = {
	        "raw-61-18", "raw-18", "raw-untagged", "raw-61"};
	for (int form = FORM_CWT_SIGN1; form <= FORM_CWT_ONLY; form++) {
		begin(by);
		d.form = (enum draft_form)form;
		draft_run(&d, FROM_CLAIMS);
		put(writer_span(&d.plain), "unsupported", names[form]);
	}
	begin(by);
	struct writer w;
	writer_init(&w, space, sizeof space);
	/* WBITS 16: 0; ISLAST 0; MNIBBLES 00; MLEN-1; ISUNCOMPRESSED 1 */
	uint32_t head = (uint32_t)(d.plain.len - 1) << 4 | 1u << 20;
	writer_put_u8(&w, (uint8_t)head);
	writer_put_u8(&w, (uint8_t)(head >> 8));
	writer_put_u8(&w, (uint8_t)(head >> 16));
	writer_put_span(&w, writer_span(&d.plain));
	writer_put_u8(&w, 0x03);
	put(writer_span(&w), "unsupported", "raw-brotli");
}

static void put_tails(const struct world_issuer *by)
{
	char id[32];
	begin(by);
	static uint8_t good[2048];
	size_t len = d.packed.len;
	memcpy(good, d.packed.data, len);
	for (size_t cut = 1; cut < len - 1; cut += cut < 6 ? 1 : 43) {
		(void)snprintf(id, sizeof id, "cut-zlib-%zu", cut);
		put(span_of(good, len - cut), "malformed", id);
	}
	put(span_of(good, 2), "malformed", "cut-zlib-to-header");
	put(span_of(good, 1), "not-credential", "cut-zlib-to-byte");
	good[len] = 0;
	put(span_of(good, len + 1), "malformed", "trailing-zlib-1");
	memset(good + len, 0, 4);
	put(span_of(good, len + 4), "malformed", "trailing-zlib-4");
	memmove(good + len, good, len);
	put(span_of(good, 2 * len), "malformed", "trailing-zlib-twice");
	/* FDICT, with a header that is right in itself: 78 BB */
	begin(by);
	d.packed.data[1] = 0xBB;
	draft_finish(&d, FROM_PACKED, "unsupported", "zlib-dictionary");
}

/* Streams that break a rule of RFC 1951 in their first block. */
static void put_broken(const struct world_issuer *by)
{
	static const struct {
		const char *id, *raw;
		size_t len;
	} streams[] = {
	        {"zlib-reserved-block", "\x78\xDA\x07\0\0\0\0\0", 8},
	        {"zlib-stored-check", "\x78\xDA\x01\x05\0\x05\0hello", 12},
	        {"zlib-stored-short", "\x78\xDA\x01\xFF\xFF\0\0hello", 12},
	        {"zlib-far-match", "\x78\xDA\x03\x02\0\0\0\0\0\0", 10},
	        {"zlib-endless-length", "\x78\xDA\xED\xFF\xFF\xFF\xFF\xFF\xFF",
	                9},
	        {"zlib-no-adler", "\x78\xDA\x03\0", 4},
	        {"zlib-wrong-adler", "\x78\xDA\x03\0\0\0\0\0", 8},
	        {"zlib-only-stored",
	                "\x78\xDA\0\0\0\xFF\xFF\0\0\0\xFF\xFF\0\0\0\xFF\xFF",
	                17},
	};
	begin(by);
	for (size_t n = 0; n < sizeof streams / sizeof streams[0]; n++)
		put(span_of(streams[n].raw, streams[n].len), "malformed",
		        streams[n].id);
	/* well packed nothing, and no CBOR of ours */
	put(RAW("\x78\xDA\x03\0\0\0\0\x01"), "not-credential", "zlib-nothing");
}

/* More than 4 KiB comes out: refused before it is looked at. */
static void put_bombs(const struct world_issuer *by)
{
	static const size_t sizes[] = {10000, 100000};
	static const char *const bytes[] = {"zeros", "arrays", "tags", "cards"};
	static const uint8_t fill[] = {0, 0x81, 0xC1, 0xD2};
	char id[32];
	for (size_t n = 0; n < 2; n++)
		for (size_t b = 0; b < 4; b++) {
			begin(by);
			memset(d.plain.data, fill[b], sizes[n]);
			d.plain.len = sizes[n];
			(void)snprintf(id, sizeof id, "bomb-%s-%zu", bytes[b],
			        sizes[n]);
			draft_finish(&d, FROM_PLAIN, "malformed", id);
		}
	/* many blocks that give nothing, before the card and instead of it */
	begin(by);
	struct span good = compress_with(0, 15, Z_DEFAULT_STRATEGY, 0);
	static uint8_t blocks[4096];
	struct writer w;
	writer_init(&w, blocks, sizeof blocks);
	writer_put(&w, good.data, 2);
	for (int n = 0; n < 450; n++)
		writer_put_span(&w, RAW("\0\0\0\xFF\xFF"));
	writer_put(&w, good.data + 2, good.len - 2);
	put(writer_span(&w), "valid", "bomb-empty-blocks");
	writer_init(&w, blocks, sizeof blocks);
	writer_put_span(&w, RAW("\x78\xDA"));
	for (int n = 0; n < 1100; n++) /* fixed code, end of block at once */
		writer_put_span(&w, RAW("\x02\x08\x20"));
	put(span_of(blocks, 2800), "malformed", "bomb-fixed-blocks");
}

void make_packed(const struct world *w)
{
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++) {
		if (n > 0)
			put_settings(&w->issuers[n]);
		put_unpacked(&w->issuers[n]);
	}
	put_tails(&w->issuers[0]);
	put_tails(&w->issuers[1]);
	put_broken(&w->issuers[1]);
	put_bombs(&w->issuers[2]);
}
