#include "host/person/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/log/entry.h"
#include "host/person/id_set.h"
#include "host/person/import_row.h"
#include "host/person/import_text.h"

enum { BATCH = 1024, TEXT_MAX = CSV_RECORD_MAX * 3 };

struct run {
	const struct import_options *options;
	struct csv csv;
	struct import_text *text;
	struct import_head head;
	struct id_set *seen;
	struct import_result result;
	const char *fields[CSV_FIELDS_MAX];
	char utf8[TEXT_MAX]; /* of one record */
	size_t batched;
	struct person batch[BATCH];
};

static void free_run(struct run **run)
{
	if (!*run)
		return;
	import_text_free((*run)->text);
	id_set_free((*run)->seen);
	bytes_wipe(*run, sizeof **run);
	free(*run);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What spreadsheets add: blanks around, and an apostrophe before digits. */
static const char *trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && is_blank(text[len - 1]))
		text[--len] = '\0';
	while (is_blank(*text))
		text++;
	if (text[0] == '\'' && text[1] >= '0' && text[1] <= '9')
		text++;
	return text;
}

static int convert_fields(struct run *run)
{
	struct writer w;

	writer_init(&w, run->utf8, sizeof run->utf8);
	for (size_t i = 0; i < run->csv.count; i++) {
		size_t start = w.len;
		int r = import_text_convert(run->text, run->csv.field[i], &w);

		if (r < 0)
			return r;
		if (memchr(run->utf8 + start, '\0', w.len - start))
			return HUFU_ERR_MALFORMED;
		writer_put_u8(&w, 0);
		if (w.error)
			return w.error;
		run->fields[i] = trim(run->utf8 + start);
	}
	return 0;
}

/* The county is enough for the open log; a village would tell too much. */
static int log_change(struct store_tx *tx, const struct run *run,
        const struct person *p, int64_t id)
{
	char area[AREA_CODE_MAX + 1] = "";
	struct entry e = {
	        .type = LOG_PERSON_CHANGED,
	        .at_s = clock_now_s(),
	        .area = area,
	        .person = id,
	        .actor = run->options->staff,
	};

	if (!area_code_at(p->facts.residence, AREA_COUNTY, area) &&
	        !area_code_at(p->facts.residence, AREA_CITY, area))
		area[0] = '\0';
	return entry_append(tx, &e, NULL);
}

static int save_batch(struct store_tx *tx, void *arg)
{
	struct run *run = arg;
	size_t added = 0, changed = 0, unchanged = 0;

	for (size_t i = 0; i < run->batched; i++) {
		int64_t id;
		int r = person_save(tx, &run->batch[i], &id);

		if (r < 0)
			return r;
		added += r == PERSON_ADDED;
		changed += r == PERSON_CHANGED;
		unchanged += r == PERSON_UNCHANGED;
		bool news = r != PERSON_UNCHANGED;
		if (r == PERSON_CHANGED)
			r = log_change(tx, run, &run->batch[i], id);
		if (r >= 0 && news && run->options->saved)
			r = run->options->saved(tx, run->options->arg, id,
			        &run->batch[i].facts);
		if (r < 0)
			return r;
	}
	run->result.added += added;
	run->result.changed += changed;
	run->result.unchanged += unchanged;
	return 0;
}

static void explain_stop(struct problem *problem, int code)
{
	struct problem why;

	(void)problem_from_code(&why, code);
	/* Each sentence skips the other's argument. */
	(void)problem_set(problem, code, "import-store",
	        "%1$s%2$.0s已导入的行保留，排除后请重新导入同一文件。",
	        "%1$.0s%2$s Rows already imported stay; then import the "
	        "same file again.",
	        why.zh, why.en);
}

static int flush(struct run *run, struct problem *problem)
{
	int r = 0;

	if (run->batched == 0 || run->options->check_only)
		goto out;
	r = store_write(run->options->store, save_batch, run);
	if (r < 0)
		explain_stop(problem, r);
out:
	bytes_wipe(run->batch, run->batched * sizeof *run->batch);
	run->batched = 0;
	return r;
}

/* Told once a row; true when the row cannot be read at all. */
static bool is_unreadable(struct run *run, struct import_row *row, int found)
{
	static const struct {
		const char *code, *zh, *en;
	} faults[] = {
	        [CSV_BAD_QUOTE] = {"row-quote", "引号不成对，这一行没有导入。",
	                "A quotation mark is out of place."},
	        [CSV_TOO_LONG] = {"row-long", "这一行太长。",
	                "The row is too long."},
	        [CSV_TOO_MANY] = {"row-fields", "这一行的列数太多。",
	                "The row has too many fields."},
	};
	int r;

	if (found != CSV_RECORD) {
		import_tell(row, IMPORT_ERROR, IMPORT_COLUMNS,
		        faults[found].code,
		        IMPORT_SAY(faults[found].zh, faults[found].en));
		return true;
	}
	r = convert_fields(run);
	if (r < 0) {
		import_tell(row, IMPORT_ERROR, IMPORT_COLUMNS, "row-encoding",
		        IMPORT_SAY("这一行有编码错误或空字符，请重新导出。",
		                "The row has an encoding error or a NUL; "
		                "export it again."));
		return true;
	}
	return false;
}

