#include "merchant/terminal/service.h"

#include "crypto/core/base64.h"
#include "crypto/core/decimal.h"
#include "crypto/core/timestamp.h"
#include "merchant/terminal/crc32.h"
#include "merchant/terminal/port.h"
#include "merchant/terminal/service_hook.h"

enum { CRC_LEN = 1 + 8 };

void service_init(struct service *s, struct store *store)
{
	*s = (struct service){0};
	update_init(&s->update, store);
	line_init(&s->line, s->text, sizeof s->text);
}

int64_t service_now_s(struct service *s)
{
	struct service_clock *c = &s->clock;
	uint32_t passed_s = (port_clock_ms() - c->at_ms) / 1000;
	if (!c->set)
		return 0;
	/* carried over in whole seconds, before milliseconds wrap */
	c->time_s += passed_s;
	c->at_ms += passed_s * 1000;
	return c->time_s;
}

/* ---- lines ---- */

static void put_hex(struct writer *w, uint32_t v)
{
	static const char digits[] = "0123456789abcdef";
	for (unsigned shift = 32; shift > 0; shift -= 4)
		writer_put_u8(w, (uint8_t)digits[v >> (shift - 4) & 15]);
}

static void send(struct writer *w)
{
	uint32_t crc = crc32_of(writer_span(w));
	writer_put_u8(w, ' ');
	put_hex(w, crc);
	writer_put_u8(w, '\n');
	port_put(PORT_SERVICE, w->data, w->len);
}

/* Without its CRC; empty if that is wrong. */
static struct span check_line(struct span line)
{
	uint8_t space[CRC_LEN];
	struct writer w;
	struct reader r;
	if (line.len <= CRC_LEN)
		return span_of(NULL, 0);
	reader_init(&r, line);
	struct span body = reader_get_span(&r, line.len - CRC_LEN);
	writer_init(&w, space, sizeof space);
	writer_put_u8(&w, ' ');
	put_hex(&w, crc32_of(body));
	if (!span_equal(reader_get_span(&r, CRC_LEN), writer_span(&w)))
		return span_of(NULL, 0);
	return body;
}

static struct span get_word(struct reader *r)
{
	struct reader ahead = *r;
	size_t len = 0;
	while (reader_left(&ahead) > 0 && reader_get_u8(&ahead) != ' ')
		len++;
	struct span word = reader_get_span(r, len);
	if (reader_left(r) > 0)
		(void)reader_get_u8(r);
	return word;
}

static uint64_t get_number(struct reader *r, uint64_t max)
{
	uint64_t v = 0;
	int rc = decimal_decode(get_word(r), max, &v);
	if (rc)
		reader_fail(r, HUFU_ERR_ARGUMENT);
	return v;
}

static const char *reason(int rc)
{
	switch (rc) {
	case HUFU_ERR_SIGNATURE:
		return "signature";
	case HUFU_ERR_STALE:
		return "older";
	case HUFU_ERR_CONFLICT:
		return "conflict";
	case HUFU_ERR_LIMIT:
	case HUFU_ERR_SPACE:
		return "limit";
	case HUFU_ERR_STATE:
		return "state";
	case HUFU_ERR_BUSY:
		return "busy";
	case HUFU_ERR_IO:
		return "flash";
	case HUFU_ERR_ARGUMENT:
		return "argument";
	case HUFU_ERR_NOT_FOUND:
		return "key";
	default:
		return "malformed";
	}
}

static void refuse(const char *why)
{
	uint8_t out[40];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "NO ");
	writer_put_text(&w, why);
	send(&w);
}

static void put_fact(struct writer *w, const char *name, uint64_t v)
{
	writer_put_text(w, name);
	decimal_encode(w, v);
}

static void agree(const char *name, uint64_t v)
{
	uint8_t out[64];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "OK");
	put_fact(&w, name, v);
	send(&w);
}

/* ---- commands ---- */

static void hello(struct service *s)
{
	const struct store *store = s->update.store;
	uint8_t out[200];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "OK hufu-terminal 1");
	put_fact(&w, " root=", store->has_root);
	put_fact(&w, " trust=", store->has_trust ? store->trust.sequence : 0);
	put_fact(&w, " keys=", store->sigs.key_count);
	put_fact(&w, " lists=", store->status_count);
	put_fact(&w, " floor=", (uint64_t)store_newest_s(store));
	send(&w);
}

static void count(struct service *s)
{
	uint8_t out[100];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "OK");
	put_fact(&w, " scans=", s->counts.scans);
	put_fact(&w, " ticks=", s->counts.ticks);
	put_fact(&w, " ms=", port_clock_ms());
	put_fact(&w, " longest=", s->counts.longest_ms);
	put_fact(&w, " stack=", port_stack_used());
	send(&w);
}

