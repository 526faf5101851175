#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "crypto/core/log_entry.h"
#include "crypto/openssl/seal.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/person/id_number.h"
#include "host/person/import.h"
#include "host/store/store.h"

enum { ISSUES_MAX = 64, TEXT_MAX = 1 << 16 };

#define HEAD                                                                                        \
	"姓名,公民身份号码,性别,民族,出生日期,联系电话,住址,户籍地代码," \
	"身份类别,建档立卡,中国户籍,已去世,限制情形,入伍日期,退役日期,军衔\n"
#define GOOD_ID "11010519491231002X" /* the standard's own example */
#define GOOD_ROW                                                               \
	"测试甲," GOOD_ID ",女,汉,1949-12-31,02512345678,测试路1号,"     \
	"320106001,退役军官,是,是,否,无,1968-03-01,1990-12-01,\n"

static const char *const log_sql[] = {
        "SELECT entry FROM log_entry ORDER BY idx DESC LIMIT 1"};
static const struct statements log_table = {"import_test", log_sql, 1};

static char folder[64], path[96], keys[96];
static struct sealer *sealer;
static struct store *store;
static struct policy rules;
static struct import_issue issues[ISSUES_MAX];
static size_t issue_count;

static int set_up(void **state)
{
	struct store_options o = {.url = path, .create = true};
	_free_ uint8_t *text = NULL;
	size_t len;

	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/hufu-person-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/db", folder);
	(void)snprintf(keys, sizeof keys, "%s/keys", folder);
	if (sealer_create_file(keys, SUITE_SM) < 0 ||
	        sealer_load(keys, &sealer) < 0 ||
	        file_read(HUFU_POLICY, 1 << 20, &text, &len) < 0)
		return -1;
	o.sealer = sealer;
	if (policy_parse((const char *)text, "policy.ini", &rules, NULL) < 0)
		return -1;
	return store_open(&o, &store, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	sealer_free(sealer);
	return unlink(path) | unlink(keys) | rmdir(folder);
}

static void note(void *arg, const struct import_issue *issue)
{
	(void)arg;
	if (issue_count < ISSUES_MAX)
		issues[issue_count] = *issue;
	issue_count++;
}

static int run(const char *csv, size_t len, struct import_result *ret,
        struct problem *problem)
{
	struct import_options o = {
	        .store = store,
	        .policy = &rules,
	        .today = {2026, 8, 1},
	        .report = note,
	};

	issue_count = 0;
	memset(ret, 0, sizeof *ret);
	return import_bytes(&o, span_of(csv, len), ret, problem);
}

static struct import_result run_good(const char *csv)
{
	struct import_result result;
	struct problem p = {0};
	int r = run(csv, strlen(csv), &result, &p);

	if (r != 0)
		fail_msg("%d %s", r, p.en);
	return result;
}

static void expect(const struct import_result *r, size_t added, size_t changed,
        size_t unchanged, size_t refused)
{
	assert_int_equal(r->added, added);
	assert_int_equal(r->changed, changed);
	assert_int_equal(r->unchanged, unchanged);
	assert_int_equal(r->refused, refused);
}

struct look {
	const char *id_number;
	struct person person;
	int64_t id;
};

static int look_up(struct store_tx *tx, void *arg)
{
	struct look *l = arg;
	int r = person_find(tx, l->id_number, &l->id);

	return r < 0 ? r : person_load(tx, l->id, &l->person);
}

static void keeps_every_field(void **state)
{
	struct import_result r = run_good(
	        HEAD "测试·甲," GOOD_ID ",女,满,19491231,13900000000,"
	             "\"测试路1号,2室\",320106001,退役军官、残疾军人,是,是,否,"
	             "\"正在服刑@2001-02-03;被开除党籍\",1968年3月1日,"
	             "1990/12/1,少校\n");
	struct look l = {.id_number = GOOD_ID};
	const struct person *p = &l.person;

	(void)state;
	expect(&r, 1, 0, 0, 0);
	assert_int_equal(issue_count, 0);
	assert_string_equal(r.encoding, "UTF-8");
	assert_int_equal(store_read(store, look_up, &l), 0);
	assert_string_equal(p->name, "测试·甲");
	assert_string_equal(p->id_number, GOOD_ID);
	assert_string_equal(p->phone, "13900000000");
	assert_string_equal(p->address, "测试路1号,2室");
	assert_int_equal(p->sex, PERSON_FEMALE);
	assert_int_equal(p->ethnicity, 11);
	assert_int_equal(p->facts.classes, 1U << 1 | 1U << 7);
	assert_int_equal(p->facts.grounds, 1U << 3 | 1U << 7);
	assert_int_equal(date_compare(p->facts.ground_ended[3],
	                         (struct date){2001, 2, 3}),
	        0);
	assert_false(date_is_set(p->facts.ground_ended[7]));
	assert_true(p->facts.registered && p->facts.chinese_household);
	assert_false(p->facts.dead);
	assert_int_equal(
	        date_compare(p->facts.born, (struct date){1949, 12, 31}), 0);
	assert_int_equal(p->service_count, 3);
	assert_string_equal(p->service[0].key, "enlisted");
	assert_string_equal(p->service[0].value, "1968-03-01");
	assert_string_equal(p->service[2].value, "少校");
}

static void running_again_changes_nothing(void **state)
{
	struct import_result r = run_good(HEAD GOOD_ROW);

	(void)state;
	expect(&r, 1, 0, 0, 0);
	r = run_good(HEAD GOOD_ROW);
	expect(&r, 0, 0, 1, 0);
	/* Lower-case x is the same number; a new address is a change. */
	r = run_good(
	        HEAD "测试甲,11010519491231002x,女,汉,1949-12-31,02512345678,"
	             "测试路2号,320106001,退役军官,是,是,否,无,1968-03-01,"
	             "1990-12-01,\n");
	expect(&r, 0, 1, 0, 0);
	r = run_good(HEAD GOOD_ROW);
	expect(&r, 0, 1, 0, 0);
}

static int last_entry(struct store_tx *tx, void *arg)
{
	struct log_entry *e = arg;
	struct query *q = query_begin(tx, &log_table, 0);

	e->type = 0;
	if (query_step(q) == STORE_ROW)
		assert_int_equal(log_entry_decode(query_blob(q, 0), e), 0);
	return query_end(q);
}

static void logs_what_changes_a_person(void **state)
{
	struct import_result r = run_good(HEAD GOOD_ROW);
	struct log_entry e = {0};

	(void)state;
	assert_int_equal(store_read(store, last_entry, &e), 0);
	assert_int_equal(e.type, 0); /* a new person is no change */
	r = run_good(HEAD "测试甲," GOOD_ID
	                  ",女,汉,,,,320106001,退役军官,是,是,是,,,,\n");
	expect(&r, 0, 1, 0, 0);
	assert_int_equal(store_read(store, last_entry, &e), 0);
	assert_int_equal(e.type, LOG_PERSON_CHANGED);
	assert_string_equal(e.area, "320106");
	assert_int_equal(e.present, LOG_HAS(LOG_AREA) | LOG_HAS(LOG_PERSON));
}

static void stores_nothing_in_the_clear(void **state)
{
	static const char *const secrets[] = {"测试甲", "1101051949123100",
	        "1949-12-31", "02512345678", "测试路", "1968-03-01"};
	struct import_result r = run_good(HEAD GOOD_ROW);
	_free_ uint8_t *raw = NULL, *wal = NULL;
	size_t len, wal_len;
	char name[128];

	(void)state;
	expect(&r, 1, 0, 0, 0);
	(void)snprintf(name, sizeof name, "%s-wal", path);
	assert_int_equal(file_read(path, 1 << 26, &raw, &len), 0);
	assert_int_equal(file_read(name, 1 << 26, &wal, &wal_len), 0);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		assert_null(memmem(raw, len, secrets[i], strlen(secrets[i])));
		assert_null(
		        memmem(wal, wal_len, secrets[i], strlen(secrets[i])));
	}
}

