#include "host/station/document.h"

#include <string.h>

#include "card/terminal/perso.h"
#include "crypto/core/cbor.h"
#include "crypto/core/credential.h"
#include "crypto/core/mso.h"
#include "crypto/core/trust_list.h"
#include "crypto/issuer/chip_build.h"
#include "crypto/issuer/credential_build.h"
#include "host/base/clock.h"

const struct document_file document_files[DOCUMENT_FILES_MAX] = {
        {CARD_EF_CARD_NUMBER, MSO_CARD_NUMBER, false},
        {CARD_EF_CARD_KIND, MSO_CARD_KIND, false},
        {CARD_EF_BENEFIT_CLASSES, MSO_BENEFIT_CLASSES, false},
        {CARD_EF_VALID_FROM, MSO_VALID_FROM, false},
        {CARD_EF_VALID_TO, MSO_VALID_TO, false},
        {CARD_EF_AUTHORITY, MSO_AUTHORITY, false},
        {CARD_EF_STATUS_REFERENCE, MSO_STATUS_REFERENCE, false},
        {CARD_EF_NAME, MSO_NAME, true},
        {CARD_EF_SEX, MSO_SEX, true},
        {CARD_EF_PORTRAIT, MSO_PORTRAIT, true},
        {CARD_EF_IDENTITY_CLASSES, MSO_IDENTITY_CLASSES, true},
        {CARD_EF_SERVICE_FACTS, MSO_SERVICE_FACTS, true},
};

enum { CLASS_BITS = 32 };

static void put_classes(struct writer *w, uint32_t classes)
{
	size_t count = 0;
	for (unsigned i = 0; i < CLASS_BITS; i++)
		count += classes >> i & 1;
	cbor_put_array(w, count);
	for (unsigned i = 0; i < CLASS_BITS; i++)
		if (classes >> i & 1)
			cbor_put_uint(w, i);
}

/* Deterministic CBOR sorts by the encoded key: shorter first, then bytes. */
static bool key_before(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);
	return len_a != len_b ? len_a < len_b : strcmp(a, b) < 0;
}

static void put_service(struct writer *w, const struct job_subject *subject)
{
	const struct person_fact *last = NULL;
	cbor_put_map(w, subject->service_count);
	for (size_t i = 0; i < subject->service_count; i++) {
		const struct person_fact *next = NULL;
		for (size_t j = 0; j < subject->service_count; j++) {
			const struct person_fact *f = &subject->service[j];
			if ((!last || key_before(last->key, f->key)) &&
			        (!next || key_before(f->key, next->key)))
				next = f;
		}
		if (!next) { /* a key stands twice */
			writer_fail(w, HUFU_ERR_DUPLICATE);
			return;
		}
		cbor_put_text(w, span_of_text(next->key));
		cbor_put_text(w, span_of_text(next->value));
		last = next;
	}
}

static void put_value(
        struct writer *w, const struct job_subject *subject, uint16_t file)
{
	switch (file) {
	case CARD_EF_CARD_NUMBER:
		cbor_put_text(w, span_of_text(subject->card_number));
		break;
	case CARD_EF_CARD_KIND:
		cbor_put_uint(w, subject->kind);
		break;
	case CARD_EF_BENEFIT_CLASSES:
		cbor_put_uint(w, subject->benefit_classes);
		break;
	case CARD_EF_VALID_FROM:
		cbor_put_text(w, span_of_text(subject->valid_from));
		break;
	case CARD_EF_VALID_TO:
		cbor_put_text(w, span_of_text(subject->valid_to));
		break;
	case CARD_EF_AUTHORITY:
		cbor_put_text(w, span_of_text(subject->authority));
		break;
	case CARD_EF_STATUS_REFERENCE:
		cbor_put_array(w, 2);
		cbor_put_uint(w, subject->status_list);
		cbor_put_uint(w, subject->status_index);
		break;
	case CARD_EF_NAME:
		cbor_put_text(w, span_of_text(subject->name));
		break;
	case CARD_EF_SEX:
		cbor_put_uint(w, subject->sex);
		break;
	case CARD_EF_PORTRAIT:
		cbor_put_bytes(
		        w, span_of(subject->portrait, subject->portrait_len));
		break;
	case CARD_EF_IDENTITY_CLASSES:
		put_classes(w, subject->identity_classes);
		break;
	case CARD_EF_SERVICE_FACTS:
		put_service(w, subject);
		break;
	default:
		writer_fail(w, HUFU_ERR_UNSUPPORTED);
	}
}

