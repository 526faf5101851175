#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/base/clock.h"
#include "host/log/entry.h"
#include "host/staff/area.h"

enum { ROLES_MAX = 16, STAFF_PAGE = 100, RIGHTS_MAX = 64 };

/* A member of staff to add, or a change of what one may do. */
struct rights {
	struct api_call *call;
	const char *act; /* NULL: add */
	const char *login, *title;
	uid_t uid;
	json_t *roles;
	int64_t id; /* whose rights */
	char code[ACCESS_INVITE_LEN + 1]; /* of an invitation */
};

/* Who changed whose rights is for the auditor; what changed, for all. */
static int note(struct store_tx *tx, const struct rights *in, const char *verb,
        const char *role, const char *area)
{
	char ground[LOG_GROUND_MAX + 1];
	struct entry e = {.type = LOG_RIGHTS,
	        .at_s = clock_now_s(),
	        .area = area,
	        .ground = ground,
	        .actor = in->call->staff.id};
	uint64_t index;
	(void)snprintf(ground, sizeof ground, "%s%s%s", verb,
	        role[0] ? "-" : "", role);
	return entry_append(tx, &e, &index);
}

static int give(struct store_tx *tx, struct rights *in, enum staff_role role,
        const char *area)
{
	struct problem *p = &in->call->problem;
	struct area place;
	if (strcmp(area, "00") != 0 &&
	        area_find(tx, area, &place) == HUFU_ERR_NOT_FOUND)
		return problem_set(p, HUFU_ERR_ARGUMENT, "area-unknown",
		        "没有登记区划 %s，请先登记。",
		        "The area %s is not registered; add it first.", area);
	int r = staff_grant(tx, in->id, role, area, p);
	return r ? r : note(tx, in, "granted", staff_role_word(role), area);
}

static int take(struct store_tx *tx, struct rights *in, enum staff_role role,
        const char *area)
{
	int r = staff_revoke(tx, in->id, role, area);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&in->call->problem, r, "no-such-right",
		        "此人在区划 %s 没有岗位 %s。",
		        "In area %s this member does not hold the role %s.",
		        area, staff_role_word(role));
	return r ? r : note(tx, in, "revoked", staff_role_word(role), area);
}

/* Rights change by the security administrator's hand, and each is logged. */
static int change_role(struct store_tx *tx, struct rights *in, json_t *row)
{
	struct problem *p = &in->call->problem;
	const char *word = NULL, *area = NULL;
	if (json_unpack(row, "{s:s, s:s}", "role", &word, "area", &area) != 0 ||
	        staff_role_of(word) == 0)
		return problem_set(p, HUFU_ERR_ARGUMENT, "unknown-role",
		        "角色须写明 role 和 area，且为已知角色。",
		        "Give role and area, and a role that exists.");
	enum staff_role role = staff_role_of(word);
	int r = staff_check(
	        tx, in->call->staff.id, STAFF_SECURITY_ADMIN, area, p);
	if (r)
		return r;
	bool away = in->act && strcmp(in->act, "revoke") == 0;
	return away ? take(tx, in, role, area) : give(tx, in, role, area);
}

static int change_roles(struct store_tx *tx, struct rights *in)
{
	int r = HUFU_OK;
	for (size_t i = 0; r == HUFU_OK && i < json_array_size(in->roles); i++)
		r = change_role(tx, in, json_array_get(in->roles, i));
	return r;
}

static int check_admin(struct store_tx *tx, const struct rights *in)
{
	return staff_check(tx, in->call->staff.id, STAFF_SECURITY_ADMIN,
	        in->call->services->office_area, &in->call->problem);
}

static int add_staff(struct store_tx *tx, void *arg)
{
	struct rights *in = arg;
	int r = check_admin(tx, in);
	if (r == HUFU_OK)
		r = staff_add(tx, in->login, in->title, in->uid, &in->id);
	if (r == HUFU_ERR_CONFLICT)
		return problem_set(&in->call->problem, r, "staff-exists",
		        "登录名或系统账户已登记给别人，"
		        "或登录名不是小写字母开头的 "
		        "a-z、0-9、点、下划线、连字符。",
		        "That login or system user is already registered, or "
		        "the login is not a-z, 0-9, dot, underscore and "
		        "hyphen after a letter.");
	return r ? r : change_roles(tx, in);
}

