/*
 * What the command line of hufu-verify says.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

enum { ARGUMENTS_LISTS_MAX = 8 };

struct arguments {
	const char *trust; /* trust list, with the root that signed it */
	const char *root;
	const char *store; /* folder of lists that `update` keeps; NULL: the
	                    * user's own */
	bool store_given;
	const char *key; /* in their place: one issuer's public key */
	const char *lists[ARGUMENTS_LISTS_MAX]; /* status lists */
	int list_count;
	const char *entry; /* of a proof: the log entry's bytes */
	const char *vkey; /* of a proof: text, or a file that holds it */
	const char *qr; /* beside a chip or proof: the card's QR text */
	const char *object; /* beside a proof: the chip's signed object */
	int64_t now_s;
	int64_t stale_after_s; /* 0: the list's own end alone */
	bool json;
	bool full; /* name and number unmasked */
	char **rest; /* what stands after the subcommand and its options */
	int rest_count;
};

/* 0, or what to exit with after a message about the usage. */
int arguments_parse(int argc, char **argv, struct arguments *ret);

#endif
