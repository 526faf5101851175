#include "vector_file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "crypto/core/base64.h"

/* some vectors hold 2^64 - 1, which is past jansson's integers */
enum { VECTOR_FLAGS = JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL };

json_t *vector_load(const char *name)
{
	char path[1024];
	json_error_t why;
	int len = snprintf(path, sizeof path, "%s/%s", HUFU_VECTORS, name);
	if (len < 0 || (size_t)len >= sizeof path)
		fail_msg("%s: name too long", name);
	json_t *vector = json_load_file(path, VECTOR_FLAGS, &why);
	if (!vector)
		fail_msg("%s: %s", path, why.text);
	return vector;
}

unsigned vector_each(const char *folder,
        void (*each)(const char *name, const json_t *vector))
{
	char path[1024];
	unsigned count = 0;
	snprintf(path, sizeof path, "%s/%s", HUFU_VECTORS, folder);
	DIR *d = opendir(path);
	if (!d)
		fail_msg("%s is missing", path);
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		if (!strstr(e->d_name, ".json"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		json_t *vector = vector_load(path);
		each(path, vector);
		json_decref(vector);
		count++;
	}
	closedir(d);
	return count;
}

struct span vector_hex(const char *hex, uint8_t *space, size_t cap)
{
	size_t len = 0;
	for (const char *p = hex; *p; p++) {
		unsigned byte;
		int used;
		if (*p == ' ')
			continue;
		if (len == cap || sscanf(p, "%2x%n", &byte, &used) != 1 ||
		        used != 2)
			fail_msg("bad hex: %s", hex);
		space[len++] = (uint8_t)byte;
		p++;
	}
	return span_of(space, len);
}

struct span vector_base64(const char *text, uint8_t *space, size_t cap)
{
	struct writer w;
	writer_init(&w, space, cap);
	if (base64_decode(span_of_text(text), &w))
		fail_msg("bad base64: %s", text);
	return writer_span(&w);
}
