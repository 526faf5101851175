/*
 * The hand that moves virtual cards: a client of hufu-card's control socket
 * (card/port/sim/control.h). Every call is one connection.
 */
#ifndef STATION_CONTROL_LINK_H
#define STATION_CONTROL_LINK_H

#include "crypto/core/bytes.h"

enum { CONTROL_LINK_PATH_MAX = 1024, CONTROL_LINK_ERROR_MAX = 32 };

struct control_status {
	bool present;
	bool linked;
	bool foreign; /* a card of somebody else */
	char file[CONTROL_LINK_PATH_MAX]; /* "" when none is present */
};

/* HUFU_ERR_LINK: no hufu-card there; HUFU_ERR_TIMEOUT. */
HUFU_MUST_USE int control_link_status(
        const char *socket_path, struct control_status *ret);

/*
 * HUFU_ERR_NOT_FOUND, HUFU_ERR_BUSY, HUFU_ERR_CORRUPT, HUFU_ERR_IO as the
 * card says; HUFU_ERR_CONFLICT: a card is in already.
 */
HUFU_MUST_USE int control_link_insert(
        const char *socket_path, const char *file);
HUFU_MUST_USE int control_link_remove(const char *socket_path);

#endif
