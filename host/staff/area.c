#include "host/staff/area.h"

#include <stdio.h>
#include <string.h>

enum { FIND, ADD, RENAME, CHILDREN };

static const char *const sql[] = {
        [FIND] = "SELECT code, level, name FROM area WHERE code = ?1",
        [ADD] = "INSERT INTO area (code, level, parent, name)"
                " VALUES (?1, ?2, ?3, ?4)",
        [RENAME] = "UPDATE area SET name = ?2 WHERE code = ?1",
        [CHILDREN] = "SELECT EXISTS (SELECT 1 FROM area WHERE parent = ?1)",
};
static const struct statements table = {"area", sql, sizeof sql / sizeof *sql};

int area_find(struct store_tx *tx, const char *code, struct area *ret)
{
	struct query *q = query_begin(tx, &table, FIND);
	struct area a = {0};
	int r, end;

	query_bind_text(q, 1, code);
	r = query_step(q);
	if (r == STORE_ROW) {
		(void)snprintf(a.code, sizeof a.code, "%s", query_text(q, 0));
		a.level = (enum area_level)query_int(q, 1);
		(void)snprintf(a.name, sizeof a.name, "%s", query_text(q, 2));
	}
	end = query_end(q);
	if (end < 0)
		return end;
	if (r != STORE_ROW)
		return HUFU_ERR_NOT_FOUND;
	*ret = a;
	return 0;
}

static int has_children(struct store_tx *tx, const char *code, bool *ret)
{
	struct query *q = query_begin(tx, &table, CHILDREN);
	bool any = false;

	query_bind_text(q, 1, code);
	if (query_step(q) == STORE_ROW)
		any = query_int(q, 0) != 0;
	int r = query_end(q);
	if (r == 0)
		*ret = any;
	return r;
}

int area_find_place(struct store_tx *tx, const char *code)
{
	char county[AREA_CODE_MAX + 1], township[AREA_CODE_MAX + 1];
	struct area area;
	bool listed = false;

	if (!area_code_at(code, AREA_COUNTY, county))
		return HUFU_ERR_NOT_FOUND;
	int r = area_find(tx, county, &area);
	if (r < 0 || !area_code_at(code, AREA_TOWNSHIP, township))
		return r;
	r = area_find(tx, township, &area);
	if (r != HUFU_ERR_NOT_FOUND)
		return r;
	r = has_children(tx, county, &listed);
	return r == 0 && listed ? HUFU_ERR_NOT_FOUND : r;
}

/* The nearest area above that this office knows. */
static int find_parent(
        struct store_tx *tx, const char *code, char ret[AREA_CODE_MAX + 1])
{
	enum area_level level = area_code_level(code);
	struct area parent;

	ret[0] = '\0';
	while (level > AREA_PROVINCE) {
		char above[AREA_CODE_MAX + 1];
		int r;

		level--;
		if (!area_code_at(code, level, above))
			continue;
		r = area_find(tx, above, &parent);
		if (r == 0)
			memcpy(ret, above, sizeof above);
		if (r != HUFU_ERR_NOT_FOUND)
			return r;
	}
	return area_code_level(code) == AREA_PROVINCE ? 0 : HUFU_ERR_NOT_FOUND;
}

int area_add(struct store_tx *tx, const char *code, const char *name,
        struct problem *ret_problem)
{
	char parent[AREA_CODE_MAX + 1];
	struct query *q;
	int r;

	if (area_code_level(code) == AREA_NONE || *name == '\0' ||
	        strlen(name) > AREA_NAME_MAX)
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT, "area",
		        "区划代码应为 6、9 或 12 位数字，名称不能为空。",
		        "An area has a code of 6, 9 or 12 digits and a name.");
	r = find_parent(tx, code, parent);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(ret_problem, r, "area-parent",
		        "请先加入 %s 的上级区划。",
		        "Add the area above %s first.", code);
	if (r < 0)
		return problem_from_code(ret_problem, r);
	q = query_begin(tx, &table, ADD);
	query_bind_text(q, 1, code);
	query_bind_int(q, 2, area_code_level(code));
	query_bind_text(q, 3, *parent ? parent : NULL);
	query_bind_text(q, 4, name);
	r = query_run(q);
	if (r == HUFU_ERR_CONFLICT)
		return problem_set(ret_problem, r, "area-known",
		        "区划 %s 已经有了。", "The area %s is known already.",
		        code);
	return r < 0 ? problem_from_code(ret_problem, r) : 0;
}

int area_rename(struct store_tx *tx, const char *code, const char *name,
        struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &table, RENAME);

	query_bind_text(q, 1, code);
	query_bind_text(q, 2, name);
	int r = query_run(q);
	if (r == HUFU_ERR_CONFLICT)
		return problem_set(ret_problem, HUFU_ERR_ARGUMENT, "area",
		        "区划名称应有 1 至 48 个字。",
		        "The name of an area has 1 to 48 characters.");
	if (r == 0 && store_tx_changes(tx) == 0)
		r = HUFU_ERR_NOT_FOUND;
	return r < 0 ? problem_from_code(ret_problem, r) : 0;
}
