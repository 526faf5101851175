#include "host/staff/staff.h"

#include <stdio.h>
#include <string.h>

enum {
	BY_UID,
	BY_LOGIN,
	BY_ID,
	SCOPES,
	ADD,
	MAP,
	GRANT,
	REVOKE,
	DISMISS,
	UNMAP,
	REVOKE_ALL,
	HOME,
	LIST,
};

static const char *const sql[] = {
        [BY_UID] = "SELECT s.id, s.login, s.title, s.active FROM staff s"
                   " JOIN staff_uid u ON u.staff = s.id"
                   " WHERE u.uid = ?1 AND s.active = 1",
        [BY_LOGIN] = "SELECT id, login, title, active FROM staff"
                     " WHERE login = ?1 AND active = 1",
        [BY_ID] = "SELECT id, login, title, active FROM staff"
                  " WHERE id = ?1",
        [SCOPES] = "SELECT r.role, r.area FROM staff_role r"
                   " JOIN staff s ON s.id = r.staff"
                   " WHERE r.staff = ?1 AND s.active = 1",
        [ADD] = "INSERT INTO staff (login, title) VALUES (?1, ?2)",
        [MAP] = "INSERT INTO staff_uid (uid, staff) VALUES (?1, ?2)",
        [GRANT] = "INSERT INTO staff_role (staff, role, area)"
                  " VALUES (?1, ?2, ?3)",
        [REVOKE] = "DELETE FROM staff_role"
                   " WHERE staff = ?1 AND role = ?2 AND area = ?3",
        [DISMISS] = "UPDATE staff SET active = 0"
                    " WHERE id = ?1 AND active = 1",
        [UNMAP] = "DELETE FROM staff_uid WHERE staff = ?1",
        [REVOKE_ALL] = "DELETE FROM staff_role WHERE staff = ?1",
        [HOME] = "SELECT area FROM staff_role WHERE staff = ?1"
                 " AND (?2 >> role) & 1 ORDER BY length(area), area LIMIT 1",
        [LIST] = "SELECT id, login, title, active FROM staff"
                 " WHERE login > ?1 ORDER BY login LIMIT ?2",
};
static const struct statements table = {"staff", sql, sizeof sql / sizeof *sql};

struct role_name {
	const char *word;
	const char *zh;
};

static const struct role_name roles[] = {
        [STAFF_VILLAGE] = {"village", "村（社区）站"},
        [STAFF_TOWNSHIP] = {"township", "乡镇（街道）站"},
        [STAFF_COUNTY_CENTRE] = {"county-centre", "县级服务中心"},
        [STAFF_COUNTY_BUREAU] = {"county-bureau", "县级退役军人局"},
        [STAFF_CITY] = {"city", "市级退役军人局"},
        [STAFF_PROVINCE] = {"province", "省级退役军人厅"},
        [STAFF_PERSONALISER] = {"personaliser", "制证员"},
        [STAFF_STOCK_KEEPER] = {"stock-keeper", "库管员"},
        [STAFF_KEY_CUSTODIAN] = {"key-custodian", "密钥保管员"},
        [STAFF_AUDITOR] = {"auditor", "审计员"},
        [STAFF_SYSTEM_ADMIN] = {"system-admin", "系统管理员"},
        [STAFF_SECURITY_ADMIN] = {"security-admin", "安全管理员"},
        [STAFF_AUDIT_ADMIN] = {"audit-admin", "审计管理员"},
};

const char *staff_role_word(enum staff_role role)
{
	return role >= 1 && role <= STAFF_ROLE_MAX ? roles[role].word : NULL;
}

enum staff_role staff_role_of(const char *word)
{
	for (int i = 1; i <= STAFF_ROLE_MAX; i++)
		if (strcmp(roles[i].word, word) == 0)
			return (enum staff_role)i;
	return 0;
}

static struct staff row_of(struct query *q)
{
	struct staff s = {
	        .id = query_int(q, 0), .active = query_int(q, 3) != 0};

