/* A store, a hufu-signd and a log in a temporary folder. */
#ifndef TEST_OFFICE_H
#define TEST_OFFICE_H

#include "host/log/log.h"
#include "host/log/verify.h"
#include "tests/unit/signer/request.h"

#define OFFICE_TIME_S INT64_C(1785542400) /* 2026-08-01 */

struct office {
	struct hall hall;
	char database[96];
	char tiles[256]; /* the published folder */
	struct sealer *sealer;
	struct store *store;
	struct log *log;
	uint64_t size; /* entries appended */
};

void office_open(struct office *o); /* all of it runs */
void office_close(struct office *o);

/* Store and log; the signer runs on. */
void office_open_store(struct office *o);
void office_close_store(struct office *o);
int office_open_log(struct office *o); /* answers log_open()'s code */
void office_close_log(struct office *o);

/* One transaction with `count` entries of type applied. */
int office_append(struct office *o, size_t count);
int office_append_draft(
        struct office *o, const struct log_draft *d, uint64_t *ret_index);
/* Waits for the last entry; must succeed. */
void office_wait(struct office *o);

/* Entries of the database, in order; count of them. */
uint64_t office_read(struct office *o, struct tree *ret);

/* Faults that log_verify() finds; the first one if wanted. */
uint64_t office_verify(struct office *o, struct log_fault *ret_first);

#endif