static const struct cose_key *find_issuer(const struct saga *s)
{
	const struct station_services *v = s->services;
	int32_t alg = v->suite == SUITE_SM ? SIGCHECK_SM2 : SIGCHECK_ES256;
	const struct trust_issuer *issuer = trust_list_find_current(v->trust,
	        TRUST_CARD, span_of_text(v->issuer_uri), alg, clock_now_s());
	return issuer ? &issuer->key : NULL;
}

static int build_chip(struct saga *s, const struct cose_key *issuer,
        const struct cose_key *key)
{
	struct saga_papers *p = s->papers;
	struct chip_element elements[DOCUMENT_FILES_MAX];
	struct span files[DOCUMENT_FILES_MAX];
	struct writer values, out, tbs;
	/* the stream is built later: until then its room holds the values */
	writer_init(&values, p->stream, sizeof p->stream);
	writer_init(&out, p->elements, sizeof p->elements);
	writer_init(&tbs, p->chip_tbs, sizeof p->chip_tbs);
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++) {
		size_t at = values.len;
		put_value(&values, &p->subject, document_files[i].file);
		elements[i].identifier = document_files[i].identifier;
		elements[i].value = span_of(values.data + at, values.len - at);
	}
	if (values.error)
		return values.error;
	const struct chip_plan plan = {
	        .chip_key = *key,
	        .signed_s = p->subject.issued_at_s,
	        .valid_from_s = p->subject.issued_at_s,
	        .valid_until_s = p->subject.expires_at_s,
	        .elements = elements,
	        .element_count = DOCUMENT_FILES_MAX,
	};
	int rc = chip_build(&plan, issuer, &out, files, &tbs);
	bytes_wipe(values.data, values.len);
	if (rc == 0)
		rc = out.error ? out.error : tbs.error;
	p->elements_len = out.len;
	p->chip_tbs_len = tbs.len;
	return rc;
}

static int build_qr(struct saga *s, const struct cose_key *issuer,
        const struct cose_key *key)
{
	struct saga_papers *p = s->papers;
	const struct job_subject *subject = &p->subject;
	uint8_t thumbprint[COSE_KEY_THUMBPRINT_LEN];
	struct writer tbs;
	struct credential c = {
	        .present = CREDENTIAL_OWN,
	        .iss = span_of_text(s->services->issuer_uri),
	        .exp_s = subject->expires_at_s,
	        .iat_s = subject->issued_at_s,
	        .card_number = span_of_text(subject->card_number),
	        .name = span_of_text(subject->name),
	        .kind = subject->kind,
	        .benefit_classes = subject->benefit_classes,
	        .status_list = subject->status_list,
	        .status_index = subject->status_index,
	};
	cose_key_thumbprint(key, thumbprint);
	memcpy(c.chip_hash, thumbprint, sizeof c.chip_hash);
	writer_init(&tbs, p->qr_tbs, sizeof p->qr_tbs);
	int rc = credential_build_tbs(&c, issuer, &tbs);
	if (rc == 0)
		rc = tbs.error;
	p->qr_tbs_len = tbs.len;
	return rc;
}