	(void)snprintf(s.login, sizeof s.login, "%s", query_text(q, 1));
	(void)snprintf(s.title, sizeof s.title, "%s", query_text(q, 2));
	return s;
}

/* Takes the one row that `q` is to find. */
static int take(struct query *q, struct staff *ret)
{
	struct staff s = {0};
	int r = query_step(q), end;

	if (r == STORE_ROW)
		s = row_of(q);
	end = query_end(q);
	if (end < 0)
		return end;
	if (r != STORE_ROW)
		return HUFU_ERR_NOT_FOUND;
	*ret = s;
	return 0;
}

int staff_find_by_uid(struct store_tx *tx, uid_t uid, struct staff *ret)
{
	struct query *q = query_begin(tx, &table, BY_UID);

	query_bind_int(q, 1, uid);
	return take(q, ret);
}

int staff_find_by_login(
        struct store_tx *tx, const char *login, struct staff *ret)
{
	struct query *q = query_begin(tx, &table, BY_LOGIN);

	query_bind_text(q, 1, login);
	return take(q, ret);
}

int staff_find(struct store_tx *tx, int64_t id, struct staff *ret)
{
	struct query *q = query_begin(tx, &table, BY_ID);

	query_bind_int(q, 1, id);
	return take(q, ret);
}

static int reaches(struct store_tx *tx, int64_t id, uint32_t wanted,
        const char *area, bool *ret)
{
	struct query *q = query_begin(tx, &table, SCOPES);
	bool found = false;
	int r;

	query_bind_int(q, 1, id);
	while ((r = query_step(q)) == STORE_ROW && !found)
		found = (wanted >> query_int(q, 0) & 1U) &&
		        area_code_within(area, query_text(q, 1));
	r = query_end(q);
	if (r == 0)
		*ret = found;
	return r;
}

static void list_roles(uint32_t wanted, char *zh, char *en, size_t size)
{
	size_t zh_len = 0, en_len = 0;

	zh[0] = en[0] = '\0';
	for (int i = 1; i <= STAFF_ROLE_MAX; i++) {
		if (!(wanted >> i & 1U))
			continue;
		if (zh_len < size)
			zh_len += (size_t)snprintf(zh + zh_len, size - zh_len,
			        "%s%s", zh_len ? "、" : "", roles[i].zh);
		if (en_len < size)
			en_len += (size_t)snprintf(en + en_len, size - en_len,
			        "%s%s", en_len ? ", " : "", roles[i].word);
	}
}

int staff_check_any(struct store_tx *tx, int64_t id, uint32_t wanted,
        const char *area, struct problem *ret_problem)
{
	char zh[320], en[192];
	bool may = false;
	int r = reaches(tx, id, wanted, area, &may);

	if (r < 0)
		return problem_from_code(ret_problem, r);
	if (may)
		return 0;
	list_roles(wanted, zh, en, sizeof en);
	(void)problem_set(ret_problem, HUFU_ERR_DENIED, "role-missing",
	        "这一步要由区划 %s 的%s办理，您没有这个岗位。",
	        "In area %s this takes the role %s, which you do not have.",
	        area, zh);
	if (ret_problem)
		(void)snprintf(ret_problem->en, sizeof ret_problem->en,
		        "In area %s this takes the role %s, which you do not "
		        "have.",
		        area, en);
	return HUFU_ERR_DENIED;
}

int staff_check(struct store_tx *tx, int64_t id, enum staff_role role,
        const char *area, struct problem *ret_problem)
{
	return staff_check_any(tx, id, 1U << role, area, ret_problem);
}

int staff_list_rights(struct store_tx *tx, int64_t id, struct staff_right *ret,
        size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &table, SCOPES);
	size_t count = 0;

	query_bind_int(q, 1, id);
	while (count < cap && query_step(q) == STORE_ROW) {
		ret[count].role = (enum staff_role)query_int(q, 0);
		(void)snprintf(ret[count].area, sizeof ret->area, "%s",
		        query_text(q, 1));
		count++;
	}
	int r = query_end(q);
	if (r == 0)
		*ret_count = count;
	return r;
}

