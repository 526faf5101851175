#include "host/base/config.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"

enum { ENTRIES_MAX = 4096, NAME_MAX_LEN = 64 };

struct entry {
	char *section;
	char *key;
	char *value;
	int line;
	bool asked;
};

struct config {
	char *name; /* of the file */
	struct entry *entries;
	size_t count;
	size_t cap;
	/* while reading */
	const char *at;
	int line;
	int error;
	struct problem problem;
};

static void fail_at(struct config *c, int line, const char *key, const char *zh,
        const char *en)
{
	if (c->error)
		return;
	c->error = problem_set(&c->problem, HUFU_ERR_CONFIG, "config",
	        "%s 第 %d 行，%s：%s", "%s line %d, %s: %s", c->name, line, key,
	        zh);
	/* The English sentence has its own last argument. */
	(void)snprintf(c->problem.en, sizeof c->problem.en,
	        "%s line %d, %s: %s", c->name, line, key, en);
}

/* Lines are handed to inih here, to count them and to refuse long ones. */
static char *next_line(char *buf, int size, void *stream)
{
	struct config *c = stream;
	const char *end;
	size_t len;

	if (c->error || *c->at == '\0')
		return NULL;
	c->line++;
	end = strchrnul(c->at, '\n');
	len = (size_t)(end - c->at);
	if (len > CONFIG_LINE_MAX || (int)len + 2 > size) {
		fail_at(c, c->line, "-", "这一行太长，请分成几项。",
		        "this line is too long; split it");
		return NULL;
	}
	memcpy(buf, c->at, len);
	/* inih would take an indented line as more of the value above. */
	if (len > 0 && (buf[0] == ' ' || buf[0] == '\t') &&
	        strspn(buf, " \t\r") < len)
		fail_at(c, c->line, "-", "行首不能有空格。",
		        "a line may not begin with a blank");
	buf[len] = '\n';
	buf[len + 1] = '\0';
	c->at = *end ? end + 1 : end;
	return buf;
}

static struct entry *find(
        const struct config *c, const char *section, const char *key)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->entries[i].section, section) == 0 &&
		        strcmp(c->entries[i].key, key) == 0)
			return &c->entries[i];
	return NULL;
}

static bool grow(struct config *c)
{
	size_t cap = c->cap ? c->cap * 2 : 64;
	struct entry *more;

	if (c->count < c->cap)
		return true;
	more = reallocarray(c->entries, cap, sizeof *more);
	if (!more)
		return false;
	c->entries = more;
	c->cap = cap;
	return true;
}

static int add_entry(
        void *user, const char *section, const char *key, const char *value)
{
	struct config *c = user;
	struct entry e = {.line = c->line};

	if (c->error)
		return 0;
	if (find(c, section, key)) {
		fail_at(c, c->line, key, "这一项出现了两次，请删去一项。",
		        "this key stands twice; remove one");
		return 0;
	}
	/* An empty key is a line without one. */
	if (c->count == ENTRIES_MAX || strlen(section) > NAME_MAX_LEN ||
	        strlen(key) > NAME_MAX_LEN || *key == '\0') {
		fail_at(c, c->line, key, "名称为空或过长，或项数过多。",
		        "name empty or too long, or too many keys");
		return 0;
	}
	if (!grow(c)) {
		c->error = problem_from_code(&c->problem, HUFU_ERR_MEMORY);
		return 0;
	}
	e.section = strdup(section);
	e.key = strdup(key);
	e.value = strdup(value);
	c->entries[c->count++] = e;
	if (!e.section || !e.key || !e.value) {
		c->error = problem_from_code(&c->problem, HUFU_ERR_MEMORY);
		return 0;
	}
	return 1;
}

static void check_sections(struct config *c, const char *text)
{
	int line = 0;

	/* inih cuts section names at 49 bytes without a word. */
	while (*text && !c->error) {
		const char *end = strchrnul(text, '\n');
		line++;
		if (*text == '[' && end - text > 48)
			fail_at(c, line, "-", "节名太长。",
			        "the section's name is too long");
		text = *end ? end + 1 : end;
	}
}

int config_parse(const char *text, const char *name, struct config **ret,
        struct problem *ret_problem)
{
	_cleanup_(config_cleanup) struct config *c = calloc(1, sizeof *c);
	int bad;

	if (!c || !(c->name = strdup(name)))
		return problem_from_code(ret_problem, HUFU_ERR_MEMORY);
	c->at = text;
	check_sections(c, text);
	bad = ini_parse_stream(next_line, c, add_entry, c);
	if (bad > 0)
		fail_at(c, bad, "-", "看不懂这一行，应为 名称 = 值。",
		        "this line is not understood; write name = value");
	else if (bad < 0 && !c->error)
		c->error = problem_from_code(&c->problem, HUFU_ERR_MEMORY);
	if (c->error) {
		if (ret_problem)
			*ret_problem = c->problem;
		return c->error;
	}
	*ret = c;
	c = NULL;
	return 0;
}

