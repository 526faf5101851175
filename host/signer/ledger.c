#include "host/signer/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/core/sha256.h"
#include "host/base/cleanup.h"
#include "host/signer/journal.h"
#include "host/signer/number_map.h"

/* First byte of a record. */
enum record {
	RECORD_BORN = 1, /* checkpoint key[32] origin */
	RECORD_CHECKPOINT = 2, /* size[8] root[32] */
	RECORD_CARD = 3, /* index[8] list[4] status[4] binding sigs */
	RECORD_LIST = 4, /* index[8] number[8] binding sig: as it once was */
	RECORD_SESSION = 5, /* serial[10] key version[1] index[8] */
	RECORD_REFUSED = 6, /* serial[10] */
	RECORD_LOCKED = 7,
	RECORD_EDITION = 8, /* index[8] number[8] snapshot[8] binding sigs */
};

struct card_at {
	uint64_t index;
	uint64_t offset; /* of its record */
	uint32_t list;
	uint32_t status_index;
};

struct ledger {
	struct journal *journal;
	const struct ledger_identity *identity; /* while opening */
	bool born;
	bool locked;
	bool has_checkpoint;
	uint64_t size;
	uint8_t root[MERKLE_HASH_LEN];
	struct card_at *cards; /* by index */
	size_t card_count, card_cap;
	struct number_map status; /* list << 32 | status index → log index */
	struct number_map lists; /* list → offset of its last record */
	struct number_map refused; /* serial's number → 1 */
	uint64_t records, list_count, sessions;
};

static void get_into(struct reader *r, void *ret, size_t len)
{
	struct span s = reader_get_span(r, len);

	if (!r->error)
		memcpy(ret, s.data, len);
}

static uint64_t number_of_serial(const uint8_t serial[SIGNER_SERIAL_LEN])
{
	uint8_t hash[SHA256_LEN];
	struct reader r;

	sha256_of(span_of(serial, SIGNER_SERIAL_LEN), hash);
	reader_init(&r, span_of(hash, sizeof(hash)));
	return reader_get_u64(&r);
}