int staff_list(struct store_tx *tx, const char *after, struct staff *ret,
        size_t cap, size_t *ret_count)
{
	struct query *q = query_begin(tx, &table, LIST);
	size_t count = 0;

	query_bind_text(q, 1, after);
	query_bind_int(q, 2, (int64_t)cap);
	while (count < cap && query_step(q) == STORE_ROW)
		ret[count++] = row_of(q);
	int r = query_end(q);
	if (r == 0)
		*ret_count = count;
	return r;
}

int staff_find_roles(struct store_tx *tx, int64_t id, uint32_t *ret_roles)
{
	struct query *q = query_begin(tx, &table, SCOPES);
	uint32_t held = 0;

	query_bind_int(q, 1, id);
	while (query_step(q) == STORE_ROW)
		held |= 1U << query_int(q, 0);
	int r = query_end(q);
	if (r == 0)
		*ret_roles = held;
	return r;
}

int staff_find_home(struct store_tx *tx, int64_t id, uint32_t wanted,
        char ret_area[AREA_CODE_MAX + 1])
{
	struct query *q = query_begin(tx, &table, HOME);
	int r;

	query_bind_int(q, 1, id);
	query_bind_int(q, 2, wanted);
	r = query_step(q);
	if (r == STORE_ROW)
		(void)snprintf(
		        ret_area, AREA_CODE_MAX + 1, "%s", query_text(q, 0));
	return query_end_one(q, r);
}

int staff_add(struct store_tx *tx, const char *login, const char *title,
        uid_t uid, int64_t *ret_id)
{
	struct query *q = query_begin(tx, &table, ADD);
	int64_t id;
	int r;

	query_bind_text(q, 1, login);
	query_bind_text(q, 2, title);
	r = query_run(q);
	if (r < 0)
		return r;
	id = store_tx_last_id(tx);
	if (uid != STAFF_NO_UID) {
		q = query_begin(tx, &table, MAP);
		query_bind_int(q, 1, uid);
		query_bind_int(q, 2, id);
		r = query_run(q);
	}
	if (r == 0)
		*ret_id = id;
	return r;
}

int staff_grant(struct store_tx *tx, int64_t id, enum staff_role role,
        const char *area, struct problem *ret_problem)
{
	struct query *q = query_begin(tx, &table, GRANT);
	int r;

	query_bind_int(q, 1, id);
	query_bind_int(q, 2, role);
	query_bind_text(q, 3, area);
	r = query_run(q);
	if (r == HUFU_ERR_CONFLICT)
		return problem_set(ret_problem, r, "role-conflict",
		        "不能授予岗位（%s）。三员须为三人，审计员和管理员"
		        "不兼其他岗位，库管员不兼制证员。",
		        "The role cannot be granted (%s). Administrators and "
		        "auditors hold no other role; stock keeper and "
		        "personaliser are two people.",
		        store_tx_error(tx));
	return r < 0 ? problem_from_code(ret_problem, r) : 0;
}

int staff_revoke(
        struct store_tx *tx, int64_t id, enum staff_role role, const char *area)
{
	struct query *q = query_begin(tx, &table, REVOKE);
	int r;

	query_bind_int(q, 1, id);
	query_bind_int(q, 2, role);
	query_bind_text(q, 3, area);
	r = query_run(q);
	if (r < 0)
		return r;
	return store_tx_changes(tx) ? 0 : HUFU_ERR_NOT_FOUND;
}

static int run_for(struct store_tx *tx, int which, int64_t id)
{
	struct query *q = query_begin(tx, &table, which);

	query_bind_int(q, 1, id);
	return query_run(q);
}

int staff_dismiss(struct store_tx *tx, int64_t id)
{
	int r = run_for(tx, DISMISS, id);

	if (r == 0 && store_tx_changes(tx) == 0)
		return HUFU_ERR_NOT_FOUND;
	if (r == 0)
		r = run_for(tx, UNMAP, id);
	return r < 0 ? r : run_for(tx, REVOKE_ALL, id);
}
