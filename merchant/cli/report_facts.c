#include "merchant/cli/report_facts.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/name_mask.h"

enum { NUMBER_SHOWN = 4, CHINA_S = 8 * 3600 };

static const char *const verdict_words[] = {
        [HUFU_VERDICT_NONE] = "none",
        [HUFU_VALID] = "valid",
        [HUFU_SUSPENDED] = "suspended",
        [HUFU_REVOKED] = "revoked",
        [HUFU_EXPIRED] = "expired",
        [HUFU_NOT_YET_VALID] = "not-yet-valid",
        [HUFU_UNKNOWN_ISSUER] = "unknown-issuer",
        [HUFU_WRONG_SIGNATURE] = "wrong-signature",
        [HUFU_NOT_CREDENTIAL] = "not-a-credential",
        [HUFU_MALFORMED] = "malformed",
        [HUFU_UNSUPPORTED] = "unsupported",
};

static struct span span_of_hufu(struct hufu_text t)
{
	return span_of(t.data, t.len);
}

/* Text for a terminal: what could steer it is left out. */
static void put_plain(struct writer *w, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] >= 0x20 && s.data[i] != 0x7f)
			writer_put_u8(w, s.data[i]);
}

static void take(char *ret, size_t cap, struct span s)
{
	struct writer w;
	writer_init(&w, ret, cap - 1);
	put_plain(&w, s);
	ret[w.error ? 0 : w.len] = '\0';
}

static void take_name(struct report_facts *f, struct span name, bool full)
{
	uint8_t masked[CREDENTIAL_NAME_MAX];
	struct writer w;
	if (full || name.len == 0) {
		take(f->name, sizeof f->name, name);
		return;
	}
	writer_init(&w, masked, sizeof masked);
	name_mask_encode(&w, name);
	take(f->name, sizeof f->name, writer_span(&w));
}

static void take_number(struct report_facts *f, struct span number, bool full)
{
	if (!full && number.len > NUMBER_SHOWN)
		number = span_of(
		        number.data + number.len - NUMBER_SHOWN, NUMBER_SHOWN);
	take(f->number, sizeof f->number, number);
}

/* The day in China, as the face shows it. */
static void take_date(char ret[TIMESTAMP_DATE_LEN + 1], int64_t time_s)
{
	struct writer w;
	ret[0] = '\0';
	if (time_s == 0)
		return;
	writer_init(&w, ret, TIMESTAMP_DATE_LEN);
	timestamp_encode_date(&w, time_s + CHINA_S);
	ret[w.error ? 0 : w.len] = '\0';
}

void report_facts_take(
        struct report_facts *ret, const struct hufu_result *r, bool full)
{
	*ret = (struct report_facts){.result = r};
	take_name(ret, span_of_hufu(r->name), full);
	take_number(ret, span_of_hufu(r->card_number), full);
	take(ret->issuer, sizeof ret->issuer, span_of_hufu(r->issuer_name));
	take_date(ret->issued, r->issued_s);
	take_date(ret->expires, r->expires_s);
}

static void print_line(const char *label, const char *text)
{
	if (text[0])
		(void)printf("  %s  %s\n", label, text);
}

static void print_kind(uint32_t kind)
{
	if (hufu_kind_zh(kind)[0])
		(void)printf("  种类 Kind      %s %s\n", hufu_kind_zh(kind),
		        hufu_kind_en(kind));
}

static void print_age(const struct hufu_result *r)
{
	if (r->status_age_s < 0) {
		print_line(
		        "状态 Status  ", "没有可用的状态列表 no status list");
		return;
	}
	(void)printf("  状态 Status    列表于 %" PRId64 " 小时前签发"
	             " list is %" PRId64 " h old\n",
	        r->status_age_s / 3600, r->status_age_s / 3600);
}

static void print_duty(const struct hufu_result *r)
{
	if (r->trust_expired)
		(void)printf("信任列表已过期，请更新。"
		             "The trust list has expired: fetch a new one.\n");
	if (r->verdict != HUFU_VALID)
		return;
	if (r->status_stale)
		(void)printf(
		        "需核对：不知是否已挂失或作废，请联网更新状态列表。"
		        "Check: it may have been reported lost since; "
		        "fetch a new status list.\n");
	if (r->chip_genuine)
		(void)printf("芯片已验真。The chip is genuine.\n");
	(void)printf("请核对本人照片。Compare the holder with the photo.\n");
}

void report_facts_print(const struct report_facts *f, const char *source)
{
	const struct hufu_result *r = f->result;
	bool known = f->issuer[0] != '\0';
	if (source)
		(void)printf("%s: ", source);
	(void)printf("%s%s\n", hufu_verdict_name(r->verdict),
	        r->verdict == HUFU_VALID && r->status_stale
	                ? "（状态未确认 status not confirmed）"
	                : "");
	if (known) {
		print_kind(r->kind);
		print_line("姓名 Name    ", f->name);
		print_line("卡号 Number  ", f->number);
		print_line("发证 Issuer  ", f->issuer);
		print_line("签发 Issued  ", f->issued);
		print_line("到期 Expires ", f->expires);
		print_age(r);
	}
	print_duty(r);
}

const char *report_facts_word(enum hufu_verdict verdict)
{
	return verdict_words[verdict];
}

void report_facts_print_line(FILE *out, const struct report_facts *f)
{
	const struct hufu_result *r = f->result;
	bool stale = r->verdict == HUFU_VALID && r->status_stale;
	(void)fprintf(out, "%s%s\t%s\t%s\n", verdict_words[r->verdict],
	        stale ? "-stale" : "", f->number, f->name);
}

static json_t *text_or_null(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

void report_facts_print_json(
        FILE *out, const struct report_facts *f, const char *source)
{
	const struct hufu_result *r = f->result;
	json_t *o = json_pack("{s:s, s:i, s:s, s:b, s:b, s:b, s:I, s:I}",
	        "verdict", verdict_words[r->verdict], "code", (int)r->verdict,
	        "words", hufu_verdict_name(r->verdict), "status_stale",
	        r->status_stale, "trust_expired", r->trust_expired,
	        "chip_genuine", r->chip_genuine, "status_age_s",
	        (json_int_t)r->status_age_s, "checked_at_s",
	        (json_int_t)r->checked_at_s);
	int bad = !o;
	if (source)
		bad |= json_object_set_new(o, "source", json_string(source));
	if (f->issuer[0]) {
		bad |= json_object_set_new(o, "issuer", json_string(f->issuer));
		bad |= json_object_set_new(o, "name", text_or_null(f->name));
		bad |= json_object_set_new(
		        o, "card_number", text_or_null(f->number));
		bad |= json_object_set_new(o, "kind", json_integer(r->kind));
		bad |= json_object_set_new(o, "benefit_classes",
		        json_integer((json_int_t)r->benefit_classes));
		bad |= json_object_set_new(
		        o, "issued", text_or_null(f->issued));
		bad |= json_object_set_new(
		        o, "expires", text_or_null(f->expires));
	}
	char *text = bad ? NULL : json_dumps(o, JSON_COMPACT);
	(void)fprintf(out, "%s\n", text ? text : "{\"verdict\":\"none\"}");
	free(text);
	json_decref(o);
}