/* First card whose index is not below `index`. */
static size_t card_from(const struct ledger *l, uint64_t index)
{
	size_t low = 0, high = l->card_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->cards[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int remember_card(struct ledger *l, const struct card_at *card)
{
	size_t at = card_from(l, card->index);
	int rc;

	if (l->card_count == l->card_cap) {
		size_t cap = l->card_cap ? l->card_cap * 2 : 64;
		void *wide = realloc(l->cards, cap * sizeof(*l->cards));

		if (!wide)
			return HUFU_ERR_MEMORY;
		l->cards = wide;
		l->card_cap = cap;
	}
	rc = number_map_put(&l->status,
	        (uint64_t)card->list << 32 | card->status_index, card->index);
	if (rc)
		return rc;
	memmove(&l->cards[at + 1], &l->cards[at],
	        (l->card_count - at) * sizeof(*l->cards));
	l->cards[at] = *card;
	l->card_count++;
	return 0;
}

static void get_card(struct reader *r, struct ledger_card *ret)
{
	ret->index = reader_get_u64(r);
	ret->list = reader_get_u32(r);
	ret->status_index = reader_get_u32(r);
	get_into(r, ret->binding, sizeof(ret->binding));
	get_into(r, ret->sigs.qr, sizeof(ret->sigs.qr));
	get_into(r, ret->sigs.chip, sizeof(ret->sigs.chip));
}

static void get_edition(
        struct reader *r, enum record kind, struct ledger_edition *ret)
{
	ret->index = reader_get_u64(r);
	ret->number = reader_get_u64(r);
	if (kind == RECORD_EDITION)
		ret->snapshot = reader_get_u64(r);
	get_into(r, ret->binding, sizeof(ret->binding));
	get_into(r, ret->sigs,
	        kind == RECORD_EDITION ? sizeof(ret->sigs)
	                               : sizeof(ret->sigs[0]));
}

static int take_born(struct ledger *l, struct reader *r)
{
	const struct ledger_identity *id = l->identity;
	struct span key = reader_get_span(r, sizeof(id->checkpoint_key));
	struct span origin = reader_get_span(r, reader_left(r));

	if (r->error || l->born)
		return HUFU_ERR_CORRUPT;
	l->born = true;
	return span_equal(key, span_of(id->checkpoint_key, 32)) &&
	                       span_equal(origin, span_of_text(id->origin))
	               ? 0
	               : HUFU_ERR_CONFLICT;
}

static int take_card(struct ledger *l, struct reader *r, uint64_t offset)
{
	struct ledger_card card = {0};
	struct card_at at = {.offset = offset};

	get_card(r, &card);
	if (r->error)
		return HUFU_ERR_CORRUPT;
	at.index = card.index;
	at.list = card.list;
	at.status_index = card.status_index;
	return remember_card(l, &at);
}

static int take_edition(
        struct ledger *l, struct reader *r, uint64_t offset, enum record kind)
{
	struct ledger_edition e = {0};

	get_edition(r, kind, &e);
	if (r->error)
		return HUFU_ERR_CORRUPT;
	l->list_count++;
	return number_map_put(&l->lists, e.number >> 32, offset);
}

static int take_refused(struct ledger *l, struct reader *r)
{
	uint8_t serial[SIGNER_SERIAL_LEN] = {0};

	get_into(r, serial, sizeof(serial));
	return number_map_put(&l->refused, number_of_serial(serial), 1);
}

static int take_by_kind(
        struct ledger *l, enum record kind, struct reader *r, uint64_t offset)
{
	switch (kind) {
	case RECORD_BORN:
		return take_born(l, r);
	case RECORD_CHECKPOINT:
		l->size = reader_get_u64(r);
		get_into(r, l->root, sizeof(l->root));
		l->has_checkpoint = true;
		return 0;
	case RECORD_CARD:
		return take_card(l, r, offset);
	case RECORD_LIST:
	case RECORD_EDITION:
		return take_edition(l, r, offset, kind);
	case RECORD_SESSION:
		(void)reader_get_span(r, SIGNER_SERIAL_LEN + 1 + 8);
		l->sessions++;
		return 0;
	case RECORD_REFUSED:
		return take_refused(l, r);
	case RECORD_LOCKED:
		l->locked = true;
		return 0;
	}
	return HUFU_ERR_CORRUPT;
}

static int take_record(void *arg, uint64_t offset, struct span record)
{
	struct ledger *l = arg;
	struct reader r;
	int rc;

	reader_init(&r, record);
	rc = take_by_kind(l, (enum record)reader_get_u8(&r), &r, offset);
	if (rc)
		return rc;
	if (reader_done(&r) || !l->born)
		return HUFU_ERR_CORRUPT;
	l->records++;
	return 0;
}

/* Journals a record and takes it in as a restart would. */
static int put_record(struct ledger *l, const struct writer *w)
{
	uint64_t offset = 0;
	int rc = w->error ? w->error
	                  : journal_put(l->journal, writer_span(w), &offset);

	return rc ? rc : take_record(l, offset, writer_span(w));
}

int ledger_create(const char *path, const struct ledger_identity *identity)
{
	uint8_t space[JOURNAL_RECORD_MAX];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_BORN);
	writer_put(&w, identity->checkpoint_key, 32);
	writer_put_text(&w, identity->origin);
	return w.error ? w.error : journal_create(path, writer_span(&w));
}

int ledger_open(const char *path, const struct ledger_identity *identity,
        struct ledger **ret)
{
	struct ledger *l = calloc(1, sizeof(*l));
	int rc;

	if (!l)
		return HUFU_ERR_MEMORY;
	l->identity = identity;
	rc = journal_open(path, take_record, l, &l->journal);
	if (rc)
		ledger_close(l);
	else
		*ret = l;
	return rc;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	journal_close(l->journal);
	number_map_done(&l->status);
	number_map_done(&l->lists);
	number_map_done(&l->refused);
	free(l->cards);
	free(l);
}

int ledger_sync(struct ledger *l)
{
	return journal_sync(l->journal);
}

bool ledger_dirty(const struct ledger *l)
{
	return journal_dirty(l->journal);
}

int ledger_lock(struct ledger *l)
{
	uint8_t space[1];
	struct writer w;

	if (l->locked)
		return 0;
	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_LOCKED);
	return put_record(l, &w);
}

bool ledger_locked(const struct ledger *l)
{
	return l->locked;
}

bool ledger_last(const struct ledger *l, uint64_t *ret_size,
        uint8_t ret_root[MERKLE_HASH_LEN])
{
	if (!l->has_checkpoint)
		return false;
	*ret_size = l->size;
	memcpy(ret_root, l->root, sizeof(l->root));
	return true;
}

int ledger_put_checkpoint(
        struct ledger *l, uint64_t size, const uint8_t root[MERKLE_HASH_LEN])
{
	uint8_t space[64];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_CHECKPOINT);
	writer_put_u64(&w, size);
	writer_put(&w, root, MERKLE_HASH_LEN);
	return put_record(l, &w);
}

static int read_record(struct ledger *l, uint64_t offset, struct writer *space,
        struct reader *ret, enum record *ret_kind)
{
	int rc = journal_read(l->journal, offset, space);

	if (rc)
		return rc;
	reader_init(ret, writer_span(space));
	*ret_kind = (enum record)reader_get_u8(ret);
	return 0;
}

