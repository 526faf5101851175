#include "tests/unit/api/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/base/cleanup.h"
#include "host/base/local_socket.h"

struct desk desk;

enum { MAP, UNMAP };
static const char *const sql[] = {
        [MAP] = "INSERT INTO staff_uid (uid, staff) VALUES (?1, ?2)",
        [UNMAP] = "DELETE FROM staff_uid WHERE uid = ?1 OR staff = ?2",
};
static const struct statements table = {"desk", sql, 2};

static int map_uid(struct store_tx *tx, void *arg)
{
	int64_t staff = *(int64_t *)arg;
	struct query *q = query_begin(tx, &table, UNMAP);
	int r;

	query_bind_int(q, 1, getuid());
	query_bind_int(q, 2, staff);
	r = query_run(q);
	if (r < 0 || staff == 0)
		return r;
	q = query_begin(tx, &table, MAP);
	query_bind_int(q, 1, getuid());
	query_bind_int(q, 2, staff);
	return query_run(q);
}

void desk_act_as(int64_t staff)
{
	assert_int_equal(store_write(desk.office->store, map_uid, &staff), 0);
}

static int open_door(struct office *o, enum api_door door)
{
	struct api_server_options options = {
	        .services = &desk.services,
	        .socket_path = desk.socket_path,
	        .socket_mode = 0660,
	        .socket_group = (gid_t)-1,
	        .door = door,
	        .edge_uid = getuid(),
	        .threads = 2,
	};
	struct problem p;

	desk.office = o;
	desk.services = (struct api_services){
	        .store = o->store,
	        .issue = o->issue,
	        .policies = o->policies,
	        .office_area = OFFICE_COUNTY,
	        .version = "test",
	};
	(void)snprintf(desk.socket_path, sizeof desk.socket_path, "%s/api.sock",
	        o->folder);
	return api_server_open(&options, &desk.server, &p);
}

int desk_open(struct office *o)
{
	return open_door(o, API_OPERATOR);
}

int desk_open_edge(struct office *o)
{
	return open_door(o, API_EDGE);
}

void desk_close(void)
{
	api_server_close(desk.server);
	json_decref(desk.json);
	desk.json = NULL;
}

void desk_exchange(const char *request, size_t len)
{
	char *reply = desk.reply;
	_close_ int fd = -1;
	const char *body;
	size_t done = 0, got = 0;
	ssize_t n;

	assert_int_equal(local_connect(desk.socket_path, &fd), 0);
	while (done < len &&
	        (n = send(fd, request + done, len - done, MSG_NOSIGNAL)) > 0)
		done += (size_t)n;
	while (got < DESK_REPLY_MAX - 1 &&
	        (n = recv(fd, reply + got, DESK_REPLY_MAX - 1 - got, 0)) > 0)
		got += (size_t)n;
	reply[got] = '\0';
	desk.status = got > 12 ? (reply[9] - '0') * 100 +
	                                 (reply[10] - '0') * 10 +
	                                 (reply[11] - '0')
	                       : 0;
	json_decref(desk.json);
	body = strstr(reply, "\r\n\r\n");
	desk.json = body ? json_loads(body + 4, JSON_REJECT_DUPLICATES, NULL)
	                 : NULL;
}

void desk_ask(const char *method, const char *path, const char *body)
{
	desk_send(method, path, "", body);
}

void desk_send(const char *method, const char *path, const char *headers,
        const char *body)
{
	size_t cap = strlen(body) + strlen(headers) + 512;
	_free_ char *text = malloc(cap);
	int len;

	assert_non_null(text);
	len = snprintf(text, cap,
	        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	        "%sContent-Length: %zu\r\n\r\n%s",
	        method, path, headers, strlen(body), body);
	desk_exchange(text, (size_t)len);
}

const char *desk_text(const char *member)
{
	const char *text =
	        json_string_value(json_object_get(desk.json, member));

	return text ? text : "";
}

int64_t desk_number(const char *member)
{
	const json_t *value = json_object_get(desk.json, member);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

const json_t *desk_row(const char *list, size_t at)
{
	const json_t *row =
	        json_array_get(json_object_get(desk.json, list), at);

	if (!row)
		fail_msg("no %s[%zu]: %s", list, at, desk.reply);
	return row;
}

void desk_expect_problem(int want, const char *slug)
{
	char type[96];

	(void)snprintf(type, sizeof type, "urn:hufu:problem:%s", slug);
	if (desk.status != want || strcmp(desk_text("type"), type) != 0)
		fail_msg("%d %s", desk.status, desk.reply);
	assert_non_null(strstr(desk.reply, "application/problem+json"));
	assert_true(desk_text("zh")[0] != '\0');
	assert_true(desk_text("detail")[0] != '\0');
	assert_int_equal(desk_number("status"), want);
}

void desk_expect_done(void)
{
	if (desk.status != 200)
		fail_msg("%d %s", desk.status, desk.reply);
}
