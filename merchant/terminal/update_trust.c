/* A trust list: signature, sequence, then a table for each card key. */
#include "merchant/terminal/update.h"

#include "crypto/core/mem.h"

enum { SAME = 2 }; /* the very file that is in hand */

/* By the root in hand, or by the next one that the list in hand names. */
static int open_file(struct update *u, struct span file)
{
	struct store *s = u->store;
	bool has_next = s->has_trust && s->trust.has_next_root;
	struct cose_key next = s->trust.next_root;
	int rc = store_open_trust(s, file);
	if (rc != HUFU_ERR_SIGNATURE || !has_next)
		return rc;
	s->root = next;
	return store_open_trust(s, file);
}

static int check(struct update *u)
{
	struct store *s = u->store;
	bool had = s->has_trust;
	uint64_t seen = s->trust.sequence;
	uint8_t hash[SHA256_LEN];
	memcpy(hash, s->trust_hash, sizeof hash);
	int rc = open_file(u, flash_read(u->file_at, u->len));
	if (rc || !had)
		return rc;
	rc = trust_list_check_newer(
	        seen, hash, s->trust.sequence, s->trust_hash);
	return rc || s->trust.sequence != seen ? rc : SAME;
}

static const uint8_t *find_table(const struct store *s, struct span point)
{
	for (size_t i = 0; i < s->sigs.key_count; i++) {
		const struct sigs_core_key *key = &s->keys[i];
		if (span_equal(point, span_of(key->point, sizeof key->point)))
			return key->table.data;
	}
	return NULL;
}

static int begin_table(struct update *u, const struct trust_issuer *issuer)
{
	uint8_t space[SIGCHECK_POINT_LEN];
	struct span point = cose_key_public(&issuer->key, space);
	u->same = find_table(u->store, point);
	if (u->same)
		return HUFU_OK;
	return ec_table_begin((enum sigcheck_alg)issuer->alg, point, u->space);
}

/* One of the 64 windows of one table. */
static int put_window(struct update *u, const struct trust_issuer *issuer)
{
	struct span window = span_of(u->space, EC_TABLE_SMALL_STEP_LEN);
	int rc = u->step == 0 ? begin_table(u, issuer) : HUFU_OK;
	if (rc)
		return rc;
	if (u->same) {
		struct reader r;
		reader_init(&r, span_of(u->same, EC_TABLE_SMALL_LEN));
		(void)reader_get_span(&r, u->step * window.len);
		window = reader_get_span(&r, window.len);
	} else {
		ec_table_next((enum sigcheck_alg)issuer->alg, u->space);
	}
	area_put(&u->area, window);
	u->step++;
	if (u->step == EC_TABLE_SMALL_STEPS) {
		u->step = 0;
		u->key++;
	}
	return u->area.error;
}

static int switch_slot(struct update *u)
{
	u->head.parts[STORE_TRUST_FILE] =
	        (struct slot_part){STORE_TRUST_FILE_AT, u->len};
	u->head.parts[STORE_TRUST_TABLES] = (struct slot_part){
	        STORE_TRUST_TABLES_AT, u->key * EC_TABLE_SMALL_LEN};
	u->head.parts[2] = (struct slot_part){SLOT_DATA_AT, 0};
	store_put_root(&u->store->root, &u->head);
	return slot_commit(&u->store->trust_slots, &u->head);
}

static int build_tables(struct update *u)
{
	const struct trust_issuer *issuer = store_table_key(u->store, u->key);
	if (!issuer || u->key == STORE_KEYS_MAX)
		return switch_slot(u);
	int rc = put_window(u, issuer);
	return rc ? rc : UPDATE_MORE;
}

int update_trust_step(struct update *u)
{
	if (u->phase == UPDATE_TABLES)
		return build_tables(u);
	int rc = check(u);
	if (rc)
		return rc == SAME ? HUFU_OK : rc;
	u->phase = UPDATE_TABLES;
	u->key = u->step = 0;
	slot_spare_area(
	        &u->store->trust_slots, STORE_TRUST_TABLES_AT, &u->area);
	return UPDATE_MORE;
}