int api_add_staff(struct api_call *call)
{
	struct rights in = {.call = call};
	in.login = json_get_text(&call->in, "login", STAFF_LOGIN_MAX, true);
	in.title = json_get_text(&call->in, "title", STAFF_TITLE_MAX, true);
	in.uid = (uid_t)json_get_int(
	        &call->in, "uid", 1, UINT32_MAX - 1, STAFF_NO_UID);
	in.roles = json_get_array(&call->in, "roles", ROLES_MAX, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = store_write(call->services->store, add_staff, &in);
	if (r == HUFU_OK)
		call->reply = json_pack("{s:I}", "id", (json_int_t)in.id);
	return r;
}

static int dismiss(struct store_tx *tx, struct rights *in)
{
	int r = staff_dismiss(tx, in->id);
	return r ? r
	         : note(tx, in, "dismissed", "",
	                   in->call->services->office_area);
}

static int invite(struct store_tx *tx, struct rights *in)
{
	int r = access_invite(
	        tx, in->id, clock_now_s() + ACCESS_INVITE_S, in->code);
	return r ? r
	         : note(tx, in, "invited", "", in->call->services->office_area);
}

static int unlock(struct store_tx *tx, struct rights *in)
{
	int r = access_unlock(tx, in->id);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(&in->call->problem, r, "never-invited",
		        "此人还没有受邀登录，请先邀请。",
		        "This member was never invited to sign in: invite "
		        "first.");
	return r ? r
	         : note(tx, in, "unlocked", "",
	                   in->call->services->office_area);
}

static const struct staff_act {
	const char *word;
	bool roles; /* takes them */
	int (*run)(struct store_tx *tx, struct rights *in);
} staff_acts[] = {{"grant", true, change_roles}, {"revoke", true, change_roles},
        {"dismiss", false, dismiss}, {"invite", false, invite},
        {"unlock", false, unlock}};

static const struct staff_act *find_act(const char *word)
{
	for (size_t i = 0; i < sizeof staff_acts / sizeof *staff_acts; i++)
		if (strcmp(staff_acts[i].word, word) == 0)
			return &staff_acts[i];
	return NULL;
}

/*
 * Whom the machine already knows by uid may open the pages to himself once:
 * so the first security administrator begins without anybody's password.
 */
static bool is_first_invite(struct store_tx *tx, const struct rights *in)
{
	struct access_state access = {0};
	return in->call->door == API_OPERATOR &&
	       strcmp(in->act, "invite") == 0 &&
	       (access_read(tx, in->id, &access) == HUFU_ERR_NOT_FOUND ||
	               !access.ready);
}

static int find_other(struct store_tx *tx, struct rights *in)
{
	struct problem *p = &in->call->problem;
	struct staff other;
	int r = staff_find_by_login(tx, in->login, &other);
	if (r == HUFU_ERR_NOT_FOUND)
		return problem_set(p, r, "no-such-staff",
		        "没有名为 %s 的在职人员。",
		        "There is no member of staff named %s.", in->login);
	in->id = other.id;
	if (r == HUFU_OK && in->id == in->call->staff.id &&
	        !is_first_invite(tx, in))
		return problem_set(p, HUFU_ERR_DENIED, "own-rights",
		        "不能更改自己的岗位，请另一位安全管理员办理。",
		        "Nobody changes his own rights; another security "
		        "administrator does.");
	return r;
}

/* Who has rights beyond one's own reach is not one's to dismiss or invite. */
static int check_reaches_other(struct store_tx *tx, const struct rights *in)
{
	struct staff_right rights[RIGHTS_MAX];
	size_t count = 0;
	int r = staff_list_rights(tx, in->id, rights, RIGHTS_MAX, &count);
	for (size_t i = 0; r == HUFU_OK && i < count; i++)
		r = staff_check(tx, in->call->staff.id, STAFF_SECURITY_ADMIN,
		        rights[i].area, &in->call->problem);
	return r;
}

static int act_on_staff(struct store_tx *tx, void *arg)
{
	struct rights *in = arg;
	const struct staff_act *act = find_act(in->act);
	int r = check_admin(tx, in);
	if (r == HUFU_OK)
		r = find_other(tx, in);
	if (r == HUFU_OK && !act->roles)
		r = check_reaches_other(tx, in);
	return r ? r : act->run(tx, in);
}

int api_act_on_staff(struct api_call *call)
{
	struct rights in = {.call = call};
	in.act = json_get_text(&call->in, "act", 16, true);
	in.login = json_get_text(&call->in, "login", STAFF_LOGIN_MAX, true);
	in.roles = json_get_array(&call->in, "roles", ROLES_MAX, false);
	int r = call_input_done(call);
	if (r)
		return r;
	const struct staff_act *act = find_act(in.act);
	if (!act || (act->roles ? json_array_size(in.roles) == 0
	                        : in.roles != NULL))
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "unknown-word",
		        "业务须为 grant 或 revoke（写明 roles），或 "
		        "dismiss、invite、unlock（不写）。",
		        "An act is grant or revoke with roles, or dismiss, "
		        "invite or unlock without.");
	r = store_write(call->services->store, act_on_staff, &in);
	call->reply = json_pack("{s:s}", "login", in.login);
	if (r == HUFU_OK && in.code[0])
		json_object_set_new(call->reply, "code", json_string(in.code));
	bytes_wipe(in.code, sizeof in.code);
	return r;
}

