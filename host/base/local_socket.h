/*
 * Unix stream sockets with frames (u32 big-endian length + payload) and
 * the uid of the peer (SO_PEERCRED).
 */
#ifndef HOST_LOCAL_SOCKET_H
#define HOST_LOCAL_SOCKET_H

#include <sys/types.h>

#include "crypto/core/bytes.h"
#include "host/base/problem.h"

struct local_peer {
	uid_t uid;
	gid_t gid;
	pid_t pid;
};

/* Binds and listens; a stale socket file is replaced, a live one is
 * HUFU_ERR_BUSY. `mode` is set before anyone can connect. */
HUFU_MUST_USE int local_listen(const char *path, mode_t mode, int *ret_fd,
        struct problem *ret_problem);
HUFU_MUST_USE int local_connect(const char *path, int *ret_fd);
HUFU_MUST_USE int local_peer(int fd, struct local_peer *ret);

/* HUFU_ERR_LINK: closed or reset; HUFU_ERR_TIMEOUT; HUFU_ERR_LIMIT:
 * longer than cap, and the stream is then of no more use. */
HUFU_MUST_USE int frame_send(int fd, struct span payload, int timeout_ms);
HUFU_MUST_USE int frame_receive(
        int fd, uint8_t *buf, size_t cap, size_t *ret_len, int timeout_ms);

#endif
