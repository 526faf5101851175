#include "crypto/core/log_entry.h"

#include "crypto/core/cbor.h"
#include "crypto/core/mem.h"
#include "crypto/core/sha256.h"

enum {
	LOG_VERSION = 1,
	KEY_VERSION = 0,
	KEY_TYPE = 1,
	KEY_TIME = 2,
};

struct type_rule {
	const char *name;
	uint32_t needs; /* LOG_HAS() of fields without which it says nothing */
};

static const struct type_rule rules[LOG_TYPE_MAX + 1] = {
        [LOG_APPLIED] = {"applied", 0},
        [LOG_RETURNED] = {"returned", 0},
        [LOG_CORRECTED] = {"corrected", 0},
        [LOG_REFERRED] = {"referred", 0},
        [LOG_DECIDED] = {"decided", LOG_HAS(LOG_NUMBER)},
        [LOG_RESERVED] = {"reserved", LOG_HAS(LOG_BINDING)},
        [LOG_KEYED] = {"keyed", 0},
        [LOG_SIGNED] = {"signed", LOG_HAS(LOG_BINDING)},
        [LOG_PRINTED] = {"printed", 0},
        [LOG_SPOILED] = {"spoiled", 0},
        [LOG_ISSUED] = {"issued", 0},
        [LOG_PARCEL_SENT] = {"parcel sent", 0},
        [LOG_PARCEL_RECEIVED] = {"parcel received", 0},
        [LOG_HANDED_OVER] = {"handed over", 0},
        [LOG_TEMPORARY_LOSS] = {"temporary loss", 0},
        [LOG_FORMAL_LOSS] = {"formal loss", 0},
        [LOG_FOUND] = {"found", 0},
        [LOG_SUSPENDED] = {"suspended", 0},
        [LOG_RESUMED] = {"resumed", 0},
        [LOG_RENEWED] = {"renewed", 0},
        [LOG_REPLACED] = {"replaced", 0},
        [LOG_WITHDRAWN] = {"withdrawn", 0},
        [LOG_CANCELLED] = {"cancelled", 0},
        [LOG_BANK_MADE] = {"bank made", 0},
        [LOG_PERSON_CHANGED] = {"person changed", 0},
        [LOG_BLANK_RECEIVED] = {"blank received", LOG_HAS(LOG_COUNT)},
        [LOG_BLANK_MOVED] = {"blank moved", LOG_HAS(LOG_COUNT)},
        [LOG_BLANK_COUNTED] = {"blank counted", LOG_HAS(LOG_COUNT)},
        [LOG_BLANK_MISSING] = {"blank missing", LOG_HAS(LOG_COUNT)},
        [LOG_BLANK_DESTROYED] = {"blank destroyed", LOG_HAS(LOG_COUNT)},
        [LOG_STATUS_LIST] = {"status list",
                LOG_HAS(LOG_BINDING) | LOG_HAS(LOG_NUMBER)},
        [LOG_RIGHTS] = {"rights", 0},
        [LOG_DEVICE] = {"device", 0},
        [LOG_OVERRIDE] = {"override", 0},
        [LOG_KEY_CEREMONY] = {"key ceremony", 0},
        [LOG_POLICY_CHANGED] = {"policy changed", 0},
        [LOG_REJECTED] = {"rejected", 0},
        [LOG_RELEASED] = {"released", 0},
        [LOG_UNRESOLVED] = {"unresolved", 0},
        [LOG_PARCEL_MISSING] = {"parcel missing", LOG_HAS(LOG_CARD)},
        [LOG_PARCEL_SURPLUS] = {"parcel surplus", LOG_HAS(LOG_COUNT)},
};

static bool fits_type(const struct log_entry *e)
{
	uint32_t all = (LOG_HAS(LOG_NUMBER + 1) - 1) & ~(LOG_HAS(LOG_AREA) - 1);
	if (e->type < LOG_APPLIED || e->type > LOG_TYPE_MAX || e->time_s < 0)
		return false;
	uint32_t needs = rules[e->type].needs;
	return (e->present & needs) == needs && (e->present & ~all) == 0;
}

