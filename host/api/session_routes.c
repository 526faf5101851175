#include <string.h>

#include "host/api/edge.h"
#include "host/base/clock.h"
#include "host/log/entry.h"

enum { ROLES_MAX = 64, CODE_TEXT_MAX = 32, OTPAUTH_MAX = 256 };

/* ---- who is signed in ---- */

struct own {
	struct api_call *call;
	json_t *roles;
};

static int list_roles(struct store_tx *tx, void *arg)
{
	struct own *own = arg;
	struct staff_right rights[ROLES_MAX];
	size_t count = 0;
	struct api_call *call = own->call;
	int r = staff_find(tx, call->staff.id, &call->staff);
	if (r == HUFU_OK)
		r = staff_list_rights(
		        tx, call->staff.id, rights, ROLES_MAX, &count);
	for (size_t i = 0; r == HUFU_OK && i < count; i++)
		json_array_append_new(
		        own->roles, json_pack("{s:s, s:s}", "role",
		                            staff_role_word(rights[i].role),
		                            "area", rights[i].area));
	return r;
}

/* What the page starts from. */
static int reply_self(struct api_call *call)
{
	char csrf[EDGE_CSRF_LEN + 1] = "";
	struct own own = {call, json_array()};
	int r = own.roles ? store_read(call->services->store, list_roles, &own)
	                  : HUFU_ERR_MEMORY;
	if (r) {
		json_decref(own.roles);
		return r;
	}
	if (call->door == API_EDGE)
		edge_csrf(&call->session, csrf);
	call->reply = json_pack(
	        "{s:s, s:{s:I, s:s, s:s}, s:o, s:b, s:{s:s, s:s}, s:I, s:s}",
	        "csrf", csrf, "staff", "id", (json_int_t)call->staff.id,
	        "login", call->staff.login, "title", call->staff.title, "roles",
	        own.roles, "training", call->services->training, "office",
	        "area", call->services->office_area, "name",
	        call->services->office_name ? call->services->office_name : "",
	        "fresh_until", (json_int_t)call->session.fresh_until_s,
	        "version", call->services->version);
	return call->reply ? HUFU_OK : HUFU_ERR_MEMORY;
}

int api_show_session(struct api_call *call)
{
	return reply_self(call);
}

static int need_edge(struct api_call *call)
{
	if (call->door == API_EDGE)
		return HUFU_OK;
	return problem_set(&call->problem, HUFU_ERR_STATE, "no-session-here",
	        "操作员接口按系统账户识别身份，不用登录。",
	        "At the operator's socket the system user is who asks; "
	        "nobody signs in.");
}

/* HTTP knows better than 400 and 503 what went wrong. */
static int settle(struct api_call *call, int r)
{
	if (r == HUFU_ERR_SIGNATURE)
		call->status = 401;
	else if (r == HUFU_ERR_BUSY)
		call->status = 429;
	return r;
}

static int begun(struct api_call *call, const struct session *session)
{
	call->session = *session;
	call->staff.id = session->staff;
	edge_set_cookie(call, session);
	return reply_self(call);
}

int api_sign_in(struct api_call *call)
{
	struct access_attempt attempt = {.certificate = call->certificate};
	struct session session;
	attempt.login =
	        json_get_text(&call->in, "login", STAFF_LOGIN_MAX, true);
	attempt.password =
	        json_get_text(&call->in, "password", PASSWORD_MAX, true);
	attempt.code = json_get_text(&call->in, "totp", TOTP_DIGITS, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = need_edge(call);
	if (r == HUFU_OK)
		r = settle(call, access_sign_in(call->services->store, &attempt,
		                         &session, &call->problem));
	return r ? r : begun(call, &session);
}

int api_prove_self(struct api_call *call)
{
	struct session session;
	const char *code = json_get_text(&call->in, "totp", TOTP_DIGITS, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = need_edge(call);
	if (r == HUFU_OK)
		r = settle(call,
		        access_prove(call->services->store, &call->session,
		                code, &session, &call->problem));
	return r ? r : begun(call, &session);
}

int api_sign_out(struct api_call *call)
{
	int r = need_edge(call);
	if (r == HUFU_OK)
		r = session_end(call->services->store, &call->session);
	if (r == HUFU_OK)
		edge_clear_cookie(call);
	call->reply = json_object();
	return r;
}

int api_change_password(struct api_call *call)
{
	const char *old =
	        json_get_text(&call->in, "password", PASSWORD_MAX, true);
	const char *new =
	        json_get_text(&call->in, "new_password", PASSWORD_MAX, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = need_edge(call);
	if (r == HUFU_OK)
		r = settle(call,
		        access_change_password(call->services->store,
		                &call->session, old, new, &call->problem));
	call->reply = json_object();
	return r;
}

/* ---- the first time ---- */

/* The code may be written in groups and in small letters. */
static void clean_code(const char *text, char ret[CODE_TEXT_MAX + 1])
{
	size_t len = 0;
	for (; *text && len < CODE_TEXT_MAX; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		ret[len++] =
		        (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A'
		                                            : *text);
	}
	ret[len] = 0;
}

int api_accept_invite(struct api_call *call)
{
	char code[CODE_TEXT_MAX + 1] = "", secret[TOTP_TEXT_LEN + 1];
	const char *login =
	        json_get_text(&call->in, "login", STAFF_LOGIN_MAX, true);
	const char *text =
	        json_get_text(&call->in, "code", CODE_TEXT_MAX, true);
	const char *password =
	        json_get_text(&call->in, "password", PASSWORD_MAX, true);
	int r = call_input_done(call);
	if (r == HUFU_OK)
		r = need_edge(call);
	if (r)
		return r;
	clean_code(text, code);
	r = settle(call, access_accept(call->services->store, login, code,
	                         password, secret, &call->problem));
	if (r)
		return r;
	char uri[OTPAUTH_MAX];
	(void)snprintf(uri, sizeof uri,
	        "otpauth://totp/Hufu:%s?secret=%s&issuer=Hufu", login, secret);
	call->reply = json_pack("{s:s, s:s}", "secret", secret, "otpauth", uri);
	bytes_wipe(secret, sizeof secret);
	bytes_wipe(uri, sizeof uri);
	return HUFU_OK;
}
