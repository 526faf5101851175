#include "host/station/inspection.h"

#include <stdlib.h>
#include <string.h>

#include <hufu/verify.h>

#include "card/terminal/reading.h"
#include "crypto/core/cose_key.h"
#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/station/document.h"

static bool is_good(const struct hufu_result *r)
{
	/* no list is at hand here, and a new card is suspended anyway */
	return r->verdict == HUFU_VALID || r->verdict == HUFU_SUSPENDED;
}

/* Files that only the channel may read; their bytes go into *card. */
static int read_protected(struct saga *s,
        const struct span want[DOCUMENT_FILES_MAX], struct writer *space)
{
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++) {
		size_t at = space->len;
		if (!document_files[i].protected)
			continue;
		int rc = reading_get_file(
		        &s->terminal, document_files[i].file, space);
		if (rc != 0)
			return rc;
		if (!span_equal(want[i],
		            span_of(space->data + at, space->len - at)))
			return TERMINAL_MISMATCH;
	}
	return 0;
}

static int check_free(const struct saga *s,
        const struct span want[DOCUMENT_FILES_MAX],
        const struct reading_card *card)
{
	const struct hufu_bytes *object = &card->chip.signed_object;
	size_t n = 0;
	if (!span_equal(span_of(object->data, object->len),
	            span_of(s->papers->object, s->papers->object_len)))
		return TERMINAL_MISMATCH;
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++) {
		if (document_files[i].protected)
			continue;
		const struct hufu_bytes *have = &card->elements[n++];
		if (!span_equal(want[i], span_of(have->data, have->len)))
			return TERMINAL_MISMATCH;
	}
	return 0;
}

/* Adds what the channel has read to what everybody may read. */
static void add_protected(
        struct reading_card *card, const struct span want[DOCUMENT_FILES_MAX])
{
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++) {
		if (!document_files[i].protected)
			continue;
		struct hufu_bytes *to =
		        &card->elements[card->chip.element_count++];
		to->data = want[i].data;
		to->len = want[i].len;
	}
}

static int judge(struct saga *s, struct reading_card *card)
{
	_free_ struct hufu_verifier *v = malloc(sizeof *v);
	struct hufu_result face, chip;
	const struct hufu_text text = {
	        s->papers->text, strlen(s->papers->text)};
	if (!v)
		return HUFU_ERR_MEMORY;
	hufu_verifier_init(v, s->services->sigs, s->services->trust);
	int rc = hufu_verify_qr(v, text, clock_now_s(), &face);
	if (rc != 0)
		return rc;
	if (!is_good(&face))
		return TERMINAL_MISMATCH;
	card->chip.face = &face;
	rc = hufu_verify_chip(v, &card->chip, clock_now_s(), &chip);
	if (rc != 0)
		return rc;
	return is_good(&chip) && chip.chip_genuine ? 0 : TERMINAL_NOT_GENUINE;
}

static size_t list_free(uint16_t ret[DOCUMENT_FILES_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++)
		if (!document_files[i].protected)
			ret[n++] = document_files[i].file;
	return n;
}

int inspection_run(struct saga *s)
{
	struct span want[DOCUMENT_FILES_MAX];
	uint16_t files[DOCUMENT_FILES_MAX];
	struct reading_card card;
	struct writer space;
	int rc = document_split(s, want);
	if (rc != 0)
		return rc;
	writer_init(&space, s->papers->read_back, sizeof s->papers->read_back);
	rc = read_protected(s, want, &space);
	if (rc == 0)
		rc = terminal_select(&s->terminal);
	s->attached = false; /* selecting anew has ended the channel */
	if (rc != 0)
		return rc;
	reading_card_init(
	        &card, s->papers->read_back, sizeof s->papers->read_back);
	rc = reading_get_card(&s->terminal, files, list_free(files), &card);
	if (rc == 0)
		rc = check_free(s, want, &card);
	if (rc != 0)
		return rc;
	add_protected(&card, want);
	return judge(s, &card);
}

static int check_chip_hash(struct saga *s, const struct hufu_result *r)
{
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN];
	struct cose_key key;
	enum cose_curve curve = s->services->suite == SUITE_SM
	                                ? COSE_CURVE_SM2
	                                : COSE_CURVE_P256;
	int rc = cose_key_from_public(
	        curve, span_of(s->papers->point, CARD_POINT_LEN), &key);
	if (rc != 0)
		return rc;
	cose_key_thumbprint(&key, thumbprint);
	return r->has_chip_hash && memcmp(r->chip_hash, thumbprint,
	                                   sizeof r->chip_hash) == 0
	               ? 0
	               : TERMINAL_MISMATCH;
}

int inspection_check_text(struct saga *s, const char *text)
{
	_free_ struct hufu_verifier *v = malloc(sizeof *v);
	const struct hufu_text seen = {text, strlen(text)};
	struct hufu_result r;
	if (!v)
		return HUFU_ERR_MEMORY;
	if (strcmp(text, s->papers->text) != 0)
		return TERMINAL_MISMATCH;
	hufu_verifier_init(v, s->services->sigs, s->services->trust);
	int rc = hufu_verify_qr(v, seen, clock_now_s(), &r);
	if (rc != 0)
		return rc;
	return is_good(&r) ? check_chip_hash(s, &r) : TERMINAL_MISMATCH;
}
