#include "merchant/cli/anatomy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/core/cbor.h"
#include "crypto/core/name_mask.h"
#include "crypto/core/utf8.h"

enum {
	PATH_LEN = 128,
	VALUE_MAX = 8300, /* 4 KiB as hexadecimal */
	INFO_MASK = 31,
	INFO_ONE = 24,
	INFO_EIGHT = 27,
	CLAIM_169 = 169,
	NAME = 4,
	NUMBER = 1,
	NUMBER_SHOWN = 4,
	KEY_SHOWN = 40, /* bytes of a text that is a key */
	UTF8_LEN_MAX = 4,
};

struct walk {
	struct span all;
	bool full;
	json_t *fields;
	int depth;
	bool no_memory;
	bool broken; /* the first place wins */
	size_t broken_at;
};

/* Where an item stands and what it means there. */
struct place {
	char path[PATH_LEN];
	enum anatomy_part part;
	int64_t label;
	bool private; /* names or describes a person, or may */
};

struct head {
	size_t at;
	unsigned major;
	bool indefinite;
	uint64_t arg;
	size_t len; /* of the head itself */
};

static void walk_item(
        struct walk *w, struct reader *r, const struct place *place);

static size_t offset(const struct walk *w, const struct reader *r)
{
	return (size_t)(r->data - w->all.data) + r->pos;
}

static void break_off(struct walk *w, size_t at)
{
	if (!w->broken)
		w->broken_at = at;
	w->broken = true;
}

static bool get_head(struct walk *w, struct reader *r, struct head *ret)
{
	struct head h = {.at = offset(w, r)};
	size_t from = r->pos;
	uint8_t first = reader_get_u8(r);
	unsigned info = first & INFO_MASK;
	h.major = first >> 5;
	h.indefinite = info == INFO_MASK && h.major >= CBOR_BYTES &&
	               h.major <= CBOR_MAP;
	if (info < INFO_ONE)
		h.arg = info;
	else if (info > INFO_EIGHT && !h.indefinite)
		reader_fail(r, HUFU_ERR_MALFORMED);
	for (unsigned i = 0; info >= INFO_ONE && info <= INFO_EIGHT &&
	                     i < 1u << (info - INFO_ONE);
	        i++)
		h.arg = h.arg << 8 | reader_get_u8(r);
	if (r->error || w->depth > CBOR_MAX_DEPTH)
		break_off(
		        w, r->error == HUFU_ERR_TRUNCATED ? w->all.len : h.at);
	h.len = r->pos - from;
	*ret = h;
	return !w->broken;
}

static struct place child(
        const struct place *p, const char *name, enum anatomy_part part)
{
	struct place ret = {
	        .part = part, .label = INT64_MIN, .private = p->private};
	int n = snprintf(ret.path, sizeof ret.path, "%s%s%s", p->path,
	        p->path[0] ? "/" : "", name);
	if (n < 0 || (size_t)n >= sizeof ret.path)
		memcpy(ret.path, "...", 4);
	return ret;
}

static void add(struct walk *w, const struct head *h, const struct place *p,
        const char *type, const char *value, const char *meaning)
{
	const char *const *name = anatomy_name(p->part, p->label);
	json_t *o = json_pack("{s:I, s:s, s:s, s:s}", "at", (json_int_t)h->at,
	        "path", p->path, "type", type, "value", value);
	bool bad = !o;
	if (name) {
		bad |= json_object_set_new(o, "zh", json_string(name[0])) != 0;
		bad |= json_object_set_new(o, "en", json_string(name[1])) != 0;
	}
	if (meaning[0])
		bad |= json_object_set_new(
		               o, "meaning", json_string(meaning)) != 0;
	if (bad)
		json_decref(o);
	if (bad || json_array_append_new(w->fields, o) != 0)
		w->no_memory = true;
}

static void put_number(
        struct walk *w, const struct head *h, const struct place *p)
{
	char text[24], meaning[96] = "";
	bool negative = h->major == CBOR_NEGATIVE;
	if (h->arg <= INT64_MAX)
		anatomy_meaning(p->part, p->label,
		        negative ? -1 - (int64_t)h->arg : (int64_t)h->arg,
		        meaning, sizeof meaning);
	(void)snprintf(text, sizeof text, "%s%" PRIu64, negative ? "-" : "",
	        negative && h->arg < UINT64_MAX ? h->arg + 1 : h->arg);
	bool hidden = !w->full && p->private;
	add(w, h, p, "int", hidden ? "***" : text, hidden ? "" : meaning);
}

