#include "host/print/face_draw.h"

#include <glib.h>

/* Characters that draw nothing, or that change or compose others. */
static const struct {
	gunichar first, last;
} REFUSED[] = {
        {0x034f, 0x034f}, /* combining grapheme joiner */
        {0x115f, 0x1160}, /* Hangul fillers */
        {0x17b4, 0x17b5}, /* Khmer inherent vowels */
        {0x180b, 0x180f}, /* Mongolian variation selectors */
        {0x2fe0, 0x2fff}, /* ideographic description */
        {0x303e, 0x303e}, /* ideographic variation indicator */
        {0x3164, 0x3164}, /* Hangul filler */
        {0x31ef, 0x31ef}, /* ideographic description */
        {0xfe00, 0xfe0f}, /* variation selectors */
        {0xffa0, 0xffa0}, /* half-width Hangul filler */
        {0xfff0, 0xffff}, /* specials: the replacement character too */
        {0xe0000, 0xe0fff}, /* tags, variation selectors */
};

static bool may_be_drawn(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return false;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++)
		if (c >= REFUSED[i].first && c <= REFUSED[i].last)
			return false;
	return true;
}

static int length_at(const char *at)
{
	return g_utf8_skip[(unsigned char)*at];
}

static bool has_glyph(PangoLayout *layout, const char *at)
{
	pango_layout_set_text(layout, at, length_at(at));
	return pango_layout_get_unknown_glyphs_count(layout) == 0;
}

static int name_it(struct problem *p, gunichar c)
{
	char shown[8] = {0};

	if (may_be_drawn(c))
		(void)g_unichar_to_utf8(c, shown);
	return problem_set(p, FACE_UNDRAWABLE, "character-undrawable",
	        "字符“%s”（U+%04X）无法印制。请核对该字，或联系管理员"
	        "补充字体。",
	        "The character \"%s\" (U+%04X) cannot be printed. Check "
	        "it, or ask the administrator for a font.",
	        shown, (unsigned)c);
}

static PangoLayout *new_layout(struct face_fonts *fonts)
{
	PangoLayout *layout = pango_layout_new(fonts->context);
	PangoFontDescription *font = pango_font_description_from_string(
	        "Noto Sans CJK SC,HanaMinA,HanaMinB");

	pango_font_description_set_absolute_size(font, 24 * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	return layout;
}

static int check_each(PangoLayout *layout, const char *text, struct problem *p)
{
	for (const char *at = text; *at; at += length_at(at)) {
		gunichar c = g_utf8_get_char(at);

		if (!may_be_drawn(c) || !has_glyph(layout, at))
			return name_it(p, c);
	}
	return HUFU_OK;
}

int face_check_text(
        struct face_fonts *fonts, const char *text, struct problem *p)
{
	PangoLayout *layout;
	int rc;

	if (!g_utf8_validate(text, -1, NULL))
		return problem_set(p, FACE_UNDRAWABLE, "text-not-utf8",
		        "文字编码有误（不是 UTF-8）。请重新录入。",
		        "The text is not valid UTF-8. Enter it "
		        "again.");
	layout = new_layout(fonts);
	rc = check_each(layout, text, p);
	g_object_unref(layout);
	return rc;
}

int face_check_name(
        struct face_fonts *fonts, const char *name, struct problem *p)
{
	int rc = face_check_text(fonts, name, p);

	if (rc != HUFU_OK)
		return rc;
	if (name[0] == '\0')
		return problem_set(p, HUFU_ERR_ARGUMENT, "name-empty",
		        "没有姓名。请录入姓名。",
		        "There is no name. Enter it.");
	if (g_utf8_strlen(name, -1) > FACE_NAME_MAX)
		return problem_set(p, FACE_TOO_LONG, "name-too-long",
		        "姓名超过 %d 个字，卡面印不下。请核对。",
		        "The name has more than %d characters and does "
		        "not fit on the card. Check it.",
		        FACE_NAME_MAX);
	return HUFU_OK;
}
