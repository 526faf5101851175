#include <stdlib.h>
#include <string.h>

#include "host/print/face.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* fontconfig finds its own by offsets, which LeakSanitizer cannot follow. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}

static struct face_fonts *fonts;

static void close_fonts(void)
{
	face_fonts_close(&fonts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct problem p = {0};
	char *name;
	int rc;

	if (!fonts) {
		if (face_fonts_open(NULL, &fonts, NULL) != HUFU_OK)
			abort();
		(void)atexit(close_fonts);
	}
	name = malloc(len + 1);
	if (!name)
		return 0;
	if (len)
		memcpy(name, data, len);
	name[len] = '\0';
	rc = face_check_name(fonts, name, &p);
	if (rc != HUFU_OK && p.code != rc)
		abort();
	free(name);
	return 0;
}