/* ---- who works here ---- */

struct staff_look {
	struct api_call *call;
	json_t *rows;
	struct staff staff[STAFF_PAGE];
};

static json_t *rights_json(struct store_tx *tx, int64_t id)
{
	struct staff_right rights[RIGHTS_MAX];
	size_t count = 0;
	json_t *list = json_array();
	if (staff_list_rights(tx, id, rights, RIGHTS_MAX, &count)) {
		json_decref(list);
		return NULL; /* json_pack() then fails as a whole */
	}
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
		        list, json_pack("{s:s, s:s}", "role",
		                      staff_role_word(rights[i].role), "area",
		                      rights[i].area));
	return list;
}

static int look_at(struct store_tx *tx, struct staff_look *look,
        const struct staff *member)
{
	struct access_state access = {0};
	int r = access_read(tx, member->id, &access);
	if (r && r != HUFU_ERR_NOT_FOUND)
		return r;
	json_t *row = json_pack("{s:I, s:s, s:s, s:b, s:o, s:b, s:I, s:I, s:I}",
	        "id", (json_int_t)member->id, "login", member->login, "title",
	        member->title, "active", member->active, "roles",
	        rights_json(tx, member->id), "ready", access.ready, "failures",
	        (json_int_t)access.failures, "locked_until",
	        (json_int_t)access.locked_until_s, "invite_until",
	        (json_int_t)access.invite_until_s);
	return row && json_array_append_new(look->rows, row) == 0
	               ? HUFU_OK
	               : HUFU_ERR_MEMORY;
}

static int look_at_staff(struct store_tx *tx, void *arg)
{
	struct staff_look *look = arg;
	const char *after = call_query_text(look->call, "after");
	size_t count = 0;
	int r = call_check_reach(
	        tx, look->call, look->call->services->office_area);
	if (r == HUFU_OK)
		r = staff_list(tx, after ? after : "", look->staff, STAFF_PAGE,
		        &count);
	for (size_t i = 0; r == HUFU_OK && i < count; i++)
		r = look_at(tx, look, &look->staff[i]);
	return r;
}

int api_list_staff(struct api_call *call)
{
	struct staff_look *look = calloc(1, sizeof *look);
	int r = look ? HUFU_OK : HUFU_ERR_MEMORY;
	if (r == HUFU_OK) {
		look->call = call;
		look->rows = json_array();
		r = store_read(call->services->store, look_at_staff, look);
		call->reply = json_pack("{s:o}", "staff", look->rows);
	}
	free(look);
	return r;
}
