/*
 * The IPP printer of a station: what both drivers need of host/print.
 */
#ifndef STATION_PRINTER_H
#define STATION_PRINTER_H

#include "host/print/ipp.h"
#include "host/station/transport.h"

struct printer {
	struct print_dest dest;
	unsigned limit_ms; /* for one card, while the printer wants nothing */
};

/* HUFU_ERR_ARGUMENT: the URI is too long. limit_ms 0: 60 s. */
HUFU_MUST_USE int printer_init(
        struct printer *p, const char *uri, unsigned limit_ms);

/* Fills what the printer knows of a transport's status. */
void printer_get_status(
        const struct printer *p, struct station_transport_status *ret);

/* 0, STATION_PRINT_FAILED or STATION_PRINT_UNKNOWN. */
HUFU_MUST_USE int printer_send(const struct printer *p,
        const struct station_sheet *sheet, struct problem *problem);
/* Also STATION_STOPPING. What the printer wants of a person is told through
 * the prompt (NULL: to nobody) while it waits. */
HUFU_MUST_USE int printer_wait(const struct printer *p, struct prompt *prompt,
        const char *job_name, struct problem *problem);

#endif