const char *log_type_name(enum log_type type)
{
	if (type < LOG_APPLIED || type > LOG_TYPE_MAX)
		return "unknown";
	return rules[type].name;
}

/* Where a field's 32 bytes are, for the keys that have such. */
static const uint8_t *field_hash(const struct log_entry *e, int key)
{
	switch (key) {
	case LOG_PERSON:
		return e->person;
	case LOG_CARD:
		return e->card;
	case LOG_ACTOR:
		return e->actor;
	case LOG_STATION:
		return e->station;
	case LOG_BINDING:
		return e->binding;
	default:
		return NULL;
	}
}

static bool is_line(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < 0x20 || s.data[i] == 0x7F)
			return false;
	return s.len > 0;
}

static void put_line(struct writer *w, const char *text, size_t size)
{
	size_t len = 0;
	while (len < size && text[len])
		len++;
	struct span s = span_of(text, len);
	if (len == size || !is_line(s))
		writer_fail(w, HUFU_ERR_ARGUMENT);
	cbor_put_text(w, s);
}

static void put_field(struct writer *w, const struct log_entry *e, int key)
{
	cbor_put_uint(w, (uint64_t)key);
	switch (key) {
	case LOG_AREA:
		put_line(w, e->area, sizeof e->area);
		break;
	case LOG_KIND:
		cbor_put_uint(w, e->kind);
		break;
	case LOG_GROUND:
		put_line(w, e->ground, sizeof e->ground);
		break;
	case LOG_COUNT:
		cbor_put_uint(w, e->count);
		break;
	case LOG_NUMBER:
		cbor_put_uint(w, e->number);
		break;
	default:
		cbor_put_bytes(w, span_of(field_hash(e, key), LOG_HASH_LEN));
	}
}

void log_entry_encode(struct writer *w, const struct log_entry *e)
{
	size_t fields = 0, start = w->len;
	if (!fits_type(e)) {
		writer_fail(w, HUFU_ERR_ARGUMENT);
		return;
	}
	for (uint32_t bits = e->present; bits; bits &= bits - 1)
		fields++;
	cbor_put_map(w, 3 + fields);
	cbor_put_uint(w, KEY_VERSION);
	cbor_put_uint(w, LOG_VERSION);
	cbor_put_uint(w, KEY_TYPE);
	cbor_put_uint(w, e->type);
	cbor_put_uint(w, KEY_TIME);
	cbor_put_int(w, e->time_s);
	for (int key = LOG_AREA; key <= LOG_NUMBER; key++)
		if (e->present & LOG_HAS(key))
			put_field(w, e, key);
	if (w->len - start > LOG_ENTRY_MAX)
		writer_fail(w, HUFU_ERR_LIMIT);
}

static void get_line(struct reader *r, char *ret, size_t size)
{
	struct span s = cbor_get_text(r);
	if (s.len >= size)
		reader_fail(r, HUFU_ERR_LIMIT);
	else if (!is_line(s))
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (r->error)
		return;
	memcpy(ret, s.data, s.len);
	ret[s.len] = '\0';
}

static void get_hash(struct reader *r, uint8_t ret[LOG_HASH_LEN])
{
	struct span s = cbor_get_bytes(r);
	if (s.len != LOG_HASH_LEN)
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (!r->error)
		memcpy(ret, s.data, LOG_HASH_LEN);
}

static void get_field(struct reader *r, struct log_entry *e, int64_t key)
{
	switch (key) {
	case LOG_AREA:
		get_line(r, e->area, sizeof e->area);
		break;
	case LOG_KIND: {
		uint64_t kind = cbor_get_uint(r);
		if (kind > UINT32_MAX)
			reader_fail(r, HUFU_ERR_MALFORMED);
		e->kind = (uint32_t)kind;
		break;
	}
	case LOG_GROUND:
		get_line(r, e->ground, sizeof e->ground);
		break;
	case LOG_COUNT:
		e->count = cbor_get_uint(r);
		break;
	case LOG_PERSON:
		get_hash(r, e->person);
		break;
	case LOG_CARD:
		get_hash(r, e->card);
		break;
	case LOG_ACTOR:
		get_hash(r, e->actor);
		break;
	case LOG_STATION:
		get_hash(r, e->station);
		break;
	case LOG_BINDING:
		get_hash(r, e->binding);
		break;
	case LOG_NUMBER:
		e->number = cbor_get_uint(r);
		break;
	default:
		reader_fail(r, HUFU_ERR_MALFORMED);
		return;
	}
	e->present |= LOG_HAS((unsigned)key);
}

