#include "merchant/terminal/store.h"

#include "crypto/core/cose.h"
#include "crypto/core/mem.h"
#include "merchant/terminal/generators.h"
#include "merchant/terminal/port.h"

_Static_assert(STORE_TRUST_LEN % FLASH_SECTOR == 0, "whole sectors");
_Static_assert(STORE_STATUS_FILE_AT % FLASH_SECTOR == 0, "whole sectors");
_Static_assert(STORE_LISTS_AT + 2 * STORE_LIST_LEN +
                               2 * (STORE_LISTS - 1) * STORE_SMALL_LIST_LEN <=
                       FLASH_SIZE,
        "the region holds all");
_Static_assert(SLOT_EXTRA_LEN >= 1 + COSE_KEY_MAX, "room for the root");

static int get_root(const struct slot_head *head, struct cose_key *ret)
{
	struct reader r;
	reader_init(&r, span_of(head->extra, sizeof head->extra));
	return cose_key_decode(reader_get_span(&r, reader_get_u8(&r)), ret);
}

void store_put_root(const struct cose_key *root, struct slot_head *head)
{
	uint8_t key[COSE_KEY_MAX];
	struct writer w, encoded;
	writer_init(&encoded, key, sizeof key);
	cose_key_encode(&encoded, root);
	writer_init(&w, head->extra, sizeof head->extra);
	writer_put_u8(&w, (uint8_t)encoded.len);
	writer_put_span(&w, writer_span(&encoded));
}

void store_put_signer(struct span kid, struct slot_head *head)
{
	struct writer w;
	writer_init(&w, head->extra, sizeof head->extra);
	writer_put_u8(&w, (uint8_t)kid.len);
	writer_put_span(&w, kid);
}

int store_open_trust(struct store *s, struct span file)
{
	struct writer space;
	writer_init(&space, s->work, sizeof s->work);
	int rc = trust_list_open(
	        file, &s->root, sigs_core_check(&s->sigs), &space, &s->trust);
	s->has_trust = rc == HUFU_OK;
	if (rc)
		return rc;
	sha256_of(file, s->trust_hash);
	return HUFU_OK;
}

const struct trust_issuer *store_table_key(const struct store *s, size_t n)
{
	for (size_t i = 0; i < s->trust.issuer_count; i++) {
		const struct trust_issuer *issuer = &s->trust.issuers[i];
		if (issuer->purpose == TRUST_CARD &&
		        issuer->alg != SIGCHECK_EDDSA && n-- == 0)
			return issuer;
	}
	return NULL;
}

/* The tables stand in the order of the keys. */
static void use_tables(struct store *s)
{
	struct reader r;
	const struct trust_issuer *issuer;
	reader_init(&r, slot_read(&s->trust_slots, STORE_TRUST_TABLES));
	for (size_t n = 0; (issuer = store_table_key(s, n)) &&
	                   reader_left(&r) >= EC_TABLE_SMALL_LEN;
	        n++) {
		uint8_t space[SIGCHECK_POINT_LEN];
		struct ec_table table;
		int rc = ec_table_use((enum sigcheck_alg)issuer->alg,
		        reader_get_span(&r, EC_TABLE_SMALL_LEN), EC_TABLE_SMALL,
		        &table);
		if (!rc)
			rc = sigs_core_add_key(&s->sigs,
			        cose_key_public(&issuer->key, space), &table);
		if (rc)
			return; /* without its table a key is only slower */
	}
}

void store_load_trust(struct store *s)
{
	s->has_root = s->has_trust = false;
	s->trust.issuer_count = 0;
	s->trust.issued_s = s->trust.expires_s = 0;
	s->sigs.key_count = 0;
	if (s->trust_slots.current == SLOT_NONE ||
	        get_root(&s->trust_slots.head, &s->root) != HUFU_OK)
		return;
	s->has_root = true;
	struct span file = slot_read(&s->trust_slots, STORE_TRUST_FILE);
	if (file.len > 0 && store_open_trust(s, file) == HUFU_OK)
		use_tables(s);
}

