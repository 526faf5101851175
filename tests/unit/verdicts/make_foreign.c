/*
 * What else a merchant's camera sees: no credential, never an error; and the
 * text of a card after a hand or a program has changed it.
 */
#include <stdio.h>
#include <string.h>

#include "make_case.h"
#include "make_draft.h"

static struct draft d;

static const char *const foreign[] = {
        "",
        " ",
        "  ",
        "   ",
        "\n",
        "\t\t\t",
        "0",
        "00",
        "000",
        "A",
        ":::",
        "::",
        "12345678",
        "6901234567892",
        "HELLO WORLD",
        "https://www.example.org/",
        "https://www.example.org/a?b=c&d=%E4%BC%98%E5%BE%85%E8%AF%81#top",
        "HTTPS://WWW.EXAMPLE.ORG/A",
        "HTTP://EXAMPLE.ORG/SOME/LONG/PATH/WITH/MANY/PARTS/AND/YET/MORE/OF/"
        "THEM/UNTIL/IT/IS/LONGER/THAN/A/SIGNATURE/0123456789",
        "http://weixin.qq.example/r/0123456789abcdefABCDEF",
        "https://u.wechat.example/EAXr0123456789-_abcdefgh",
        "https://qr.alipay.example/fkx0123456789abcdefghij",
        "wxp://f2f0123456789abcdefghijklmnopqrstuvwxyz",
        "weixin://wxpay/bizpayurl?pr=0123456",
        "alipays://platformapi/startapp?appId=20000123",
        "00020101021226370011EXAMPLE.PAY0118012345678901234567520400005303156"
        "5802CN5906SAMPLE6007BEIJING6304ABCD",
        "BEGIN:VCARD\nVERSION:3.0\nN:Sample;Generated\nTEL:000\nEND:VCARD",
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:生成样本\r\nEND:VCARD\r\n",
        "BEGIN:VEVENT\nSUMMARY:Sample\nEND:VEVENT",
        "MECARD:N:Sample;TEL:000;;",
        "WIFI:T:WPA;S:sample;P:sample;;",
        "WIFI:S:SAMPLE;;",
        "TEL:+00000000",
        "tel:000",
        "SMSTO:000:SAMPLE",
        "mailto:sample@example.org?subject=a",
        "MATMSG:TO:sample@example.org;SUB:a;BODY:b;;",
        "geo:0,0",
        "otpauth://totp/sample?secret=AAAA",
        "HC1:",
        "HC1:6BF",
        "HC1:NOT BASE45 $%*+-./:",
        "hc1:6bf",
        "HC2:6BF+70790T9WJWG.FKY*4GO0.O1CV2",
        "LT1:6BFY90R10RDWT",
        "shc:/567629095243206034602924374044603122295953265460346029254077280",
        "{\"type\":\"sample\",\"id\":1}",
        "<xml><a>1</a></xml>",
        "优待证",
        "生成样本，不是优待证",
        "\xFF\xFE\x00",
        "\x80\x81\x82",
        "\x01\x02\x03",
        "\x1B[31m",
        "\\x41\\x42",
        "&lt;script&gt;",
        "<script>alert(1)</script>",
        "'; --",
        "../../etc/passwd",
        "%s%s%n",
        "78DA",
        "eNoDAAAAAAE=",
        "eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
        "2ED;A",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "Z:ZZ:ZZ:Z",
        "::::::",
        "GGW",
        "GGX",
};

/* Of one character, at and past the longest text of a QR code. */
static void put_long(size_t len, char c, const char *verdict, const char *id)
{
	static char text[8192];
	memset(text, c, len);
	case_put(id, WORLD_NOW_S, verdict, span_of(text, len));
}

static void put_text(struct span text, const char *verdict, const char *id)
{
	draft_replace(&d.text, text);
	draft_finish(&d, FROM_TEXT, verdict, id);
}

/* A payload of this length leaves the text's length a multiple of three. */
static void begin(const struct world_issuer *by)
{
	static const uint8_t letters[8] = "AAAAAAA";
	for (size_t n = 0; n < 8; n++) {
		draft_begin(&d, by);
		claims_set(&d, &d.card, CARD_NAME,
		        draft_text(&d, span_of(letters, n)));
		draft_run(&d, FROM_CLAIMS);
		if (d.text.len % 3 == 0)
			return;
	}
	world_fail("a text of whole groups");
}

/* Base45 (RFC 9285) has capitals only; one character more than a whole
 * number of groups is none, and three more are bytes after the stream. */
