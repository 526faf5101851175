#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/policy/eligibility.h"

#define KIND_A   1
#define KIND_B   2
#define TODAY    ((struct date){2026, 8, 1})
#define OFFICER  (1U << 1)
#define DISABLED (1U << 7)
#define MARTYR   (1U << 9)

static struct policy rules;
static struct eligibility_verdict verdict;

static const struct eligibility_person sound = {
        .born = {1970, 1, 1},
        .registered = true,
        .chinese_household = true,
        .classes = OFFICER,
        .residence = "320106001",
};
static const struct eligibility_application plain = {
        .kind = KIND_A,
        .materials = 1U << 1 | 1U << 2 | 1U << 4,
        .area = "320106001",
};

static int load(void **state)
{
	_free_ uint8_t *text = NULL;
	struct problem p;
	size_t len;

	(void)state;
	if (file_read(HUFU_POLICY, 1 << 20, &text, &len) < 0)
		return -1;
	return policy_parse((const char *)text, "policy.ini", &rules, &p);
}

static void judge(const struct eligibility_person *person,
        const struct eligibility_application *application)
{
	eligibility_judge(person, application, &rules, TODAY, &verdict);
}

/* Exactly these codes, in this order; NULL ends. */
static void expect(enum eligibility_outcome outcome, const char *first, ...)
{
	const char *code = first;
	size_t n = 0;
	va_list args;

	va_start(args, first);
	for (; code; code = va_arg(args, const char *), n++) {
		assert_true(n < verdict.count);
		assert_string_equal(verdict.reason[n].code, code);
		assert_true(verdict.reason[n].zh[0] != '\0');
		assert_true(verdict.reason[n].en[0] != '\0');
	}
	va_end(args);
	assert_int_equal(verdict.count, n);
	assert_int_equal(verdict.outcome, outcome);
	if (outcome == ELIGIBILITY_NO || outcome == ELIGIBILITY_INCOMPLETE) {
		assert_int_equal(verdict.benefits, 0);
		assert_false(date_is_set(verdict.valid_to));
	}
}

static void grants_a_clean_case(void **state)
{
	(void)state;
	judge(&sound, &plain);
	expect(ELIGIBILITY_YES, NULL);
	assert_string_equal(verdict.version, "2026-01");
	assert_int_equal(verdict.benefits,
	        1U << 1 | 1U << 2 | 1U << 3 | 1U << 4 | 1U << 8);
	assert_int_equal(
	        date_compare(verdict.valid_to, (struct date){2036, 7, 31}), 0);
}

static void adds_the_benefits_of_every_identity(void **state)
{
	struct eligibility_person p = sound;

	(void)state;
	p.classes |= DISABLED | MARTYR;
	judge(&p, &plain);
	expect(ELIGIBILITY_YES, NULL);
	assert_int_equal(verdict.benefits, 1U << 1 | 1U << 2 | 1U << 3 |
	                                           1U << 4 | 1U << 5 | 1U << 7 |
	                                           1U << 8);
}

static void judges_every_ground(void **state)
{
	static const struct {
		unsigned ground;
		struct date ended;
		enum eligibility_outcome outcome;
		const char *code; /* NULL: none */
		struct date until;
	} cases[] = {
	        {1, {0}, ELIGIBILITY_NO, "ground-dismissed", {0}},
	        {1, {2000, 1, 1}, ELIGIBILITY_NO, "ground-dismissed", {0}},
	        {2, {0}, ELIGIBILITY_NO, "ground-rights-deprived", {0}},
	        {2, {2026, 8, 1}, ELIGIBILITY_YES, NULL, {0}},
	        {2, {2026, 8, 2}, ELIGIBILITY_NO, "ground-rights-deprived",
	                {2026, 8, 2}},
	        {3, {0}, ELIGIBILITY_NO, "ground-serving-sentence", {0}},
	        {4, {2026, 7, 31}, ELIGIBILITY_YES, NULL, {0}},
	        {5, {0}, ELIGIBILITY_NO, "ground-wanted", {0}},
	        {6, {1990, 1, 1}, ELIGIBILITY_REFER, "ground-punished", {0}},
	        {7, {0}, ELIGIBILITY_REFER, "ground-expelled-party", {0}},
	        {8, {0}, ELIGIBILITY_REFER, "ground-expelled-office", {0}},
	        {9, {2024, 8, 1}, ELIGIBILITY_YES, NULL, {0}},
	        {9, {2024, 8, 2}, ELIGIBILITY_NO, "ground-honour-harmed",
	                {2026, 8, 2}},
	        {31, {0}, ELIGIBILITY_REFER, "ground-unknown", {0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct eligibility_person p = sound;
		p.grounds = 1U << cases[i].ground;
		p.ground_ended[cases[i].ground] = cases[i].ended;
		judge(&p, &plain);
		expect(cases[i].outcome, cases[i].code, NULL);
		if (cases[i].code)
			assert_int_equal(date_compare(verdict.reason[0].until,
			                         cases[i].until),
			        0);
	}
}

static void tells_every_reason_at_once(void **state)
{
	struct eligibility_person p = sound;
	struct eligibility_application a = plain;

	(void)state;
	p.dead = true;
	p.registered = false;
	p.chinese_household = false;
	p.classes = MARTYR;
	p.grounds = 1U << 1 | 1U << 6;
	a.has_open_application = a.has_pending_card = a.has_live_card = true;
	a.materials = 0;
	(void)snprintf(a.area, sizeof a.area, "110101001");
	p.born = (struct date){2020, 1, 1};
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "dead", "not-registered", "no-household",
	        "kind-wrong", "ground-dismissed", "ground-punished",
	        "application-open", "card-pending", "card-live", "place",
	        "material-photo", "material-id-card", "material-discharge",
	        "guardian-needed", NULL);
}

static void weighs_the_heaviest_reason(void **state)
{
	struct eligibility_person p = sound;
	struct eligibility_application a = plain;

	(void)state;
	p.grounds = 1U << 6;
	a.materials = 0;
	judge(&p, &a);
	expect(ELIGIBILITY_REFER, "ground-punished", "material-photo",
	        "material-id-card", "material-discharge", NULL);
	p.grounds |= 1U << 1;
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "ground-dismissed", "ground-punished",
	        "material-photo", "material-id-card", "material-discharge",
	        NULL);
}