/* A good row in which one field is replaced. */
static void make_row(char *row, size_t size, int column, const char *value)
{
	static const char *const good[] = {"测试甲", GOOD_ID, "女", "汉",
	        "1949-12-31", "02512345678", "测试路1号", "320106001",
	        "退役军官", "是", "是", "否", "无", "1968-03-01", "1990-12-01",
	        "少校"};
	size_t len = 0;

	for (int i = 0; i < 16; i++)
		len += (size_t)snprintf(row + len, size - len, "%s%s",
		        i ? "," : "", i == column ? value : good[i]);
	(void)snprintf(row + len, size - len, "\n");
}

#define X50 "测测测测测测测测测测测测测测测测测测测测测测测测测"

static const struct {
	int column; /* -1: value is a whole row */
	const char *value;
	const char *code;
} bad_rows[] = {
        /* names */
        {0, "", "name-empty"},
        {0, "   ", "name-empty"},
        {0, "测?甲", "name-character"},
        {0, "测□甲", "name-character"},
        {0, "测〓甲", "name-character"},
        {0, "测\xEF\xBF\xBD甲", "name-character"},
        {0, "测1", "name-character"},
        {0, "测１", "name-character"},
        {0, "测😀", "name-character"},
        {0, "测（甲）", "name-character"},
        {0, "测\xE2\x80\x8B甲", "name-character"}, /* zero width space */
        {0, "测\xEF\xB8\x80", "name-character"}, /* variation selector */
        {0, "⺁甲", "name-character"}, /* a radical */
        {0, "测\x01甲", "name-character"},
        {0, "测\xEE\x80\x80", "name-private"}, /* U+E000 */
        {0, "测\xF3\xB0\x80\x80", "name-private"}, /* U+F0000 */
        {0, "·甲", "name-dot"},
        {0, "测·", "name-dot"},
        {0, "测··甲", "name-dot"},
        {0, "测 甲", "name-space"},
        {0, "测　　甲", "name-space"},
        {0, "Test  A", "name-space"},
        {0, "-A", "name-character"},
        {0, "A-", "name-character"},
        {0, X50 X50 X50 X50, "name-long"},
        /* ID numbers */
        {1, "", "id-number-empty"},
        {1, "1.10105E+17", "id-number-excel"},
        {1, "110105491231002", "id-number-15"},
        {1, "１１０１０５１９４９１２３１００２Ｘ", "id-number-wide"},
        {1, "1101051949123100", "id-number-length"},
        {1, "11010519491231002X1", "id-number-length"},
        {1, "1101O519491231002X", "id-number-digits"},
        {1, "11010519491231002Y", "id-number-digits"},
        {1, "110105194912310021", "id-number-check"},
        {1, "110105194912310X22", "id-number-digits"},
        {1, "110105194902300022", "id-number-birth"},
        {1, "110105194913310022", "id-number-birth"},
        {1, "110105184912310022", "id-number-birth"},
        {1, "110105202608020022", "id-number-birth"},
        {1, "110105188001010023", "id-number-check"},
        /* dates, sex, ethnicity */
        {4, "1949-13-31", "born-date"},
        {4, "1949-02-29", "born-date"},
        {4, "31.12.1949", "born-date"},
        {4, "1949", "born-date"},
        {4, "18262", "born-date"},
        {4, "2026-08-02", "born-future"},
        {4, "1949-12-30", "born-mismatch"},
        {2, "中", "sex"},
        {2, "3", "sex"},
        {3, "火星", "ethnicity"},
        {3, "57", "ethnicity"},
        {3, "00", "ethnicity"},
        {3, "1", "ethnicity"},
        /* phone, address, residence */
        {5, "1234", "phone"},
        {5, "电话", "phone"},
        {5, "123456789012345678901", "phone"},
        {5, "23900000000", "phone-mobile"},
        {6, "\"测试路\n1号\"", "address-control"},
        {6, "测\x07试", "address-control"},
        {6, X50 X50 X50 X50 X50, "address-long"},
        {7, "", "residence-empty"},
        {7, "3201", "residence"},
        {7, "32010A", "residence"},
        {7, "000106", "residence"},
        {7, "320000", "residence-wide"},
        {7, "320100", "residence-wide"},
        /* identity */
        {8, "", "classes-empty"},
        {8, "退役将军", "classes"},
        {8, "退役军官、外星人", "classes"},
        {9, "大概", "flag"},
        {10, "2", "flag"},
        {11, "死", "flag"},
        {12, "迟到", "grounds"},
        {12, "正在服刑@昨天", "grounds-date"},
        {12, "正在服刑@2026-08-02", "grounds-date"},
        {12, "正在服刑@2020/01/01", "grounds-date"},
        {12, "正在服刑、正在服刑", "grounds-double"},
        /* service */
        {13, "1968-3", "service-date"},
        {13, "2026-08-02", "service-future"},
        {13, "1960-01-01", "service-age"},
        {14, "1968-02-29", "service-order"},
        {14, "昨天", "service-date"},
        {15, X50 X50, "fact-long"},
        /* whole rows */
        {-1, "测试甲\n", "row-fields"},
        {-1, "测试甲," GOOD_ID "\n", "row-fields"},
        {-1, ",,,,,,,,,,,,,,,,,\"\",x\n", "row-fields"},
        {-1, "\"测试甲," GOOD_ID ",女\n", "row-quote"},
        {-1, "测\"试\"," GOOD_ID "\n", "row-quote"},
        {-1, "\"测试\"甲," GOOD_ID "\n", "row-quote"},
        {-1, "测\xFF试," GOOD_ID ",,,,,,,,,,,,,,\n", "row-encoding"},
        {-1,
                "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,"
                "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,"
                "a,a,a,a,a,a,a,a,a\n",
                "row-fields"},
};

