#include "host/cli/client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENT_TIMEOUT_S = 600, CLIENT_REPLY_MAX = 64 << 20 };

static size_t take(char *data, size_t size, size_t count, void *arg)
{
	struct client_reply *reply = arg;
	size_t len = size * count;
	if (len > CLIENT_REPLY_MAX - reply->len)
		return 0;
	char *more = realloc(reply->body, reply->len + len + 1);
	if (!more)
		return 0;
	memcpy(more + reply->len, data, len);
	reply->body = more;
	reply->len += len;
	more[reply->len] = 0;
	return len;
}

static int unreachable(const struct cli *cli, const char *why)
{
	fprintf(stderr,
	        "hufu: 无法连接主机服务（%s）：%s。请确认 hufud 已启动。\n"
	        "hufu: cannot reach the daemon at %s: %s. Is hufud running?\n",
	        cli->socket_path, why, cli->socket_path, why);
	return CLI_UNREACHABLE;
}

static int refused(const struct cli *cli, const struct client_reply *reply)
{
	const char *zh = json_string_value(json_object_get(reply->json, "zh"));
	const char *en =
	        json_string_value(json_object_get(reply->json, "detail"));
	fprintf(stderr, "hufu: %s\nhufu: %s\n",
	        zh ? zh : "主机服务拒绝了请求。",
	        en ? en : "The daemon refused the request.");
	if (cli->json && reply->json) {
		json_dumpf(reply->json, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	return CLI_REFUSED;
}

bool client_add_query(
        char *path, size_t size, const char *key, const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t len = strlen(path);
	if (!value)
		return true;
	int n = snprintf(path + len, size - len,
	        "%c%s=", strchr(path, '?') ? '&' : '?', key);
	for (; n > 0 && (size_t)n < size - len && *value; value++) {
		len += (size_t)n;
		n = snprintf(path + len, size - len,
		        strchr(plain, *value) ? "%c" : "%%%02X",
		        (unsigned char)*value);
	}
	return n > 0 && (size_t)n < size - len;
}

static int perform(const struct cli *cli, CURL *curl, const char *path,
        struct client_reply *ret)
{
	char url[512];
	(void)snprintf(url, sizeof url, "http://localhost%s", path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, cli->socket_path);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CLIENT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, ret);
	CURLcode code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		return unreachable(cli, curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->json = json_loadb(ret->body ? ret->body : "", ret->len,
	        JSON_REJECT_DUPLICATES, NULL);
	return ret->status / 100 == 2 ? CLI_DONE : refused(cli, ret);
}

int client_get(
        const struct cli *cli, const char *path, struct client_reply *ret)
{
	*ret = (struct client_reply){0};
	CURL *curl = curl_easy_init();
	if (!curl)
		return CLI_UNREACHABLE;
	int r = perform(cli, curl, path, ret);
	curl_easy_cleanup(curl);
	return r;
}

static int post(const struct cli *cli, const char *path, const char *type,
        struct span body, struct client_reply *ret)
{
	*ret = (struct client_reply){0};
	CURL *curl = curl_easy_init();
	if (!curl)
		return CLI_UNREACHABLE;
	struct curl_slist *headers = curl_slist_append(NULL, type);
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
	curl_easy_setopt(
	        curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	int r = perform(cli, curl, path, ret);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return r;
}

int client_post(const struct cli *cli, const char *path, json_t *body,
        struct client_reply *ret)
{
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	*ret = (struct client_reply){0};
	if (!text)
		return CLI_USAGE;
	int r = post(cli, path, "Content-Type: application/json",
	        span_of_text(text), ret);
	bytes_wipe(text, strlen(text));
	free(text);
	return r;
}

int client_post_csv(const struct cli *cli, const char *path, struct span csv,
        struct client_reply *ret)
{
	return post(cli, path, "Content-Type: text/csv", csv, ret);
}

void client_done(struct client_reply *reply)
{
	json_decref(reply->json);
	free(reply->body);
	*reply = (struct client_reply){0};
}
