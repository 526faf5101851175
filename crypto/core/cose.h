/*
 * COSE_Sign1 (RFC 9052 section 4.2) with an attached payload.
 *
 * Read in every form of the field: 61(18([...])), 18([...]), [...], and
 * 61([...]). Written as the caller says. To sign: encode the protected
 * header, build the Sig_structure with cose_encode_tbs(), sign those bytes,
 * and put all together with cose_encode_sign1().
 */
#ifndef CORE_COSE_H
#define CORE_COSE_H

#include "crypto/core/bytes.h"
#include "crypto/core/sigcheck.h"

enum cose_tag {
	COSE_TAG_ENCRYPT0 = 16,
	COSE_TAG_SIGN1 = 18,
	COSE_TAG_CWT = 61,
	COSE_TAG_ENCODED = 24, /* #6.24(bstr .cbor item) */
};

enum cose_form {
	COSE_FORM_CWT, /* 61(18([...])) : QR, lists */
	COSE_FORM_TAGGED, /* 18([...]) : chip */
	COSE_FORM_UNTAGGED, /* [...] */
};

enum {
	COSE_KID_MAX = 32,
	COSE_TYPE_MAX = 64,
	COSE_PROTECTED_MAX = 128, /* of our own headers */
	/* a Sig_structure is at most this much longer than its payload plus
	 * its protected header */
	COSE_TBS_OVERHEAD = 24,
	/* the same for the COSE_Sign1 itself, signature included */
	COSE_SIGN1_OVERHEAD = 84,
};

struct cose_sign1 {
	struct span protected; /* contents of the byte string */
	int32_t alg; /* from the protected header; 0: none */
	struct span kid; /* protected, else unprotected; may be empty */
	struct span type; /* protected header 16, if text; may be empty */
	struct span payload;
	struct span sig;
};

/*
 * Exactly one COSE_Sign1, checked as CBOR (cbor_check). UNSUPPORTED: an
 * encrypted or otherwise tagged COSE message, a detached payload, `crit`,
 * an algorithm that is a name. MALFORMED: not the shape of a COSE_Sign1.
 */
HUFU_MUST_USE int cose_decode_sign1(struct span in, struct cose_sign1 *ret);

/* {1: alg, 4: kid, 16: type}; an empty kid or type is left out. */
void cose_encode_protected(
        struct writer *w, int32_t alg, struct span kid, struct span type);
/* ["Signature1", protected, h'', payload] */
void cose_encode_tbs(
        struct writer *w, struct span protected, struct span payload);
void cose_encode_sign1(struct writer *w, enum cose_form form,
        struct span protected, struct span payload, struct span sig);

/*
 * Checks c->sig over the Sig_structure, built in `space` (payload + protected
 * + COSE_TBS_OVERHEAD bytes). HUFU_ERR_SIGNATURE if c->alg is not `alg`.
 */
struct cose_key;
HUFU_MUST_USE int cose_check_sign1(const struct cose_sign1 *c,
        const struct cose_key *key, const struct sigcheck *sigs,
        struct writer *space);

#endif
