#include "tests/unit/print/sample.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/double/people/portrait.h"

/* fontconfig finds its own by offsets, which LeakSanitizer cannot follow. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}

const char SAMPLE_QR[] =
        "6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97T"
        "K0F90KECTHGWJC0FDC:5AIA%G7X+AQB9746HS80:54IBQF60R6$A80X6S1BTYACG6M+9XG"
        "8KIAWNA91AY%67092L4WJCT3EHS8XJC +DXJCCWENF6OF63W5NW6WF6%JC QE/IAYJC5LE"
        "W34U3ET7DXC9 QE-ED8%E.JCBECB1A-:8$96646AL60A60S6Q$D.UDRYA 96NF6L/5QW6"
        "307KQEPD09WEQDD+Q6TW6FA7C466KCN9E%961A";

static uint8_t *photo;
static struct face_fonts *fonts;

struct span sample_photo(void)
{
	static const struct portrait who = {false, 58, 4711};
	static size_t len;

	if (!photo)
		photo = portrait_draw(&who, &len);
	if (!photo)
		abort();
	return span_of(photo, len);
}

struct face_record sample_record(void)
{
	return (struct face_record){
	        .kind = FACE_KIND_VETERAN,
	        .name = "生成甲",
	        .sex = 1,
	        .photo = sample_photo(),
	        .card_number = "32010612600001234",
	        .authority = "某市某区退役军人事务局",
	        .can = "482913",
	        .valid_from = "2026-11-23",
	        .valid_to = "2036-11-22",
	        .qr_text = SAMPLE_QR,
	        .serial = "00A1B2C3D4E5F6071829",
	        .training = false,
	        .text = &FACE_TEXT_DEFAULT,
	};
}

struct face_fonts *sample_fonts(void)
{
	struct problem p;

	if (!fonts && face_fonts_open(NULL, &fonts, &p) != HUFU_OK) {
		fprintf(stderr, "%s\n", p.en);
		abort();
	}
	return fonts;
}

void sample_done(void)
{
	face_fonts_close(&fonts);
	free(photo);
	photo = NULL;
}
