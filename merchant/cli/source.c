#include "merchant/cli/source.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MAX_S = 10, SLOW_BYTES = 100, SLOW_MAX_S = 20, HOPS_MAX = 3 };

struct source {
	const char *where;
	CURL *curl; /* NULL: a folder */
};

struct arrival {
	struct input in;
	size_t max;
	int error;
};

int source_new(const char *where, struct source **ret)
{
	bool web = strncmp(where, "http://", 7) == 0 ||
	           strncmp(where, "https://", 8) == 0;
	struct source *s = calloc(1, sizeof *s);
	if (!s)
		return HUFU_ERR_MEMORY;
	s->where = where;
	if (web && !(s->curl = curl_easy_init())) {
		free(s);
		return HUFU_ERR_MEMORY;
	}
	*ret = s;
	return HUFU_OK;
}

void source_free(struct source *s)
{
	if (s && s->curl)
		curl_easy_cleanup(s->curl);
	free(s);
}

const char *source_folder(const struct source *s)
{
	return s->curl ? NULL : s->where;
}

static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct arrival *a = arg;
	size_t len = size * n;
	if (len > a->max - a->in.len) {
		a->error = HUFU_ERR_LIMIT;
		return 0;
	}
	uint8_t *grown = realloc(a->in.data, a->in.len + len + 1);
	if (!grown) {
		a->error = HUFU_ERR_MEMORY;
		return 0;
	}
	memcpy(grown + a->in.len, data, len);
	a->in.data = grown;
	a->in.len += len;
	grown[a->in.len] = '\0';
	return len;
}

static void prepare(CURL *curl, const char *url, struct arrival *a)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)HOPS_MAX);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_MAX_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_MAX_S);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, a);
}

static int outcome_of(CURL *curl, CURLcode code, const struct arrival *a)
{
	long status = 0;
	if (code == CURLE_OK)
		return HUFU_OK;
	if (a->error)
		return a->error;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_HTTP_RETURNED_ERROR &&
	        (status == 404 || status == 410))
		return HUFU_ERR_NOT_FOUND;
	return code == CURLE_OPERATION_TIMEDOUT ? HUFU_ERR_TIMEOUT
	                                        : HUFU_ERR_LINK;
}

static int fetch(
        struct source *s, const char *url, size_t max, struct input *ret)
{
	struct arrival a = {.max = max};
	prepare(s->curl, url, &a);
	int r = outcome_of(s->curl, curl_easy_perform(s->curl), &a);
	if (r)
		input_done(&a.in);
	else
		*ret = a.in;
	return r;
}

int source_get(
        struct source *s, const char *name, size_t max, struct input *ret)
{
	char path[PATH_MAX];
	size_t len = strlen(s->where);
	while (len > 1 && s->where[len - 1] == '/')
		len--;
	int n = snprintf(
	        path, sizeof path, "%.*s/%s", (int)len, s->where, name);
	if (n < 0 || (size_t)n >= sizeof path)
		return HUFU_ERR_LIMIT;
	return s->curl ? fetch(s, path, max, ret) : input_read(path, max, ret);
}