/* Keys come sorted, so the first three are always these. */
static void get_head(struct reader *r, struct log_entry *e)
{
	if (cbor_get_uint(r) != KEY_VERSION)
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (cbor_get_uint(r) != LOG_VERSION)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	if (cbor_get_uint(r) != KEY_TYPE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	uint64_t type = cbor_get_uint(r);
	if (type > LOG_TYPE_MAX)
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
	else
		e->type = (enum log_type)type;
	if (cbor_get_uint(r) != KEY_TIME)
		reader_fail(r, HUFU_ERR_MALFORMED);
	e->time_s = cbor_get_int(r);
}

int log_entry_decode(struct span in, struct log_entry *ret)
{
	struct reader r;
	struct log_entry e = {0};
	if (in.len > LOG_ENTRY_MAX)
		return HUFU_ERR_LIMIT;
	int rc = cbor_check(in, CBOR_DETERMINISTIC);
	if (rc)
		return rc;
	reader_init(&r, in);
	size_t left = cbor_get_map(&r);
	if (left < 3)
		return HUFU_ERR_MALFORMED;
	get_head(&r, &e);
	left -= 3;
	while (cbor_next(&r, &left))
		get_field(&r, &e, cbor_get_label(&r));
	if (r.error)
		return r.error;
	if (!fits_type(&e))
		return HUFU_ERR_MALFORMED;
	*ret = e;
	return HUFU_OK;
}

/* The domain's final NUL is hashed too and ends it. */
#define PUT_DOMAIN(h, domain) sha256_put((h), (domain), sizeof(domain))

void log_commit(int field, const uint8_t salt[LOG_SALT_LEN], struct span value,
        uint8_t ret[LOG_HASH_LEN])
{
	struct sha256 h;
	uint8_t byte = (uint8_t)field;
	sha256_init(&h);
	PUT_DOMAIN(&h, "hufu-commit-1");
	sha256_put(&h, &byte, 1);
	sha256_put(&h, salt, LOG_SALT_LEN);
	sha256_put(&h, value.data, value.len);
	sha256_done(&h, ret);
}

void log_bind_signed(const uint8_t salt[LOG_SALT_LEN], struct span qr_tbs,
        struct span chip_tbs, uint8_t ret[LOG_HASH_LEN])
{
	struct sha256 h;
	uint8_t qr[SHA256_LEN], chip[SHA256_LEN];
	sha256_of(qr_tbs, qr);
	sha256_of(chip_tbs, chip);
	sha256_init(&h);
	PUT_DOMAIN(&h, "hufu-signed-1");
	sha256_put(&h, salt, LOG_SALT_LEN);
	sha256_put(&h, qr, sizeof qr);
	sha256_put(&h, chip, sizeof chip);
	sha256_done(&h, ret);
}

void log_bind_edition(struct span hashes, uint8_t ret[LOG_HASH_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	PUT_DOMAIN(&h, "hufu-edition-1");
	sha256_put(&h, hashes.data, hashes.len);
	sha256_done(&h, ret);
}

void log_bind_reserved(const uint8_t salt[LOG_SALT_LEN], struct span serial,
        uint8_t ret[LOG_HASH_LEN])
{
	struct sha256 h;
	sha256_init(&h);
	PUT_DOMAIN(&h, "hufu-reserved-1");
	sha256_put(&h, salt, LOG_SALT_LEN);
	sha256_put(&h, serial.data, serial.len);
	sha256_done(&h, ret);
}
