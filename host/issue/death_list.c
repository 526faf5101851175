#include "host/issue/death_list.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/clock.h"
#include "host/log/entry.h"
#include "host/person/csv.h"
#include "host/person/id_number.h"
#include "host/person/id_set.h"
#include "host/person/import_text.h"
#include "host/person/person.h"
#include "host/store/sealed.h"

enum { BATCH = 128, FIELD_MAX = 128 };

/* A row as read; what is wrong with it stands in row.outcome, else 0. */
struct reading {
	struct death_row row;
	char number[PERSON_ID_NUMBER_LEN + 1];
	struct date died;
};

struct run {
	const struct death_list_options *options;
	struct import_text *text;
	struct id_set *seen;
	struct csv csv;
	int number_at, date_at; /* columns */
	struct date today;
	struct reading batch[BATCH];
	size_t count;
};

static void free_run(struct run **run)
{
	if (!*run)
		return;
	import_text_free((*run)->text);
	id_set_free((*run)->seen);
	bytes_wipe(*run, sizeof(**run));
	free(*run);
}

/* ---- one person ---- */

enum { KEEP, STATEMENTS };

static const char *const sql[] = {
        [KEEP] = "INSERT INTO death (person, staff, at, sealed)"
                 " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (person) DO UPDATE"
                 " SET staff = ?2, at = ?3, sealed = ?4",
};
static const struct statements statements = {"death_list", sql, STATEMENTS};

static int keep_day(struct store_tx *tx, const struct run *run, int64_t person,
        struct date died)
{
	const struct sealed_at at = {"death", "sealed", person};
	struct query *q = query_begin(tx, &statements, KEEP);
	char day[DATE_TEXT_LEN + 1];

	date_format(died, day);
	query_bind_int(q, 1, person);
	query_bind_int(q, 2, run->options->staff);
	query_bind_int(q, 3, run->options->at_s);
	sealed_bind(q, 4, &at, span_of_text(day));
	return query_run(q);
}

/* As of an imported row: the county is enough for the open log. */
static int log_death(
        struct store_tx *tx, const struct run *run, const struct person *p)
{
	char area[AREA_CODE_MAX + 1] = "";
	const struct entry e = {
	        .type = LOG_PERSON_CHANGED,
	        .at_s = run->options->at_s,
	        .area = area,
	        .ground = "holder-dead",
	        .person = p->id,
	        .actor = run->options->staff,
	};

	if (!area_code_at(p->facts.residence, AREA_COUNTY, area) &&
	        !area_code_at(p->facts.residence, AREA_CITY, area))
		area[0] = '\0';
	return entry_append(tx, &e, NULL);
}

static int note_death(struct store_tx *tx, const struct run *run,
        struct person *p, struct date died)
{
	const struct card_holder_change change = {
	        p->id, &p->facts, run->options->staff, run->options->at_s};
	int64_t id;

	p->facts.dead = true;
	int rc = person_save(tx, p, &id);
	if (rc >= 0)
		rc = keep_day(tx, run, p->id, died);
	if (rc == 0)
		rc = log_death(tx, run, p);
	if (rc == 0)
		rc = card_holder_changed(tx, &change);
	return rc < 0 ? rc : 0;
}

static int settle(struct store_tx *tx, const struct run *run, struct reading *r)
{
	_cleanup_(person_done) struct person p = {0};
	int64_t id = 0;

	if (r->row.outcome)
		return 0;
	int rc = person_find(tx, r->number, &id);
	if (rc == 0)
		rc = person_load(tx, id, &p);
	if (rc == HUFU_ERR_NOT_FOUND) {
		r->row.outcome = DEATH_NOT_ON_FILE;
		return 0;
	}
	if (rc == 0)
		rc = card_holder_look(tx, id, &r->row.things);
	if (rc < 0)
		return rc;
	if (p.facts.dead) {
		r->row.things = (struct card_holder_things){0};
		r->row.outcome = DEATH_KNOWN;
		return 0;
	}
	if (!run->options->check_only)
		rc = note_death(tx, run, &p, r->died);
	if (rc == 0)
		r->row.outcome = DEATH_NOTED;
	return rc;
}

