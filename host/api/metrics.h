/*
 * The office in figures, as Prometheus reads them: counts and ages only,
 * nothing that stands for a person, a member of staff or a card.
 */
#ifndef API_METRICS_H
#define API_METRICS_H

#include <stdio.h>

#include "host/api/routes.h"

struct metrics;

struct metrics *metrics_new(void); /* NULL: no memory */
void metrics_free(struct metrics *m); /* NULL is legal */

/* A call that has been answered; `route` NULL: there was no such call. */
void metrics_count(struct metrics *m, const struct api_route *route, int status,
        int64_t took_us);

/* Asks store and signer (bounded); what does not answer is left out. */
HUFU_MUST_USE int metrics_print(const struct api_services *services, FILE *out);

#endif
