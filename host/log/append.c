/* The half of log.h that works inside a caller's transaction. */
#include <string.h>

#include "crypto/openssl/random.h"
#include "host/log/rows.h"

int log_append(
        struct store_tx *tx, const struct log_entry *entry, uint64_t *ret_index)
{
	uint8_t bytes[LOG_ENTRY_MAX];
	struct rows_state state;
	struct writer w;
	int rc;

	writer_init(&w, bytes, sizeof(bytes));
	log_entry_encode(&w, entry);
	if (w.error)
		return w.error;
	rc = rows_get_state(tx, &state);
	if (!rc && state.behind)
		rc = HUFU_ERR_STALE;
	if (!rc)
		rc = rows_put_entry(tx, state.size, writer_span(&w));
	if (!rc)
		*ret_index = state.size;
	return rc;
}

int log_append_salt(struct store_tx *tx, uint64_t index, int field,
        const uint8_t salt[LOG_SALT_LEN])
{
	return rows_put_salt(tx, index, field, salt);
}

int log_find_salt(struct store_tx *tx, uint64_t index, int field,
        uint8_t ret_salt[LOG_SALT_LEN])
{
	return rows_get_salt(tx, index, field, ret_salt);
}

void log_draft_init(struct log_draft *draft, enum log_type type, int64_t time_s)
{
	*draft = (struct log_draft){.entry = {.type = type, .time_s = time_s}};
}

static uint8_t *commitment_of(struct log_entry *entry, int field)
{
	switch (field) {
	case LOG_PERSON:
		return entry->person;
	case LOG_CARD:
		return entry->card;
	case LOG_ACTOR:
		return entry->actor;
	case LOG_STATION:
		return entry->station;
	default:
		return NULL;
	}
}

int log_draft_commit(struct log_draft *draft, int field, struct span value)
{
	uint8_t *commitment = commitment_of(&draft->entry, field);
	int rc;

	if (!commitment)
		return HUFU_ERR_ARGUMENT;
	rc = random_fill(draft->salt[field], LOG_SALT_LEN);
	if (rc)
		return rc;
	log_commit(field, draft->salt[field], value, commitment);
	draft->entry.present |= LOG_HAS(field);
	draft->salted |= LOG_HAS(field);
	return 0;
}

void log_draft_bind(struct log_draft *draft, const uint8_t salt[LOG_SALT_LEN],
        const uint8_t binding[LOG_HASH_LEN])
{
	memcpy(draft->salt[LOG_BINDING], salt, LOG_SALT_LEN);
	memcpy(draft->entry.binding, binding, LOG_HASH_LEN);
	draft->entry.present |= LOG_HAS(LOG_BINDING);
	draft->salted |= LOG_HAS(LOG_BINDING);
}

int log_append_all(
        struct store_tx *tx, const struct log_draft *draft, uint64_t *ret_index)
{
	uint64_t index = 0;
	int rc = log_append(tx, &draft->entry, &index);

	for (int field = LOG_PERSON; !rc && field <= LOG_BINDING; field++) {
		if (draft->salted & LOG_HAS(field))
			rc = rows_put_salt(
			        tx, index, field, draft->salt[field]);
	}
	if (!rc)
		*ret_index = index;
	return rc;
}
