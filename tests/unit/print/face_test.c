#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "host/print/face.h"
#include "host/print/raster.h"
#include "tests/unit/print/sample.h"

static int render(const struct face_record *record, struct problem *p)
{
	struct face *face = NULL;
	int rc = face_render(sample_fonts(), record, &face, p);

	if (rc == HUFU_OK)
		face_free(&face);
	else
		assert_null(face);
	return rc;
}

static int render_name(const char *name, struct problem *p)
{
	struct face_record record = sample_record();

	record.name = name;
	return render(&record, p);
}

static void draws_rare_and_minority_names(void **state)
{
	static const char *const names[] = {"𠮷䶮㛃𬎆𫖮", "欧阳𠮷",
	        "阿卜杜热合曼·买买提", "扎西·多吉", "Mary O'Neill", "龘靐齉",
	        "㐀䶵", "𪚥𠀀𫠝", "〇〇"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct problem p = {.en = ""};

		if (render_name(names[i], &p) != HUFU_OK)
			fail_msg("%s: %s", names[i], p.en);
	}
}

static void draws_names_of_every_length(void **state)
{
	char name[FACE_NAME_MAX * 4 + 1] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < FACE_NAME_MAX; i++) {
		const char *c = i % 6 == 5 ? "·" : "𠮷";

		memcpy(name + len, c, strlen(c) + 1);
		len += strlen(c);
		assert_int_equal(render_name(name, NULL), HUFU_OK);
	}
}

static void refuses_names_past_the_limit(void **state)
{
	char name[(FACE_NAME_MAX + 1) * 3 + 1] = "";
	struct problem p;

	(void)state;
	for (int i = 0; i <= FACE_NAME_MAX; i++)
		memcpy(name + 3 * i, "国", 4);
	assert_int_equal(render_name(name, &p), FACE_TOO_LONG);
	assert_string_equal(p.type, "name-too-long");
	assert_int_equal(render_name("", &p), HUFU_ERR_ARGUMENT);
	assert_string_equal(p.type, "name-empty");
}

static const struct {
	const char *name;
	const char *named; /* in the problem */
} UNDRAWABLE[] = {
        {"王\xee\xa1\xa3", "U+E863"}, /* private use: 䶮 of old */
        {"王\xf3\xb0\x80\x81", "U+F0001"}, /* plane 15 */
        {"王\xe2\x80\x8d二", "U+200D"}, /* ZWJ */
        {"王\xe2\x80\x8b二", "U+200B"}, /* zero-width space */
        {"王\xef\xb8\x80", "U+FE00"}, /* variation selector */
        {"葛\xf3\xa0\x84\x80", "U+E0100"}, /* ideographic variation */
        {"\xe2\xbf\xb0木木", "U+2FF0"}, /* IDS */
        {"王\n二", "U+000A"}, /* control */
        {"王\xe2\x80\xae二", "U+202E"}, /* right-to-left override */
        {"王\xef\xbf\xbd", "U+FFFD"}, /* replacement character */
        {"王\xd8\xa6", "U+0626"}, /* Arabic: no font here */
        {"\xf0\xb1\x8d\x90", "U+31350"}, /* extension H: no font */
        {"王\xe3\x85\xa4", "U+3164"}, /* Hangul filler */
};

static void names_what_cannot_be_drawn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(UNDRAWABLE) / sizeof(UNDRAWABLE[0]);
	        i++) {
		struct problem p = {.en = ""};

		assert_int_equal(
		        render_name(UNDRAWABLE[i].name, &p), FACE_UNDRAWABLE);
		assert_string_equal(p.type, "character-undrawable");
		if (!strstr(p.en, UNDRAWABLE[i].named) ||
		        !strstr(p.zh, UNDRAWABLE[i].named))
			fail_msg("%s in: %s", UNDRAWABLE[i].named, p.en);
		assert_int_equal(face_check_name(sample_fonts(),
		                         UNDRAWABLE[i].name, NULL),
		        FACE_UNDRAWABLE);
	}
}

static void refuses_broken_utf8(void **state)
{
	static const char *const names[] = {"\xff", "王\xe4", "\xc0\x80",
	        "\xed\xa0\x80", "\xf4\x90\x80\x80"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct problem p;

		assert_int_equal(render_name(names[i], &p), FACE_UNDRAWABLE);
		assert_string_equal(p.type, "text-not-utf8");
	}
}