enum { BAD_ROWS = sizeof bad_rows / sizeof *bad_rows };

static void refuses_each_bad_row_by_line_and_keeps_the_rest(void **state)
{
	_Static_assert(BAD_ROWS >= 50, "at least fifty kinds");
	static char csv[TEXT_MAX], row[4096];

	(void)state;
	for (size_t i = 0; i < BAD_ROWS; i++) {
		struct import_result r;

		if (bad_rows[i].column < 0)
			(void)snprintf(
			        row, sizeof row, "%s", bad_rows[i].value);
		else
			make_row(row, sizeof row, bad_rows[i].column,
			        bad_rows[i].value);
		(void)snprintf(csv, sizeof csv,
		        HEAD "%s测试乙,440524190001010017,男,,,,,320106001,"
		             "退役义务兵,是,是,否,,,,\n",
		        row);
		r = run_good(csv);
		if (r.refused != 1 || issue_count == 0 ||
		        strcmp(issues[0].code, bad_rows[i].code) != 0)
			fail_msg("row %zu (%s): %s", i, bad_rows[i].code,
			        issue_count ? issues[0].code : "accepted");
		assert_int_equal(issues[0].line, 2);
		assert_false(issues[0].warning);
		assert_true(issues[0].zh[0] && issues[0].en[0]);
		assert_null(strstr(issues[0].zh, GOOD_ID));
		assert_int_equal(r.rows, r.added + r.unchanged + r.refused);
		assert_int_equal(r.added + r.unchanged, 1);
	}
}

