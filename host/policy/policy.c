#include "host/policy/policy.h"

#include <stdio.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/config.h"
#include "host/policy/words.h"

static const struct config_choice photo_checks[] = {
        {"face", POLICY_PHOTO_FACE}, {"file", POLICY_PHOTO_FILE}, {NULL, 0}};

static const struct config_choice actions[] = {
        {"refuse", POLICY_REFUSE},
        {"refer", POLICY_REFER},
        {"allow-after", POLICY_ALLOW_AFTER},
        {NULL, 0},
};

/* Numbers are those of enum staff_role, as in the table `role`. */
static const struct config_choice step_roles[] = {
        {"township", 2},
        {"county-centre", 3},
        {"county-bureau", 4},
        {"city", 5},
        {"province", 6},
        {NULL, 0},
};

static const struct config_choice levels[] = {
        {"province", AREA_PROVINCE},
        {"city", AREA_CITY},
        {"county", AREA_COUNTY},
        {"township", AREA_TOWNSHIP},
        {NULL, 0},
};

static bool is_word(const char *word)
{
	size_t len = strlen(word);

	return len > 0 && len <= POLICY_WORD_MAX &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* "class officer": what stands behind the blank, and its names. */
static void read_label(struct config *c, const char *section, const char *word,
        struct policy_label *ret)
{
	const char *zh = config_text(c, section, "name_zh", CONFIG_REQUIRED);
	const char *en = config_text(c, section, "name_en", CONFIG_REQUIRED);

	if (!is_word(word))
		config_refuse(c, section, "name_zh",
		        "节名应由小写字母、数字和连字符组成。",
		        "the section's name takes a-z, 0-9 and - only");
	if (strlen(zh) > POLICY_NAME_MAX || strlen(en) > POLICY_NAME_MAX)
		config_refuse(c, section, "name_zh", "名称太长。",
		        "the name is too long");
	(void)snprintf(
	        ret->word, sizeof ret->word, "%.*s", POLICY_WORD_MAX, word);
	(void)snprintf(ret->zh, sizeof ret->zh, "%.*s", POLICY_NAME_MAX, zh);
	(void)snprintf(ret->en, sizeof ret->en, "%.*s", POLICY_NAME_MAX, en);
}

static unsigned read_number(struct config *c, const char *section,
        const char *key, const struct config_int *rule)
{
	return (unsigned)config_number(c, section, key, rule);
}

static const char *after_blank(const char *section)
{
	const char *blank = strchr(section, ' ');

	return blank ? blank + 1 : section;
}

/* The number of a numbered section; a number given twice is refused. */
static unsigned read_own_number(
        struct config *c, const char *section, int max, uint32_t *seen)
{
	unsigned n = read_number(
	        c, section, "number", &(struct config_int){1, max, 1, true});

	if (!config_error(c) && (*seen >> n & 1U))
		config_refuse(c, section, "number", "这个编号已被占用。",
		        "this number is taken");
	*seen |= 1U << n;
	return n;
}

static void read_named(struct config *c, const char *prefix,
        struct policy_material *ret, int max)
{
	const char *section;
	uint32_t seen = 0;

	for (int i = 0; (section = config_section(c, prefix, i)); i++) {
		unsigned n = read_own_number(c, section, max - 1, &seen);
		ret[n].present = true;
		read_label(c, section, after_blank(section), &ret[n].label);
	}
}

/* A list of words, separated by commas, as a bit map of their numbers. */
static uint32_t read_set(struct config *c, const char *section, const char *key,
        const struct policy_material *among, int max)
{
	const char *list = config_text(c, section, key, "");
	char word[POLICY_WORD_MAX + 1];
	uint32_t set = 0;

	while (words_next(&list, word, sizeof word)) {
		unsigned n = words_find(among, max, word);
		if (n == 0)
			config_refuse(c, section, key, "列表里有未定义的名称。",
			        "the list names something that is not "
			        "defined");
		else
			set |= 1U << n;
	}
	return set;
}

static void read_kinds(struct config *c, struct policy *p)
{
	const char *section;
	uint32_t seen = 0;

	for (int i = 0; (section = config_section(c, "kind ", i)); i++) {
		unsigned n =
		        read_own_number(c, section, POLICY_KINDS_MAX, &seen);
		struct policy_kind *k = &p->kind[n];
		k->present = true;
		read_label(c, section, after_blank(section), &k->label);
		k->validity_years = read_number(c, section, "validity_years",
		        &(struct config_int){1, 50, 10, true});
		k->materials = read_set(c, section, "materials", p->material,
		        POLICY_MATERIALS_MAX);
		k->benefits = read_set(c, section, "benefits", p->benefit,
		        POLICY_BENEFITS_MAX);
	}
}

static void read_classes(struct config *c, struct policy *p)
{
	const char *section;
	uint32_t seen = 0;

	for (int i = 0; (section = config_section(c, "class ", i)); i++) {
		unsigned n = read_own_number(
		        c, section, POLICY_CLASSES_MAX - 1, &seen);
		struct policy_class *k = &p->class[n];
		k->present = true;
		read_label(c, section, after_blank(section), &k->label);
		k->kind = policy_find_kind(
		        p, config_text(c, section, "kind", CONFIG_REQUIRED));
		if (k->kind == 0)
			config_refuse(c, section, "kind", "没有这种证。",
			        "there is no such kind");
		k->benefits = read_set(c, section, "benefits", p->benefit,
		        POLICY_BENEFITS_MAX);
	}
}

static void read_grounds(struct config *c, struct policy *p)
{
	const char *section;
	uint32_t seen = 0;

	for (int i = 0; (section = config_section(c, "ground ", i)); i++) {
		unsigned n = read_own_number(
		        c, section, POLICY_GROUNDS_MAX - 1, &seen);
		struct policy_ground *g = &p->ground[n];
		g->present = true;
		read_label(c, section, after_blank(section), &g->label);
		g->article = read_number(c, section, "article",
		        &(struct config_int){1, 999, 25, true});
		g->action = (enum policy_action)config_word(
		        c, section, "action", actions);
		g->months = read_number(c, section, "months",
		        &(struct config_int){0, 1200, 0, false});
		if (!config_has(c, section, "action"))
			config_refuse(c, section, "action",
			        "必须写明 refuse、refer 或 allow-after。",
			        "say refuse, refer or allow-after");
	}
}

static void read_steps(struct config *c, struct policy *p)
{
	const char *section;

	for (int i = 0; (section = config_section(c, "step ", i)); i++) {
		struct policy_step *s = &p->step[p->step_count];
		if (p->step_count == POLICY_STEPS_MAX) {
			config_refuse(c, section, "role", "步骤太多。",
			        "there are too many steps");
			return;
		}
		p->step_count++;
		read_label(c, section, after_blank(section), &s->label);
		s->role = (unsigned)config_word(c, section, "role", step_roles);
		s->level = (enum area_level)config_word(
		        c, section, "level", levels);
		s->working_days = read_number(c, section, "working_days",
		        &(struct config_int){0, 365, 0, false});
		if (!config_has(c, section, "role") ||
		        !config_has(c, section, "level"))
			config_refuse(c, section, "role",
			        "每一步都要写明 role 和 level。",
			        "every step needs a role and a level");
	}
	if (p->step_count == 0)
		config_refuse(c, "step", "-", "至少要有一个审核步骤。",
		        "there must be one step at least");
}

static void read_general(struct config *c, struct policy *p)
{
	static const char s[] = "policy";
	const char *version = config_text(c, s, "version", CONFIG_REQUIRED);

	if (strlen(version) > POLICY_VERSION_MAX)
		config_refuse(c, s, "version", "版本名太长。",
		        "the version's name is too long");
	(void)snprintf(p->version, sizeof p->version, "%.*s",
	        POLICY_VERSION_MAX, version);
	p->from = config_date(c, s, "from", true);
	p->min_age = read_number(
	        c, s, "min_age", &(struct config_int){0, 120, 0, false});
	p->home_visit_age = read_number(c, s, "home_visit_age",
	        &(struct config_int){0, 120, 80, false});
	p->guardian_age = read_number(
	        c, s, "guardian_age", &(struct config_int){0, 18, 16, false});
	p->temporary_loss_days = read_number(c, s, "temporary_loss_days",
	        &(struct config_int){1, 60, 7, false});
	p->temporary_loss_lifts =
	        config_bool(c, s, "temporary_loss_lifts", true);
	p->photo_check = (enum policy_photo)config_word(
	        c, "photo", "check", photo_checks);
	p->handover_days = read_number(
	        c, s, "handover_days", &(struct config_int){1, 365, 10, false});
	p->unreachable_months = read_number(c, s, "unreachable_months",
	        &(struct config_int){1, 60, 3, false});
}

int policy_parse(const char *text, const char *name, struct policy *ret,
        struct problem *ret_problem)
{
	_cleanup_(config_cleanup) struct config *c = NULL;
	struct policy p = {0};
	int r = config_parse(text, name, &c, ret_problem);

	if (r < 0)
		return r;
	read_general(c, &p);
	read_named(c, "material ", p.material, POLICY_MATERIALS_MAX);
	read_named(c, "benefit ", p.benefit, POLICY_BENEFITS_MAX);
	read_kinds(c, &p);
	read_classes(c, &p);
	read_grounds(c, &p);
	read_steps(c, &p);
	r = config_done(c, ret_problem);
	if (r == 0)
		*ret = p;
	return r;
}

static bool is_called(const struct policy_label *label, const char *word)
{
	return strcmp(label->word, word) == 0 || strcmp(label->zh, word) == 0;
}

unsigned policy_find_class(const struct policy *p, const char *word)
{
	for (unsigned i = 1; i < POLICY_CLASSES_MAX; i++)
		if (p->class[i].present && is_called(&p->class[i].label, word))
			return i;
	return 0;
}

unsigned policy_find_ground(const struct policy *p, const char *word)
{
	for (unsigned i = 1; i < POLICY_GROUNDS_MAX; i++)
		if (p->ground[i].present &&
		        is_called(&p->ground[i].label, word))
			return i;
	return 0;
}

unsigned policy_find_material(const struct policy *p, const char *word)
{
	return words_find(p->material, POLICY_MATERIALS_MAX, word);
}

unsigned policy_find_kind(const struct policy *p, const char *word)
{
	for (unsigned i = 1; i <= POLICY_KINDS_MAX; i++)
		if (p->kind[i].present && is_called(&p->kind[i].label, word))
			return i;
	return 0;
}