int document_build(struct saga *s)
{
	const struct cose_key *issuer = find_issuer(s);
	enum cose_curve curve = s->services->suite == SUITE_SM
	                                ? COSE_CURVE_SM2
	                                : COSE_CURVE_P256;
	struct cose_key key;
	if (!issuer)
		return saga_end(s, GROUND_SIGNER_REFUSES);
	int rc = cose_key_from_public(
	        curve, span_of(s->papers->point, CARD_POINT_LEN), &key);
	if (rc != 0) /* not even a point of the curve */
		return saga_end(s, GROUND_CHIP_REFUSES);
	rc = build_chip(s, issuer, &key);
	if (rc == 0)
		rc = build_qr(s, issuer, &key);
	if (rc != 0)
		return saga_end(s, GROUND_NOT_BUILT);
	s->papers->has_tbs = true;
	return 0;
}

int document_split(const struct saga *s, struct span ret[DOCUMENT_FILES_MAX])
{
	struct reader r;
	reader_init(&r, span_of(s->papers->elements, s->papers->elements_len));
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++)
		ret[i] = cbor_get_item(&r);
	return reader_done(&r);
}

static int build_stream(struct saga *s)
{
	struct saga_papers *p = s->papers;
	struct span files[DOCUMENT_FILES_MAX];
	struct writer w;
	int rc = document_split(s, files);
	if (rc != 0)
		return rc;
	writer_init(&w, p->stream, sizeof p->stream);
	perso_put_dgi(&w, CARD_EF_SO, span_of(p->object, p->object_len));
	for (size_t i = 0; i < DOCUMENT_FILES_MAX; i++)
		perso_put_dgi(&w, document_files[i].file, files[i]);
	perso_put_dgi(&w, CARD_DGI_CAN, span_of(p->subject.can, CARD_CAN_LEN));
	p->stream_len = w.len;
	return w.error;
}

int document_finish(struct saga *s, struct span qr_sig, struct span chip_sig)
{
	struct saga_papers *p = s->papers;
	struct writer text, object;
	writer_init(&text, p->text, sizeof p->text - 1);
	writer_init(&object, p->object, sizeof p->object);
	int rc = credential_build_text(
	        span_of(p->qr_tbs, p->qr_tbs_len), qr_sig, &text);
	if (rc == 0)
		rc = chip_build_object(span_of(p->chip_tbs, p->chip_tbs_len),
		        chip_sig, &object);
	if (rc == 0)
		rc = text.error ? text.error : object.error;
	p->object_len = object.len;
	if (rc == 0)
		rc = build_stream(s);
	if (rc != 0)
		return saga_end(s, GROUND_NOT_BUILT);
	p->text[text.len] = 0;
	p->has_signed = true;
	return 0;
}

int document_load_tbs(struct saga *s)
{
	struct saga_papers *p = s->papers;
	if (p->has_tbs)
		return 0;
	int rc = saga_read_fact(s, JOB_FACT_ELEMENTS, p->elements,
	        sizeof p->elements, &p->elements_len);
	if (rc == 0)
		rc = saga_read_fact(s, JOB_FACT_QR_TBS, p->qr_tbs,
		        sizeof p->qr_tbs, &p->qr_tbs_len);
	if (rc == 0)
		rc = saga_read_fact(s, JOB_FACT_CHIP_TBS, p->chip_tbs,
		        sizeof p->chip_tbs, &p->chip_tbs_len);
	p->has_tbs = rc == 0;
	return rc;
}

int document_load_signed(struct saga *s)
{
	uint8_t qr[CARD_SIGNATURE_LEN], chip[CARD_SIGNATURE_LEN];
	size_t qr_len = 0, chip_len = 0;
	if (s->papers->has_signed)
		return 0;
	int rc = saga_read_subject(s);
	if (rc == 0)
		rc = document_load_tbs(s);
	if (rc == 0)
		rc = saga_read_fact(
		        s, JOB_FACT_QR_SIGNATURE, qr, sizeof qr, &qr_len);
	if (rc == 0)
		rc = saga_read_fact(s, JOB_FACT_CHIP_SIGNATURE, chip,
		        sizeof chip, &chip_len);
	if (rc == 0)
		rc = document_finish(
		        s, span_of(qr, qr_len), span_of(chip, chip_len));
	return rc;
}