static void reports_every_fault_of_a_row(void **state)
{
	struct import_result r =
	        run_good(HEAD "测?,1,中,火星,x,1,,1,x,x,x,x,x,x,x,\n");

	(void)state;
	expect(&r, 0, 0, 0, 1);
	assert_int_equal(issue_count, 14);
	for (size_t i = 0; i < issue_count; i++)
		assert_true(issues[i].column[0] != '\0');
}

static void warns_and_keeps(void **state)
{
	/* U+E863 stands for 䶮; U+2022 for the middle dot; the sex differs. */
	struct import_result r = run_good(
	        HEAD "测\xEE\xA1\xA3\xE2\x80\xA2甲," GOOD_ID ",男,汉族,,,,"
	             "320106001,officer,是,是,否,无,,,\n");
	struct look l = {.id_number = GOOD_ID};

	(void)state;
	expect(&r, 1, 0, 0, 0);
	assert_int_equal(r.warnings, 3);
	assert_int_equal(issue_count, 3);
	assert_string_equal(issues[0].code, "name-mapped");
	assert_string_equal(issues[1].code, "name-dots");
	assert_string_equal(issues[2].code, "sex-mismatch");
	assert_true(issues[0].warning);
	assert_int_equal(store_read(store, look_up, &l), 0);
	assert_string_equal(l.person.name, "测䶮·甲");
	assert_int_equal(l.person.sex, PERSON_MALE);
}

