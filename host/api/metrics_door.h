/*
 * GET /metrics on a Unix socket of its own, for a collector that is nobody's
 * member of staff. Who may connect is the mode of socket and folder.
 */
#ifndef API_METRICS_DOOR_H
#define API_METRICS_DOOR_H

#include "host/api/services.h"
#include "host/base/problem.h"

struct metrics_door;

/* `services` must outlive it. */
HUFU_MUST_USE int metrics_door_open(const struct api_services *services,
        const char *socket_path, struct metrics_door **ret,
        struct problem *ret_problem);
void metrics_door_close(struct metrics_door *door); /* NULL is legal */

#endif
