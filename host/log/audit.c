#include "host/log/audit.h"

#include <stdlib.h>
#include <string.h>

#include "host/log/bundle.h"
#include "host/log/peaks.h"
#include "host/log/tile_files.h"
#include "host/log/verify.h"

enum {
	AREAS_MAX = 65536,
	CLOCK_SLACK_S = 3600, /* entries of one moment may stand a bit mixed */
};

struct log_audit_area {
	char area[LOG_AREA_MAX + 1];
	uint64_t in_stock;
};

struct words {
	const char *zh;
	const char *en;
};

static const struct words words_time = {
        "时间早于前面的条目", "is dated before the entries in front of it"};
static const struct words words_count = {
        "白卡事件没有数量", "a blank event without a count"};
static const struct words words_stock = {
        "库存白卡不够", "there are not that many blanks in stock"};
static const struct words words_reserved = {
        "没有在制的白卡", "no blank is reserved"};
static const struct words words_counted = {
        "盘点数与库存不符", "the count does not agree with the stock"};
static const struct words words_destroyed = {
        "销毁多于废卡", "more destroyed than spoiled"};
static const struct words words_order = {
        "前一步的事件不足", "there are not enough events of the step before"};
static const struct words words_unreadable = {
        "条目格式不对", "the entry cannot be read"};

static int find_area(
        struct log_audit *audit, const char *area, struct log_audit_area **ret)
{
	struct log_audit_area *wide;

	for (size_t i = 0; i < audit->area_count; i++) {
		if (strcmp(audit->areas[i].area, area) == 0) {
			*ret = &audit->areas[i];
			return 0;
		}
	}
	if (audit->area_count == AREAS_MAX)
		return HUFU_ERR_LIMIT;
	wide = realloc(audit->areas, (audit->area_count + 1) * sizeof(*wide));
	if (!wide)
		return HUFU_ERR_MEMORY;
	audit->areas = wide;
	*ret = &wide[audit->area_count++];
	**ret = (struct log_audit_area){0};
	memcpy((*ret)->area, area, strlen(area));
	return 0;
}

/* A step that cannot have happened more often than the one before. */
static const struct {
	enum log_type type, before;
} steps[] = {
        {LOG_KEYED, LOG_RESERVED},
        {LOG_SIGNED, LOG_KEYED},
        {LOG_ISSUED, LOG_SIGNED},
        {LOG_HANDED_OVER, LOG_ISSUED},
        {LOG_PARCEL_RECEIVED, LOG_PARCEL_SENT},
        {LOG_PARCEL_MISSING, LOG_PARCEL_SENT},
};

static const struct words *check_order(
        const struct log_audit *audit, const struct log_entry *e)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].type == e->type &&
		        audit->events[e->type] >=
		                audit->events[steps[i].before])
			return &words_order;
	}
	if (audit->size > 0 && e->time_s < audit->last_s - CLOCK_SLACK_S)
		return &words_time;
	return NULL;
}

/* Takes `n` from one heap and puts them on another. */
static const struct words *shift(
        uint64_t *from, uint64_t *to, uint64_t n, const struct words *too_few)
{
	if (*from < n)
		return too_few;
	*from -= n;
	*to += n;
	return NULL;
}

static const struct words *take_stock(struct log_balance *b,
        struct log_audit_area *area, uint64_t n, uint64_t *to)
{
	if (area->in_stock < n || b->in_stock < n)
		return &words_stock;
	area->in_stock -= n;
	return shift(&b->in_stock, to, n, &words_stock);
}

static const struct words *balance_stock(struct log_balance *b,
        struct log_audit_area *area, const struct log_entry *e, uint64_t n)
{
	switch (e->type) {
	case LOG_BLANK_RECEIVED:
		b->received += n;
		b->in_stock += n;
		area->in_stock += n;
		return NULL;
	case LOG_RESERVED:
		return take_stock(b, area, n, &b->reserved);
	case LOG_BLANK_MISSING:
		return take_stock(b, area, n, &b->missing);
	case LOG_SPOILED:
		return take_stock(b, area, n, &b->spoiled);
	case LOG_BLANK_COUNTED:
		return area->in_stock == n ? NULL : &words_counted;
	case LOG_RELEASED:
		if (b->reserved < n)
			return &words_reserved;
		area->in_stock += n;
		return shift(&b->reserved, &b->in_stock, n, &words_reserved);
	default:
		return NULL;
	}
}

static const struct words *balance_blanks(struct log_balance *b,
        struct log_audit_area *area, const struct log_entry *e)
{
	bool counted = e->present & LOG_HAS(LOG_COUNT);
	bool from_stock = e->present & LOG_HAS(LOG_GROUND) &&
	                  strcmp(e->ground, "stock") == 0;
	uint64_t n = counted ? e->count : 1;

