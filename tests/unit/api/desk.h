/*
 * Someone at the API's socket: a server over an open office, requests to
 * it, and the last answer. Every failure fails the running cmocka test.
 */
#ifndef TEST_API_DESK_H
#define TEST_API_DESK_H

#include <jansson.h>

#include "host/api/server.h"
#include "tests/unit/issue/office.h"

enum { DESK_REPLY_MAX = 1 << 20 };

extern struct desk {
	struct office *office;
	struct api_services services; /* may be filled up after opening */
	struct api_server *server;
	char socket_path[128];
	char reply[DESK_REPLY_MAX]; /* head and body of the last answer */
	int status;
	json_t *json; /* its body; NULL when it is no JSON */
} desk;

int desk_open(struct office *o);
/* The same behind nginx's door, this process being nginx. */
int desk_open_edge(struct office *o);
void desk_close(void);

/* From now on this process is that member; 0: a stranger. */
void desk_act_as(int64_t staff);

/* Sends bytes as they are and reads to the end of the connection. */
void desk_exchange(const char *request, size_t len);
void desk_ask(const char *method, const char *path, const char *body);
/* With header lines of one's own, each ended by CR LF. */
void desk_send(const char *method, const char *path, const char *headers,
        const char *body);

/* Of the answer; "" or -1 when there is no such member. */
const char *desk_text(const char *member);
int64_t desk_number(const char *member);
/* Row `at` of that list; it must be there. */
const json_t *desk_row(const char *list, size_t at);

/* Refused, as RFC 9457 has it, in both languages. */
void desk_expect_problem(int want, const char *slug);
void desk_expect_done(void); /* 200, or fails with the answer */

#endif