static int set_time(struct service *s, struct reader *r)
{
	int64_t time_s = (int64_t)get_number(r, (uint64_t)TIMESTAMP_MAX_S);
	int rc = reader_done(r);
	if (rc)
		return HUFU_ERR_ARGUMENT;
	s->clock = (struct service_clock){
	        .set = true, .time_s = time_s, .at_ms = port_clock_ms()};
	agree(" time=", (uint64_t)time_s);
	return HUFU_OK;
}

static int set_root(struct service *s, struct reader *r)
{
	uint8_t space[COSE_KEY_MAX];
	struct writer w;
	struct cose_key root;
	writer_init(&w, space, sizeof space);
	int rc = base64_decode(get_word(r), &w);
	if (!rc)
		rc = cose_key_decode(writer_span(&w), &root);
	if (!rc)
		rc = update_root(&s->update, &root);
	if (!rc)
		agree(" root=", 1);
	return rc;
}

static int begin(struct service *s, struct reader *r)
{
	struct span word = get_word(r);
	enum update_kind kind = UPDATE_TRUST;
	unsigned list = 0;
	if (span_is_text(word, "snapshot"))
		kind = UPDATE_SNAPSHOT;
	else if (span_is_text(word, "delta"))
		kind = UPDATE_DELTA;
	else if (!span_is_text(word, "trust"))
		return HUFU_ERR_ARGUMENT;
	if (kind != UPDATE_TRUST)
		list = (unsigned)get_number(r, STORE_LISTS - 1);
	uint32_t len = (uint32_t)get_number(r, FLASH_SIZE);
	if (reader_done(r))
		return HUFU_ERR_ARGUMENT;
	int rc = update_begin(&s->update, kind, list, len);
	if (!rc)
		agree(" next=", 0);
	return rc;
}

/* Which lists are in hand, for an updater that looks for the newer ones. */
static int tell_list(struct service *s, struct reader *r)
{
	uint8_t out[TRUST_LIST_TEXT_MAX + 120];
	struct writer w;
	unsigned n = (unsigned)get_number(r, STORE_LISTS - 1);
	if (reader_done(r))
		return HUFU_ERR_ARGUMENT;
	const struct store_list *l = &s->update.store->lists[n];
	if (!l->whole)
		return HUFU_ERR_NOT_FOUND;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "OK");
	put_fact(&w, " believed=", l->believed);
	put_fact(&w, " number=", l->compact.number);
	put_fact(&w, " sequence=", l->compact.sequence);
	put_fact(&w, " issued=", (uint64_t)l->compact.issued_s);
	writer_put_text(&w, " iss=");
	writer_put_span(&w, l->compact.iss);
	if (w.error)
		return w.error;
	send(&w);
	return HUFU_OK;
}

static int put_data(struct service *s, struct reader *r)
{
	uint8_t bytes[SERVICE_DATA_MAX];
	struct writer w;
	uint32_t offset = (uint32_t)get_number(r, FLASH_SIZE);
	writer_init(&w, bytes, sizeof bytes);
	int rc = base64_decode(get_word(r), &w);
	if (rc || reader_done(r))
		return HUFU_ERR_ARGUMENT;
	rc = update_put(&s->update, offset, writer_span(&w));
	if (!rc)
		agree(" next=", s->update.got);
	return rc;
}

/* The answer comes from service_step(). */
static int commit(struct service *s)
{
	return update_commit(&s->update);
}

static int obey(struct service *s, struct span body)
{
	struct reader r;
	reader_init(&r, body);
	struct span word = get_word(&r);
	if (span_is_text(word, "DATA"))
		return put_data(s, &r);
	if (span_is_text(word, "BEGIN"))
		return begin(s, &r);
	if (span_is_text(word, "COMMIT"))
		return commit(s);
	if (span_is_text(word, "TIME"))
		return set_time(s, &r);
	if (span_is_text(word, "ROOT"))
		return set_root(s, &r);
	if (span_is_text(word, "LIST"))
		return tell_list(s, &r);
	if (span_is_text(word, "HELLO"))
		hello(s);
	else if (span_is_text(word, "COUNT"))
		count(s);
	else if (!service_hook(word))
		return HUFU_ERR_ARGUMENT;
	return HUFU_OK;
}

void service_answer(struct service *s, enum line_event event)
{
	struct span body = span_of(NULL, 0);
	if (event == LINE_READY)
		body = check_line(line_text(&s->line));
	if (body.len == 0) {
		refuse("line"); /* send it again */
		return;
	}
	int rc = obey(s, body);
	if (rc)
		refuse(reason(rc));
}

bool service_step(struct service *s)
{
	if (s->update.phase <= UPDATE_RECEIVING)
		return false;
	int rc = update_step(&s->update);
	if (rc == HUFU_OK)
		agree(" done=", s->update.len);
	else if (rc != UPDATE_MORE)
		refuse(reason(rc));
	return true;
}
