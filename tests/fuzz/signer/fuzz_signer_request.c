/*
 * What decodes is encoded again to the same bytes: the protocol has one
 * form for each request. The parsers behind it see the same input.
 */
#include <stdlib.h>
#include <string.h>

#include "host/signer/claims.h"
#include "host/signer/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse_inside(const struct wire_request *r)
{
	static const char issuer[] = "https://hall.example.invalid";
	struct claims_edition e;
	struct claims c;

	if (claims_check_card(r->qr_tbs, r->chip_tbs, issuer, &c) > 0 ||
	        claims_check_edition(r->files, issuer, &e) > 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[WIRE_SMALL_MAX];
	struct wire_request r;
	struct writer w;

	if (size > sizeof(again) ||
	        wire_decode_request(span_of(data, size), &r))
		return 0;
	writer_init(&w, again, sizeof(again));
	wire_encode_request(&w, &r);
	if (w.error || w.len != size || memcmp(again, data, size) != 0)
		abort();
	if (r.type == WIRE_CARD || r.type == WIRE_LIST)
		parse_inside(&r);
	return 0;
}