int ledger_find_card(struct ledger *l, uint64_t index, struct ledger_card *ret)
{
	size_t at = card_from(l, index);
	uint8_t space[JOURNAL_RECORD_MAX];
	struct ledger_card card = {0};
	enum record kind;
	struct writer w;
	struct reader r;
	int rc;

	if (at == l->card_count || l->cards[at].index != index)
		return HUFU_ERR_NOT_FOUND;
	writer_init(&w, space, sizeof(space));
	rc = read_record(l, l->cards[at].offset, &w, &r, &kind);
	if (rc)
		return rc;
	get_card(&r, &card);
	if (reader_done(&r) || kind != RECORD_CARD || card.index != index)
		return HUFU_ERR_CORRUPT;
	*ret = card;
	return 0;
}

bool ledger_has_status(
        const struct ledger *l, uint32_t list, uint32_t status_index)
{
	uint64_t index;

	return number_map_get(
	        &l->status, (uint64_t)list << 32 | status_index, &index);
}

int ledger_put_card(struct ledger *l, const struct ledger_card *card)
{
	uint8_t space[JOURNAL_RECORD_MAX];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_CARD);
	writer_put_u64(&w, card->index);
	writer_put_u32(&w, card->list);
	writer_put_u32(&w, card->status_index);
	writer_put(&w, card->binding, sizeof(card->binding));
	writer_put(&w, card->sigs.qr, sizeof(card->sigs.qr));
	writer_put(&w, card->sigs.chip, sizeof(card->sigs.chip));
	return put_record(l, &w);
}

size_t ledger_list_cards(const struct ledger *l, uint64_t from,
        struct signer_record ret[SIGNER_RECORDS_MAX])
{
	size_t at = card_from(l, from), count = 0;

	for (; at < l->card_count && count < SIGNER_RECORDS_MAX; at++) {
		ret[count].index = l->cards[at].index;
		ret[count].list = l->cards[at].list;
		ret[count++].status_index = l->cards[at].status_index;
	}
	return count;
}

int ledger_find_edition(
        struct ledger *l, uint32_t list, struct ledger_edition *ret)
{
	uint8_t space[JOURNAL_RECORD_MAX];
	struct ledger_edition found = {0};
	enum record kind;
	struct writer w;
	struct reader r;
	uint64_t offset;
	int rc;

	if (!number_map_get(&l->lists, list, &offset))
		return HUFU_ERR_NOT_FOUND;
	writer_init(&w, space, sizeof(space));
	rc = read_record(l, offset, &w, &r, &kind);
	if (rc)
		return rc;
	get_edition(&r, kind, &found);
	if (reader_done(&r))
		return HUFU_ERR_CORRUPT;
	*ret = found;
	return 0;
}

int ledger_put_edition(struct ledger *l, const struct ledger_edition *edition)
{
	uint8_t space[JOURNAL_RECORD_MAX];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_EDITION);
	writer_put_u64(&w, edition->index);
	writer_put_u64(&w, edition->number);
	writer_put_u64(&w, edition->snapshot);
	writer_put(&w, edition->binding, sizeof(edition->binding));
	writer_put(&w, edition->sigs, sizeof(edition->sigs));
	return put_record(l, &w);
}

int ledger_put_session(struct ledger *l,
        const uint8_t serial[SIGNER_SERIAL_LEN], uint8_t key_version,
        uint64_t index)
{
	uint8_t space[32];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_SESSION);
	writer_put(&w, serial, SIGNER_SERIAL_LEN);
	writer_put_u8(&w, key_version);
	writer_put_u64(&w, index);
	return put_record(l, &w);
}

int ledger_refuse(struct ledger *l, const uint8_t serial[SIGNER_SERIAL_LEN])
{
	uint8_t space[16];
	struct writer w;

	writer_init(&w, space, sizeof(space));
	writer_put_u8(&w, RECORD_REFUSED);
	writer_put(&w, serial, SIGNER_SERIAL_LEN);
	return put_record(l, &w);
}

bool ledger_refused(
        const struct ledger *l, const uint8_t serial[SIGNER_SERIAL_LEN])
{
	uint64_t one;

	return number_map_get(&l->refused, number_of_serial(serial), &one);
}

void ledger_health(const struct ledger *l, struct signer_health *ret)
{
	*ret = (struct signer_health){
	        .journal_records = l->records,
	        .checkpoint_size = l->has_checkpoint ? l->size : 0,
	        .cards_signed = l->card_count,
	        .lists_signed = l->list_count,
	        .sessions_opened = l->sessions,
	        .serials_refused = l->refused.count,
	        .locked = l->locked,
	};
}
