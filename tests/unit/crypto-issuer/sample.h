/*
 * One generated issuer with its lists and one card, in either suite, made
 * with the issuer's own code. Nobody of this name exists.
 */
#ifndef TEST_SAMPLE_H
#define TEST_SAMPLE_H

#include <hufu/verify.h>

#include "crypto/core/credential.h"
#include "crypto/core/mso.h"
#include "crypto/core/status_list.h"
#include "crypto/issuer/signing_key.h"

#define SAMPLE_NOW_S   INT64_C(1785542400) /* 2026-08-01T00:00:00Z */
#define SAMPLE_UNTIL_S INT64_C(2101161600) /* 2036-08-01T00:00:00Z */
#define SAMPLE_ISS     "https://hall.example.invalid"
#define SAMPLE_NUMBER  "32010012600000017"
#define SAMPLE_NAME    "生成样本"
#define SAMPLE_ORIGIN  "hall.example.invalid/log/1"

enum {
	SAMPLE_LIST = 3,
	SAMPLE_INDEX = 4711,
	SAMPLE_ENTRIES = 10000,
	SAMPLE_ELEMENTS = 8,
};

struct sample {
	enum suite suite;
	struct signing_key *root, *card, *list, *checkpoint, *chip;
	struct cose_key chip_key;
	uint8_t trust_space[4096];
	struct span trust; /* signed file */
	uint8_t map[SAMPLE_ENTRIES / 4];
	uint8_t *status_space;
	struct span status; /* signed file */
	struct credential credential;
	uint8_t qr_tbs_space[1024];
	struct span qr_tbs;
	char text_space[CREDENTIAL_QR_TEXT_MAX + 1];
	struct span text; /* of the QR code, NUL-terminated */
	uint8_t files_space[4096];
	struct span files[SAMPLE_ELEMENTS];
	uint8_t object_space[MSO_MAX];
	struct span object; /* EF.SO */
};

/* Fails the test if anything fails. */
struct sample *sample_new(enum suite suite);
/* The same for a chip that holds its key itself; s->chip is NULL. */
struct sample *sample_new_for_chip(const struct cose_key *chip_key);
void sample_free(struct sample *s);

/* What s->trust holds; for lists of other contents. */
void sample_fill_trust(const struct sample *s, struct trust_list *ret);

/* Signs the lists anew, from s->map and this sequence. */
void sample_sign_status(struct sample *s, uint64_t sequence, int64_t issued_s);

/* What the chip answers to INTERNAL AUTHENTICATE. */
void sample_answer(const struct sample *s, const uint8_t challenge[32],
        uint8_t ret[MSO_ANSWER_LEN]);

/* A verifier with both lists opened under this sample's root. */
struct sample_verifier {
	struct hufu_verifier v;
	struct trust_list trust;
	struct status_list status;
	uint8_t map[SAMPLE_ENTRIES / 4];
};
struct sample_verifier *sample_verifier_new(const struct sample *s);

#endif