static int settle_batch(struct store_tx *tx, void *arg)
{
	struct run *run = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < run->count; i++)
		rc = settle(tx, run, &run->batch[i]);
	return rc;
}

static int flush(struct run *run, struct problem *p)
{
	const struct death_list_options *o = run->options;
	int rc = o->check_only ? store_read(o->store, settle_batch, run)
	                       : store_write(o->store, settle_batch, run);

	if (rc < 0)
		return problem_from_code(p, rc);
	for (size_t i = 0; i < run->count; i++)
		o->report(o->arg, &run->batch[i].row);
	bytes_wipe(run->batch, run->count * sizeof(*run->batch));
	run->count = 0;
	return 0;
}

/* ---- reading ---- */

static bool take_field(struct run *run, int at, char ret[FIELD_MAX])
{
	struct writer w;

	if (at < 0 || (size_t)at >= run->csv.count)
		return false;
	writer_init(&w, (uint8_t *)ret, FIELD_MAX - 1);
	if (import_text_convert(run->text, run->csv.field[at], &w) < 0 ||
	        w.error < 0 || memchr(ret, '\0', w.len))
		return false;
	while (w.len > 0 && ret[w.len - 1] == ' ')
		w.len--;
	ret[w.len] = '\0';
	size_t blank = strspn(ret, " ");
	memmove(ret, ret + blank, w.len - blank + 1);
	return true;
}

static bool is_one_of(const char *text, const char *const names[])
{
	for (; *names; names++)
		if (strcmp(text, *names) == 0)
			return true;
	return false;
}

static int read_head(struct run *run, struct problem *p)
{
	static const char *const numbers[] = {
	        "公民身份号码", "身份证号", "身份证号码", "id_number", NULL};
	static const char *const days[] = {
	        "死亡日期", "去世日期", "date_of_death", NULL};
	char name[FIELD_MAX];

	run->number_at = run->date_at = -1;
	int found = csv_next(&run->csv);
	for (int i = 0; found == CSV_RECORD && i < (int)run->csv.count; i++) {
		if (!take_field(run, i, name))
			continue;
		if (is_one_of(name, numbers))
			run->number_at = i;
		else if (is_one_of(name, days))
			run->date_at = i;
	}
	if (run->number_at >= 0 && run->date_at >= 0)
		return 0;
	return problem_set(p, HUFU_ERR_ARGUMENT, "death-list-head",
	        "第一行须有“公民身份号码”和“死亡日期”两列，请补上列名后重新"
	        "导入。",
	        "Line 1 must name the columns id_number and date_of_death; add "
	        "them and import again.");
}

/* 2026-01-31, 2026/1/31 and 20260131 alike, as offices write it. */
static bool read_day(const char *text, struct date *ret)
{
	char day[DATE_TEXT_LEN + 1];

	if (strlen(text) == 8 && strspn(text, "0123456789") == 8)
		(void)snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", text,
		        text + 4, text + 6);
	else if (strlen(text) == DATE_TEXT_LEN)
		(void)snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", text,
		        text + 5, text + 8);
	else
		return false;
	return date_parse(day, ret) == 0;
}

static enum death_outcome judge(struct run *run, struct reading *r)
{
	char number[FIELD_MAX], day[FIELD_MAX];
	struct date born;
	enum person_sex sex;

	if (!take_field(run, run->number_at, number) ||
	        !take_field(run, run->date_at, day))
		return DEATH_BAD_ROW;
	if (id_number_parse(number, run->today, r->number, &born, &sex) != 0)
		return DEATH_BAD_NUMBER;
	if (!read_day(day, &r->died) || date_compare(r->died, born) < 0 ||
	        date_compare(r->died, run->today) > 0)
		return DEATH_BAD_DATE;
	return 0;
}

