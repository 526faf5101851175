#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "crypto/core/base45.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "merchant/cli/anatomy.h"
#include "merchant/cli/belief.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/report.h"
#include "merchant/cli/report_facts.h"

enum { PLAIN_MAX = 16384 }; /* more than a credential may have */

/* The layers, outermost first, and the first problem of each. */
struct inspection {
	const struct arguments *a;
	json_t *layers;
	json_t *fields;
	json_t *problems;
	uint8_t packed[CREDENTIAL_QR_TEXT_MAX];
	uint8_t plain[PLAIN_MAX];
};

static void add_layer(struct inspection *x, const char *name, size_t len)
{
	(void)json_array_append_new(
	        x->layers, json_pack("{s:s, s:I}", "layer", name, "length",
	                           (json_int_t)len));
}

static void add_problem(
        struct inspection *x, const char *layer, const char *zh, const char *en)
{
	(void)json_array_append_new(
	        x->problems, json_pack("{s:s, s:s, s:s}", "layer", layer, "zh",
	                             zh, "en", en));
}

/* Base45 as far as it goes. */
static struct span unpack_text(struct inspection *x, struct span text)
{
	struct writer w;
	add_layer(x, "text", text.len);
	if (text.len > CREDENTIAL_QR_TEXT_MAX) {
		add_problem(x, "text", "比任何二维码都长",
		        "longer than any QR code");
		text.len = CREDENTIAL_QR_TEXT_MAX;
	}
	if (text.len >= 4 && memcmp(text.data, "HC1:", 4) == 0) {
		add_problem(x, "text", "带有欧盟证书的前缀 HC1:",
		        "has the prefix HC1: of EU certificates");
		text = span_of(text.data + 4, text.len - 4);
	}
	writer_init(&w, x->packed, sizeof x->packed);
	int r = text.len % 3 == 1 ? HUFU_ERR_MALFORMED : HUFU_OK;
	if (base45_decode(span_of(text.data, text.len - (r ? 1 : 0)), &w) || r)
		add_problem(x, "base45", "不是 Base45，或在中途出错",
		        "not Base45, or broken on the way");
	add_layer(x, "base45", w.len);
	return writer_span(&w);
}

static bool is_zlib(struct span s)
{
	return s.len >= 2 && (s.data[0] & 0x0f) == 8 &&
	       ((unsigned)s.data[0] << 8 | s.data[1]) % 31 == 0;
}

/* zlib as far as it goes; the verifier's own inflating gives all or nothing */
static struct span inflate_some(struct inspection *x, struct span in)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.data,
	        .avail_in = (uInt)in.len,
	        .next_out = x->plain,
	        .avail_out = sizeof x->plain};
	if (inflateInit(&z) != Z_OK)
		return span_of(x->plain, 0);
	int r = inflate(&z, Z_SYNC_FLUSH);
	size_t len = sizeof x->plain - z.avail_out;
	size_t left = z.avail_in;
	(void)inflateEnd(&z); /* nothing was kept */
	if (r != Z_STREAM_END)
		add_problem(x, "zlib", "压缩数据不完整或损坏",
		        "cut short or damaged");
	else if (left > 0)
		add_problem(x, "zlib", "压缩数据后面还有多余字节",
		        "bytes left after the end");
	if (len > CREDENTIAL_MAX)
		add_problem(x, "zlib", "解压后超过 4 KiB",
		        "more than 4 KiB come out");
	add_layer(x, "zlib", len);
	return span_of(x->plain, len);
}

static int open_message(struct inspection *x, struct span message)
{
	struct cose_sign1 c;
	struct credential claims;
	char zh[64], en[64];
	size_t at;
	int r = anatomy_take(message, x->a->full, x->fields, &at);
	if (r < 0)
		return HUFU_ERR_MEMORY;
	if (r > 0) {
		(void)snprintf(zh, sizeof zh, "在第 %zu 字节处断开或出错", at);
		(void)snprintf(en, sizeof en, "broken at byte %zu", at);
		add_problem(x, "cbor", zh, en);
	}
	r = cose_decode_sign1(message, &c);
	if (r) {
		add_problem(x, "cose", "不是可以接受的 COSE_Sign1",
		        "no COSE_Sign1 that is accepted");
		return HUFU_OK;
	}
	r = credential_decode(c.payload, &claims);
	if (r == HUFU_ERR_NOT_FOUND)
		add_problem(x, "claims", "没有 169 号声明：不是优待证",
		        "no claim 169: not a 优待证");
	else if (r)
		add_problem(x, "claims", "声明不合规则",
		        "the claims break the rules");
	return HUFU_OK;
}

