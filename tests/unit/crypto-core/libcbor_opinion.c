/*
 * What libcbor says of documents: reads length[2, big-endian] and document
 * again and again, and answers one of '-', '+' and 't' (taken, but a text in
 * it is not UTF-8) for each. A program of its own, because libcbor's function
 * names are also ours.
 */
#include <cbor.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/utf8.h"

/* Whether any text in libcbor's tree is not UTF-8. */
static bool has_bad_text(const cbor_item_t *item)
{
	bool bad = false;
	if (cbor_isa_string(item)) {
		if (cbor_string_is_definite(item))
			return !utf8_is_valid(span_of(cbor_string_handle(item),
			        cbor_string_length(item)));
		for (size_t i = 0; i < cbor_string_chunk_count(item); i++)
			bad |= has_bad_text(cbor_string_chunks_handle(item)[i]);
	} else if (cbor_isa_array(item)) {
		for (size_t i = 0; i < cbor_array_size(item); i++)
			bad |= has_bad_text(cbor_array_handle(item)[i]);
	} else if (cbor_isa_map(item)) {
		for (size_t i = 0; i < cbor_map_size(item); i++) {
			bad |= has_bad_text(cbor_map_handle(item)[i].key);
			bad |= has_bad_text(cbor_map_handle(item)[i].value);
		}
	} else if (cbor_isa_tag(item)) {
		cbor_item_t *inner = cbor_tag_item(item);
		bad = has_bad_text(inner);
		cbor_decref(&inner);
	}
	return bad;
}

static char judge(const uint8_t *doc, size_t len)
{
	struct cbor_load_result result;
	cbor_item_t *item = cbor_load(doc, len, &result);
	if (!item)
		return '-';
	char opinion = has_bad_text(item) ? 't' : '+';
	if (result.read != len)
		opinion = '-';
	cbor_decref(&item);
	return opinion;
}

int main(void)
{
	static uint8_t doc[65536];
	int high, low;
	while ((high = getchar()) != EOF && (low = getchar()) != EOF) {
		size_t len = (size_t)(high << 8 | low);
		if (fread(doc, 1, len, stdin) != len)
			return 1;
		/* an exact-size block, so that a read past the end is caught */
		uint8_t *exact = malloc(len ? len : 1);
		if (!exact)
			return 1;
		for (size_t i = 0; i < len; i++)
			exact[i] = doc[i];
		putchar(judge(exact, len));
		free(exact);
	}
	return 0;
}
