#include "host/print/face_draw.h"

#include <pango/pangofc-fontmap.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_LEN = 512 };

/* Only these: a system font that is there by chance would make the same
 * name look different, or drawable, on one machine alone. */
static const struct {
	const char *file, *package;
} FILES[] = {
        {"opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"},
        {"opentype/noto/NotoSansCJK-Bold.ttc", "fonts-noto-cjk"},
        {"opentype/noto/NotoSerifCJK-Bold.ttc", "fonts-noto-cjk"},
        {"truetype/hanazono/HanaMinA.ttf", "fonts-hanazono"},
        {"truetype/hanazono/HanaMinB.ttf", "fonts-hanazono"},
};

static int add_files(FcConfig *config, const char *dir, struct problem *p)
{
	char path[PATH_LEN];

	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		int n = snprintf(
		        path, sizeof(path), "%s/%s", dir, FILES[i].file);

		if (n < 0 || n >= PATH_LEN)
			return HUFU_ERR_LIMIT;
		if (!FcConfigAppFontAddFile(config, (const FcChar8 *)path))
			return problem_set(p, HUFU_ERR_NOT_FOUND,
			        "font-missing",
			        "缺少字体 %s。请安装软件包 %s。",
			        "The font %s is missing. Install the "
			        "package %s.",
			        FILES[i].file, FILES[i].package);
	}
	return HUFU_OK;
}

static int open_map(struct face_fonts *fonts)
{
	fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (!fonts->map)
		return HUFU_ERR_UNSUPPORTED;
	pango_fc_font_map_set_config(
	        PANGO_FC_FONT_MAP(fonts->map), fonts->config);
	pango_cairo_font_map_set_resolution(
	        PANGO_CAIRO_FONT_MAP(fonts->map), FACE_DPI);
	fonts->context = pango_font_map_create_context(fonts->map);
	/* Han unification: the mainland's forms of shared code points. */
	pango_context_set_language(
	        fonts->context, pango_language_from_string("zh-cn"));
	return HUFU_OK;
}

static void set_options(struct face_fonts *fonts)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(fonts->context, options);
	pango_context_set_round_glyph_positions(fonts->context, FALSE);
	cairo_font_options_destroy(options);
}

int face_fonts_open(const char *dir, struct face_fonts **ret, struct problem *p)
{
	struct face_fonts *fonts = calloc(1, sizeof(*fonts));
	int rc;

	if (!fonts)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	fonts->config = FcConfigCreate();
	if (!fonts->config) {
		free(fonts);
		return problem_from_code(p, HUFU_ERR_MEMORY);
	}
	rc = add_files(fonts->config, dir ? dir : "/usr/share/fonts", p);
	if (rc == HUFU_OK)
		rc = open_map(fonts);
	if (rc != HUFU_OK) {
		face_fonts_close(&fonts);
		return rc;
	}
	set_options(fonts);
	*ret = fonts;
	return HUFU_OK;
}

void face_fonts_close(struct face_fonts **at)
{
	struct face_fonts *fonts = *at;

	if (!fonts)
		return;
	for (int i = 0; i < FACE_GROUNDS; i++)
		if (fonts->ground[i])
			cairo_surface_destroy(fonts->ground[i]);
	if (fonts->context)
		g_object_unref(fonts->context);
	if (fonts->map) {
		/* Pango 1.50 does not let go of it by itself. */
		pango_fc_font_map_set_config(
		        PANGO_FC_FONT_MAP(fonts->map), NULL);
		g_object_unref(fonts->map);
	}
	FcConfigDestroy(fonts->config);
	free(fonts);
	*at = NULL;
}
