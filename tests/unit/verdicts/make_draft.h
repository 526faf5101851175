/*
 * A credential in the making, layer by layer, so that any layer can be
 * changed and those above it made anew: claims → payload → signature → COSE
 * → zlib → Base45.
 */
#ifndef MAKE_DRAFT_H
#define MAKE_DRAFT_H

#include "make_world.h"

/* Raw CBOR from a literal that may hold NUL bytes. */
#define RAW(literal) span_of("" literal, sizeof(literal) - 1)

enum { CLAIMS_MAX = 16, DRAFT_MAX = 1 << 17 };

/* Numbers of the claims, and of the attributes within claim 169. */
enum {
	CWT_ISS = 1,
	CWT_EXP = 4,
	CWT_NBF = 5,
	CWT_IAT = 6,
	CWT_169 = 169,
	CARD_NUMBER = 1,
	CARD_NAME = 4,
	CARD_KIND = 75,
	CARD_BENEFITS = 76,
	CARD_STATUS = 77,
	CARD_CHIP = 78,
};

enum claims_style {
	CLAIMS_SORTED, /* deterministic */
	CLAIMS_REVERSED,
	CLAIMS_WIDE, /* heads longer than they need be */
	CLAIMS_INDEFINITE,
};

struct claims {
	enum claims_style style;
	size_t count;
	struct {
		struct span key, value; /* raw CBOR */
	} list[CLAIMS_MAX];
};

enum draft_form {
	FORM_CWT_SIGN1, /* 61(18([...])) */
	FORM_SIGN1, /* 18([...]) */
	FORM_UNTAGGED,
	FORM_CWT_ONLY, /* 61([...]) */
};

/* Where draft_run() starts: all later layers are made from it. */
enum draft_step {
	FROM_CLAIMS,
	FROM_PAYLOAD, /* signs what stands in payload */
	FROM_SIGNATURE, /* keeps payload and sig */
	FROM_PLAIN,
	FROM_PACKED,
	FROM_TEXT, /* does nothing */
};

struct draft {
	const struct world_issuer *by;
	const struct signing_key *signs; /* by->card, unless changed */
	int64_t time_s; /* of the case */
	bool card_as_map; /* claim 169 */
	enum draft_form form;
	bool wide_cose; /* long heads in the COSE_Sign1 too */
	struct claims claims; /* without 169, which is appended */
	struct claims card;
	struct writer arena; /* where raw values live */
	struct writer protected, unprotected, payload, sig, plain, packed, text;
	struct span sig_item; /* raw CBOR instead of sig, if not empty */
	struct span payload_item;
	uint8_t space[8][DRAFT_MAX];
};

/* A good card of this issuer, at WORLD_NOW_S; nothing is run yet. */
void draft_begin(struct draft *d, const struct world_issuer *by);
void draft_run(struct draft *d, enum draft_step from);
/* {1: alg, 4: kid} of this key. */
void draft_set_header(struct draft *d, int32_t alg, struct span kid);

/* One of the draft's layers, as it shall be instead. */
void draft_replace(struct writer *layer, struct span with);

/* Raw CBOR in the draft's arena. */
struct span draft_int(struct draft *d, int64_t v);
struct span draft_text(struct draft *d, struct span utf8);
struct span draft_bytes(struct draft *d, struct span bytes);
struct span draft_status(struct draft *d, uint64_t list, uint64_t index);
struct span draft_kid(struct draft *d, const struct signing_key *key);

void claims_add(struct draft *d, struct claims *c, int64_t key,
        struct span value); /* even if the key is there */
void claims_add_raw(struct claims *c, struct span key, struct span value);
void claims_set(
        struct draft *d, struct claims *c, int64_t key, struct span value);
void claims_drop(struct draft *d, struct claims *c, int64_t key);

/* The case with the text as it stands; the id is made by the format. */
void draft_put(struct draft *d, const char *verdict, const char *id, ...)
        __attribute__((format(printf, 3, 4)));
/* draft_run(from) and draft_put() in one. */
void draft_finish(struct draft *d, enum draft_step from, const char *verdict,
        const char *id);

#endif
