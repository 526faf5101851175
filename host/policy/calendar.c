#include "host/policy/calendar.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/clock.h"
#include "host/base/file.h"
#include "host/policy/calendar_text.h"

enum {
	SATURDAY = 5,
	SUNDAY = 6,
	YEARS = CALENDAR_LAST_YEAR - CALENDAR_FIRST_YEAR + 1,
	LINE_MAX_LEN = 256,
};

struct exchanged {
	int32_t day; /* date_to_days() */
	bool working;
};

struct calendar {
	struct exchanged days[CALENDAR_DAYS_MAX]; /* by day */
	size_t count;
	bool known[YEARS];
};

static int compare(const void *a, const void *b)
{
	const struct exchanged *x = a, *y = b;
	return (x->day > y->day) - (x->day < y->day);
}

static int refuse(struct problem *p, size_t line)
{
	return problem_set(p, HUFU_ERR_MALFORMED, "calendar",
	        "节假日历第 %zu 行有误：须为“日期,off”或“日期,work”，"
	        "每个日期只写一次。",
	        "Calendar line %zu is wrong: it must be DATE,off or "
	        "DATE,work, each date once.",
	        line);
}

static bool take_line(struct calendar *c, const char *line)
{
	char text[DATE_TEXT_LEN + 1] = {0};
	struct date day;
	const char *comma = strchr(line, ',');
	if (!comma || comma - line != DATE_TEXT_LEN ||
	        c->count == CALENDAR_DAYS_MAX)
		return false;
	memcpy(text, line, DATE_TEXT_LEN);
	if (date_parse(text, &day) != HUFU_OK ||
	        day.year < CALENDAR_FIRST_YEAR || day.year > CALENDAR_LAST_YEAR)
		return false;
	bool working = strcmp(comma + 1, "work") == 0;
	if (!working && strcmp(comma + 1, "off") != 0)
		return false;
	c->known[day.year - CALENDAR_FIRST_YEAR] = true;
	c->days[c->count++] = (struct exchanged){date_to_days(day), working};
	return true;
}

static int take_all(struct calendar *c, struct span text, struct problem *p)
{
	char line[LINE_MAX_LEN];
	size_t number = 0;
	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;
		size_t step = end ? len + 1 : len;
		number++;
		if (len > 0 && text.data[len - 1] == '\r')
			len--;
		if (len >= sizeof line)
			return refuse(p, number);
		memcpy(line, text.data, len);
		line[len] = 0;
		text = span_of(text.data + step, text.len - step);
		if (len > 0 && line[0] != '#' && !take_line(c, line))
			return refuse(p, number);
	}
	qsort(c->days, c->count, sizeof *c->days, compare);
	for (size_t i = 1; i < c->count; i++)
		if (c->days[i].day == c->days[i - 1].day)
			return refuse(p, number);
	return HUFU_OK;
}

int calendar_parse(
        struct span text, struct calendar **ret, struct problem *ret_problem)
{
	struct calendar *c = calloc(1, sizeof *c);
	if (!c)
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	int r = take_all(c, text, ret_problem);
	if (r)
		free(c);
	else
		*ret = c;
	return r;
}

int calendar_open(
        const char *path, struct calendar **ret, struct problem *ret_problem)
{
	uint8_t *text = NULL;
	size_t len = 0;
	int r = file_read(path, CALENDAR_FILE_MAX, &text, &len);
	if (r)
		return problem_set(ret_problem, r, "calendar-file",
		        "无法读取节假日历 %s。", "Cannot read the calendar %s.",
		        path);
	r = calendar_parse(span_of(text, len), ret, ret_problem);
	free(text);
	return r;
}

void calendar_free(struct calendar *c)
{
	free(c);
}

static pthread_once_t builtin_once = PTHREAD_ONCE_INIT;
static struct calendar *builtin;

static void read_builtin(void)
{
	struct problem p;
	struct span text = span_of(calendar_text, calendar_text_len);
	if (calendar_parse(text, &builtin, &p))
		builtin = NULL;
}

const struct calendar *calendar_builtin(void)
{
	pthread_once(&builtin_once, read_builtin);
	return builtin;
}

bool calendar_knows(const struct calendar *c, int year)
{
	return year >= CALENDAR_FIRST_YEAR && year <= CALENDAR_LAST_YEAR &&
	       c->known[year - CALENDAR_FIRST_YEAR];
}

int calendar_last_year(const struct calendar *c)
{
	for (int i = YEARS - 1; i >= 0; i--)
		if (c->known[i])
			return CALENDAR_FIRST_YEAR + i;
	return 0;
}

bool calendar_is_working_day(const struct calendar *c, struct date day)
{
	struct exchanged key = {.day = date_to_days(day)};
	const struct exchanged *found =
	        bsearch(&key, c->days, c->count, sizeof key, compare);
	int weekday = date_weekday(day);
	return found ? found->working
	             : weekday != SATURDAY && weekday != SUNDAY;
}

int64_t calendar_deadline(const struct calendar *c, int64_t from_s,
        int64_t days, bool *ret_certain)
{
	struct date day = clock_date_of(from_s);
	bool certain = true;
	for (int64_t left = days; left > 0;) {
		day = date_add_days(day, 1);
		certain = certain && calendar_knows(c, day.year);
		if (calendar_is_working_day(c, day))
			left--;
	}
	if (ret_certain)
		*ret_certain = certain;
	return days <= 0 ? 0 : clock_start_of(date_add_days(day, 1)) - 1;
}

int64_t calendar_days_left(
        const struct calendar *c, int64_t now_s, int64_t due_s)
{
	struct date from = clock_date_of(now_s), to = clock_date_of(due_s);
	bool late = date_compare(to, from) < 0;
	struct date end = late ? from : to;
	int64_t days = 0;
	for (struct date d = late ? to : from; date_compare(d, end) < 0;) {
		d = date_add_days(d, 1);
		days += calendar_is_working_day(c, d);
	}
	return late ? -days : days;
}