static void keeps_names_that_other_systems_lose(void **state)
{
	static const char *const names[] = {"测𠮷", "测䶮", "测㛃", "测𬎆",
	        "测𫖮", "测〇", "测·甲·乙·丙", "Test Eve", "Test O'Eve-Lee",
	        X50};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct look l = {.id_number = GOOD_ID};
		char csv[1024], row[512];
		struct import_result r;

		make_row(row, sizeof row, 0, names[i]);
		(void)snprintf(csv, sizeof csv, HEAD "%s", row);
		r = run_good(csv);
		assert_int_equal(r.refused, 0);
		assert_int_equal(r.warnings, 0);
		assert_int_equal(store_read(store, look_up, &l), 0);
		assert_string_equal(l.person.name, names[i]);
	}
}

static size_t to_gb18030(const char *text, char *ret, size_t size)
{
	iconv_t c = iconv_open("GB18030", "UTF-8");
	char *from = (char *)(uintptr_t)text, *to = ret;
	size_t left = strlen(text), room = size;

	assert_true(iconv(c, &from, &left, &to, &room) != (size_t)-1);
	(void)iconv_close(c);
	return size - room;
}

static void reads_gb18030(void **state)
{
	static char gb[TEXT_MAX];
	size_t len = to_gb18030(HEAD "测𠮷,11010519491231002X,女,汉,,,测试路,"
	                             "320106001,退役军官,是,是,否,无,,,\n"
	                             "测?,11010519491231002X,女,汉,,,,"
	                             "320106001,退役军官,是,是,否,无,,,\n",
	        gb, sizeof gb);
	struct look l = {.id_number = GOOD_ID};
	struct import_result r;
	struct problem p;

	(void)state;
	assert_int_equal(run(gb, len, &r, &p), 0);
	assert_string_equal(r.encoding, "GB18030");
	expect(&r, 1, 0, 0, 1);
	assert_int_equal(issues[0].line, 3);
	assert_int_equal(store_read(store, look_up, &l), 0);
	assert_string_equal(l.person.name, "测𠮷");
}

static void reads_bom_crlf_tabs_and_english(void **state)
{
	struct import_result r = run_good(
	        "\xEF\xBB\xBFname\tid_number\tresidence\tclasses\tremark\r\n"
	        "Test A\t'11010519491231002X \t320106\tofficer\tx\r\n\r\n");
	struct look l = {.id_number = GOOD_ID};

	(void)state;
	expect(&r, 1, 0, 0, 0);
	assert_int_equal(store_read(store, look_up, &l), 0);
	assert_string_equal(l.person.name, "Test A");
	/* What the file does not say is not assumed. */
	assert_false(l.person.facts.registered);
}

