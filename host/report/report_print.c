#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/paper.h"
#include "host/report/print.h"

enum { WORD_MAX = 96, DAY_S = 86400 };

static const char *detail_zh(const struct report_cover *cover,
        enum report_figure figure, const char *detail, char space[WORD_MAX])
{
	static const char *const words[][2] = {{"incomplete", "材料不全"},
	        {"not-eligible", "不符合条件"},
	        {"withdrawn-by-applicant", "本人撤回"}, {"100", "省级意见"}};
	unsigned step = figure == REPORT_ACCEPTED && detail[1] == 0
	                        ? (unsigned)(detail[0] - '0')
	                        : 0;
	if (step >= 1 && step <= cover->policy->step_count) {
		(void)snprintf(space, WORD_MAX, "%s",
		        cover->policy->step[step - 1].label.zh);
		return space;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i][0], detail) == 0)
			return words[i][1];
	return detail;
}

static const char *kind_zh(const struct report_cover *cover, unsigned kind)
{
	if (kind == 0 || kind > POLICY_KINDS_MAX ||
	        !cover->policy->kind[kind].present)
		return "";
	return cover->policy->kind[kind].label.zh;
}

/* ---- tables of texts ---- */

struct texts {
	char **cell;
	size_t count, cap;
	int error;
};

static void add(struct texts *t, const char *text)
{
	if (t->count == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		char **cell = realloc(t->cell, cap * sizeof *cell);
		if (!cell) {
			t->error = HUFU_ERR_MEMORY;
			return;
		}
		t->cell = cell;
		t->cap = cap;
	}
	t->cell[t->count] = strdup(text);
	if (!t->cell[t->count])
		t->error = HUFU_ERR_MEMORY;
	else
		t->count++;
}

static void add_number(struct texts *t, int64_t n)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%lld", (long long)n);
	add(t, text);
}

static void add_days(struct texts *t, double seconds)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%.1f", seconds / DAY_S);
	add(t, text);
}

static void put_table(struct paper *paper, const struct paper_column *columns,
        size_t width, struct texts *t, int *error)
{
	if (t->error)
		*error = t->error;
	else
		paper_table(paper, columns, width, (const char *const *)t->cell,
		        t->count / width);
	for (size_t i = 0; i < t->count; i++)
		free(t->cell[i]);
	free(t->cell);
	*t = (struct texts){0};
}

/* Cells of the same figure and detail stand together. */
static size_t end_of_detail(const struct report *r, size_t i)
{
	size_t end = i;
	while (end < r->count && r->cells[end].figure == r->cells[i].figure &&
	        strcmp(r->cells[end].detail, r->cells[i].detail) == 0)
		end++;
	return end;
}

static void put_totals(struct paper *paper, const struct report *r,
        const struct report_cover *cover, int *error)
{
	static const struct paper_column columns[] = {{"指标", 3, false},
	        {"环节或原因", 4, false}, {"业务记录", 2, true},
	        {"日志", 2, true}, {"核对", 2, false}};
	struct texts t = {0};
	for (size_t i = 0, end; i < r->count; i = end) {
		char space[WORD_MAX];
		int64_t records = 0, log = 0;
		bool both = r->cells[i].figure < REPORT_LOG_ONLY;
		end = end_of_detail(r, i);
		for (size_t k = i; k < end; k++) {
			records += r->cells[k].records;
			log += r->cells[k].log;
		}
		add(&t, report_figure_zh(r->cells[i].figure));
		add(&t, detail_zh(cover, r->cells[i].figure, r->cells[i].detail,
		                space));
		if (both)
			add_number(&t, records);
		else
			add(&t, "—");
		add_number(&t, log);
		add(&t, !both            ? "日志为准"
		        : records == log ? "一致"
		                         : "不一致");
	}
	put_table(paper, columns, 5, &t, error);
}