static int read_row(struct run *run, int found, struct problem *p)
{
	struct reading *r = &run->batch[run->count];
	size_t earlier = 0;

	*r = (struct reading){.row = {.line = run->csv.line}};
	r->row.outcome = found == CSV_RECORD ? judge(run, r) : DEATH_BAD_ROW;
	if (r->row.outcome == 0) {
		int rc = id_set_add(
		        run->seen, r->number, run->csv.line, &earlier);
		if (rc < 0)
			return problem_from_code(p, rc);
		if (earlier)
			r->row.outcome = DEATH_REPEATED;
	}
	return ++run->count == BATCH ? flush(run, p) : 0;
}

static int begin(struct run *run, struct span file, struct problem *p)
{
	size_t skip = 0;
	enum import_encoding encoding = import_detect(file, &skip);

	if (encoding == IMPORT_UTF16)
		return problem_set(p, HUFU_ERR_UNSUPPORTED, "file-utf16",
		        "文件是 UTF-16 编码，请另存为“CSV UTF-8”。",
		        "The file is UTF-16; save it as CSV UTF-8.");
	int rc = import_text_new(encoding, &run->text);
	if (rc == 0)
		rc = id_set_new(&run->seen);
	if (rc < 0)
		return problem_from_code(p, rc);
	csv_init(&run->csv, span_of(file.data + skip, file.len - skip));
	run->csv.separator = ',';
	run->today = clock_date_of(run->options->at_s);
	return read_head(run, p);
}

/* Before anything is written. */
static int check_length(struct span csv, struct problem *p)
{
	size_t lines = 0;

	for (size_t i = 0; i < csv.len; i++)
		lines += csv.data[i] == '\n';
	if (lines <= DEATH_LIST_ROWS_MAX + 1)
		return 0;
	return problem_set(p, HUFU_ERR_LIMIT, "death-list-long",
	        "一个文件最多 %d 行，请分成几个文件导入。",
	        "A file has %d rows at most; import it in parts.",
	        DEATH_LIST_ROWS_MAX);
}

int death_list_import(const struct death_list_options *options, struct span csv,
        struct problem *ret_problem)
{
	_cleanup_(free_run) struct run *run = calloc(1, sizeof(*run));
	int found;

	if (!run)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	run->options = options;
	int rc = check_length(csv, ret_problem);
	if (rc == 0)
		rc = begin(run, csv, ret_problem);
	while (rc == 0 && (found = csv_next(&run->csv)) != CSV_END)
		rc = read_row(run, found, ret_problem);
	return rc < 0 ? rc : flush(run, ret_problem);
}

static const char *const words[DEATH_OUTCOMES][2] = {
        [DEATH_NOTED] = {"已登记去世", "noted as dead"},
        [DEATH_KNOWN] = {"早已登记，没有变化", "noted before, nothing changed"},
        [DEATH_NOT_ON_FILE] = {"登记册中没有此人，不需处理",
                "not on file, nothing to do"},
        [DEATH_BAD_ROW] = {"这一行读不了，请检查引号、编码和列数",
                "the row cannot be read; check quotes, encoding and columns"},
        [DEATH_BAD_NUMBER] = {"公民身份号码校验不符，请对照证件改正",
                "the ID number is mistyped; correct it from the papers"},
        [DEATH_BAD_DATE] = {"死亡日期缺少、早于出生或在今天之后，请改正",
                "the date of death is missing, before birth or after today; "
                "correct it"},
        [DEATH_REPEATED] = {"与前面某行的公民身份号码相同，没有再办",
                "an earlier row has this ID number; not done again"},
};

const char *death_outcome_zh(enum death_outcome outcome)
{
	return words[outcome][0];
}

const char *death_outcome_en(enum death_outcome outcome)
{
	return words[outcome][1];
}
