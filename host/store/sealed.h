/*
 * Sealed columns: bound and read through the store's field keys, with
 * table, column and row as associated data, so that a value moved to
 * another row or column does not open.
 */
#ifndef HOST_SEALED_H
#define HOST_SEALED_H

#include "host/store/store.h"

struct sealed_at {
	const char *table;
	const char *column;
	int64_t row;
};

enum { SEALED_INDEX_LEN = 32 };

/* Seals and binds as a blob. A failure makes the query's next step fail. */
void sealed_bind(struct query *q, int at, const struct sealed_at *where,
        struct span plain);

/*
 * Opens the blob in `column` into the writer. HUFU_ERR_CORRUPT: not ours,
 * or moved; HUFU_ERR_SPACE. A null writes nothing.
 */
HUFU_MUST_USE int sealed_get(struct query *q, int column,
        const struct sealed_at *where, struct writer *ret);
/* As text, NUL-terminated. */
HUFU_MUST_USE int sealed_get_text(struct query *q, int column,
        const struct sealed_at *where, char *ret, size_t size);

/* Keyed blind index of a value, for look-up by equality. */
HUFU_MUST_USE int sealed_index(struct store_tx *tx, const char *domain,
        struct span value, uint8_t ret[SEALED_INDEX_LEN]);

#endif
