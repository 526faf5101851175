#include "host/store/sealed.h"

#include <string.h>

#include "crypto/openssl/seal.h"
#include "host/base/cleanup.h"
#include "host/store/connection.h"

_Static_assert((int)SEALED_INDEX_LEN == (int)SEAL_BLIND_LEN, "one length");

static struct seal_place place_of(const struct sealed_at *where)
{
	return (struct seal_place){.table = where->table,
	        .row = where->row,
	        .column = where->column};
}

void sealed_bind(struct query *q, int at, const struct sealed_at *where,
        struct span plain)
{
	const struct sealer *sealer = store_tx_sealer(q->tx);
	struct seal_place place = place_of(where);
	_free_ uint8_t *buf = NULL;
	struct writer w;
	int r;

	if (q->error)
		return;
	buf = malloc(plain.len + SEAL_OVERHEAD_MAX);
	if (!buf || !sealer) {
		q->error = buf ? HUFU_ERR_UNSUPPORTED : HUFU_ERR_MEMORY;
		return;
	}
	writer_init(&w, buf, plain.len + SEAL_OVERHEAD_MAX);
	r = sealer_seal(sealer, &place, plain, &w);
	if (r < 0)
		q->error = r;
	else
		query_bind_blob(q, at, writer_span(&w));
}

int sealed_get(struct query *q, int column, const struct sealed_at *where,
        struct writer *ret)
{
	const struct sealer *sealer = store_tx_sealer(q->tx);
	struct seal_place place = place_of(where);
	int r;

	if (query_is_null(q, column))
		return 0;
	if (!sealer)
		return HUFU_ERR_UNSUPPORTED;
	r = sealer_unseal(sealer, &place, query_blob(q, column), ret);
	if (r == HUFU_ERR_SPACE || r == HUFU_ERR_CRYPTO || r == HUFU_ERR_MEMORY)
		return r;
	return r < 0 ? HUFU_ERR_CORRUPT : 0;
}

int sealed_get_text(struct query *q, int column, const struct sealed_at *where,
        char *ret, size_t size)
{
	struct writer w;
	int r;

	writer_init(&w, ret, size - 1);
	r = sealed_get(q, column, where, &w);
	if (r == 0 && memchr(ret, '\0', w.len))
		r = HUFU_ERR_CORRUPT;
	ret[r == 0 ? w.len : 0] = '\0';
	return r;
}

int sealed_index(struct store_tx *tx, const char *domain, struct span value,
        uint8_t ret[SEALED_INDEX_LEN])
{
	const struct sealer *sealer = store_tx_sealer(tx);

	if (!sealer)
		return HUFU_ERR_UNSUPPORTED;
	return sealer_blind(sealer, domain, value, ret);
}