static void checks_kind_against_identity(void **state)
{
	struct eligibility_person p = sound;
	struct eligibility_application a = plain;

	(void)state;
	a.kind = KIND_B;
	a.materials = 0x7E;
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "kind-wrong", NULL);
	p.classes = MARTYR;
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	a.kind = 3;
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "kind-unknown", NULL);
	a.kind = 4000000000U;
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "kind-unknown", NULL);
	p.classes = 0;
	a.kind = KIND_B;
	judge(&p, &a);
	expect(ELIGIBILITY_NO, "no-class", NULL);
}

static void keeps_to_one_live_card(void **state)
{
	struct eligibility_application a = plain;

	(void)state;
	a.has_live_card = true;
	judge(&sound, &a);
	expect(ELIGIBILITY_NO, "card-live", NULL);
	a.purpose = ELIGIBILITY_REPLACEMENT;
	judge(&sound, &a);
	expect(ELIGIBILITY_YES, NULL);
	a.purpose = ELIGIBILITY_RENEWAL;
	judge(&sound, &a);
	expect(ELIGIBILITY_YES, NULL);
	a.has_live_card = false;
	judge(&sound, &a);
	expect(ELIGIBILITY_NO, "card-none", NULL);
	a.purpose = ELIGIBILITY_REPLACEMENT;
	judge(&sound, &a);
	expect(ELIGIBILITY_YES, NULL);
}

static void asks_for_the_right_place(void **state)
{
	struct eligibility_person p = sound;
	struct eligibility_application a = plain;

	(void)state;
	(void)snprintf(a.area, sizeof a.area, "320106002");
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	(void)snprintf(a.area, sizeof a.area, "320105001");
	judge(&p, &a);
	expect(ELIGIBILITY_INCOMPLETE, "place", NULL);
	a.habitual = true;
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	p.residence[0] = '\0';
	judge(&p, &a);
	expect(ELIGIBILITY_INCOMPLETE, "residence-missing", NULL);
	/* A city without counties, 东莞. */
	(void)snprintf(p.residence, sizeof p.residence, "441900003");
	(void)snprintf(a.area, sizeof a.area, "441900004");
	a.habitual = false;
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
}

static void asks_who_acts(void **state)
{
	struct eligibility_person p = sound;
	struct eligibility_application a = plain;

	(void)state;
	p.born = (struct date){2010, 8, 2};
	judge(&p, &a);
	expect(ELIGIBILITY_INCOMPLETE, "guardian-needed", NULL);
	p.born = (struct date){2010, 8, 1};
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	a.acting = ELIGIBILITY_HOME_VISIT;
	judge(&p, &a);
	expect(ELIGIBILITY_INCOMPLETE, "home-visit", NULL);
	a.gravely_ill = true;
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	a.gravely_ill = false;
	p.born = (struct date){1946, 8, 1};
	judge(&p, &a);
	expect(ELIGIBILITY_YES, NULL);
	p.born = (struct date){0};
	judge(&p, &a);
	expect(ELIGIBILITY_INCOMPLETE, "birth-missing", NULL);
}

static void reads_the_review_chain(void **state)
{
	(void)state;
	assert_int_equal(rules.step_count, 5);
	assert_string_equal(rules.step[0].label.zh, "受理");
	assert_int_equal(rules.step[0].role, 2);
	assert_int_equal(rules.step[4].level, AREA_PROVINCE);
	assert_int_equal(rules.step[3].working_days, 20);
	assert_int_equal(policy_find_class(&rules, "退役军官"), 1);
	assert_int_equal(policy_find_class(&rules, "officer"), 1);
	assert_int_equal(policy_find_class(&rules, "general"), 0);
	assert_int_equal(policy_find_ground(&rules, "正在服刑"), 3);
	assert_int_equal(policy_find_material(&rules, "photo"), 1);
	assert_int_equal(policy_find_kind(&rules, "三属优待证"), 2);
}

