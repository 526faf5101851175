/*
 * After a restore: the list published last is newer than the store that was
 * put back, and it is the only place that tells which cards were handed
 * over, lost or revoked in between. A card never gets better by a restore.
 */
#ifndef HOST_CARD_PUBLISHED_H
#define HOST_CARD_PUBLISHED_H

#include "host/store/store.h"

struct card_published {
	uint32_t list;
	struct span map; /* two bits a card */
	int64_t at_s;
};

/*
 * Before the log is replayed, so that nothing can be issued in between.
 * Takes over every published value that is worse than the store's and notes
 * (card_book_note()) each card that the list shows otherwise.
 */
HUFU_MUST_USE int card_published_note(
        struct store *store, const struct card_published *published);

/*
 * While the log is replayed, once it is known to go on: notes each card that
 * was signed and not finished when the backup was made. It may be finished.
 */
HUFU_MUST_USE int card_published_note_unfinished(
        struct store_tx *tx, int64_t at_s);

#endif
