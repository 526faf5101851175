#include "merchant/terminal/screen.h"

#include "crypto/core/decimal.h"
#include "crypto/core/name_mask.h"
#include "crypto/core/timestamp.h"
#include "merchant/terminal/port.h"

enum mark { MARK_OK, MARK_CHECK, MARK_NO, MARK_AGAIN, MARK_IDLE };

static const struct {
	const char *name;
	const char *word;
	const char *sound; /* - long, . short */
} marks[] = {
        [MARK_OK] = {"ok", "有效 Valid", "-"},
        [MARK_CHECK] = {"check", "需核对 Check", ".."},
        [MARK_NO] = {"no", "无效 Not valid", "..."},
        [MARK_AGAIN] = {"again", "请重新扫码 Scan again", ".."},
        [MARK_IDLE] = {"idle", "请扫码 Scan a card", NULL},
};

static const char compare_photo[] = "核对本人照片 Compare the photo";

/* Before `max` bytes, where no character of UTF-8 is cut in two. */
static size_t cut(struct span text, size_t max)
{
	size_t len = text.len;
	if (len <= max)
		return len;
	len = max;
	while (len > 0 && (text.data[len] & 0xC0) == 0x80)
		len--;
	return len;
}

/* A text from a code must not send commands of its own. */
static void put_row(unsigned row, struct span text)
{
	uint8_t out[SCREEN_TEXT_MAX + 4];
	struct writer w;
	size_t len = cut(text, SCREEN_TEXT_MAX);
	writer_init(&w, out, sizeof out);
	writer_put_u8(&w, 'D');
	writer_put_u8(&w, (uint8_t)('0' + row));
	writer_put_u8(&w, ' ');
	for (size_t i = 0; i < len; i++) {
		uint8_t c = text.data[i];
		writer_put_u8(&w, c < ' ' || c == 0x7F ? '?' : c);
	}
	writer_put_u8(&w, '\n');
	port_put(PORT_SCREEN, w.data, w.len);
}

static void put_command(char letter, const char *text)
{
	uint8_t out[16];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_u8(&w, (uint8_t)letter);
	writer_put_u8(&w, ' ');
	writer_put_text(&w, text);
	writer_put_u8(&w, '\n');
	port_put(PORT_SCREEN, w.data, w.len);
}

static void begin(enum mark mark)
{
	put_command('V', marks[mark].name);
	put_row(1, span_of_text(marks[mark].word));
}

static void end(enum mark mark)
{
	if (marks[mark].sound)
		put_command('B', marks[mark].sound);
	port_put(PORT_SCREEN, "E\n", 2);
}

static enum mark mark_of(
        const struct hufu_result *r, const struct screen_facts *facts)
{
	switch (r->verdict) {
	case HUFU_VALID:
		return r->status_stale || !facts->clock_set ? MARK_CHECK
		                                            : MARK_OK;
	case HUFU_UNKNOWN_ISSUER:
		/* it is the terminal that knows too little */
		return r->trust_expired || !facts->has_trust ? MARK_CHECK
		                                             : MARK_NO;
	default:
		return MARK_NO;
	}
}

static void put_name(unsigned row, struct hufu_text name)
{
	uint8_t out[SCREEN_TEXT_MAX * 4];
	struct writer w;
	writer_init(&w, out, sizeof out);
	name_mask_encode(&w, span_of(name.data, name.len));
	put_row(row, w.error ? span_of_text("?") : writer_span(&w));
}

static void put_number(unsigned row, const struct hufu_result *r)
{
	enum { TAIL = 4 };
	uint8_t out[SCREEN_TEXT_MAX];
	struct writer w;
	struct hufu_text number = r->card_number;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "尾号 No. ");
	if (number.len > TAIL)
		writer_put(&w, number.data + number.len - TAIL, TAIL);
	if (r->expires_s > 0) {
		writer_put_text(&w, "，至 until ");
		timestamp_encode_date(&w, r->expires_s);
	}
	put_row(row, w.error ? span_of_text("") : writer_span(&w));
}

