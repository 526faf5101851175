#include "host/log/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/openssl/random.h"
#include "host/log/person_log.h"

enum { ENTRY_COMMITMENTS = 4 };

struct commitment {
	int field;
	uint8_t salt[LOG_SALT_LEN];
};

bool entry_ground_is_valid(const char *ground)
{
	size_t len = ground ? strnlen(ground, LOG_GROUND_MAX + 1) : 0;

	if (len == 0 || len > LOG_GROUND_MAX)
		return false;
	if (ground[0] < 'a' || ground[0] > 'z')
		return false;
	return strspn(ground, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int commit(struct log_entry *e, int field, const char *value,
        uint8_t *ret_hash, struct commitment *c)
{
	c->field = field;
	int rc = random_fill(c->salt, sizeof(c->salt));
	if (rc < 0)
		return rc;
	log_commit(field, c->salt, span_of_text(value), ret_hash);
	e->present |= LOG_HAS(field);
	return 0;
}

static int commit_row(struct log_entry *e, int field, int64_t row,
        uint8_t *ret_hash, struct commitment *c)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, row); /* fits */
	return commit(e, field, text, ret_hash, c);
}

static int commit_all(struct log_entry *e, const struct entry *in,
        struct commitment c[ENTRY_COMMITMENTS], size_t *ret_count)
{
	size_t n = 0;
	int rc = 0;

	if (in->person && rc == 0)
		rc = commit_row(e, LOG_PERSON, in->person, e->person, &c[n++]);
	if (in->card && rc == 0)
		rc = commit(e, LOG_CARD, in->card, e->card, &c[n++]);
	if (in->actor && rc == 0)
		rc = commit_row(e, LOG_ACTOR, in->actor, e->actor, &c[n++]);
	if (in->station && rc == 0)
		rc = commit_row(
		        e, LOG_STATION, in->station, e->station, &c[n++]);
	*ret_count = n;
	return rc;
}

static void fill_open_fields(struct log_entry *e, const struct entry *in)
{
	if (in->area && in->area[0]) {
		(void)snprintf(e->area, sizeof(e->area), "%s", in->area);
		e->present |= LOG_HAS(LOG_AREA);
	}
	if (in->kind) {
		e->kind = in->kind;
		e->present |= LOG_HAS(LOG_KIND);
	}
	if (in->ground && in->ground[0]) {
		(void)snprintf(e->ground, sizeof(e->ground), "%s", in->ground);
		e->present |= LOG_HAS(LOG_GROUND);
	}
	if (in->counted) {
		e->count = in->count;
		e->present |= LOG_HAS(LOG_COUNT);
	}
	if (in->number) {
		e->number = in->number;
		e->present |= LOG_HAS(LOG_NUMBER);
	}
	if (in->binding) {
		memcpy(e->binding, in->binding, LOG_HASH_LEN);
		e->present |= LOG_HAS(LOG_BINDING);
	}
}

int entry_append(
        struct store_tx *tx, const struct entry *entry, uint64_t *ret_index)
{
	struct log_entry e = {.type = entry->type, .time_s = entry->at_s};
	struct commitment c[ENTRY_COMMITMENTS];
	size_t count = 0;
	uint64_t index = 0;

	if (entry->ground && entry->ground[0] &&
	        !entry_ground_is_valid(entry->ground))
		return HUFU_ERR_ARGUMENT;
	fill_open_fields(&e, entry);
	int rc = commit_all(&e, entry, c, &count);
	if (rc == 0)
		rc = log_append(tx, &e, &index);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = log_append_salt(tx, index, c[i].field, c[i].salt);
	if (rc == 0 && entry->salt)
		rc = log_append_salt(tx, index, LOG_BINDING, entry->salt);
	if (rc == 0 && entry->person)
		rc = person_log_add(tx, entry, index);
	bytes_wipe(c, sizeof(c));
	if (rc == 0 && ret_index)
		*ret_index = index;
	return rc;
}