static void put_changed(const struct world_issuer *by)
{
	static uint8_t text[8192];
	struct writer w;
	begin(by);
	size_t len = d.text.len;
	static uint8_t good[2048];
	memcpy(good, d.text.data, len);
	for (size_t n = 0; n < len; n++)
		text[n] = (uint8_t)(good[n] >= 'A' && good[n] <= 'Z'
		                            ? good[n] + 'a' - 'A'
		                            : good[n]);
	put_text(span_of(text, len), "not-credential", "text-lower-case");
	static const struct {
		const char *before, *after, *verdict, *id;
	} around[] = {
	        {"", " ", "not-credential", "text-space-after"},
	        {"", "\n", "not-credential", "text-newline"},
	        {"", "\r\n", "not-credential", "text-crlf"},
	        {"", "0", "not-credential", "text-one-more"},
	        {"", "00", "malformed", "text-two-more"},
	        {"", "000", "malformed", "text-three-more"},
	        {"", "GGX", "not-credential", "text-group-past-65535"},
	        {"", "::", "not-credential", "text-group-past-255"},
	        {" ", "", "not-credential", "text-space-before"},
	        {"HC1:", "", "not-credential", "text-eu-prefix"},
	        {"\xEF\xBB\xBF", "", "not-credential", "text-byte-order-mark"},
	        {"https://hall.example/v?q=", "", "not-credential",
	                "text-in-url"},
	        {"\"", "\"", "not-credential", "text-in-quotes"},
	};
	for (size_t n = 0; n < sizeof around / sizeof around[0]; n++) {
		writer_init(&w, text, sizeof text);
		writer_put_text(&w, around[n].before);
		writer_put(&w, good, len);
		writer_put_text(&w, around[n].after);
		put_text(writer_span(&w), around[n].verdict, around[n].id);
	}
	for (size_t cut = 1; cut <= 90; cut += 8)
		if (cut % 3 != 1) {
			/* one character is left over, or whole groups */
			char id[32];
			(void)snprintf(id, sizeof id, "cut-text-%zu", cut);
			if ((len - cut) % 3 == 1 || (len - cut) % 3 == 0)
				put_text(span_of(good, len - cut),
				        (len - cut) % 3 ? "not-credential"
				                        : "malformed",
				        id);
		}
	for (size_t groups = 1; groups < 8; groups++) {
		char id[32];
		(void)snprintf(id, sizeof id, "cut-text-to-%zu", 3 * groups);
		put_text(span_of(good, 3 * groups), "malformed", id);
	}
	writer_init(&w, text, sizeof text);
	writer_put(&w, good, len);
	writer_put(&w, good, len);
	put_text(writer_span(&w), "malformed", "text-twice");
	text[30] = 0;
	put_text(span_of(text, len), "not-credential", "text-nul");
}

void make_foreign(const struct world *w)
{
	char id[32];
	for (size_t n = 0; n < sizeof foreign / sizeof foreign[0]; n++) {
		(void)snprintf(id, sizeof id, "foreign-%02zu", n);
		case_put_text(id, "not-credential", foreign[n]);
	}
	put_long(4296, '0', "not-credential", "foreign-4296-zeros");
	put_long(4297, '0', "not-credential", "foreign-4297-zeros");
	/* 50 E6 50 ...: by 0012 the head of a Brotli meta-block of 3,686 bytes,
	 * which 2,864 could hold; nobody can tell without a Brotli decoder */
	put_long(4296, 'A', "unsupported", "foreign-4296-letters");
	for (size_t n = 0; n < WORLD_LIVE_ISSUERS; n++)
		put_changed(&w->issuers[n]);
	/* an EU certificate as they are: prefix, and a claim of its own */
	draft_begin(&d, &w->issuers[0]);
	draft_replace(&d.payload, RAW("\xA4\x01\x62"
	                              "AT\x04\x1A\x70\0\0\0\x06\x1A\x60\0\0\0"
	                              "\x39\x01\x03\xA1\x01\xA0"));
	draft_run(&d, FROM_PAYLOAD);
	draft_put(&d, "not-credential", "foreign-eu-without-prefix");
	static uint8_t text[2048];
	struct writer eu;
	writer_init(&eu, text, sizeof text);
	writer_put_text(&eu, "HC1:");
	writer_put_span(&eu, writer_span(&d.text));
	put_text(writer_span(&eu), "not-credential", "foreign-eu");
}
