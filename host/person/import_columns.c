#include "host/person/import_columns.h"

#include <string.h>
#include <strings.h>

enum { ALIASES_MAX = 8 };

struct column {
	bool required;
	const char *zh;
	const char *en;
	const char *others[ALIASES_MAX];
};

static const struct column columns[IMPORT_COLUMNS] = {
        [IMPORT_NAME] = {true, "姓名", "name", {0}},
        [IMPORT_ID_NUMBER] = {true, "公民身份号码", "id_number",
                {"身份证号", "身份证号码", "公民身份证号码", "证件号码",
                        "id number"}},
        [IMPORT_SEX] = {false, "性别", "sex", {"gender"}},
        [IMPORT_ETHNICITY] = {false, "民族", "ethnicity", {0}},
        [IMPORT_BORN] = {false, "出生日期", "born",
                {"出生年月日", "birth_date", "date of birth"}},
        [IMPORT_PHONE] = {false, "联系电话", "phone",
                {"手机号", "手机号码", "电话", "mobile"}},
        [IMPORT_ADDRESS] = {false, "住址", "address",
                {"户籍地址", "家庭住址", "地址"}},
        [IMPORT_RESIDENCE] = {true, "户籍地代码", "residence",
                {"户籍地区划", "户籍地行政区划代码", "区划代码", "area"}},
        [IMPORT_CLASSES] = {true, "身份类别", "classes",
                {"人员类别", "identity", "class"}},
        [IMPORT_REGISTERED] = {false, "建档立卡", "registered",
                {"是否建档立卡"}},
        [IMPORT_HOUSEHOLD] = {false, "中国户籍", "chinese_household",
                {"household"}},
        [IMPORT_DEAD] = {false, "已去世", "dead", {"是否去世"}},
        [IMPORT_GROUNDS] = {false, "限制情形", "grounds", {"不予办理情形"}},
        [IMPORT_ENLISTED] = {false, "入伍日期", "enlisted", {"入伍时间"}},
        [IMPORT_DISCHARGED] = {false, "退役日期", "discharged",
                {"退役时间", "退伍日期"}},
        [IMPORT_RANK] = {false, "军衔", "rank", {0}},
        [IMPORT_BRANCH] = {false, "军种", "branch", {"兵种"}},
        [IMPORT_MERIT] = {false, "立功情况", "merit", {"立功受奖"}},
        [IMPORT_REMARK] = {false, "备注", "remark", {"序号", "no", "remarks"}},
};

const char *import_column_zh(enum import_column column)
{
	return columns[column].zh;
}

const char *import_column_en(enum import_column column)
{
	return columns[column].en;
}

static bool is_called(const struct column *c, const char *name)
{
	if (strcmp(c->zh, name) == 0 || strcasecmp(c->en, name) == 0)
		return true;
	for (int i = 0; i < ALIASES_MAX && c->others[i]; i++)
		if (strcasecmp(c->others[i], name) == 0)
			return true;
	return false;
}

static int find(const char *name)
{
	for (int i = 0; i < IMPORT_COLUMNS; i++)
		if (is_called(&columns[i], name))
			return i;
	return -1;
}

static int take_column(struct import_head *head, const char *name, int at,
        struct problem *problem)
{
	int column = find(name);

	if (column < 0)
		return problem_set(problem, HUFU_ERR_ARGUMENT, "column-unknown",
		        "第一行第 %d 列的列名“%.60s”不认识，请改名或删去。",
		        "Line 1, column %d: \"%.60s\" is not a known column; "
		        "rename or remove it.",
		        at + 1, name);
	if (column == IMPORT_REMARK)
		return 0;
	if (head->at[column] >= 0)
		return problem_set(problem, HUFU_ERR_ARGUMENT, "column-double",
		        "第一行第 %d 列“%.60s”与前面的列重复。",
		        "Line 1, column %d: \"%.60s\" stands twice.", at + 1,
		        name);
	head->at[column] = at;
	return 0;
}

int import_read_head(const char *const *fields, size_t count,
        struct import_head *ret, struct problem *ret_problem)
{
	struct import_head head = {.count = count};

	for (int i = 0; i < IMPORT_COLUMNS; i++)
		head.at[i] = -1;
	for (size_t i = 0; i < count; i++) {
		int r = take_column(&head, fields[i], (int)i, ret_problem);
		if (r < 0)
			return r;
	}
	for (int i = 0; i < IMPORT_COLUMNS; i++) {
		if (!columns[i].required || head.at[i] >= 0)
			continue;
		(void)problem_set(ret_problem, HUFU_ERR_ARGUMENT,
		        "column-missing", "缺少“%s”（%s）这一列。",
		        "There is no column %s (%s).", columns[i].zh,
		        columns[i].en);
		return HUFU_ERR_ARGUMENT;
	}
	*ret = head;
	return 0;
}
