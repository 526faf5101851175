/*
 * Makes a registry of people who do not exist: FOLDER/registry.csv and
 * FOLDER/photos/NNN.jpg and FOLDER/defects, the same for the same count. Every
 * name stands for a case that a hall meets (rare characters, middle dots, long
 * names); the birthplace code 000000 marks an ID number as generated: no such
 * area has ever been.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/double/people/defect.h"
#include "tests/double/people/portrait.h"

struct trait {
	const char *name;
	const char *classes;
	const char *ground; /* what keeps a card from the person, or "" */
	const char *registered; /* 是 or 否 */
	const char *dead;
};

/* The first ones are cases; the rest take names from the two lists. */
static const struct trait cases[] = {
        {"生成吉", "conscript", "", "是", "否"},
        {"生成𠮷", "conscript", "", "是", "否"},
        {"生成䶮", "sergeant", "", "是", "否"},
        {"生成㛃", "officer", "", "是", "否"},
        {"生成𬎆𫖮", "police-conscript", "", "是", "否"},
        {"生成·阿卜杜热合曼·买买提", "conscript、disabled", "", "是", "否"},
        {"生成•卓玛", "martyr-family", "", "是", "否"},
        {"生成·斯琴高娃·乌云其木格·阿拉坦琪琪格·娜仁托娅·苏日娜", "sergeant",
                "", "是", "否"},
        {"欧阳生成", "officer、combat", "", "是", "否"},
        {"生成丙", "duty-death-family", "", "是", "否"},
        {"生成丁", "conscript", "dismissed", "是", "否"},
        {"生成戊", "sergeant", "serving-sentence", "是", "否"},
        {"生成己", "conscript", "punished", "是", "否"},
        {"生成庚", "conscript", "", "否", "否"},
        {"生成辛", "illness-death-family", "", "是", "是"},
};

static const char *const families[] = {"赵", "钱", "孙", "李", "周", "吴", "郑",
        "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"};
static const char *const classes[] = {"conscript", "sergeant", "officer",
        "police-conscript", "martyr-family", "conscript、combat",
        "illness-death-family", "sergeant、disabled"};

enum { CASES = sizeof cases / sizeof *cases, PEOPLE_MAX = 1000000 };

static void id_number(unsigned n, bool female, unsigned year, char ret[19])
{
	static const unsigned weight[] = {
	        7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	unsigned sum = 0, order = n / 336 % 500 * 2 + !female;
	(void)snprintf(ret, 19, "000000%04u%02u%02u%03u", year, n % 12 + 1,
	        n / 12 % 28 + 1, order);
	for (int i = 0; i < 17; i++)
		sum += weight[i] * (unsigned)(ret[i] - '0');
	ret[17] = "10X98765432"[sum % 11];
	ret[18] = 0;
}

static int put_photo(const char *folder, unsigned n, bool female, unsigned age)
{
	struct portrait who = {.female = female, .age = age, .seed = n};
	size_t len = 0;
	uint8_t *jpeg = portrait_draw(&who, &len);
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/photos/%03u.jpg", folder, n);
	FILE *out = jpeg ? fopen(path, "wb") : NULL;
	int bad = !out || fwrite(jpeg, 1, len, out) != len;
	if (out && fclose(out) != 0)
		bad = 1;
	free(jpeg);
	return bad;
}

/* FOLDER/defects/NAME.jpg: a photo for each rule that it breaks. */
static int put_defects(const char *folder)
{
	static const struct portrait who = {.age = 40, .seed = 3};
	char path[4096];
	int bad = 0;
	(void)snprintf(path, sizeof path, "%s/defects", folder);
	(void)mkdir(path, 0755); /* fopen below tells */
	for (int d = 0; d < DEFECTS && !bad; d++) {
		size_t len = 0;
		uint8_t *jpeg = defect_draw(&who, (enum defect)d, &len);
		(void)snprintf(path, sizeof path, "%s/defects/%s.jpg", folder,
		        defect_name((enum defect)d));
		FILE *out = jpeg ? fopen(path, "wb") : NULL;
		bad = !out || fwrite(jpeg, 1, len, out) != len;
		if (out && fclose(out) != 0)
			bad = 1;
		free(jpeg);
	}
	return bad;
}

static void put_row(FILE *csv, unsigned n, const struct trait *t,
        const char *number, unsigned year)
{
	fprintf(csv,
	        "%s,%s,%s,01,32010600%u,1390000%04u,生成路%u号,%s,%s,是,%s,"
	        "%s,%u-12-01,%u-12-01\n",
	        t->name, number, n % 3 == 1 ? "女" : "男", 2 + n % 2, n % 10000,
	        n, t->classes, t->registered, t->dead, t->ground, year + 18,
	        year + 20 + n % 12);
}

static int put_person(const char *folder, FILE *csv, unsigned n, bool photos)
{
	char name[64], number[19];
	bool female = n % 3 == 1;
	/* spread over the years, and never twice the same number */
	unsigned year = 1940 + n * 7 % 10 * 6 + n / 168000;
	struct trait made = {name, classes[n % 8], "", "是", "否"};
	const struct trait *t = n < CASES ? &cases[n] : &made;
	(void)snprintf(name, sizeof name, "%s生成%s", families[n % 16],
	        n / 16 % 2 ? "文" : "武");
	id_number(n, female, year, number);
	put_row(csv, n, t, number, year);
	return photos ? put_photo(folder, n, female, 2026 - year) : 0;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	bool photos = argc == 3;
	if ((argc != 3 && argc != 4) || sscanf(argv[2], "%u", &count) != 1 ||
	        count == 0 || count > PEOPLE_MAX ||
	        (argc == 4 && strcmp(argv[3], "--no-photos") != 0)) {
		fprintf(stderr, "usage: people FOLDER COUNT [--no-photos]\n");
		return 2;
	}
	char path[4096];
	(void)snprintf(path, sizeof path, "%s/photos", argv[1]);
	(void)mkdir(argv[1], 0755); /* fopen below tells */
	(void)mkdir(path, 0755);
	(void)snprintf(path, sizeof path, "%s/registry.csv", argv[1]);
	FILE *csv = fopen(path, "w");
	if (!csv) {
		perror(path);
		return 1;
	}
	fputs("姓名,公民身份号码,性别,民族,户籍地代码,联系电话,住址,身份类别,"
	      "建档立卡,中国户籍,已去世,限制情形,入伍日期,退役日期\n",
	        csv);
	int bad = 0;
	for (unsigned n = 0; n < count && !bad; n++)
		bad = put_person(argv[1], csv, n, photos);
	if (photos && !bad)
		bad = put_defects(argv[1]);
	if (fclose(csv) != 0 || bad) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
