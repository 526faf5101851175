/*
 * JSON over HTTP on a Unix socket, behind one of two doors. At the operator's
 * who asks is the uid of the peer (SO_PEERCRED), mapped to a staff member,
 * and nothing in a request can say otherwise. At the edge only nginx is
 * heard, by its uid, and who asks is a session (edge.h). Several threads
 * accept on the one socket, so a call that waits for a commit or a
 * publication holds up nobody else.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <sys/types.h>

#include "host/api/call.h"
#include "host/api/services.h"
#include "host/base/problem.h"

struct api_server;

struct api_server_options {
	const struct api_services *services; /* must outlive the server */
	const char *socket_path;
	unsigned socket_mode; /* 0660 */
	gid_t socket_group; /* who may connect besides; -1: nobody */
	enum api_door door;
	uid_t edge_uid; /* API_EDGE: nginx's worker processes */
	unsigned threads; /* 0: 4 */
};

HUFU_MUST_USE int api_server_open(const struct api_server_options *options,
        struct api_server **ret, struct problem *ret_problem);
void api_server_close(struct api_server *server); /* ends calls in hand */

#endif