	if (n > (uint64_t)1 << 40)
		return &words_count;
	switch (e->type) {
	case LOG_BLANK_RECEIVED:
	case LOG_BLANK_MISSING:
	case LOG_BLANK_COUNTED:
		return counted ? balance_stock(b, area, e, n) : &words_count;
	case LOG_BLANK_DESTROYED:
		if (!counted)
			return &words_count;
		if (b->destroyed + n > b->spoiled)
			return &words_destroyed;
		b->destroyed += n;
		return NULL;
	case LOG_SPOILED:
		return from_stock ? balance_stock(b, area, e, n)
		                  : shift(&b->reserved, &b->spoiled, n,
		                            &words_reserved);
	case LOG_ISSUED:
		return shift(&b->reserved, &b->issued, n, &words_reserved);
	default:
		return balance_stock(b, area, e, n);
	}
}

int log_audit_entry(struct log_audit *audit, const struct log_entry *entry,
        struct log_audit_fault *ret)
{
	struct log_audit_area *area = NULL;
	const struct words *why = check_order(audit, entry);
	int rc = find_area(audit, entry->area, &area);

	if (rc)
		return rc;
	if (!why)
		why = balance_blanks(&audit->balance, area, entry);
	if (!why) {
		audit->events[entry->type]++;
		if (audit->size == 0)
			audit->first_s = entry->time_s;
		if (audit->size == 0 || entry->time_s > audit->last_s)
			audit->last_s = entry->time_s;
	} else {
		audit->faults++;
		*ret = (struct log_audit_fault){
		        audit->size, entry->type, why->zh, why->en};
	}
	audit->size++;
	return why ? LOG_FAULTY : 0;
}

void log_audit_done(struct log_audit *audit)
{
	free(audit->areas);
	audit->areas = NULL;
	audit->area_count = 0;
}

static void tell(
        const struct log_audit_options *o, const struct log_audit_fault *fault)
{
	if (o->found)
		o->found(fault, o->arg);
}

static int audit_one(const struct log_audit_options *o, struct span bytes,
        struct log_audit *audit)
{
	struct log_audit_fault fault = {audit->size, (enum log_type)0,
	        words_unreadable.zh, words_unreadable.en};
	struct log_entry entry;
	int rc;

	if (log_entry_decode(bytes, &entry)) {
		audit->faults++;
		audit->size++;
		tell(o, &fault);
		return 0;
	}
	rc = log_audit_entry(audit, &entry, &fault);
	if (rc == LOG_FAULTY)
		tell(o, &fault);
	return rc < 0 ? rc : 0;
}

static int audit_bundle(const struct log_audit_options *o, const struct tile *t,
        struct log_audit *audit, struct peaks *peaks)
{
	uint8_t leaf[MERKLE_HASH_LEN];
	struct bundle b;
	int rc = bundle_read(o->folder, t, &b);

	for (size_t i = 0; !rc && i < b.count; i++) {
		merkle_leaf(b.entry[i], leaf);
		peaks_put(peaks, leaf);
		rc = audit_one(o, b.entry[i], audit);
	}
	bundle_done(&b);
	return rc;
}

static int audit_all(const struct log_audit_options *o,
        const struct log_checkpoint *c, struct log_audit *audit,
        struct problem *p)
{
	struct peaks peaks = {0};
	uint8_t root[MERKLE_HASH_LEN];
	int rc = 0;

	for (uint64_t i = 0; !rc && i * TILE_WIDTH < c->size; i++) {
		struct tile t = {
		        TILE_ENTRIES, i, tile_width(TILE_ENTRIES, i, c->size)};

		rc = audit_bundle(o, &t, audit, &peaks);
	}
	if (rc)
		return problem_set(p, rc, "log-bundle",
		        "条目 %llu 之后的条目文件缺失或损坏。",
		        "The entry bundle behind entry %llu is missing or "
		        "damaged.",
		        (unsigned long long)audit->size);
	peaks_root(&peaks, root);
	if (memcmp(root, c->root, sizeof(root)) != 0)
		return problem_set(p, HUFU_ERR_PROOF, "log-root",
		        "条目算不出检查点的根：日志被改动过。",
		        "The entries do not give the checkpoint's root: the "
		        "log was tampered with.");
	return 0;
}

int log_audit(const struct log_audit_options *o, struct log_audit *ret,
        struct problem *p)
{
	struct log_audit audit = {0};
	struct log_checkpoint c;
	struct note_key key;
	int rc = note_decode_vkey(span_of_text(o->vkey), &key);

	if (!rc && !span_equal(key.name, span_of_text(o->origin)))
		rc = HUFU_ERR_CONFIG;
	if (!rc)
		rc = tile_files_read_checkpoint(o->folder, &key, &c);
	if (rc)
		return problem_set(p, rc, "log-checkpoint",
		        "检查点缺失或验证不过（错误 %d）。",
		        "The checkpoint is missing or does not verify (error "
		        "%d).",
		        rc);
	rc = audit_all(o, &c, &audit, p);
	log_audit_done(&audit);
	if (rc)
		return rc;
	*ret = audit;
	return audit.faults ? LOG_FAULTY : 0;
}