static void put_date(struct writer *w, const char *text, int64_t time_s)
{
	writer_put_text(w, text);
	timestamp_encode_date(w, time_s);
}

enum { DAYS_FROM_H = 48 };

/* How old the list is; its date if no clock tells. */
static void put_age(struct writer *w, int64_t age_s, int64_t issued_s,
        const struct screen_facts *facts)
{
	if (!facts->clock_set) {
		put_date(w, "时钟未设 Clock not set，名单 list ", issued_s);
		return;
	}
	writer_put_text(w, "名单 List ");
	uint64_t hours = (uint64_t)age_s / 3600;
	decimal_encode(w, hours < DAYS_FROM_H ? hours : hours / 24);
	writer_put_text(w, hours < DAYS_FROM_H ? " 小时 h" : " 天 d");
}

static void put_list(unsigned row, const struct hufu_result *r,
        const struct screen_facts *facts)
{
	uint8_t out[SCREEN_TEXT_MAX];
	struct writer w;
	writer_init(&w, out, sizeof out);
	if (r->status_age_s < 0)
		writer_put_text(&w, "无状态名单 No status list");
	else
		put_age(&w, r->status_age_s, r->checked_at_s - r->status_age_s,
		        facts);
	if (r->status_age_s >= 0 && r->status_stale)
		writer_put_text(&w, "，已过期 stale");
	put_row(row, writer_span(&w));
}

static struct span reason(
        const struct hufu_result *r, const struct screen_facts *facts)
{
	if (!facts->has_trust && r->verdict == HUFU_UNKNOWN_ISSUER)
		return span_of_text("请更新信任列表 Load a trust list");
	if (r->trust_expired && r->verdict == HUFU_UNKNOWN_ISSUER)
		return span_of_text(
		        "信任列表已过期，请更新 Trust list expired: update");
	if (r->verdict == HUFU_VALID && r->status_stale)
		return span_of_text("状态未确认 Status not confirmed");
	return span_of_text(hufu_verdict_name(r->verdict));
}

void screen_show_verdict(
        const struct hufu_result *r, const struct screen_facts *facts)
{
	enum mark mark = mark_of(r, facts);
	begin(mark);
	put_row(2, reason(r, facts));
	if (r->card_number.len > 0 || r->name.len > 0) {
		put_name(3, r->name);
		put_number(4, r);
		put_list(5, r, facts);
	}
	if (r->verdict == HUFU_VALID)
		put_row(6, span_of_text(compare_photo));
	end(mark);
}

static struct span state(const struct screen_facts *facts)
{
	if (!facts->has_root)
		return span_of_text("未配置根密钥 No root key");
	if (!facts->has_trust)
		return span_of_text("请更新信任列表 Load a trust list");
	if (facts->trust_expired)
		return span_of_text(
		        "信任列表已过期，请更新 Trust list expired: update");
	if (!facts->has_list)
		return span_of_text("无状态名单 No status list");
	if (!facts->clock_set)
		return span_of_text("时钟未设 Clock not set");
	return span_of(NULL, 0);
}

void screen_show_idle(const struct screen_facts *facts)
{
	struct span text = state(facts);
	begin(MARK_IDLE);
	if (text.len > 0)
		put_row(2, text);
	end(MARK_IDLE);
}

void screen_show_damaged(void)
{
	begin(MARK_AGAIN);
	end(MARK_AGAIN);
}

void screen_show_failure(int error)
{
	uint8_t out[SCREEN_TEXT_MAX];
	struct writer w;
	writer_init(&w, out, sizeof out);
	writer_put_text(&w, "终端故障，请报修 Terminal fault ");
	decimal_encode(&w, (uint64_t) - (int64_t)error);
	begin(MARK_CHECK);
	put_row(2, writer_span(&w));
	end(MARK_CHECK);
}