int config_open(
        const char *path, struct config **ret, struct problem *ret_problem)
{
	_free_ uint8_t *text = NULL;
	size_t len;
	int r = file_read(path, CONFIG_FILE_MAX, &text, &len);

	if (r < 0)
		return problem_set(ret_problem, r, "config",
		        "读不了配置文件 %s，请检查路径和权限。",
		        "Cannot read the configuration %s; check path and "
		        "rights.",
		        path);
	if (strlen((const char *)text) != len)
		return problem_set(ret_problem, HUFU_ERR_CONFIG, "config",
		        "配置文件 %s 含有空字符。", "%s contains a NUL byte.",
		        path);
	return config_parse((const char *)text, path, ret, ret_problem);
}

void config_free(struct config *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++) {
		free(c->entries[i].section);
		free(c->entries[i].key);
		free(c->entries[i].value);
	}
	free(c->entries);
	free(c->name);
	free(c);
}

void config_cleanup(struct config **c)
{
	config_free(*c);
}

static struct entry *ask(
        struct config *c, const char *section, const char *key, bool required)
{
	struct entry *e = find(c, section, key);

	if (e) {
		e->asked = true;
		return e;
	}
	if (required && !c->error) {
		c->error = HUFU_ERR_CONFIG;
		(void)problem_set(&c->problem, HUFU_ERR_CONFIG, "config",
		        "%s 的 [%s] 缺少 %s，请补上。",
		        "%s, [%s]: %s is missing; add it.", c->name, section,
		        key);
	}
	return NULL;
}

const char *config_text(struct config *c, const char *section, const char *key,
        const char *fallback)
{
	const struct entry *e = ask(c, section, key, !fallback);

	return e ? e->value : fallback ? fallback : "";
}

bool config_has(struct config *c, const char *section, const char *key)
{
	return ask(c, section, key, false) != NULL;
}

int64_t config_number(struct config *c, const char *section, const char *key,
        const struct config_int *rule)
{
	const struct entry *e = ask(c, section, key, rule->required);
	char zh[96], en[96];
	int64_t v;

	if (!e)
		return rule->fallback;
	if (number_parse_text(e->value,
	            (struct number_range){rule->min, rule->max}, &v) == 0)
		return v;
	(void)snprintf(zh, sizeof zh, "应为 %lld 到 %lld 的整数。",
	        (long long)rule->min, (long long)rule->max);
	(void)snprintf(en, sizeof en, "must be a whole number, %lld to %lld",
	        (long long)rule->min, (long long)rule->max);
	fail_at(c, e->line, key, zh, en);
	return rule->fallback;
}

bool config_bool(
        struct config *c, const char *section, const char *key, bool fallback)
{
	const struct entry *e = ask(c, section, key, false);

	if (!e)
		return fallback;
	if (strcmp(e->value, "yes") == 0)
		return true;
	if (strcmp(e->value, "no") != 0)
		fail_at(c, e->line, key, "应为 yes 或 no。",
		        "must be yes or no");
	return false;
}

int config_word(struct config *c, const char *section, const char *key,
        const struct config_choice *choices)
{
	const struct entry *e = ask(c, section, key, false);
	char words[160] = "", zh[192], en[192];
	size_t len = 0;

	if (!e)
		return choices->value;
	for (const struct config_choice *k = choices; k->word; k++) {
		if (strcmp(k->word, e->value) == 0)
			return k->value;
		len += (size_t)snprintf(words + len, sizeof words - len, "%s%s",
		        len ? ", " : "", k->word);
		if (len >= sizeof words)
			len = sizeof words - 1;
	}
	(void)snprintf(zh, sizeof zh, "应为其中之一：%s。", words);
	(void)snprintf(en, sizeof en, "must be one of %s", words);
	fail_at(c, e->line, key, zh, en);
	return choices->value;
}

struct date config_date(
        struct config *c, const char *section, const char *key, bool required)
{
	const struct entry *e = ask(c, section, key, required);
	struct date d = {0};

	if (e && date_parse(e->value, &d) < 0)
		fail_at(c, e->line, key, "应为日期，如 2026-01-31。",
		        "must be a date like 2026-01-31");
	return d;
}

const char *config_section(struct config *c, const char *prefix, int nth)
{
	const char *last = "";
	size_t len = strlen(prefix);

	for (size_t i = 0; i < c->count; i++) {
		const char *section = c->entries[i].section;
		if (strncmp(section, prefix, len) != 0 ||
		        strcmp(section, last) == 0)
			continue;
		last = section;
		if (nth-- == 0)
			return section;
	}
	return NULL;
}

void config_refuse(struct config *c, const char *section, const char *key,
        const char *zh, const char *en)
{
	const struct entry *e = find(c, section, key);

	fail_at(c, e ? e->line : 0, key, zh, en);
}

int config_error(const struct config *c)
{
	return c->error;
}

int config_done(struct config *c, struct problem *ret_problem)
{
	for (size_t i = 0; i < c->count && !c->error; i++)
		if (!c->entries[i].asked)
			fail_at(c, c->entries[i].line, c->entries[i].key,
			        "没有这一项，请检查拼写和所在的节。",
			        "unknown key; check its spelling and its "
			        "section");
	if (c->error && ret_problem)
		*ret_problem = c->problem;
	return c->error;
}