static int64_t sum(const struct report *r, enum report_figure figure,
        const char *detail, const char *area)
{
	bool both = figure < REPORT_LOG_ONLY;
	int64_t n = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct report_cell *c = &r->cells[i];
		if (c->figure == figure &&
		        (!detail || strcmp(c->detail, detail) == 0) &&
		        strcmp(c->area, area) == 0)
			n += both ? c->records : c->log;
	}
	return n;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_areas(struct paper *paper, const struct report *r, int *error)
{
	static const struct paper_column columns[] = {{"区划", 3, false},
	        {"申请", 2, true}, {"受理", 2, true}, {"退回", 2, true},
	        {"不予通过", 2, true}, {"制证", 2, true}, {"发放", 2, true},
	        {"正式挂失", 2, true}, {"注销", 2, true}};
	struct texts t = {0};
	const char **areas = calloc(r->count + 1, sizeof *areas);
	if (!areas) {
		*error = HUFU_ERR_MEMORY;
		return;
	}
	for (size_t i = 0; i < r->count; i++)
		areas[i] = r->cells[i].area;
	qsort(areas, r->count, sizeof *areas, compare_texts);
	for (size_t i = 0; i < r->count; i++) {
		const char *at = areas[i];
		if (i > 0 && strcmp(at, areas[i - 1]) == 0)
			continue;
		add(&t, at);
		add_number(&t, sum(r, REPORT_APPLIED, NULL, at));
		add_number(&t, sum(r, REPORT_ACCEPTED, "1", at));
		add_number(&t, sum(r, REPORT_RETURNED, NULL, at));
		add_number(&t, sum(r, REPORT_REJECTED, NULL, at));
		add_number(&t, sum(r, REPORT_MADE, NULL, at));
		add_number(&t, sum(r, REPORT_HANDED_OVER, NULL, at));
		add_number(&t, sum(r, REPORT_FORMAL_LOSS, NULL, at));
		add_number(&t, sum(r, REPORT_CANCELLED, NULL, at));
	}
	free(areas);
	put_table(paper, columns, 9, &t, error);
}

static void put_steps(struct paper *paper, const struct report *r,
        const struct report_cover *cover, int *error)
{
	static const struct paper_column columns[] = {{"环节", 3, false},
	        {"办结件数", 2, true}, {"平均天数", 2, true},
	        {"最长天数", 2, true}, {"现逾期", 2, true}};
	struct texts t = {0};
	for (unsigned i = 1;
	        i <= cover->policy->step_count && i <= REPORT_STEPS_MAX; i++) {
		const struct report_step *s = &r->steps[i];
		add(&t, cover->policy->step[i - 1].label.zh);
		add_number(&t, s->acts);
		add_days(&t, s->acts ? (double)s->sum_s / (double)s->acts : 0);
		add_days(&t, (double)s->worst_s);
		add_number(&t, s->overdue);
	}
	put_table(paper, columns, 5, &t, error);
}

int report_print(const struct report *report, const struct report_cover *cover,
        uint8_t **ret, size_t *ret_len)
{
	static const char *const who[] = {"填报人：", "审核人：", "负责人："};
	char from[DATE_TEXT_LEN + 1], to[DATE_TEXT_LEN + 1],
	        printed[DATE_TEXT_LEN + 1], text[512];
	struct paper *paper = NULL;
	int error = HUFU_OK;
	date_format(cover->from, from);
	date_format(cover->to, to);
	date_format(cover->printed, printed);
	int r = paper_open("优待证工作报表", cover->office, &paper);
	if (r)
		return r;
	(void)snprintf(text, sizeof text,
	        "填报单位：%s　　范围：%s\n期间：%s 至 %s　　打印日期：%s",
	        cover->office, cover->area, from, to, printed);
	paper_text(paper, text);
	if (cover->differences == 0)
		(void)snprintf(text, sizeof text,
		        "业务记录与日志逐项核对一致（读取日志 %lld 条）。",
		        (long long)report->log_entries);
	else
		(void)snprintf(text, sizeof text,
		        "业务记录与日志有 %zu 项不一致，请报审计员查明。",
		        cover->differences);
	paper_text(paper, text);
	paper_heading(paper, "一、总数");
	put_totals(paper, report, cover, &error);
	paper_heading(paper, "二、各环节用时（自然日）");
	put_steps(paper, report, cover, &error);
	paper_heading(paper, "三、按区划");
	put_areas(paper, report, &error);
	paper_signatures(paper, who, 3);
	uint8_t *bytes = NULL;
	size_t len = 0;
	r = paper_close(paper, &bytes, &len);
	if (r == HUFU_OK && error) {
		free(bytes);
		r = error;
	}
	if (r)
		return r;
	*ret = bytes;
	*ret_len = len;
	return HUFU_OK;
}

int report_spread(const struct report *report, const struct report_cover *cover,
        uint8_t **ret, size_t *ret_len)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	if (!f)
		return HUFU_ERR_MEMORY;
	fputs("\xef\xbb\xbf指标,环节或原因,区划,种类,业务记录,日志\r\n", f);
	for (size_t i = 0; i < report->count; i++) {
		const struct report_cell *c = &report->cells[i];
		char space[WORD_MAX];
		fprintf(f, "%s,%s,%s,%s,", report_figure_zh(c->figure),
		        detail_zh(cover, c->figure, c->detail, space), c->area,
		        kind_zh(cover, c->kind));
		if (c->figure < REPORT_LOG_ONLY)
			fprintf(f, "%lld", (long long)c->records);
		fprintf(f, ",%lld\r\n", (long long)c->log);
	}
	bool failed = ferror(f);
	if (fclose(f) != 0 || failed) {
		free(text);
		return HUFU_ERR_MEMORY;
	}
	*ret = (uint8_t *)text;
	*ret_len = len;
	return HUFU_OK;
}
