#include <stdio.h>
#include <string.h>

#include "host/person/import_row.h"

enum { ENLISTED_AGE_MIN = 12, WORD_MAX = 128 };

static void refuse(struct import_row *row, enum import_column column,
        const char *code, const char *zh, const char *en)
{
	import_tell(row, IMPORT_ERROR, column, code, IMPORT_SAY(zh, en));
}

/* The next word of a list; people separate by 、；;|/ and commas. */
static bool next_word(const char **list, char ret[WORD_MAX])
{
	static const char *const separators[] = {
	        "、", "；", ";", "|", "/", "，", ","};
	size_t len = 0;

	for (;;) {
		size_t skip = 0;
		for (size_t i = 0; i < 7 && !skip; i++)
			if (strncmp(*list + len, separators[i],
			            strlen(separators[i])) == 0)
				skip = strlen(separators[i]);
		if (skip == 0 && (*list)[len] != '\0' && len < WORD_MAX - 1) {
			len++;
			continue;
		}
		memcpy(ret, *list, len);
		ret[len] = '\0';
		*list += len + skip;
		if (len > 0)
			return true;
		if (skip == 0)
			return false;
	}
}

static void read_classes(struct import_row *row)
{
	const char *list = import_field(row, IMPORT_CLASSES);
	char word[WORD_MAX];

	if (*list == '\0') {
		refuse(row, IMPORT_CLASSES, "classes-empty",
		        "没有填写身份类别。", "The identity class is missing.");
		return;
	}
	while (next_word(&list, word)) {
		unsigned n = policy_find_class(row->options->policy, word);
		char zh[IMPORT_TEXT_MAX], en[IMPORT_TEXT_MAX];

		if (n > 0) {
			row->person->facts.classes |= 1U << n;
			continue;
		}
		(void)snprintf(
		        zh, sizeof zh, "身份类别“%.90s”不在政策文件中。", word);
		(void)snprintf(en, sizeof en,
		        "The identity class \"%.90s\" is not in the policy.",
		        word);
		refuse(row, IMPORT_CLASSES, "classes", zh, en);
		return;
	}
}

/* "正在服刑@2020-05-01": what, and since when it is over. */
static void read_ground(struct import_row *row, char *word)
{
	struct eligibility_person *f = &row->person->facts;
	char *ended = strchr(word, '@');
	struct date day = {0};
	unsigned n;

	if (ended)
		*ended++ = '\0';
	n = policy_find_ground(row->options->policy, word);
	if (n == 0) {
		refuse(row, IMPORT_GROUNDS, "grounds",
		        "限制情形不在政策文件中，不能略过。",
		        "The ground is not in the policy; it cannot be passed "
		        "over.");
		return;
	}
	if (ended && (import_parse_date(ended, &day) < 0 ||
	                     date_compare(day, row->options->today) > 0)) {
		refuse(row, IMPORT_GROUNDS, "grounds-date",
		        "限制情形的结束日期应如 "
		        "名称@2020-05-01，且不晚于今天。",
		        "Write the end of a ground as name@2020-05-01, not "
		        "later than today.");
		return;
	}
	if (f->grounds >> n & 1U) {
		refuse(row, IMPORT_GROUNDS, "grounds-double",
		        "同一限制情形写了两次。",
		        "The same ground stands twice.");
		return;
	}
	f->grounds |= 1U << n;
	f->ground_ended[n] = day;
}

static void read_grounds(struct import_row *row)
{
	/* A date may hold a slash, so the list takes no slash here. */
	const char *list = import_field(row, IMPORT_GROUNDS);
	char word[WORD_MAX];

	if (strcmp(list, "无") == 0)
		return;
	if (strchr(list, '/')) {
		refuse(row, IMPORT_GROUNDS, "grounds-date",
		        "限制情形的日期请写成 2020-05-01。",
		        "Write dates of grounds as 2020-05-01.");
		return;
	}
	while (next_word(&list, word))
		read_ground(row, word);
}

static bool read_flag(
        struct import_row *row, enum import_column column, bool fallback)
{
	static const char *const yes[] = {"是", "有", "yes", "1", "true", "Y"};
	static const char *const no[] = {"否", "无", "no", "0", "false", "N"};
	const char *text = import_field(row, column);

	if (*text == '\0')
		return fallback;
	for (int i = 0; i < 6; i++) {
		if (strcmp(text, yes[i]) == 0)
			return true;
		if (strcmp(text, no[i]) == 0)
			return false;
	}
	refuse(row, column, "flag", "应填“是”或“否”。",
	        "Write 是 (yes) or 否 (no).");
	return false;
}

void import_read_identity(struct import_row *row)
{
	struct eligibility_person *f = &row->person->facts;

	read_classes(row);
	read_grounds(row);
	/* Nothing that is not said is taken for granted. */
	f->registered = read_flag(row, IMPORT_REGISTERED, false);
	f->chinese_household = read_flag(row, IMPORT_HOUSEHOLD, true);
	f->dead = read_flag(row, IMPORT_DEAD, false);
}

static void add_fact(struct import_row *row, enum import_column column)
{
	const char *value = import_field(row, column);
	struct person *p = row->person;
	struct person_fact *fact = &p->service[p->service_count];

	if (*value == '\0')
		return;
	if (strlen(value) > PERSON_FACT_VALUE_MAX) {
		refuse(row, column, "fact-long", "内容太长。",
		        "The text is too long.");
		return;
	}
	(void)snprintf(
	        fact->key, sizeof fact->key, "%s", import_column_en(column));
	(void)snprintf(fact->value, sizeof fact->value, "%s", value);
	p->service_count++;
}

static bool read_day(
        struct import_row *row, enum import_column column, struct date *ret)
{
	const char *text = import_field(row, column);
	struct person *p = row->person;
	struct person_fact *fact = &p->service[p->service_count];

	if (*text == '\0')
		return false;
	if (import_parse_date(text, ret) < 0) {
		refuse(row, column, "service-date", "日期应如 1990-12-01。",
		        "Write the date as 1990-12-01.");
		return false;
	}
	if (date_compare(*ret, row->options->today) > 0) {
		refuse(row, column, "service-future", "日期在今天之后。",
		        "The date lies in the future.");
		return false;
	}
	(void)snprintf(
	        fact->key, sizeof fact->key, "%s", import_column_en(column));
	date_format(*ret, fact->value);
	p->service_count++;
	return true;
}

void import_read_service(struct import_row *row)
{
	const struct date born = row->person->facts.born;
	struct date enlisted, discharged;
	bool has_enlisted = read_day(row, IMPORT_ENLISTED, &enlisted);
	bool has_discharged = read_day(row, IMPORT_DISCHARGED, &discharged);

	if (has_enlisted && date_is_set(born) &&
	        date_full_years(born, enlisted) < ENLISTED_AGE_MIN)
		refuse(row, IMPORT_ENLISTED, "service-age",
		        "入伍时年龄不到 12 岁，请核对。",
		        "Enlisted below the age of 12; check it.");
	if (has_enlisted && has_discharged &&
	        date_compare(discharged, enlisted) < 0)
		refuse(row, IMPORT_DISCHARGED, "service-order",
		        "退役日期早于入伍日期。",
		        "Discharged before being enlisted.");
	add_fact(row, IMPORT_RANK);
	add_fact(row, IMPORT_BRANCH);
	add_fact(row, IMPORT_MERIT);
}
