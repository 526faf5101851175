#include "make_case.h"

#include <stdio.h>
#include <string.h>

enum { CASES_MAX = 4096 };

static FILE *out;
static char ids[CASES_MAX][CASE_ID_MAX];
static size_t count;

void case_open(const char *folder)
{
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/cases.tsv", folder);
	out = fopen(path, "wb");
	if (!out)
		world_fail(path);
}

void case_put(
        const char *id, int64_t time_s, const char *verdict, struct span text)
{
	if (count == CASES_MAX || strlen(id) >= CASE_ID_MAX - 1)
		world_fail("a case");
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			world_fail(id);
	(void)snprintf(ids[count++], CASE_ID_MAX, "%s", id);
	fprintf(out, "%s\t%lld\t%s\t", id, (long long)time_s, verdict);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		if (c < 0x20 || c > 0x7E || c == '\\')
			fprintf(out, "\\x%02X", c);
		else
			fputc(c, out);
	}
	fputc('\n', out);
}

void case_put_text(const char *id, const char *verdict, const char *text)
{
	case_put(id, WORLD_NOW_S, verdict, span_of_text(text));
}

size_t case_close(void)
{
	if (fclose(out) != 0)
		world_fail("cases.tsv");
	return count;
}