static void mask(const struct place *p, struct span s, struct writer *w)
{
	size_t shown = s.len < NUMBER_SHOWN ? s.len : NUMBER_SHOWN;
	if (p->part == ANATOMY_169 && p->label == NAME) {
		name_mask_encode(w, s);
		return;
	}
	writer_put_text(w, "***");
	if (p->part == ANATOMY_169 && p->label == NUMBER)
		writer_put(w, s.data + s.len - shown, shown);
}

static void put_text(struct walk *w, const struct head *h,
        const struct place *p, struct span s)
{
	static const char not_utf8[] = "(不是 UTF-8 not UTF-8)";
	char value[VALUE_MAX];
	struct writer out;
	writer_init(&out, value, sizeof value - 1);
	if (!w->full && p->private)
		mask(p, s, &out);
	else
		writer_put_span(&out, s);
	value[out.error ? 0 : out.len] = '\0';
	json_t *valid = json_string(value);
	add(w, h, p, "text", valid && !out.error ? value : not_utf8, "");
	json_decref(valid);
}

/* What is inside is shown by itself, masked. */
static bool holds_person(const struct place *p)
{
	return strcmp(p->path, "payload") == 0 ||
	       (p->part == ANATOMY_CLAIMS && p->label == CLAIM_169);
}

static void put_bytes(struct walk *w, const struct head *h,
        const struct place *p, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	char value[VALUE_MAX], length[48];
	size_t n = 0;
	if (!w->full && (p->private || holds_person(p)))
		s.len = 0;
	for (size_t i = 0; i < s.len && n + 2 < sizeof value; i++) {
		value[n++] = digits[s.data[i] >> 4];
		value[n++] = digits[s.data[i] & 15];
	}
	value[n] = '\0';
	(void)snprintf(length, sizeof length, "%" PRIu64 " 字节 bytes", h->arg);
	add(w, h, p, "bytes", value, length);
}

/* What a byte string holds, if it is known to hold CBOR. */
static void open_bytes(struct walk *w, const struct place *p, struct span s)
{
	struct reader r;
	struct place inside = *p;
	reader_init(&r, s);
	if (p->part == ANATOMY_CLAIMS && p->label == CLAIM_169)
		inside.part = ANATOMY_169;
	else if (strcmp(p->path, "protected") == 0)
		inside.part = ANATOMY_HEADER;
	else if (strcmp(p->path, "payload") == 0)
		inside.part = ANATOMY_CLAIMS;
	else
		return;
	inside.label = INT64_MIN;
	if (s.len > 0)
		walk_item(w, &r, &inside);
	if (!w->broken && reader_left(&r) > 0)
		break_off(w, offset(w, &r));
}

static void walk_string(struct walk *w, struct reader *r, const struct head *h,
        const struct place *p)
{
	size_t have = reader_left(r);
	bool cut = h->arg > have;
	struct span s = reader_get_span(r, cut ? have : (size_t)h->arg);
	if (h->major == CBOR_TEXT)
		put_text(w, h, p, s);
	else
		put_bytes(w, h, p, s);
	if (h->major == CBOR_BYTES)
		open_bytes(w, p, s);
	if (cut) /* what is inside was shown as far as it is there */
		break_off(w, w->all.len);
}

/* True at the break of an indefinite length, which is eaten. */
static bool at_break(struct reader *r)
{
	enum { BREAK = 0xff };
	if (reader_left(r) == 0 || r->data[r->pos] != BREAK)
		return false;
	(void)reader_get_u8(r);
	return true;
}

static bool more(
        struct walk *w, struct reader *r, const struct head *h, uint64_t done)
{
	return !w->broken && !w->no_memory &&
	       (h->indefinite ? !at_break(r) : done < h->arg);
}

static void name_key(struct walk *w, struct reader *r, char *ret, size_t cap,
        int64_t *ret_label)
{
	struct head key;
	*ret_label = INT64_MIN;
	ret[0] = '\0';
	if (!get_head(w, r, &key))
		return;
	if (key.major <= CBOR_NEGATIVE && key.arg <= INT64_MAX) {
		*ret_label = key.major == CBOR_UINT ? (int64_t)key.arg
		                                    : -1 - (int64_t)key.arg;
		(void)snprintf(ret, cap, "%" PRId64, *ret_label);
		return;
	}
	struct span s = {NULL, 0};
	if (key.major == CBOR_TEXT && !key.indefinite &&
	        key.arg <= reader_left(r))
		s = reader_get_span(r, (size_t)key.arg);
	else
		break_off(w, key.at); /* no key that maps of ours may have */
	s.len = s.len < KEY_SHOWN ? s.len : KEY_SHOWN;
	for (int i = 0; i < UTF8_LEN_MAX && !utf8_is_valid(s); i++)
		s.len -= s.len > 0;
	if (!utf8_is_valid(s))
		s.len = 0;
	(void)snprintf(ret, cap, "\"%.*s\"", (int)s.len,
	        s.len ? (const char *)s.data : "");
}

