/*
 * Whom this run believes: the trust list under its root, or one issuer's key;
 * the status lists; and a verifier over them.
 */
#ifndef CLI_BELIEF_H
#define CLI_BELIEF_H

#include <hufu/verify.h>

#include "crypto/core/status_list.h"
#include "merchant/cli/arguments.h"
#include "merchant/cli/input.h"

struct belief {
	bool one_key; /* --key: no trust list */
	uint8_t iss[1024]; /* then: whom the credential names */
	struct trust_list trust;
	struct input trust_file;
	size_t list_count;
	struct status_list lists[ARGUMENTS_LISTS_MAX];
	struct input list_files[ARGUMENTS_LISTS_MAX];
	uint8_t *maps[ARGUMENTS_LISTS_MAX];
	struct hufu_verifier verifier;
	struct hufu_verifier face; /* for the QR beside a chip */
};

/* 0, or what to exit with after a message. */
HUFU_MUST_USE int belief_new(const struct arguments *a, struct belief **ret);
void belief_free(struct belief *b); /* NULL is legal */

/*
 * With --key there is no list that says whose the key is: it is believed for
 * the issuer that the credential in `text` names. Nothing happens otherwise.
 */
void belief_take_issuer(struct belief *b, struct span text);

static inline void belief_drop(struct belief **b)
{
	belief_free(*b);
}
#define BELIEF __attribute__((cleanup(belief_drop))) struct belief

#endif
