#include "crypto/core/cbor_walk.h"

#include "crypto/core/mem.h"
#include "crypto/core/utf8.h"

/* One array, map or tag around the place where the walk stands. */
struct level {
	uint64_t left; /* items to come; a pair is two */
	bool indefinite;
	bool is_map;
	bool at_key;
	uint16_t first_key; /* in walk.keys */
};

struct key {
	uint32_t at; /* offset of its head */
	uint32_t hash; /* of its value, not its encoding */
};

struct walk {
	struct reader *r;
	bool deterministic;
	bool check; /* keys and UTF-8, not only the structure */
	unsigned depth; /* levels in use */
	uint16_t key_count;
	struct level levels[CBOR_MAX_DEPTH];
	struct key keys[CBOR_MAX_OPEN_KEYS];
};

struct cbor_head cbor_get_head(struct reader *r)
{
	uint8_t first = reader_get_u8(r);
	struct cbor_head h = {
	        .major = (enum cbor_major)(first >> 5), .info = first & 0x1F};
	if (h.info < CBOR_INFO_ONE)
		h.arg = h.info;
	else if (h.info == CBOR_INFO_ONE)
		h.arg = reader_get_u8(r);
	else if (h.info == CBOR_INFO_ONE + 1)
		h.arg = reader_get_u16(r);
	else if (h.info == CBOR_INFO_ONE + 2)
		h.arg = reader_get_u32(r);
	else if (h.info == CBOR_INFO_EIGHT)
		h.arg = reader_get_u64(r);
	else if (h.info != CBOR_INFO_INDEFINITE)
		reader_fail(r, HUFU_ERR_MALFORMED);
	return h;
}

/* Whether the argument could have been written in fewer bytes. */
static bool is_long(struct cbor_head h)
{
	if (h.info < CBOR_INFO_ONE || h.info > CBOR_INFO_EIGHT)
		return false;
	if (h.info == CBOR_INFO_ONE)
		return h.arg < CBOR_INFO_ONE;
	unsigned half_bits = 8u << (h.info - CBOR_INFO_ONE - 1);
	return h.arg >> half_bits == 0;
}

static void walk_string(struct walk *w, struct cbor_head h)
{
	if (h.arg > reader_left(w->r)) {
		reader_fail(w->r, HUFU_ERR_TRUNCATED);
		return;
	}
	struct span s = reader_get_span(w->r, (size_t)h.arg);
	if (w->check && h.major == CBOR_TEXT && !utf8_is_valid(s))
		reader_fail(w->r, HUFU_ERR_MALFORMED);
}

/* Chunks of the same type and of definite length, up to the break. */
static void walk_chunks(struct walk *w, enum cbor_major major)
{
	struct reader *r = w->r;
	if (w->deterministic)
		reader_fail(r, HUFU_ERR_MALFORMED);
	while (!r->error) {
		struct cbor_head h = cbor_get_head(r);
		if (h.major == CBOR_SIMPLE && h.info == CBOR_INFO_INDEFINITE)
			return;
		if (h.major != major || h.info == CBOR_INFO_INDEFINITE)
			reader_fail(r, HUFU_ERR_MALFORMED);
		else
			walk_string(w, h);
	}
}

static uint32_t hash_key(struct cbor_head h, struct span content)
{
	uint64_t v = (h.arg ^ (uint64_t)h.major << 61) * 0x9E3779B97F4A7C15u;
	uint32_t hash = (uint32_t)(v >> 32);
	for (size_t i = 0; i < content.len; i++)
		hash = (hash ^ content.data[i]) * 0x01000193u;
	return hash;
}

/* Head and content of the key at `at`, which was walked before. */
static struct cbor_head key_at(
        const struct reader *doc, uint32_t at, struct span *ret_content)
{
	struct reader r;
	reader_init(&r, (struct span){doc->data, doc->len});
	r.pos = at;
	struct cbor_head h = cbor_get_head(&r);
	bool is_string = h.major == CBOR_BYTES || h.major == CBOR_TEXT;
	*ret_content = reader_get_span(&r, is_string ? (size_t)h.arg : 0);
	return h;
}

/* RFC 8949 section 4.2.1: bytewise order of the encodings, shortest form. */
static bool key_is_less(const struct reader *doc, uint32_t a, uint32_t b)
{
	struct span sa, sb;
	struct cbor_head ha = key_at(doc, a, &sa), hb = key_at(doc, b, &sb);
	if (ha.major != hb.major)
		return ha.major < hb.major;
	if (ha.arg != hb.arg)
		return ha.arg < hb.arg;
	return sa.len > 0 && memcmp(sa.data, sb.data, sa.len) < 0;
}

static bool key_is_same(const struct reader *doc, uint32_t a, uint32_t b)
{
	struct span sa, sb;
	struct cbor_head ha = key_at(doc, a, &sa), hb = key_at(doc, b, &sb);
	return ha.major == hb.major && ha.arg == hb.arg && span_equal(sa, sb);
}

