#include "host/policy/eligibility.h"

#include <stdio.h>
#include <string.h>

struct judgement {
	const struct eligibility_person *person;
	const struct eligibility_application *application;
	const struct policy *policy;
	struct date day;
	struct eligibility_verdict *verdict;
};

static const char *const outcome_words[] = {
        [ELIGIBILITY_YES] = "eligible",
        [ELIGIBILITY_INCOMPLETE] = "incomplete",
        [ELIGIBILITY_REFER] = "refer",
        [ELIGIBILITY_NO] = "refused",
};

const char *eligibility_outcome_word(enum eligibility_outcome outcome)
{
	return outcome <= ELIGIBILITY_NO ? outcome_words[outcome] : NULL;
}

/* A fixed sentence, or one around the name of a rule. */
static struct eligibility_reason *add(struct judgement *j,
        enum eligibility_outcome weight, const char *code, const char *zh,
        const char *en)
{
	struct eligibility_verdict *v = j->verdict;
	struct eligibility_reason *r;

	if (weight > v->outcome)
		v->outcome = weight;
	if (v->count == ELIGIBILITY_REASONS_MAX)
		return &v->reason[v->count - 1]; /* the tables are smaller */
	r = &v->reason[v->count++];
	(void)snprintf(r->code, sizeof r->code, "%s", code);
	(void)snprintf(r->zh, sizeof r->zh, "%s", zh);
	(void)snprintf(r->en, sizeof r->en, "%s", en);
	r->weight = weight;
	return r;
}

static void judge_person(struct judgement *j)
{
	const struct eligibility_person *p = j->person;

	if (p->dead)
		(void)add(j, ELIGIBILITY_NO, "dead", "登记为已去世。",
		        "The person is registered as dead.");
	if (!p->registered)
		(void)add(j, ELIGIBILITY_NO, "not-registered",
		        "尚未建档立卡，请先办理建档立卡。",
		        "No file exists yet (建档立卡); it must be made "
		        "first.");
	if (!p->chinese_household)
		(void)add(j, ELIGIBILITY_NO, "no-household", "没有中国户籍。",
		        "There is no Chinese household registration.");
	if (j->policy->min_age > 0 && date_is_set(p->born) &&
	        date_full_years(p->born, j->day) < (int)j->policy->min_age)
		(void)add(j, ELIGIBILITY_NO, "too-young", "未达到规定年龄。",
		        "Below the age required.");
}

static uint32_t classes_of_kind(const struct judgement *j)
{
	uint32_t set = 0;

	for (unsigned i = 1; i < POLICY_CLASSES_MAX; i++)
		if (j->policy->class[i].present &&
		        j->policy->class[i].kind == j->application->kind)
			set |= 1U << i;
	return set & j->person->classes;
}

static bool kind_is_known(const struct judgement *j)
{
	unsigned kind = j->application->kind;

	return kind >= 1 && kind <= POLICY_KINDS_MAX &&
	       j->policy->kind[kind].present;
}

static void judge_kind(struct judgement *j)
{
	if (!kind_is_known(j))
		(void)add(j, ELIGIBILITY_NO, "kind-unknown",
		        "没有这一种优待证。", "There is no such kind of card.");
	else if (j->person->classes == 0)
		(void)add(j, ELIGIBILITY_NO, "no-class",
		        "档案中没有可以领证的身份类别。",
		        "The file shows no identity that a card is given "
		        "for.");
	else if (classes_of_kind(j) == 0)
		(void)add(j, ELIGIBILITY_NO, "kind-wrong",
		        "身份类别与所申请的证不符，请改申请另一种。",
		        "The identity is not one of this kind; apply for the "
		        "other kind.");
}

static void judge_ground(struct judgement *j, unsigned n)
{
	const struct policy_ground *g = &j->policy->ground[n];
	struct date ended = j->person->ground_ended[n];
	struct date until = {0};
	enum eligibility_outcome weight = ELIGIBILITY_NO;
	char code[sizeof j->verdict->reason[0].code];
	char zh[ELIGIBILITY_TEXT_MAX], en[ELIGIBILITY_TEXT_MAX];
	char day[DATE_TEXT_LEN + 1];

	if (g->action == POLICY_REFER)
		weight = ELIGIBILITY_REFER;
	if (g->action == POLICY_ALLOW_AFTER && date_is_set(ended)) {
		until = date_add_months(ended, (int)g->months);
		if (date_compare(until, j->day) <= 0)
			return;
	}
	date_format(until, day);
	(void)snprintf(code, sizeof code, "ground-%s", g->label.word);
	(void)snprintf(zh, sizeof zh, "第%u条：%s%s%s%s。", g->article,
	        g->label.zh,
	        weight == ELIGIBILITY_REFER ? "，须报省级决定" : "，不予办理",
	        *day ? "，可再申请日期：" : "", day);
	(void)snprintf(en, sizeof en, "Article %u: %s; %s%s%s.", g->article,
	        g->label.en,
	        weight == ELIGIBILITY_REFER ? "the province decides"
	                                    : "refused",
	        *day ? "; may apply again from " : "", day);
	add(j, weight, code, zh, en)->until = until;
}

static void judge_grounds(struct judgement *j)
{
	for (unsigned n = 1; n < POLICY_GROUNDS_MAX; n++) {
		if (!(j->person->grounds >> n & 1U))
			continue;
		if (j->policy->ground[n].present)
			judge_ground(j, n);
		else
			(void)add(j, ELIGIBILITY_REFER, "ground-unknown",
			        "档案记有现行规则未列出的情形，须报省级决定。",
			        "The file holds a ground that the rules in "
			        "force do not name; the province decides.");
	}
}

