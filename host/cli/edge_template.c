#include "host/cli/edge_template.h"

#include <stdbool.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";

static const struct edge_word *find(
        const struct edge_word *words, const char *name, size_t len)
{
	for (; words->name; words++)
		if (strlen(words->name) == len &&
		        memcmp(words->name, name, len) == 0)
			return words;
	return NULL;
}

static int check(const struct edge_word *words, struct problem *p)
{
	for (; words->name; words++)
		if (strpbrk(words->value, " \t\r\n;{}\"'\\$#@"))
			return problem_set(p, HUFU_ERR_ARGUMENT, "edge-value",
			        "[edge] 的值“%s”含有不允许的字符（空格、引号、"
			        "分号等）。",
			        "A value of [edge], “%s”, has a "
			        "character that must not be there (blank, "
			        "quote, semicolon and the like).",
			        words->value);
	return HUFU_OK;
}

static int unknown(const char *word, size_t len, struct problem *p)
{
	return problem_set(p, HUFU_ERR_MALFORMED, "edge-template",
	        "模板中的 @%.*s 没有对应的值：模板与程序版本不同。",
	        "The template's @%.*s has no value: template and program are "
	        "of different versions.",
	        (int)len, word);
}

/* *line moves behind the mark; *ret_keep tells whether the rest stays. */
static int take_mark(const char **line, const struct edge_word *words,
        bool *ret_keep, struct problem *p)
{
	static const char if_mark[] = "@IF-", unless_mark[] = "@UNLESS-";
	bool wanted = strncmp(*line, if_mark, strlen(if_mark)) == 0;
	*ret_keep = true;
	if (!wanted && strncmp(*line, unless_mark, strlen(unless_mark)) != 0)
		return HUFU_OK;
	const char *name =
	        *line + (wanted ? strlen(if_mark) : strlen(unless_mark));
	size_t len = strspn(name, letters);
	const struct edge_word *word = find(words, name, len);
	if (!word)
		return unknown(name, len, p);
	*ret_keep = (word->value[0] != 0) == wanted;
	*line = name + len;
	return HUFU_OK;
}

static int put_line(const char *line, size_t len, const struct edge_word *words,
        FILE *out, struct problem *p)
{
	const char *end = line + len;
	while (line < end) {
		size_t name = *line == '@' ? strspn(line + 1, letters) : 0;
		if (name == 0 || line[1 + name] != '@') {
			fputc(*line++, out);
			continue;
		}
		const struct edge_word *word = find(words, line + 1, name);
		if (!word)
			return unknown(line + 1, name, p);
		fputs(word->value, out);
		line += name + 2;
	}
	return HUFU_OK;
}

int edge_template_fill(const char *text, const struct edge_word *words,
        FILE *out, struct problem *p)
{
	int r = check(words, p);
	while (r == HUFU_OK && *text) {
		const char *line = text;
		bool keep = true;
		text += strcspn(text, "\n");
		text += *text ? 1 : 0;
		r = take_mark(&line, words, &keep, p);
		if (r == HUFU_OK && keep)
			r = put_line(
			        line, (size_t)(text - line), words, out, p);
	}
	if (r == HUFU_OK && ferror(out))
		r = problem_from_code(p, HUFU_ERR_IO);
	return r;
}
