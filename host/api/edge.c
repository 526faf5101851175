#include "host/api/edge.h"

#include <event2/util.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "host/base/clock.h"
#include "host/store/store.h"

#define COOKIE_NAME "__Host-hufu"

enum { TOKEN_TEXT_LEN = 2 * SESSION_TOKEN_LEN };

static void to_hex(const uint8_t *bytes, size_t len, char *ret)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

static bool from_hex(const char *text, size_t text_len, uint8_t *ret)
{
	for (size_t i = 0; i < text_len; i += 2) {
		int high = digit_of(text[i]), low = digit_of(text[i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret[i / 2] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* NULL: none, or more than one. */
static const char *only_header(struct evhttp_request *req, const char *name)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
	const char *found = NULL;
	struct evkeyval *h;
	TAILQ_FOREACH(h, headers, next)
	{
		if (evutil_ascii_strcasecmp(h->key, name) != 0)
			continue;
		if (found)
			return NULL;
		found = h->value;
	}
	return found;
}

/* Exactly one cookie of ours, whatever others stand beside it. */
static bool take_token(
        struct evhttp_request *req, uint8_t ret[SESSION_TOKEN_LEN])
{
	static const char name[] = COOKIE_NAME "=";
	const char *at = only_header(req, "Cookie");
	int found = 0;
	while (at && *at) {
		size_t len = strcspn(at, ";");
		if (strncmp(at, name, sizeof name - 1) == 0) {
			const char *text = at + sizeof name - 1;
			if (len != sizeof name - 1 + TOKEN_TEXT_LEN ||
			        !from_hex(text, TOKEN_TEXT_LEN, ret))
				return false;
			found++;
		}
		at += len;
		at += strspn(at, "; ");
	}
	return found == 1;
}

static void take_certificate(struct api_call *call, struct evhttp_request *req)
{
	const char *verify = only_header(req, "X-Client-Verify");
	const char *print = only_header(req, "X-Client-Fingerprint");
	uint8_t space[SESSION_CERTIFICATE_LEN / 2];
	call->certificate[0] = 0;
	if (verify && print && strcmp(verify, "SUCCESS") == 0 &&
	        strlen(print) == SESSION_CERTIFICATE_LEN &&
	        from_hex(print, SESSION_CERTIFICATE_LEN, space))
		memcpy(call->certificate, print, SESSION_CERTIFICATE_LEN + 1);
}

void edge_csrf(const struct session *session, char ret[EDGE_CSRF_LEN + 1])
{
	static const char domain[] = "hufu-csrf-1";
	uint8_t text[sizeof domain + SESSION_TOKEN_LEN];
	uint8_t hash[SHA256_DIGEST_LENGTH];
	memcpy(text, domain, sizeof domain);
	memcpy(text + sizeof domain, session->token, SESSION_TOKEN_LEN);
	SHA256(text, sizeof text, hash);
	to_hex(hash, sizeof hash, ret);
	bytes_wipe(text, sizeof text);
}

static int refuse_csrf(struct api_call *call)
{
	return problem_set(&call->problem, HUFU_ERR_DENIED, "csrf",
	        "请求不是由本系统页面发出的，已拒绝。请刷新页面后重试。",
	        "The request does not come from this system's page and was "
	        "refused: reload the page.");
}

/* Another site's page can send a form, but neither JSON nor our header. */
static int check_origin(struct api_call *call, struct evhttp_request *req)
{
	const char *origin = only_header(req, "Origin");
	const char *host = only_header(req, "Host");
	const char *site = only_header(req, "Sec-Fetch-Site");
	if (site && strcmp(site, "same-origin") != 0 &&
	        strcmp(site, "none") != 0)
		return refuse_csrf(call);
	static const char scheme[] = "https://";
	if (origin && (!host || strncmp(origin, scheme, sizeof scheme - 1) ||
	                      strcmp(origin + sizeof scheme - 1, host)))
		return refuse_csrf(call);
	return HUFU_OK;
}

static int check_post(struct api_call *call, struct evhttp_request *req,
        const struct api_route *route)
{
	char want[EDGE_CSRF_LEN + 1];
	const char *type = only_header(req, "Content-Type");
	const char *got = only_header(req, "X-Hufu-Csrf");
	int r = check_origin(call, req);
	if (r)
		return r;
	if (route->body == API_JSON &&
	        (!type || evutil_ascii_strncasecmp(
	                          type, "application/json", 16) != 0))
		return problem_set(&call->problem, HUFU_ERR_ARGUMENT,
		        "content-type", "请求正文须为 application/json。",
		        "The body must be application/json.");
	if (route->flags & API_OPEN)
		return HUFU_OK;
	edge_csrf(&call->session, want);
	if (!got || strlen(got) != EDGE_CSRF_LEN ||
	        CRYPTO_memcmp(got, want, EDGE_CSRF_LEN) != 0)
		return refuse_csrf(call);
	return HUFU_OK;
}

static int find_staff(struct store_tx *tx, void *arg)
{
	struct api_call *call = arg;
	int r = staff_find(tx, call->session.staff, &call->staff);
	return r ? r : staff_find_roles(tx, call->staff.id, &call->roles);
}

static int find_session(struct api_call *call, struct evhttp_request *req)
{
	uint8_t token[SESSION_TOKEN_LEN];
	int r = take_token(req, token) ? HUFU_OK : HUFU_ERR_NOT_FOUND;
	if (r == HUFU_OK)
		r = session_find(call->services->store, token,
		        call->certificate, &call->session);
	bytes_wipe(token, sizeof token);
	if (r == HUFU_OK)
		r = store_read(call->services->store, find_staff, call);
	if (r != HUFU_ERR_NOT_FOUND)
		return r;
	call->status = 401;
	return problem_set(&call->problem, HUFU_ERR_DENIED, "session-over",
	        "登录已过期或尚未登录，请重新登录；已填写的内容仍在。",
	        "Not signed in, or signed in too long ago: sign in again; "
	        "what you typed is kept.");
}

int edge_identify(struct api_call *call, struct evhttp_request *req,
        const struct api_route *route)
{
	bool post = evhttp_request_get_command(req) == EVHTTP_REQ_POST;
	take_certificate(call, req);
	int r = route->flags & API_OPEN ? HUFU_OK : find_session(call, req);
	if (r == HUFU_OK && post)
		r = check_post(call, req, route);
	if (r || !(route->flags & API_FRESH) ||
	        call->session.fresh_until_s > clock_now_s())
		return r;
	return problem_set(&call->problem, HUFU_ERR_DENIED, "proof-needed",
	        "此操作须再次验证身份，请输入动态码。",
	        "Prove again who you are for this: give your code.");
}

void edge_set_cookie(struct api_call *call, const struct session *session)
{
	char text[TOKEN_TEXT_LEN + 1];
	to_hex(session->token, SESSION_TOKEN_LEN, text);
	(void)snprintf(call->cookie, sizeof call->cookie,
	        COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
	        text);
	bytes_wipe(text, sizeof text);
}

void edge_clear_cookie(struct api_call *call)
{
	(void)snprintf(call->cookie, sizeof call->cookie,
	        COOKIE_NAME "=; Path=/; Secure; HttpOnly; SameSite=Strict; "
	                    "Max-Age=0");
}
