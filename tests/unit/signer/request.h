/* Requests as the office makes them, on a small log; and what spoils them. */
#ifndef TEST_REQUEST_H
#define TEST_REQUEST_H

#include "crypto/core/compact_list.h"
#include "crypto/core/credential.h"
#include "tests/unit/signer/hall.h"
#include "tests/unit/signer/tree.h"

/* The bytes of one generated card. */
struct made_card {
	uint8_t salt[LOG_SALT_LEN];
	uint8_t qr_space[1024], chip_space[SIGNER_TBS_MAX];
	struct span qr, chip;
};

/* For the key of `alg`; distinct for each status index. */
void made_card_init(struct made_card *c, const struct hall *h, int alg,
        uint32_t status_index);

/* The whole request's evidence; spans and pointers lead into it. */
struct made_proof {
	struct merkle_proof path;
	struct signer_checkpoint checkpoint;
	struct signer_proof logged;
};

/* Has the signer sign the tree at its size, and proves `index` in it. */
void made_proof_init(struct made_proof *p, struct hall *h, const struct tree *t,
        size_t index);

/* Consistency from the signer's last tree, then signer_sign_checkpoint(). */
int sign_tree(struct hall *h, const struct tree *t, size_t size,
        struct signer_checkpoint *ret);

/* Entries; answer their index. */
size_t put_signed(struct tree *t, const struct made_card *c);
size_t put_reserved(struct tree *t, const uint8_t salt[LOG_SALT_LEN],
        const uint8_t serial[10]);
size_t put_other(struct tree *t);

/* An edition of a status list of 256 entries, and what its files say. */
struct edition_plan {
	int alg;
	uint32_t list;
	uint64_t sequence;
	uint64_t base; /* of today's delta */
	bool snapshot;
	uint64_t closes; /* base of the closed delta; 0: none */
	const char *iss; /* NULL: the hall's */
	int64_t later_s; /* when it is issued */
	bool full; /* a Token Status List of the greatest size */
};

struct made_edition {
	struct signer_edition files;
	uint8_t *token;
	uint8_t space[SIGNER_FILES][COMPACT_LIST_SPACE];
	struct made_proof proof;
};

void made_edition_init(struct made_edition *e, const struct hall *h,
        const struct edition_plan *p);
void made_edition_done(struct made_edition *e);
/* Bytes to be signed of a snapshot (base 0) or delta. */
void make_compact(const struct hall *h, const struct edition_plan *p,
        uint64_t base, struct writer *ret);
/* Its entry; the second proves it as well, in e->files.logged. */
size_t put_edition(
        struct tree *t, const struct made_edition *e, uint64_t number);
void log_edition(struct made_edition *e, struct hall *h, struct tree *t,
        uint64_t number);

/* Whether this is a signature of that key. */
int check_signature(const struct signer_key *key, struct span tbs,
        const uint8_t sig[SIGNER_SIGNATURE_LEN]);

/*
 * What a card with keys of this master would answer to INITIALIZE UPDATE;
 * derived with card/terminal's code, not the signer's.
 */
void make_session(struct signer_session_request *r, const uint8_t master[16],
        uint8_t key_version, const uint8_t serial[10]);

#endif