static void refuses_fields_of_wrong_shape(void **state)
{
	struct face_record r;
	struct problem p;

	(void)state;
#define WRONG(field, value)                                                    \
	do {                                                                   \
		r = sample_record();                                           \
		r.field = value;                                               \
		assert_int_equal(render(&r, &p), HUFU_ERR_ARGUMENT);           \
		assert_non_null(strstr(p.en, #field));                         \
	} while (0)
	WRONG(kind, 0);
	WRONG(kind, 4);
	WRONG(sex, 3);
	WRONG(card_number, "3201061260000123");
	WRONG(card_number, "320106126000012345");
	WRONG(card_number, "3201061260000123X");
	WRONG(can, "48291");
	WRONG(can, "48291A");
	WRONG(valid_from, "2026-1-23");
	WRONG(valid_from, "");
	WRONG(valid_to, "2026/11/23");
	WRONG(serial, "AB CD");
#undef WRONG
}

static void refuses_what_the_code_cannot_hold(void **state)
{
	struct face_record r = sample_record();
	char text[602];
	struct problem p;

	(void)state;
	memset(text, 'A', 601);
	text[601] = '\0';
	r.qr_text = text;
	assert_int_equal(render(&r, &p), FACE_QR);
	assert_string_equal(p.type, "qr-too-long");
	r.qr_text = "lower case";
	assert_int_equal(render(&r, &p), FACE_QR);
	r.qr_text = "";
	assert_int_equal(render(&r, &p), FACE_QR);
}

static void refuses_a_broken_photo(void **state)
{
	struct face_record r = sample_record();
	struct problem p;

	(void)state;
	r.photo.len /= 2;
	assert_int_equal(render(&r, &p), FACE_PHOTO);
	assert_string_equal(p.type, "photo-undrawable");
}

static void a_failure_leaves_the_fonts_usable(void **state)
{
	(void)state;
	assert_int_equal(render_name("王\n", NULL), FACE_UNDRAWABLE);
	assert_int_equal(render_name("生成乙", NULL), HUFU_OK);
}

/* Where the code lies: the smallest square round all black dots right of
 * the rules, whose corners are finder patterns. */
static void find_code(
        const uint32_t *dots, unsigned *x0, unsigned *y0, unsigned *side)
{
	unsigned left = FACE_WIDTH, top = FACE_HEIGHT, right = 0;

	for (unsigned y = 105; y < 450; y++)
		for (unsigned x = 620; x < 965; x++)
			if (dots[y * FACE_WIDTH + x] << 8 == 0) {
				left = x < left ? x : left;
				right = x > right ? x : right;
				top = y < top ? y : top;
			}
	*x0 = left;
	*y0 = top;
	*side = right - left + 1;
}

static void code_is_pure_black_in_whole_dots(
        const struct face_record *r, unsigned modules)
{
	struct face *face;
	const uint32_t *dots;
	unsigned x0, y0, side;

	assert_int_equal(face_render(sample_fonts(), r, &face, NULL), HUFU_OK);
	dots = face_dots(face, FACE_BACK);
	find_code(dots, &x0, &y0, &side);
	assert_int_equal(side, modules * 4);
	for (unsigned y = y0 - 16; y < y0 + side + 16; y++) {
		for (unsigned x = x0 - 16; x < x0 + side + 16; x++) {
			uint32_t dot = dots[y * FACE_WIDTH + x] & 0xffffff;
			bool inside = x >= x0 && x < x0 + side && y >= y0 &&
			              y < y0 + side;
			unsigned cx = x - (x - x0) % 4;
			unsigned cy = y - (y - y0) % 4;

			if (!inside) {
				assert_int_equal(dot, 0xffffff);
				continue;
			}
			assert_true(dot == 0 || dot == 0xffffff);
			assert_int_equal(
			        dot, dots[cy * FACE_WIDTH + cx] & 0xffffff);
		}
	}
	face_free(&face);
}

static void code_has_no_grey_dot(void **state)
{
	struct face_record r = sample_record();
	char longest[601];

	(void)state;
	code_is_pure_black_in_whole_dots(&r, 61);
	r.training = true;
	code_is_pure_black_in_whole_dots(&r, 61);
	memset(longest, 'Q', 600);
	longest[600] = '\0';
	r.qr_text = longest;
	code_is_pure_black_in_whole_dots(&r, 77);
}

static unsigned count_changed(const struct face_record *a,
        const struct face_record *b, enum face_side side)
{
	struct face *one, *two;
	unsigned changed = 0;

	assert_int_equal(face_render(sample_fonts(), a, &one, NULL), HUFU_OK);
	assert_int_equal(face_render(sample_fonts(), b, &two, NULL), HUFU_OK);
	for (unsigned i = 0; i < FACE_WIDTH * FACE_HEIGHT; i++)
		changed += face_dots(one, side)[i] != face_dots(two, side)[i];
	face_free(&one);
	face_free(&two);
	return changed;
}

static void training_marks_both_sides(void **state)
{
	struct face_record live = sample_record(), sample = live;

	(void)state;
	sample.training = true;
	assert_true(count_changed(&live, &sample, FACE_FRONT) > 20000);
	assert_true(count_changed(&live, &sample, FACE_BACK) > 8000);
}

static void every_field_shows(void **state)
{
	struct face_record a = sample_record(), b;

	(void)state;
#define SHOWS(side, field, value)                                              \
	do {                                                                   \
		b = a;                                                         \
		b.field = value;                                               \
		assert_true(count_changed(&a, &b, side) > 20);                 \
	} while (0)
	SHOWS(FACE_FRONT, kind, FACE_KIND_FAMILY);
	SHOWS(FACE_FRONT, name, "生成丁");
	SHOWS(FACE_FRONT, sex, 2);
	SHOWS(FACE_FRONT, card_number, "32010612600001235");
	SHOWS(FACE_FRONT, authority, "另一单位");
	SHOWS(FACE_FRONT, valid_from, "2026-11-24");
	SHOWS(FACE_FRONT, valid_to, "");
	SHOWS(FACE_BACK, can, "482914");
	SHOWS(FACE_BACK, serial, "00A1B2C3D4E5F6071828");
	SHOWS(FACE_BACK, qr_text, "ABC");
#undef SHOWS
}

static void long_authorities_and_rules_shrink(void **state)
{
	struct face_record r = sample_record();
	struct face_text text = FACE_TEXT_DEFAULT;
	struct problem p;
	char endless[4000];

	(void)state;
	r.authority = "某某维吾尔自治州某某哈萨克自治县某某蒙古族乡退役军人"
	              "事务局（退役军人服务中心）";
	r.text = &text;
	assert_int_equal(render(&r, NULL), HUFU_OK);
	for (size_t i = 0; i + 3 < sizeof(endless); i += 3)
		memcpy(endless + i, "长", 4);
	text.rules[0] = endless;
	assert_int_equal(render(&r, &p), FACE_TOO_LONG);
	assert_string_equal(p.type, "text-too-long");
}

static void pdf_is_the_same_every_time(void **state)
{
	struct face_record r = sample_record();
	struct blob one = {0}, two = {0};

	(void)state;
	assert_int_equal(
	        face_encode_pdf(sample_fonts(), &r, &one, NULL), HUFU_OK);
	assert_int_equal(
	        face_encode_pdf(sample_fonts(), &r, &two, NULL), HUFU_OK);
	assert_true(one.len > 1000 && memcmp(one.data, "%PDF-", 5) == 0);
	assert_true(span_equal(blob_span(&one), blob_span(&two)));
	blob_done(&one);
	blob_done(&two);
	r.name = "王\n";
	assert_int_equal(face_encode_pdf(sample_fonts(), &r, &one, NULL),
	        FACE_UNDRAWABLE);
	assert_null(one.data);
}

static void missing_fonts_name_their_package(void **state)
{
	struct face_fonts *fonts = NULL;
	struct problem p;

	(void)state;
	assert_int_equal(
	        face_fonts_open("/nowhere", &fonts, &p), HUFU_ERR_NOT_FOUND);
	assert_null(fonts);
	assert_non_null(strstr(p.en, "fonts-noto-cjk"));
}

static int done(void **state)
{
	(void)state;
	sample_done();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(draws_rare_and_minority_names),
	        cmocka_unit_test(draws_names_of_every_length),
	        cmocka_unit_test(refuses_names_past_the_limit),
	        cmocka_unit_test(names_what_cannot_be_drawn),
	        cmocka_unit_test(refuses_broken_utf8),
	        cmocka_unit_test(refuses_fields_of_wrong_shape),
	        cmocka_unit_test(refuses_what_the_code_cannot_hold),
	        cmocka_unit_test(refuses_a_broken_photo),
	        cmocka_unit_test(a_failure_leaves_the_fonts_usable),
	        cmocka_unit_test(code_has_no_grey_dot),
	        cmocka_unit_test(training_marks_both_sides),
	        cmocka_unit_test(every_field_shows),
	        cmocka_unit_test(long_authorities_and_rules_shrink),
	        cmocka_unit_test(pdf_is_the_same_every_time),
	        cmocka_unit_test(missing_fonts_name_their_package),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