static const char *get(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	return text ? text : "";
}

/* Text for a terminal: what could steer it is left out. */
static void print_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			(void)putchar(*text);
}

static void print_text(const struct inspection *x)
{
	size_t i;
	json_t *o;
	json_array_foreach(x->layers, i, o)(void)
	        printf("%s  %" JSON_INTEGER_FORMAT "\n", get(o, "layer"),
	                json_integer_value(json_object_get(o, "length")));
	json_array_foreach(x->fields, i, o)
	{
		(void)printf("%5" JSON_INTEGER_FORMAT "  ",
		        json_integer_value(json_object_get(o, "at")));
		print_plain(get(o, "path"));
		(void)printf(
		        "%s%s ", get(o, "path")[0] ? " " : "", get(o, "type"));
		print_plain(get(o, "value"));
		if (get(o, "meaning")[0])
			(void)printf(" (%s)", get(o, "meaning"));
		(void)printf("%s%s%s%s\n", get(o, "zh")[0] ? "  " : "",
		        get(o, "zh"), get(o, "zh")[0] ? " " : "", get(o, "en"));
	}
	json_array_foreach(x->problems, i, o)(void) printf(
	        "%s：%s。%s\n", get(o, "layer"), get(o, "zh"), get(o, "en"));
}

/* With a belief the verdict ends it; without, whether all was well formed. */
static int finish(struct inspection *x, struct span text)
{
	const struct arguments *a = x->a;
	BELIEF *h = NULL;
	struct hufu_result result;
	int r = 0;
	bool judged = a->key || a->trust || a->store_given;
	if (judged)
		r = belief_new(a, &h);
	if (r)
		return r;
	if (judged && hufu_check_qr(h, (const char *)text.data, text.len,
	                      a->now_s, &result))
		return report_error(HUFU_ERR_CRYPTO);
	int status = json_array_size(x->problems) > 0 ? HUFU_MALFORMED : 0;
	if (!a->json) {
		print_text(x);
		return judged ? report_result(a, NULL, &result) : status;
	}
	json_t *o = json_pack("{s:O, s:O, s:O}", "layers", x->layers, "fields",
	        x->fields, "problems", x->problems);
	if (o && judged)
		(void)json_object_set_new(o, "verdict",
		        json_string(report_facts_word(result.verdict)));
	char *dump = o ? json_dumps(o, JSON_COMPACT) : NULL;
	(void)printf("%s\n", dump ? dump : "{}");
	free(dump);
	json_decref(o);
	return judged ? report_exit_status(&result) : status;
}

static int inspect(struct inspection *x, struct span text)
{
	x->layers = json_array();
	x->fields = json_array();
	x->problems = json_array();
	if (!x->layers || !x->fields || !x->problems)
		return report_error(HUFU_ERR_MEMORY);
	struct span message = unpack_text(x, text);
	if (is_zlib(message))
		message = inflate_some(x, message);
	else if (message.len > 0)
		add_problem(
		        x, "zlib", "没有 zlib 压缩", "not compressed by zlib");
	int r = message.len > 0 ? open_message(x, message) : HUFU_OK;
	return r ? report_error(r) : finish(x, text);
}

int cmd_inspect(const struct arguments *a)
{
	INPUT in = {0};
	if (a->rest_count != 1)
		return report_usage(
		        "inspect 后面请给二维码文字，或 - 表示标准输入",
		        "inspect takes the text of one code, or - for "
		        "standard input");
	struct span text = span_of_text(a->rest[0]);
	if (strcmp(a->rest[0], "-") == 0) {
		int r = input_read("-", INPUT_TEXT_MAX, &in);
		if (r)
			return report_file_error("-", r);
		text = input_text(&in);
	}
	struct inspection *x = calloc(1, sizeof *x);
	if (!x)
		return report_error(HUFU_ERR_MEMORY);
	x->a = a;
	int r = inspect(x, text);
	json_decref(x->layers);
	json_decref(x->fields);
	json_decref(x->problems);
	free(x);
	return r;
}