/* Whether the key that signed the list may still do so. */
static bool is_believed(const struct store *s, const struct store_list *l)
{
	struct reader r;
	reader_init(&r, span_of(l->slots.head.extra, SLOT_EXTRA_LEN));
	struct span kid = reader_get_span(&r, reader_get_u8(&r));
	const struct trust_issuer *i =
	        trust_list_find(&s->trust, TRUST_STATUS_LIST, kid);
	return l->whole && i && l->compact.issued_s >= i->valid_from_s &&
	       l->compact.issued_s <= i->valid_to_s &&
	       span_equal(i->iss, l->compact.iss);
}

void store_load_list(struct store *s, unsigned list)
{
	struct store_list *l = &s->lists[list];
	l->whole = l->believed = false;
	if (l->slots.current == SLOT_NONE)
		return;
	struct span skips = slot_read(&l->slots, STORE_STATUS_SKIPS);
	int rc = compact_list_decode(
	        slot_read(&l->slots, STORE_STATUS_CLAIMS), &l->compact);
	if (!rc)
		rc = compact_list_attach(
		        &l->compact, slot_read(&l->slots, STORE_STATUS_BODY));
	if (rc || skips.len != compact_list_skips(&l->compact) *
	                               sizeof(struct compact_skip))
		return;
	/* made by this program from the same body, see update_status.c */
	l->compact.skips = (const void *)skips.data;
	l->whole = true;
}

void store_believe_lists(struct store *s)
{
	s->status_count = 0;
	for (unsigned n = 0; n < STORE_LISTS; n++) {
		struct store_list *l = &s->lists[n];
		const struct compact_list *c = &l->compact;
		l->believed = is_believed(s, l);
		if (!l->believed)
			continue;
		s->status[s->status_count++] =
		        (struct status_list){.number = c->number,
		                .sequence = c->sequence,
		                .issued_s = c->issued_s,
		                .expires_s = c->expires_s,
		                .iss = c->iss,
		                .coded = c};
	}
}

static void open_lists(struct store *s)
{
	uint32_t at = STORE_LISTS_AT;
	for (unsigned n = 0; n < STORE_LISTS; n++) {
		uint32_t len = n == 0 ? STORE_LIST_LEN : STORE_SMALL_LIST_LEN;
		slot_open(&s->lists[n].slots, at, len);
		port_feed_watchdog();
		store_load_list(s, n);
		port_feed_watchdog();
		at += 2 * len;
	}
}

static int use_generator(
        struct store *s, enum sigcheck_alg alg, const uint8_t *data)
{
	struct ec_table table;
	int rc = ec_table_use(
	        alg, span_of(data, EC_TABLE_SMALL_LEN), EC_TABLE_SMALL, &table);
	return rc ? rc : sigs_core_use_generator(&s->sigs, &table);
}

int store_open(struct store *s)
{
	sigs_core_init(&s->sigs, s->keys, STORE_KEYS_MAX);
	int rc = use_generator(s, SIGCHECK_ES256, generators_p256);
	if (!rc)
		rc = use_generator(s, SIGCHECK_SM2, generators_sm2);
	if (rc)
		return rc;
	floor_open(&s->floor, STORE_FLOOR_AT);
	slot_open(&s->trust_slots, STORE_TRUST_AT, STORE_TRUST_LEN);
	port_feed_watchdog();
	store_load_trust(s);
	port_feed_watchdog();
	open_lists(s);
	store_believe_lists(s);
	return HUFU_OK;
}

int64_t store_newest_s(const struct store *s)
{
	int64_t time_s = s->floor.time_s;
	if (s->has_trust && s->trust.issued_s > time_s)
		time_s = s->trust.issued_s;
	for (size_t n = 0; n < s->status_count; n++) {
		if (s->status[n].issued_s > time_s)
			time_s = s->status[n].issued_s;
	}
	return time_s;
}