#define HEAD "[policy]\nversion = 1\nfrom = 2026-01-01\n"
#define STEP "[step a]\nname_zh = 甲\nname_en = A\nrole = city\nlevel = city\n"
#define KIND "[kind k]\nnumber = 1\nname_zh = 证\nname_en = K\n"

static void refuses_wrong_rules(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
	        {"[policy]\nversion = 1\n" STEP, "from is missing"},
	        {HEAD, "at least"},
	        {HEAD STEP "colour = red\n", "line 9, colour: unknown key"},
	        {HEAD STEP KIND, "validity_years is missing"},
	        {HEAD STEP KIND "validity_years = 0\n",
	                "line 13, validity_years"},
	        {HEAD STEP KIND "validity_years = 5\nmaterials = gold\n",
	                "line 14, materials"},
	        {HEAD STEP KIND "validity_years = 5\n[kind m]\nnumber = 1\n"
	                        "name_zh = 证\nname_en = M\n"
	                        "validity_years = 1\n",
	                "line 15, number: this number is taken"},
	        {HEAD STEP "[class c]\nnumber = 1\nname_zh = 类\n"
	                   "name_en = C\nkind = k\n",
	                "line 13, kind: there is no such kind"},
	        {HEAD STEP "[class c]\nnumber = 32\nname_zh = 类\n"
	                   "name_en = C\nkind = k\n",
	                "line 10, number"},
	        {HEAD STEP "[ground g]\nnumber = 1\nname_zh = 由\n"
	                   "name_en = G\narticle = 25\naction = forgive\n",
	                "line 14, action: must be one of"},
	        {HEAD STEP "[ground g]\nnumber = 1\nname_zh = 由\n"
	                   "name_en = G\narticle = 25\n",
	                "action: say"},
	        {HEAD STEP "[Ground X]\nnumber = 1\n",
	                "line 10, number: unknown key"},
	        {HEAD STEP "[ground Bad]\nnumber = 1\nname_zh = 由\n"
	                   "name_en = G\narticle = 25\naction = refuse\n",
	                "line 11, name_zh"},
	        {"[policy]\nversion = 1\nfrom = 2026-02-30\n" STEP,
	                "line 3, from: must be a date"},
	};
	struct policy p;
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		memset(&p, 0x5A, sizeof p);
		assert_int_equal(
		        policy_parse(cases[i].text, "p.ini", &p, &problem),
		        HUFU_ERR_CONFIG);
		if (!strstr(problem.en, cases[i].says))
			fail_msg("case %zu: %s", i, problem.en);
		assert_int_equal(p.version[0], 0x5A);
	}
}

static void picks_the_version_in_force(void **state)
{
	char folder[] = "/tmp/hufu-policy-XXXXXX", a[64], b[64], c[64];
	static const char one[] = HEAD STEP;
	static const char two[] =
	        "[policy]\nversion = 2\nfrom = 2027-01-01\n" STEP;
	struct policy_book *book = NULL;
	struct problem problem;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(a, sizeof a, "%s/b.ini", folder);
	(void)snprintf(b, sizeof b, "%s/a.ini", folder);
	(void)snprintf(c, sizeof c, "%s/c.ini", folder);
	assert_int_equal(
	        policy_book_open(folder, &book, &problem), HUFU_ERR_CONFIG);
	assert_int_equal(file_write(a, span_of_text(one), 0600), 0);
	assert_int_equal(file_write(b, span_of_text(two), 0600), 0);
	assert_int_equal(policy_book_open(folder, &book, &problem), 0);
	assert_null(policy_book_at(book, (struct date){2025, 12, 31}));
	assert_string_equal(
	        policy_book_at(book, (struct date){2026, 12, 31})->version,
	        "1");
	assert_string_equal(
	        policy_book_at(book, (struct date){2027, 1, 1})->version, "2");
	assert_string_equal(policy_book_version(book, "1")->version, "1");
	assert_null(policy_book_version(book, "3"));
	policy_book_free(book);
	assert_int_equal(file_write(c, span_of_text(one), 0600), 0);
	assert_int_equal(
	        policy_book_open(folder, &book, &problem), HUFU_ERR_CONFIG);
	assert_string_equal(problem.type, "policy-double");
	assert_int_equal(unlink(a) | unlink(b) | unlink(c) | rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(grants_a_clean_case),
	        cmocka_unit_test(adds_the_benefits_of_every_identity),
	        cmocka_unit_test(judges_every_ground),
	        cmocka_unit_test(tells_every_reason_at_once),
	        cmocka_unit_test(weighs_the_heaviest_reason),
	        cmocka_unit_test(checks_kind_against_identity),
	        cmocka_unit_test(keeps_to_one_live_card),
	        cmocka_unit_test(asks_for_the_right_place),
	        cmocka_unit_test(asks_who_acts),
	        cmocka_unit_test(reads_the_review_chain),
	        cmocka_unit_test(refuses_wrong_rules),
	        cmocka_unit_test(picks_the_version_in_force),
	};

	return cmocka_run_group_tests_name("policy", tests, load, NULL);
}