static bool has_wrong_count(struct run *run, struct import_row *row)
{
	char zh[IMPORT_TEXT_MAX], en[IMPORT_TEXT_MAX];

	if (run->csv.count == run->head.count)
		return false;
	(void)snprintf(zh, sizeof zh, "这一行有 %zu 列，表头有 %zu 列。",
	        run->csv.count, run->head.count);
	(void)snprintf(en, sizeof en,
	        "The row has %zu fields, the first line %zu.", run->csv.count,
	        run->head.count);
	import_tell(row, IMPORT_ERROR, IMPORT_COLUMNS, "row-fields",
	        IMPORT_SAY(zh, en));
	return true;
}

static int check_repeated(struct run *run, struct import_row *row)
{
	char zh[IMPORT_TEXT_MAX], en[IMPORT_TEXT_MAX];
	size_t line;
	int r = id_set_add(run->seen, row->person->id_number, row->line, &line);

	if (r < 0 || line == 0)
		return r;
	(void)snprintf(zh, sizeof zh, "与第 %zu 行的公民身份号码相同。", line);
	(void)snprintf(en, sizeof en, "Line %zu has the same ID number.", line);
	import_tell(row, IMPORT_ERROR, IMPORT_ID_NUMBER, "row-repeated",
	        IMPORT_SAY(zh, en));
	return 0;
}

static bool is_empty_row(const struct run *run)
{
	for (size_t i = 0; i < run->csv.count; i++)
		if (run->fields[i][0] != '\0')
			return false;
	return true;
}

static int import_record(struct run *run, int found, struct problem *problem)
{
	struct person *p = &run->batch[run->batched];
	struct import_row row = {
	        .options = run->options,
	        .head = &run->head,
	        .line = run->csv.line,
	        .fields = run->fields,
	        .person = p,
	};
	int r = 0;

	memset(p, 0, sizeof *p);
	if (!is_unreadable(run, &row, found)) {
		if (is_empty_row(run))
			return 0;
		if (!has_wrong_count(run, &row))
			import_read_row(&row);
	}
	if (row.errors == 0)
		r = check_repeated(run, &row);
	if (r < 0)
		return problem_from_code(problem, r);
	run->result.rows++;
	run->result.warnings += row.warnings;
	if (row.errors > 0) {
		run->result.refused++;
		return 0;
	}
	if (++run->batched == BATCH)
		return flush(run, problem);
	return 0;
}

/* The separator is whichever the first line has most of. */
static char find_separator(struct span file)
{
	static const char all[] = {',', '\t', ';'};
	size_t best = 0;
	char found = ',';

	for (size_t k = 0; k < sizeof all; k++) {
		size_t n = 0;
		for (size_t i = 0; i < file.len && file.data[i] != '\n'; i++)
			n += file.data[i] == (uint8_t)all[k];
		if (n > best) {
			best = n;
			found = all[k];
		}
	}
	return found;
}

static int begin(struct run *run, struct span file, struct problem *problem)
{
	size_t skip;
	enum import_encoding encoding = import_detect(file, &skip);
	int r;

	if (encoding == IMPORT_UTF16)
		return problem_set(problem, HUFU_ERR_UNSUPPORTED, "file-utf16",
		        "文件是 UTF-16 编码，请另存为“CSV UTF-8”。",
		        "The file is UTF-16; save it as CSV UTF-8.");
	(void)snprintf(run->result.encoding, sizeof run->result.encoding, "%s",
	        import_encoding_name(encoding));
	r = import_text_new(encoding, &run->text);
	if (r == 0)
		r = id_set_new(&run->seen);
	if (r < 0)
		return problem_from_code(problem, r);
	csv_init(&run->csv, span_of(file.data + skip, file.len - skip));
	run->csv.separator = find_separator(run->csv.in);
	r = csv_next(&run->csv);
	if (r == CSV_END)
		return problem_set(problem, HUFU_ERR_ARGUMENT, "file-empty",
		        "文件是空的。", "The file is empty.");
	if (r != CSV_RECORD || convert_fields(run) < 0)
		return problem_set(problem, HUFU_ERR_ARGUMENT, "file-head",
		        "读不了第一行（列名），请检查引号和编码。",
		        "Line 1, the column names, cannot be read; check "
		        "quotes and encoding.");
	return import_read_head(
	        run->fields, run->csv.count, &run->head, problem);
}

int import_bytes(const struct import_options *options, struct span csv,
        struct import_result *ret, struct problem *ret_problem)
{
	_cleanup_(free_run) struct run *run = calloc(1, sizeof *run);
	int r, found = CSV_END;

	if (!run)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	run->options = options;
	r = begin(run, csv, ret_problem);
	while (r == 0 && (found = csv_next(&run->csv)) != CSV_END)
		r = import_record(run, found, ret_problem);
	if (r == 0)
		r = flush(run, ret_problem);
	*ret = run->result; /* also of what was done before a failure */
	return r;
}

int import_file(const struct import_options *options, const char *path,
        struct import_result *ret, struct problem *ret_problem)
{
	_free_ uint8_t *data = NULL;
	size_t len;
	int r = file_read(path, IMPORT_FILE_MAX, &data, &len);

	if (r < 0)
		return problem_set(ret_problem, r, "file-unreadable",
		        "读不了文件，请检查路径、权限和大小（至多 1 GB）。",
		        "The file cannot be read; check path, rights and size "
		        "(1 GB at most).");
	r = import_bytes(options, span_of(data, len), ret, ret_problem);
	bytes_wipe(data, len);
	return r;
}
