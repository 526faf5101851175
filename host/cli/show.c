#include "host/cli/show.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

enum { SHOW_CELL_MAX = 160, SHOW_COLUMNS_MAX = 16 };

/* Members that are seconds since 1970. */
static bool is_time(const char *key)
{
	size_t len = strlen(key);
	return strcmp(key, "due") == 0 || strcmp(key, "not_before") == 0 ||
	       (len > 3 && strcmp(key + len - 3, "_at") == 0);
}

static void cell_text(
        const json_t *row, const char *key, char ret[SHOW_CELL_MAX])
{
	const json_t *value = json_object_get(row, key);
	ret[0] = 0;
	if (json_is_string(value)) {
		(void)snprintf(
		        ret, SHOW_CELL_MAX, "%s", json_string_value(value));
	} else if (json_is_integer(value) && is_time(key)) {
		time_t at = (time_t)json_integer_value(value);
		struct tm local;
		if (at && localtime_r(&at, &local))
			strftime(ret, SHOW_CELL_MAX, "%F %R", &local);
	} else if (json_is_integer(value)) {
		(void)snprintf(ret, SHOW_CELL_MAX, "%lld",
		        (long long)json_integer_value(value));
	} else if (json_is_real(value)) {
		(void)snprintf(
		        ret, SHOW_CELL_MAX, "%.1f", json_real_value(value));
	} else if (json_is_boolean(value)) {
		(void)snprintf(ret, SHOW_CELL_MAX, "%s",
		        json_is_true(value) ? "是 yes" : "否 no");
	}
}

/* Columns of the screen that a text takes. */
static int width_of(const char *text)
{
	wchar_t wide[SHOW_CELL_MAX];
	size_t len = mbstowcs(wide, text, SHOW_CELL_MAX);
	int width = len == (size_t)-1 ? -1 : wcswidth(wide, len);
	return width < 0 ? (int)strlen(text) : width;
}

static void put_cell(const char *text, int width, bool last)
{
	printf("%s", text);
	if (!last)
		printf("%*s", width - width_of(text) + 2, "");
}

void show_table(const json_t *rows, const struct show_column *columns)
{
	int width[SHOW_COLUMNS_MAX] = {0};
	char cell[SHOW_CELL_MAX];
	size_t count = 0, at;
	const json_t *row;
	for (; columns[count].key && count < SHOW_COLUMNS_MAX; count++)
		width[count] = width_of(columns[count].title);
	json_array_foreach(rows, at, row)
	{
		for (size_t i = 0; i < count; i++) {
			cell_text(row, columns[i].key, cell);
			if (width_of(cell) > width[i])
				width[i] = width_of(cell);
		}
	}
	for (size_t i = 0; i < count; i++)
		put_cell(columns[i].title, width[i], i + 1 == count);
	putchar('\n');
	json_array_foreach(rows, at, row)
	{
		for (size_t i = 0; i < count; i++) {
			cell_text(row, columns[i].key, cell);
			put_cell(cell, width[i], i + 1 == count);
		}
		putchar('\n');
	}
}

void show_record(const json_t *record, const struct show_column *columns)
{
	char cell[SHOW_CELL_MAX];
	for (; columns->key; columns++) {
		cell_text(record, columns->key, cell);
		if (cell[0])
			printf("%s: %s\n", columns->title, cell);
	}
}

bool show_json(const struct cli *cli, const struct client_reply *reply)
{
	if (!cli->json)
		return false;
	if (reply->json)
		json_dumpf(reply->json, stdout, JSON_INDENT(2));
	else if (reply->body)
		fwrite(reply->body, 1, reply->len, stdout);
	putchar('\n');
	return true;
}