static void refuses_files_as_a_whole(void **state)
{
	static const struct {
		const char *csv;
		size_t len;
		int code;
		const char *type;
	} files[] = {
	        {"", 0, HUFU_ERR_ARGUMENT, "file-empty"},
	        {"\n\n\n", 3, HUFU_ERR_ARGUMENT, "file-empty"},
	        {"\xEF\xBB\xBF", 3, HUFU_ERR_ARGUMENT, "file-empty"},
	        {"\xFF\xFE"
	         "a\0",
	                4, HUFU_ERR_UNSUPPORTED, "file-utf16"},
	        {"\"姓名", 7, HUFU_ERR_ARGUMENT, "file-head"},
	        {"姓名,颜色\n", 14, HUFU_ERR_ARGUMENT, "column-unknown"},
	        {"姓名,name\n", 12, HUFU_ERR_ARGUMENT, "column-double"},
	        {"姓名\n", 7, HUFU_ERR_ARGUMENT, "column-missing"},
	        {"PK\003\004junk", 8, HUFU_ERR_ARGUMENT, "column-unknown"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct import_result r;
		struct problem p = {0};

		assert_int_equal(
		        run(files[i].csv, files[i].len, &r, &p), files[i].code);
		assert_string_equal(p.type, files[i].type);
		assert_true(p.zh[0] && p.en[0]);
		expect(&r, 0, 0, 0, 0);
	}
}

static void refuses_a_number_repeated_in_one_file(void **state)
{
	struct import_result r = run_good(HEAD GOOD_ROW
	        "测试丙,11010519491231002x,女,,,,,320106001,退役军官,是,是,"
	        "否,,,,\n");
	struct look l = {.id_number = GOOD_ID};

	(void)state;
	expect(&r, 1, 0, 0, 1);
	assert_string_equal(issues[0].code, "row-repeated");
	assert_int_equal(issues[0].line, 3);
	assert_non_null(strstr(issues[0].en, "Line 2"));
	assert_int_equal(store_read(store, look_up, &l), 0);
	assert_string_equal(l.person.name, "测试甲");
}

static void check_only_writes_nothing(void **state)
{
	struct import_options o = {
	        .store = store,
	        .policy = &rules,
	        .today = {2026, 8, 1},
	        .check_only = true,
	};
	struct look l = {.id_number = GOOD_ID};
	struct import_result r;

	(void)state;
	assert_int_equal(
	        import_bytes(&o, span_of_text(HEAD GOOD_ROW), &r, NULL), 0);
	assert_int_equal(r.rows, 1);
	assert_int_equal(r.refused, 0);
	assert_int_equal(store_read(store, look_up, &l), HUFU_ERR_NOT_FOUND);
}

static void an_open_quote_costs_one_row(void **state)
{
	struct import_result r =
	        run_good(HEAD "\"测试乙,440524188001010014,x\n" GOOD_ROW);

	(void)state;
	expect(&r, 1, 0, 0, 1);
	assert_string_equal(issues[0].code, "row-quote");
	assert_int_equal(issues[0].line, 2);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(keeps_every_field),
	        TEST(running_again_changes_nothing),
	        TEST(logs_what_changes_a_person),
	        TEST(stores_nothing_in_the_clear),
	        TEST(refuses_each_bad_row_by_line_and_keeps_the_rest),
	        TEST(reports_every_fault_of_a_row),
	        TEST(warns_and_keeps),
	        TEST(keeps_names_that_other_systems_lose),
	        TEST(reads_gb18030),
	        TEST(reads_bom_crlf_tabs_and_english),
	        TEST(refuses_files_as_a_whole),
	        TEST(refuses_a_number_repeated_in_one_file),
	        TEST(check_only_writes_nothing),
	        TEST(an_open_quote_costs_one_row),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