static void judge_cards(struct judgement *j)
{
	const struct eligibility_application *a = j->application;

	if (a->has_open_application)
		(void)add(j, ELIGIBILITY_NO, "application-open",
		        "已有一份申请正在办理。",
		        "Another application is open.");
	if (a->has_pending_card)
		(void)add(j, ELIGIBILITY_NO, "card-pending",
		        "已有一张证正在制作或待领取。",
		        "A card is being made or waits to be fetched.");
	if (a->has_live_card && a->purpose == ELIGIBILITY_FIRST)
		(void)add(j, ELIGIBILITY_NO, "card-live",
		        "已持有有效的优待证，一人一证。",
		        "There is a live card already; one person, one card.");
	if (!a->has_live_card && a->purpose == ELIGIBILITY_RENEWAL)
		(void)add(j, ELIGIBILITY_NO, "card-none",
		        "没有可以换发的优待证，请按首次申领办理。",
		        "There is no card to renew; apply for a first one.");
}

static void judge_place(struct judgement *j)
{
	const struct eligibility_application *a = j->application;
	const char *home = j->person->residence;
	char county[AREA_CODE_MAX + 1];
	const char *scope = home;

	if (area_code_level(home) == AREA_NONE) {
		(void)add(j, ELIGIBILITY_INCOMPLETE, "residence-missing",
		        "档案中没有户籍地，请补充。",
		        "The file has no registered residence; add it.");
		return;
	}
	if (area_code_at(home, AREA_COUNTY, county) ||
	        area_code_at(home, AREA_CITY, county))
		scope = county;
	/* Any station of the county of registration, or of the habitual
	 * residence, when the applicant says that this is it. */
	if (!a->habitual && !area_code_within(a->area, scope))
		(void)add(j, ELIGIBILITY_INCOMPLETE, "place",
		        "不在户籍地申请，须填明常住地。",
		        "Not the place of registration; state the habitual "
		        "residence.");
}

static void judge_materials(struct judgement *j)
{
	uint32_t wanted, missing;

	if (!kind_is_known(j))
		return;
	wanted = j->policy->kind[j->application->kind].materials;
	missing = wanted & ~j->application->materials;
	for (unsigned n = 1; n < POLICY_MATERIALS_MAX; n++) {
		const struct policy_label *m = &j->policy->material[n].label;
		char code[sizeof j->verdict->reason[0].code];
		char zh[ELIGIBILITY_TEXT_MAX], en[ELIGIBILITY_TEXT_MAX];

		if (!(missing >> n & 1U))
			continue;
		(void)snprintf(code, sizeof code, "material-%s", m->word);
		(void)snprintf(zh, sizeof zh, "缺少材料：%s。", m->zh);
		(void)snprintf(en, sizeof en, "Missing: %s.", m->en);
		(void)add(j, ELIGIBILITY_INCOMPLETE, code, zh, en);
	}
}

static void judge_acting(struct judgement *j)
{
	const struct eligibility_application *a = j->application;
	int age;

	if (!date_is_set(j->person->born)) {
		(void)add(j, ELIGIBILITY_INCOMPLETE, "birth-missing",
		        "档案中没有出生日期，请补充。",
		        "The file has no date of birth; add it.");
		return;
	}
	age = date_full_years(j->person->born, j->day);
	if (age < (int)j->policy->guardian_age &&
	        a->acting != ELIGIBILITY_GUARDIAN)
		(void)add(j, ELIGIBILITY_INCOMPLETE, "guardian-needed",
		        "未成年，须由监护人代办并本人到场。",
		        "A guardian must apply, with the applicant present.");
	if (a->acting == ELIGIBILITY_HOME_VISIT && !a->gravely_ill &&
	        age < (int)j->policy->home_visit_age)
		(void)add(j, ELIGIBILITY_INCOMPLETE, "home-visit",
		        "上门办理限高龄、重病或卧床者，请注明原因。",
		        "Home visits are for the old, gravely ill or "
		        "bedridden; state which.");
}

/* All benefits of all identities apply, whichever card is chosen. */
static uint32_t benefits_of(const struct judgement *j)
{
	uint32_t set = j->policy->kind[j->application->kind].benefits;

	for (unsigned i = 1; i < POLICY_CLASSES_MAX; i++)
		if (j->policy->class[i].present &&
		        (j->person->classes >> i & 1U))
			set |= j->policy->class[i].benefits;
	return set;
}

void eligibility_judge(const struct eligibility_person *person,
        const struct eligibility_application *application,
        const struct policy *policy, struct date day,
        struct eligibility_verdict *ret)
{
	struct judgement j = {person, application, policy, day, ret};

	memset(ret, 0, sizeof *ret);
	ret->day = day;
	ret->kind = application->kind;
	(void)snprintf(
	        ret->version, sizeof ret->version, "%s", policy->version);
	judge_person(&j);
	judge_kind(&j);
	judge_grounds(&j);
	judge_cards(&j);
	judge_place(&j);
	judge_materials(&j);
	judge_acting(&j);
	if (ret->outcome == ELIGIBILITY_YES ||
	        ret->outcome == ELIGIBILITY_REFER) {
		unsigned years = policy->kind[application->kind].validity_years;
		/* The last day that it is good for. */
		ret->valid_to = date_add_days(
		        date_add_months(day, (int)years * 12), -1);
		ret->benefits = benefits_of(&j);
	}
}
