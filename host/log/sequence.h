/*
 * The sequencer: committed rows → tiles → signed checkpoint → stored →
 * published, in this order, so that a crash between any two is made good by
 * doing the next. One round serves all who wait.
 */
#ifndef HOST_LOG_SEQUENCE_H
#define HOST_LOG_SEQUENCE_H

#include <pthread.h>

#include "host/log/tile_files.h"
#include "host/signer/client.h"

struct log {
	struct store *store;
	struct signer *signer;
	char folder[TILE_FILES_PATH_MAX];
	char vkey[SIGNER_VKEY_MAX + 1];
	struct note_key key; /* its name, the origin, lies in vkey */

	struct tiles *tiles; /* the sequencer's alone, after opening */
	struct log_checkpoint last; /* published */
	uint64_t signed_size; /* what the signer's last checkpoint covers */
	bool unsure; /* a request failed: ask the signer for it */
	bool behind;

	pthread_mutex_t lock; /* of last and all below */
	pthread_cond_t arrived; /* somebody waits */
	pthread_cond_t settled; /* a round ended */
	uint64_t wanted; /* tree size that somebody waits for */
	uint64_t asked; /* calls of log_wait() so far */
	uint64_t rounds; /* ended so far */
	bool working; /* a round is under way */
	int error; /* of the last round */
	bool idle; /* the last round found nothing new */
	bool closing;
	bool running;
	pthread_t thread;
};

/* Appends all committed rows beyond the tree, at most up to `size`. */
HUFU_MUST_USE int sequence_read_rows(struct log *log, uint64_t size);

/* What follows the signature: stored, published, told. */
HUFU_MUST_USE int sequence_publish(
        struct log *log, const struct log_checkpoint *c);

/* One round; SEQUENCE_IDLE: there was nothing new. */
enum { SEQUENCE_IDLE = 1 };
HUFU_MUST_USE int sequence_round(struct log *log);

/* The thread, until log->closing. */
void *sequence_run(void *log);

#endif
