#include "merchant/web/wasm/page_core.h"

#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/mem.h"
#include "crypto/core/name_mask.h"
#include "crypto/core/sigs_core.h"
#include "crypto/core/status_list.h"
#include "crypto/core/trust_list.h"
#include "merchant/web/wasm/arena.h"

#define EXPORT(name) __attribute__((export_name(#name)))

enum {
	CARD_NUMBER_LEN = 17,
	FAST_KEYS_MAX = 8, /* half a megabyte and some milliseconds each */
};

/* What an instance is; it starts as zero. */
static struct {
	struct sigs_core sigs;
	struct sigs_core_key keys[TRUST_LIST_ISSUERS_MAX];
	struct trust_list trust;
	struct status_list lists[PAGE_LISTS_MAX];
	uint8_t *maps[PAGE_LISTS_MAX];
	struct hufu_verifier verifier;
	uint8_t text[HUFU_QR_TEXT_MAX];
	struct page_trust trust_out;
	uint8_t next_root[SIGCHECK_POINT_LEN];
	struct hufu_text address_out;
	struct page_list list_out;
	struct page_answer answer;
	uint8_t issuer[TRUST_LIST_TEXT_MAX];
	uint8_t name[CREDENTIAL_NAME_MAX];
	char digits[PAGE_DIGITS_SHOWN];
	char area[PAGE_AREA_LEN];
} page;

EXPORT(page_start) int page_start(void)
{
	size_t cap = 2 * ec_table_len(EC_TABLE_FAST);
	uint8_t *space = arena_take(cap);
	if (!space)
		return HUFU_ERR_MEMORY;
	sigs_core_init(&page.sigs, page.keys, TRUST_LIST_ISSUERS_MAX);
	return sigs_core_build_generators(
	        &page.sigs, EC_TABLE_FAST, space, cap);
}

EXPORT(page_room) uint8_t *page_room(size_t len)
{
	return arena_take(len);
}

EXPORT(page_text) uint8_t *page_text(void)
{
	return page.text;
}

static void take_trust(void)
{
	struct page_trust *out = &page.trust_out;
	const struct trust_list *t = &page.trust;
	out->sequence = (double)t->sequence;
	out->issued_s = (double)t->issued_s;
	out->expires_s = (double)t->expires_s;
	if (!t->has_next_root)
		return;
	struct span key = cose_key_public(&t->next_root, page.next_root);
	memcpy(page.next_root, key.data, key.len);
	out->next_curve = (int32_t)t->next_root.curve;
	out->next_root = (struct hufu_bytes){page.next_root, key.len};
}

EXPORT(page_open_trust)
int page_open_trust(int32_t root_curve, const uint8_t *root, size_t root_len,
        const uint8_t *file, size_t len)
{
	struct cose_key key;
	struct writer space;
	int rc = cose_key_from_public(
	        (enum cose_curve)root_curve, span_of(root, root_len), &key);
	if (rc)
		return rc;
	if (len > TRUST_LIST_MAX)
		return HUFU_ERR_LIMIT;
	uint8_t *tbs = arena_take(len + COSE_TBS_OVERHEAD);
	if (!tbs)
		return HUFU_ERR_MEMORY;
	const struct sigcheck *sigs = sigs_core_check(&page.sigs);
	writer_init(&space, tbs, len + COSE_TBS_OVERHEAD);
	rc = trust_list_open(
	        span_of(file, len), &key, sigs, &space, &page.trust);
	if (rc)
		return rc;
	unsigned window = page.trust.issuer_count <= FAST_KEYS_MAX
	                          ? EC_TABLE_FAST
	                          : EC_TABLE_SMALL;
	size_t cap = sigs_core_trust_len(&page.trust, window);
	uint8_t *tables = arena_take(cap);
	rc = tables ? sigs_core_use_trust(
	                      &page.sigs, &page.trust, window, tables, cap)
	            : HUFU_ERR_MEMORY;
	if (rc)
		return rc;
	hufu_verifier_init(&page.verifier, sigs, &page.trust);
	page.verifier.lists = page.lists;
	take_trust();
	return HUFU_OK;
}

EXPORT(page_trust) const struct page_trust *page_trust(void)
{
	return &page.trust_out;
}

EXPORT(page_address) const struct hufu_text *page_address(size_t n)
{
	page.address_out = (struct hufu_text){0};
	for (size_t i = 0; i < page.trust.issuer_count; i++) {
		const struct trust_issuer *issuer = &page.trust.issuers[i];
		if (n < issuer->address_count) {
			struct span s = issuer->addresses[n];
			page.address_out =
			        (struct hufu_text){(const char *)s.data, s.len};
			break;
		}
		n -= issuer->address_count;
	}
	return &page.address_out;
}

static int open_token(struct span file, struct status_list *ret, uint8_t **map)
{
	struct writer space;
	struct status_list t;
	uint8_t *tbs = arena_take(file.len + COSE_TBS_OVERHEAD);
	if (!tbs)
		return HUFU_ERR_MEMORY;
	writer_init(&space, tbs, file.len + COSE_TBS_OVERHEAD);
	int rc = status_list_open(
	        file, &page.trust, sigs_core_check(&page.sigs), &space, &t);
	if (rc)
		return rc;
	/* the file does not say how long its bit map is */
	*map = arena_take(STATUS_LIST_MAP_MAX);
	if (!*map)
		return HUFU_ERR_MEMORY;
	rc = status_list_expand(&t, *map, STATUS_LIST_MAP_MAX);
	arena_keep(*map, t.map.len);
	if (!rc)
		*ret = t;
	return rc;
}