static void walk_map(struct walk *w, struct reader *r, const struct head *h,
        const struct place *p)
{
	char name[64];
	int64_t label;
	/* a map of labels: of this part, or of the claim's own inside */
	enum anatomy_part part =
	        p->label == INT64_MIN ? p->part
	        : p->part == ANATOMY_CLAIMS && p->label == CLAIM_169
	                ? ANATOMY_169
	                : ANATOMY_OTHER;
	for (uint64_t i = 0; more(w, r, h, i); i++) {
		name_key(w, r, name, sizeof name, &label);
		if (w->broken)
			return;
		struct place value = child(p, name, part);
		value.label = label;
		value.private |= anatomy_is_private(part, label);
		walk_item(w, r, &value);
	}
}

static void walk_array(struct walk *w, struct reader *r, const struct head *h,
        const struct place *p)
{
	static const char *const parts[] = {
	        "protected", "unprotected", "payload", "signature"};
	char name[24];
	bool message = p->path[0] == '\0';
	for (uint64_t i = 0; more(w, r, h, i); i++) {
		(void)snprintf(name, sizeof name, "%" PRIu64, i);
		struct place value = child(p,
		        message && i < 4 ? parts[i] : name,
		        message && i == 1 ? ANATOMY_HEADER : ANATOMY_OTHER);
		walk_item(w, r, &value);
	}
}

static void walk_container(struct walk *w, struct reader *r,
        const struct head *h, const struct place *p)
{
	char count[24] = "...";
	if (!h->indefinite)
		(void)snprintf(count, sizeof count, "%" PRIu64, h->arg);
	add(w, h, p, h->major == CBOR_MAP ? "map" : "array", count, "");
	if (h->major == CBOR_MAP)
		walk_map(w, r, h, p);
	else
		walk_array(w, r, h, p);
}

static void walk_tag(struct walk *w, struct reader *r, const struct head *h,
        const struct place *p)
{
	char number[24];
	(void)snprintf(number, sizeof number, "%" PRIu64, h->arg);
	add(w, h, p, "tag", number,
	        h->arg == 61   ? "CWT"
	        : h->arg == 18 ? "COSE_Sign1"
	        : h->arg == 16 ? "COSE_Encrypt0"
	                       : "");
	walk_item(w, r, p);
}

static void walk_pieces(struct walk *w, struct reader *r, const struct head *h,
        const struct place *p)
{
	add(w, h, p, h->major == CBOR_TEXT ? "text" : "bytes", "...", "");
	for (uint64_t i = 0; more(w, r, h, i); i++) {
		struct head piece;
		if (!get_head(w, r, &piece))
			return;
		if (piece.major != h->major || piece.indefinite) {
			break_off(w, piece.at);
			return;
		}
		walk_string(w, r, &piece, p);
	}
}

static void walk_item(struct walk *w, struct reader *r, const struct place *p)
{
	struct head h;
	w->depth++;
	if (get_head(w, r, &h)) {
		if (h.major <= CBOR_NEGATIVE)
			put_number(w, &h, p);
		else if (h.major <= CBOR_TEXT && h.indefinite)
			walk_pieces(w, r, &h, p);
		else if (h.major <= CBOR_TEXT)
			walk_string(w, r, &h, p);
		else if (h.major <= CBOR_MAP)
			walk_container(w, r, &h, p);
		else if (h.major == CBOR_TAG)
			walk_tag(w, r, &h, p);
		else
			add(w, &h, p, "simple",
			        h.len == 1 && h.arg == 20   ? "false"
			        : h.len == 1 && h.arg == 21 ? "true"
			        : h.len == 1 && h.arg == 22 ? "null"
			                                    : "...",
			        "");
	}
	w->depth--;
}

int anatomy_take(struct span message, bool full, json_t *fields, size_t *ret_at)
{
	struct walk w = {.all = message, .full = full, .fields = fields};
	struct place top = {.part = ANATOMY_OTHER, .label = INT64_MIN};
	struct reader r;
	reader_init(&r, message);
	walk_item(&w, &r, &top);
	if (!w.broken && reader_left(&r) > 0)
		break_off(&w, r.pos);
	if (w.no_memory)
		return -1;
	if (!w.broken)
		return 0;
	*ret_at = w.broken_at;
	return 1;
}
