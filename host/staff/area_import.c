#include "host/staff/area_import.h"

#include <string.h>

#include "crypto/core/utf8.h"

enum { ROWS_AT_ONCE = 2000 };

struct run {
	const struct area_import *import;
	size_t at; /* next byte */
	size_t line; /* last one read */
	struct area_import_result result;
};

struct row {
	char code[AREA_CODE_MAX + 1];
	char name[AREA_NAME_MAX + 1];
};

/* One value up to the comma, without quotes. false: too long for `cap`. */
static bool take_value(const char **at, const char *end, char *ret, size_t cap)
{
	bool quoted = *at < end && **at == '"';
	const char *from = *at + quoted;
	const char *to = memchr(from, quoted ? '"' : ',', (size_t)(end - from));

	if (!to)
		to = end;
	size_t len = (size_t)(to - from);
	*at = to + (quoted && to < end);
	if (*at < end && **at == ',')
		++*at;
	if (len >= cap)
		return false;
	memcpy(ret, from, len);
	ret[len] = '\0';
	return true;
}

/* "32" is "320000", "3201" is "320100". */
static void fill_up(char code[AREA_CODE_MAX + 1])
{
	size_t len = strlen(code);

	if (len != 2 && len != 4)
		return;
	memset(code + len, '0', 6 - len);
	code[6] = '\0';
}

static bool read_row(struct run *run, const char **ret_line, size_t *ret_len)
{
	const char *text = (const char *)run->import->csv.data;
	size_t left = run->import->csv.len - run->at;

	if (left == 0)
		return false;
	const char *from = text + run->at;
	const char *end = memchr(from, '\n', left);
	size_t len = end ? (size_t)(end - from) : left;
	run->at += len + (end != NULL);
	run->line++;
	if (run->line == 1 && len >= 3 &&
	        memcmp(from, "\xef\xbb\xbf", 3) == 0) {
		from += 3;
		len -= 3;
	}
	if (len > 0 && from[len - 1] == '\r')
		len--;
	*ret_line = from;
	*ret_len = len;
	return true;
}

static void refuse(struct run *run, const struct problem *why)
{
	run->result.refused++;
	if (run->import->report)
		run->import->report(run->import->arg, run->line, why);
}

/* A table tells of every level, so what lies right above must be there. */
static int add_below(
        struct store_tx *tx, const struct row *row, struct problem *p)
{
	enum area_level level = area_code_level(row->code);
	char above[AREA_CODE_MAX + 1];
	struct area parent;

	while (level > AREA_PROVINCE) {
		level--;
		if (!area_code_at(row->code, level, above))
			continue;
		int r = area_find(tx, above, &parent);
		if (r == HUFU_ERR_NOT_FOUND)
			return problem_set(p, r, "area-parent",
			        "请先加入 %s 的上级区划 %s。",
			        "Add the area above %s, %s, first.", row->code,
			        above);
		if (r < 0)
			return r;
		break;
	}
	return area_add(tx, row->code, row->name, p);
}

/* One area; only a store that fails is an error. */
static int save(struct store_tx *tx, struct run *run, const struct row *row)
{
	struct problem p = {0};
	struct area known;
	int r = area_find(tx, row->code, &known);

	if (r == HUFU_ERR_NOT_FOUND) {
		r = add_below(tx, row, &p);
		run->result.added += r == 0;
	} else if (r == 0 && strcmp(known.name, row->name) == 0) {
		run->result.unchanged++;
	} else if (r == 0) {
		r = area_rename(tx, row->code, row->name, &p);
		run->result.renamed += r == 0;
	}
	if (r != HUFU_ERR_ARGUMENT && r != HUFU_ERR_NOT_FOUND &&
	        r != HUFU_ERR_CONFLICT)
		return r;
	refuse(run, &p);
	return 0;
}

static int take_line(
        struct store_tx *tx, struct run *run, const char *line, size_t len)
{
	struct row row;
	struct problem p;
	const char *within = run->import->within;
	const char *at = line, *end = line + len;

	if (len == 0 || (run->line == 1 && (line[0] < '0' || line[0] > '9') &&
	                        line[0] != '"'))
		return 0;
	if (!take_value(&at, end, row.code, sizeof row.code) ||
	        !take_value(&at, end, row.name, sizeof row.name) ||
	        !utf8_is_valid(span_of_text(row.name))) {
		run->result.rows++;
		(void)problem_set(&p, HUFU_ERR_ARGUMENT, "area",
		        "每行应为“区划代码,名称”，代码最多 12 位。",
		        "A line has a code, of 12 digits at most, and a "
		        "name."); /* told by the report */
		refuse(run, &p);
		return 0;
	}
	fill_up(row.code);
	if (within && !area_code_within(row.code, within) &&
	        !area_code_within(within, row.code))
		return 0;
	run->result.rows++;
	return save(tx, run, &row);
}

static int take_some(struct store_tx *tx, void *arg)
{
	struct run *run = arg;
	const char *line;
	size_t len;
	int r = 0;

	for (int n = 0; r == 0 && n < ROWS_AT_ONCE; n++) {
		if (!read_row(run, &line, &len))
			break;
		r = take_line(tx, run, line, len);
	}
	return r;
}

int area_import_run(struct store *store, const struct area_import *import,
        struct area_import_result *ret)
{
	struct run run = {.import = import};
	int r = 0;

	while (r == 0 && run.at < import->csv.len)
		r = store_write(store, take_some, &run);
	*ret = run.result;
	return r;
}