static int open_compact(struct span file, struct compact_list *ret)
{
	static uint8_t tbs[COMPACT_LIST_SPACE];
	struct writer space;
	writer_init(&space, tbs, sizeof tbs);
	return compact_list_open(
	        file, &page.trust, sigs_core_check(&page.sigs), &space, ret);
}

static int open_snapshot(
        struct span file, struct status_list *ret, uint8_t **map)
{
	struct compact_list snapshot;
	int rc = open_compact(file, &snapshot);
	if (rc)
		return rc;
	size_t cap = snapshot.entries / 4;
	*map = arena_take(cap);
	if (!*map)
		return HUFU_ERR_MEMORY;
	return compact_list_expand(&snapshot, *map, cap, ret);
}

/* A compact list is an array of two; a Token Status List is tagged. */
static bool is_compact(struct span file)
{
	return file.len > 0 && file.data[0] == 0x82;
}

EXPORT(page_open_list) int page_open_list(const uint8_t *file, size_t len)
{
	struct span in = span_of(file, len);
	size_t at = page.verifier.list_count;
	if (at == PAGE_LISTS_MAX)
		return HUFU_ERR_FULL;
	int rc = is_compact(in)
	                 ? open_snapshot(in, &page.lists[at], &page.maps[at])
	                 : open_token(in, &page.lists[at], &page.maps[at]);
	if (!rc)
		page.verifier.list_count++;
	return rc;
}

EXPORT(page_apply_delta) int page_apply_delta(const uint8_t *file, size_t len)
{
	struct compact_list delta;
	size_t count = page.verifier.list_count;
	if (count == 0)
		return HUFU_ERR_STATE;
	int rc = open_compact(span_of(file, len), &delta);
	return rc ? rc
	          : compact_list_apply(&delta, page.maps[count - 1],
	                    &page.lists[count - 1]);
}

EXPORT(page_list) const struct page_list *page_list(size_t n)
{
	if (n >= page.verifier.list_count)
		return NULL;
	const struct status_list *t = &page.lists[n];
	page.list_out = (struct page_list){
	        .sequence = (double)t->sequence,
	        .issued_s = (double)t->issued_s,
	        .expires_s = (double)t->expires_s,
	        .number = t->number,
	        .iss = {(const char *)t->iss.data, t->iss.len},
	        .map = {t->map.data, t->map.len},
	};
	return &page.list_out;
}

static struct hufu_text keep(void *to, size_t cap, const char *from, size_t len)
{
	if (len > cap)
		return (struct hufu_text){0};
	memcpy(to, from, len);
	return (struct hufu_text){to, len};
}

static void take_number(struct hufu_text number, struct page_answer *a)
{
	if (number.len > PAGE_DIGITS_SHOWN)
		a->digits = keep(page.digits, sizeof page.digits,
		        number.data + number.len - PAGE_DIGITS_SHOWN,
		        PAGE_DIGITS_SHOWN);
	if (number.len == CARD_NUMBER_LEN)
		a->area = keep(page.area, sizeof page.area, number.data,
		        PAGE_AREA_LEN);
}

static void take_name(struct hufu_text name, struct page_answer *a)
{
	struct writer w;
	writer_init(&w, page.name, sizeof page.name);
	name_mask_encode(&w, span_of(name.data, name.len));
	if (!w.error)
		a->name = (struct hufu_text){(const char *)page.name, w.len};
}

static void take_answer(const struct hufu_result *r)
{
	struct page_answer *a = &page.answer;
	*a = (struct page_answer){
	        .status_age_s = (double)r->status_age_s,
	        .checked_at_s = (double)r->checked_at_s,
	        .issued_s = (double)r->issued_s,
	        .expires_s = (double)r->expires_s,
	        .verdict = (int32_t)r->verdict,
	        .trust_expired = r->trust_expired,
	        .status_stale = r->status_stale,
	        .kind = r->kind,
	        .classes = {(uint32_t)r->benefit_classes,
	                (uint32_t)(r->benefit_classes >> 32)},
	};
	a->issuer = keep(page.issuer, sizeof page.issuer, r->issuer_name.data,
	        r->issuer_name.len);
	take_name(r->name, a);
	take_number(r->card_number, a);
}

/* Past what a double holds exactly, any time is as late. */
static int64_t seconds(double t)
{
	const double most = 9007199254740991.0;
	if (!(t > -most))
		return -(int64_t)most;
	return t < most ? (int64_t)t : (int64_t)most;
}

EXPORT(page_verify)
int page_verify(size_t len, double now_s, double floor_s, double limit_s)
{
	struct hufu_verifier *v = &page.verifier;
	struct hufu_result r;
	if (!v->sigs)
		return HUFU_ERR_STATE;
	if (len > HUFU_QR_TEXT_MAX) {
		r = (struct hufu_result){
		        .verdict = HUFU_NOT_CREDENTIAL, .status_age_s = -1};
		take_answer(&r);
		return HUFU_OK;
	}
	v->time_floor_s = seconds(floor_s);
	v->status_limit_s = seconds(limit_s);
	int rc = hufu_verify_qr(v,
	        (struct hufu_text){(const char *)page.text, len},
	        seconds(now_s), &r);
	if (!rc)
		take_answer(&r);
	bytes_wipe(page.text, sizeof page.text);
	bytes_wipe(v->packed, sizeof v->packed);
	bytes_wipe(v->plain, sizeof v->plain);
	bytes_wipe(v->tbs, sizeof v->tbs);
	return rc;
}

EXPORT(page_answer) const struct page_answer *page_answer(void)
{
	return &page.answer;
}