/* Notes the key at `at` and refuses it if its map has it already. */
static void add_key(struct walk *w, const struct level *map, uint32_t at)
{
	struct reader *r = w->r;
	struct span content;
	struct cbor_head h = key_at(r, at, &content);
	uint32_t hash = hash_key(h, content);
	uint16_t n = w->key_count;

	/* the hashes keep a map of 256 short keys well under a millisecond */
	for (uint16_t i = map->first_key; i < n; i++)
		if (w->keys[i].hash == hash &&
		        key_is_same(r, w->keys[i].at, at))
			reader_fail(r, HUFU_ERR_DUPLICATE);
	if (w->deterministic && n > map->first_key &&
	        !key_is_less(r, w->keys[n - 1].at, at))
		reader_fail(r, HUFU_ERR_MALFORMED);
	if (n == CBOR_MAX_OPEN_KEYS ||
	        n - map->first_key == CBOR_MAX_MAP_PAIRS) {
		reader_fail(r, HUFU_ERR_LIMIT);
		return;
	}
	w->keys[w->key_count++] = (struct key){at, hash};
}

static void open_level(struct walk *w, struct cbor_head h)
{
	struct reader *r = w->r;
	bool is_map = h.major == CBOR_MAP;
	bool indefinite = h.info == CBOR_INFO_INDEFINITE;
	uint64_t items = h.major == CBOR_TAG ? 1 : h.arg;

	if (indefinite && (w->deterministic || h.major == CBOR_TAG))
		reader_fail(r, HUFU_ERR_MALFORMED);
	/* every item takes a byte, so no count can promise more */
	else if (items > reader_left(r) / (is_map ? 2 : 1))
		reader_fail(r, HUFU_ERR_TRUNCATED);
	else if (w->depth == CBOR_MAX_DEPTH)
		reader_fail(r, HUFU_ERR_LIMIT);
	if (r->error)
		return;
	w->levels[w->depth++] =
	        (struct level){.left = is_map ? 2 * items : items,
	                .indefinite = indefinite,
	                .is_map = is_map,
	                .at_key = is_map,
	                .first_key = w->key_count};
}

/* A break: ends the innermost level, if that is indefinite. */
static void close_indefinite(struct walk *w)
{
	struct level *top = w->depth ? &w->levels[w->depth - 1] : NULL;
	if (!top || !top->indefinite || (top->is_map && !top->at_key))
		reader_fail(w->r, HUFU_ERR_MALFORMED);
	else
		top->indefinite = false; /* nothing left: closed below */
}

static void walk_simple(struct walk *w, struct cbor_head h)
{
	/* values below 32 have one form only, the short one */
	if (h.info == CBOR_INFO_ONE && h.arg < 32)
		reader_fail(w->r, HUFU_ERR_MALFORMED);
	/* shortest form of floats is not judged: no format here has any */
	if (w->deterministic && h.info > CBOR_INFO_ONE)
		reader_fail(w->r, HUFU_ERR_UNSUPPORTED);
}

/* One head, with its content unless that opens a level. */
static void walk_item(struct walk *w)
{
	struct reader *r = w->r;
	struct cbor_head h = cbor_get_head(r);
	if (r->error)
		return;
	if (h.major == CBOR_SIMPLE) {
		if (h.info == CBOR_INFO_INDEFINITE)
			close_indefinite(w);
		else
			walk_simple(w, h);
		return;
	}
	if (w->deterministic && is_long(h))
		reader_fail(r, HUFU_ERR_MALFORMED);
	switch (h.major) {
	case CBOR_BYTES:
	case CBOR_TEXT:
		if (h.info == CBOR_INFO_INDEFINITE)
			walk_chunks(w, h.major);
		else
			walk_string(w, h);
		break;
	case CBOR_ARRAY:
	case CBOR_MAP:
	case CBOR_TAG:
		open_level(w, h);
		break;
	default:
		if (h.info == CBOR_INFO_INDEFINITE)
			reader_fail(r, HUFU_ERR_MALFORMED);
	}
}

/* Before an item: counts it in its level, and takes note of a key. */
static void enter_item(struct walk *w, struct level *top)
{
	struct reader *r = w->r;
	if (!top->indefinite)
		top->left--;
	if (!top->is_map)
		return;
	bool is_key = top->at_key;
	if (reader_left(r) == 0 || r->data[r->pos] == 0xFF)
		return; /* the end of input, or a break, is no key */
	top->at_key = !is_key;
	if (!is_key || !w->check)
		return;
	uint8_t major = r->data[r->pos] >> 5;
	if (major > CBOR_TEXT || (r->data[r->pos] & 0x1F) == 0x1F) {
		reader_fail(r, HUFU_ERR_UNSUPPORTED);
		return;
	}
	struct reader ahead = *r; /* the key must be whole to be compared */
	size_t at = r->pos;
	w->r = &ahead;
	walk_item(w);
	w->r = r;
	if (ahead.error)
		reader_fail(r, ahead.error);
	else
		add_key(w, top, (uint32_t)at);
}

static void walk_one(struct walk *w)
{
	walk_item(w);
	while (w->depth > 0 && !w->r->error) {
		struct level *top = &w->levels[w->depth - 1];
		if (!top->indefinite && top->left == 0) {
			w->key_count = top->first_key;
			w->depth--;
			continue;
		}
		enter_item(w, top);
		if (!w->r->error)
			walk_item(w);
	}
}

void cbor_walk(struct reader *r, enum cbor_rules rules)
{
	struct walk w;
	if (r->len > UINT32_MAX)
		reader_fail(r, HUFU_ERR_LIMIT);
	w.r = r;
	w.deterministic = rules == CBOR_DETERMINISTIC;
	w.check = true;
	w.depth = 0;
	w.key_count = 0;
	walk_one(&w);
}

void cbor_skip(struct reader *r)
{
	struct walk w;
	w.r = r;
	w.deterministic = false;
	w.check = false;
	w.depth = 0;
	w.key_count = 0;
	walk_one(&w);
}
