#include "host/person/csv.h"

#include <string.h>

void csv_init(struct csv *csv, struct span in)
{
	csv->in = in;
	csv->pos = 0;
	csv->next_line = 1;
	csv->separator = ',';
	csv->line = 0;
	csv->count = 0;
}

/* At the end of a record: eats CR LF, CR or LF. */
static bool eat_line_end(struct csv *csv)
{
	uint8_t b;

	if (csv->pos == csv->in.len)
		return true;
	b = csv->in.data[csv->pos];
	if (b != '\n' && b != '\r')
		return false;
	csv->pos++;
	if (b == '\r' && csv->pos < csv->in.len &&
	        csv->in.data[csv->pos] == '\n')
		csv->pos++;
	csv->next_line++;
	return true;
}

static void skip_line(struct csv *csv)
{
	while (!eat_line_end(csv))
		csv->pos++;
}

static int put(struct csv *csv, size_t *len, uint8_t b)
{
	if (*len == CSV_RECORD_MAX)
		return CSV_TOO_LONG;
	csv->bytes[(*len)++] = b;
	return 0;
}

/* Behind the opening quote, to behind the closing one. */
static int read_quoted(struct csv *csv, size_t *len)
{
	while (csv->pos < csv->in.len) {
		uint8_t b = csv->in.data[csv->pos++];
		int r;

		if (b == '"') {
			if (csv->pos == csv->in.len ||
			        csv->in.data[csv->pos] != '"')
				return 0;
			csv->pos++;
		}
		csv->next_line += b == '\n';
		r = put(csv, len, b);
		if (r != 0)
			return r;
	}
	return CSV_BAD_QUOTE;
}

static bool ends_field(const struct csv *csv)
{
	uint8_t b;

	if (csv->pos == csv->in.len)
		return true;
	b = csv->in.data[csv->pos];
	return b == (uint8_t)csv->separator || b == '\n' || b == '\r';
}

static int read_field(struct csv *csv, size_t *len)
{
	size_t start = *len;
	int r = 0;

	if (csv->count == CSV_FIELDS_MAX)
		return CSV_TOO_MANY;
	if (csv->pos < csv->in.len && csv->in.data[csv->pos] == '"') {
		csv->pos++;
		r = read_quoted(csv, len);
		if (r == 0 && !ends_field(csv))
			r = CSV_BAD_QUOTE;
	}
	while (r == 0 && !ends_field(csv)) {
		uint8_t b = csv->in.data[csv->pos++];
		r = b == '"' ? CSV_BAD_QUOTE : put(csv, len, b);
	}
	if (r == 0)
		csv->field[csv->count++] =
		        span_of(csv->bytes + start, *len - start);
	return r;
}

static int read_record(struct csv *csv)
{
	size_t len = 0;
	int r;

	csv->count = 0;
	for (;;) {
		r = read_field(csv, &len);
		if (r != 0)
			return r;
		if (eat_line_end(csv))
			return CSV_RECORD;
		csv->pos++; /* the separator */
	}
}

int csv_next(struct csv *csv)
{
	size_t start, line;
	int r;

	do {
		if (csv->pos == csv->in.len)
			return CSV_END;
		start = csv->pos;
		line = csv->line = csv->next_line;
		r = read_record(csv);
	} while (r == CSV_RECORD && csv->count == 1 && csv->field[0].len == 0);
	if (r != CSV_RECORD) {
		/* An open quote must not swallow the rows that follow. */
		csv->pos = start;
		csv->next_line = line;
		skip_line(csv);
	}
	return r;
}
